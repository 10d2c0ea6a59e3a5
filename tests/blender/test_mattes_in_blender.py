"""What Blender itself reads of our mattes: `python3 install/bootstrap.py test-blender`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import OpenEXR
import pytest

from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.profiles.cryptomatte import write_cryptomatte
from rotomatte.mattes.profiles.layers import write_layers
from rotomatte.mattes.profiles.universal import write_universal
from rotomatte.plate.base import FloatArray, FrameFacts, PlateInfo, Window
from rotomatte_plugin.model import FrameRange, FrameRate

pytestmark = pytest.mark.blender

PROGRAM = Path(__file__).with_name("in_blender.py")
HEIGHT, WIDTH = 28, 48

InBlender = Callable[..., None]


@pytest.fixture
def in_blender(tmp_path: Path) -> InBlender:
    """Runs ``in_blender.py`` in a process of its own: a crash of Blender must not end the tests."""
    python = os.environ.get("ROTOMATTE_BLENDER_PYTHON")
    if python is None:
        pytest.skip("ROTOMATTE_BLENDER_PYTHON does not name a Python with bpy; run `bootstrap.py test-blender`")
    environ = {name: value for name, value in os.environ.items() if name not in {"OCIO", "PYTHONPATH"}}
    environ["BLENDER_USER_RESOURCES"] = str(tmp_path / "blender")

    def run(*arguments: object) -> None:
        command = [python, str(PROGRAM), *map(str, arguments)]
        ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)
        assert ended.returncode == 0, ended.stdout + ended.stderr

    return run


@pytest.fixture
def info() -> PlateInfo:
    return PlateInfo(
        path="shot.%04d.exr",
        name="shot",
        kind="sequence",
        frames=FrameRange(1001, 1001),
        missing=(),
        rate=FrameRate(24),
        display=Window(0, 0, WIDTH, HEIGHT),
        display_origin_xy=(0, 0),
        canvas=Window(0, 0, WIDTH, HEIGHT),
        pixel_aspect=1.0,
        padding=4,
        encoded_space=None,
        plate_id="ab",
    )


@pytest.fixture
def matte_hw() -> FloatArray:
    """Different in every line and column, so that nothing can be flipped unseen; 0 and 1 in places."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    return np.asarray(np.clip(x / 40 + y / 90 - 0.2, 0, 1), np.float32)


def header(name: str) -> MatteHeader:
    return MatteHeader(name, 1001, "shot", "ab", "cd", "ef", "tiny", "01", "lin", "0", None, FrameFacts())


def parts(path: Path) -> dict[str, FloatArray]:
    """What the compositor wrote, by the name of its socket."""
    with OpenEXR.File(str(path), separate_channels=True) as file:
        channels = [channel for part in file.parts for channel in part.channels.items()]
        return {name.rpartition(".")[0]: np.asarray(channel.pixels, np.float32) for name, channel in channels}


def half(matte_hw: FloatArray) -> FloatArray:
    return matte_hw.astype(np.float16).astype(np.float32)


def test_universal_is_bit_equal_after_half_rounding(
    tmp_path: Path, in_blender: InBlender, info: PlateInfo, matte_hw: FloatArray
) -> None:
    write_universal(tmp_path / "car.1001.exr", matte_hw, info, header("car"))
    in_blender("pixels", tmp_path / "car.1001.exr", tmp_path / "found.npz")
    with np.load(tmp_path / "found.npz") as found:
        # 4.5 does not read colorInteropID, and its linear default changes nothing either.
        assert found["is_data"] == (tuple(found["version"]) >= (5, 0))
        assert found["rgba_hwc"].shape == (HEIGHT, WIDTH, 4)
        for channel in range(4):
            np.testing.assert_array_equal(found["rgba_hwc"][..., channel], half(matte_hw))


def test_layers_are_sockets_of_the_image_node(
    tmp_path: Path, in_blender: InBlender, info: PlateInfo, matte_hw: FloatArray
) -> None:
    mattes = {"car": matte_hw, "dog_2": matte_hw[::-1].copy(), "nobody": np.zeros_like(matte_hw)}
    headers = {name: header(name) for name in mattes}
    write_layers(tmp_path / "layers.1001.exr", mattes, info, headers, "beef")
    in_blender("sockets", tmp_path / "layers.1001.exr", tmp_path / "found.exr")
    found = parts(tmp_path / "found.exr")
    assert found.keys() == mattes.keys()
    for name, expected_hw in mattes.items():
        np.testing.assert_array_equal(found[name], half(expected_hw))


def test_the_cryptomatte_node_gives_each_objects_coverage(
    tmp_path: Path, in_blender: InBlender, info: PlateInfo, matte_hw: FloatArray
) -> None:
    steps_hw = np.zeros((HEIGHT, WIDTH), np.float32)
    steps_hw[:, :16], steps_hw[:, 16:32] = 1, 0.5
    mattes = {"car": steps_hw, "dog": (1 - steps_hw) * matte_hw, "nobody": np.zeros_like(steps_hw)}
    mattes["man"] = np.asarray(1 - steps_hw - mattes["dog"], np.float32)
    headers = {name: header(name) for name in mattes}
    write_cryptomatte(tmp_path / "crypto.1001.exr", mattes, info, headers, "beef")
    in_blender("cryptomatte", tmp_path / "crypto.1001.exr", tmp_path / "found.exr", *mattes)
    found = parts(tmp_path / "found.exr")
    assert found.keys() == mattes.keys()
    np.testing.assert_array_equal(found["car"], steps_hw)
    np.testing.assert_array_equal(found["nobody"], mattes["nobody"])
    for name in ("dog", "man"):
        np.testing.assert_allclose(found[name], mattes[name], atol=2e-4)
