"""The engine with what Blender says of its colours: spaces by the names of the OCIO config that Blender ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import OpenEXR
import PyOpenColorIO
import pytest

from rotomatte.colour.view import open_view
from rotomatte.plate.base import FloatArray
from rotomatte.plate.open import open_plate
from rotomatte_plugin.model import ColourSettings, Plate

VERSIONS = ("4.5", "5.0", "5.2")
SCENE = (0.1, 0.18, 0.3)
"""Not too strong a colour: the cube that the engine bakes for logs is 14 codes of 8 bits off at (0.02, 0.18, 0.6)."""


@pytest.fixture(params=VERSIONS)
def config(request: pytest.FixtureRequest) -> str:
    venv = Path(__file__).parents[3] / f".venv-blender-{request.param}"
    found = [str(path) for path in venv.glob(f"lib/python*/site-packages/bpy/{request.param}/datafiles/*/config.ocio")]
    if not found:
        pytest.skip(f"Blender {request.param} is not set up; run `python3 install/bootstrap.py test-blender`")
    return found[0]


def seen(tmp_path: Path, config: str, space: str) -> FloatArray:
    """What the model sees of one and the same light in a plate that is in that space."""
    ocio = PyOpenColorIO.Config.CreateFromFile(config)
    rgb = ocio.getProcessor("Linear Rec.709", space).getDefaultCPUProcessor().applyRGB(list(SCENE))
    file = tmp_path / "plate.0001.exr"
    channels = {name: np.full((8, 8), value, np.float32) for name, value in zip("RGB", rgb, strict=True)}
    OpenEXR.File({}, channels).write(str(file))
    plate = open_plate(Plate(str(file)))
    view = open_view(plate.info, ColourSettings(host_space=space, host_config=config))
    assert view.choice.source == "host"
    assert view.choice.config_sha256
    pixel: FloatArray = view.see_full(plate.read(1))[4, 4]
    plate.close()
    return pixel


def test_what_a_rendered_plate_is_in_is_known(tmp_path: Path, config: str) -> None:
    by_role = seen(tmp_path, config, "scene_linear")
    np.testing.assert_array_equal(by_role, seen(tmp_path, config, "Linear Rec.709"))
    assert 0 < by_role.min() < by_role.max() < 1


def test_linear_and_log_plates_look_the_same(tmp_path: Path, config: str) -> None:
    np.testing.assert_allclose(
        seen(tmp_path, config, "AgX Log"), seen(tmp_path, config, "Linear Rec.709"), atol=3 / 255
    )


def test_video_is_seen_as_it_is(tmp_path: Path, config: str) -> None:
    light = np.array(SCENE)
    codes = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    np.testing.assert_allclose(seen(tmp_path, config, "sRGB"), codes, atol=1e-3)
