from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import PyOpenColorIO
import pytest

from rotomatte.colour.config import PINNED_CONFIG
from rotomatte.plate.base import PlateInfo, Window
from rotomatte_plugin.model import FrameRange


class MakeInfo(Protocol):
    def __call__(self, path: str = ..., **changes: Any) -> PlateInfo: ...


@pytest.fixture
def make_info() -> MakeInfo:
    window = Window(0, 0, 64, 48)
    base = PlateInfo(
        path="shot.####.exr",
        name="shot",
        kind="sequence",
        frames=FrameRange(1, 2),
        missing=(),
        rate=None,
        display=window,
        display_origin_xy=(0, 0),
        canvas=window,
        pixel_aspect=1.0,
        padding=4,
        encoded_space=None,
        plate_id="",
        float_samples=True,
    )

    def make(path: str = "shot.####.exr", **changes: Any) -> PlateInfo:
        return replace(base, path=path, **changes)

    return make


@pytest.fixture(autouse=True)
def no_config_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OCIO", raising=False)


@pytest.fixture
def studio_config(tmp_path: Path) -> Path:
    """A studio's own config as of OCIO 1: no encodings, a rule for its DPX, and a display of its own."""
    config = PyOpenColorIO.Config()
    config.setName("show-config")
    linear = PyOpenColorIO.ColorSpace(name="lin_show", aliases=["lin_rec709_scene"])
    video = PyOpenColorIO.ColorSpace(name="video_show")
    video.setTransform(
        PyOpenColorIO.ExponentTransform([2.0, 2.0, 2.0, 1.0], direction=PyOpenColorIO.TRANSFORM_DIR_INVERSE),
        PyOpenColorIO.COLORSPACE_DIR_FROM_REFERENCE,
    )
    for space in (linear, video, PyOpenColorIO.ColorSpace(name="raw_show", isData=True)):
        config.addColorSpace(space)
    config.setRole(PyOpenColorIO.ROLE_SCENE_LINEAR, "lin_show")
    config.addDisplayView("monitor", "look", "video_show", "")
    config.setActiveDisplays("monitor")
    config.setActiveViews("look")
    rules = PyOpenColorIO.FileRules()
    rules.insertRule(0, "film", "video_show", "*", "dpx")
    rules.setDefaultRuleColorSpace("lin_show")
    config.setFileRules(rules)
    config.validate()
    path = tmp_path / "show.ocio"
    path.write_text(config.serialize(), encoding="utf-8")
    return path


@pytest.fixture
def aces_show_config(studio_config: Path) -> Path:
    """The same with a place in ACES, two looks (a LUT's and a plain one) and a view that has a look of its own."""
    studio = PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)
    config = PyOpenColorIO.Config.CreateFromFile(str(studio_config))
    aces = PyOpenColorIO.ColorSpace(name="aces_show")
    aces.setTransform(
        studio.getProcessor("lin_ap0_scene", "lin_rec709_scene").createGroupTransform(),
        PyOpenColorIO.COLORSPACE_DIR_TO_REFERENCE,
    )
    config.addColorSpace(aces)
    config.setRole(PyOpenColorIO.ROLE_INTERCHANGE_SCENE, "aces_show")
    dark = PyOpenColorIO.CDLTransform(slope=[0.25] * 3)
    config.addLook(PyOpenColorIO.Look("dark", "lin_show", dark))
    config.addLook(PyOpenColorIO.Look("swapped", "video_show", PyOpenColorIO.FileTransform("swapped.cube")))
    config.addDisplayView("monitor", "graded", "video_show", "dark")
    config.setActiveViews("look, graded")
    config.setSearchPath(".")
    (studio_config.parent / "swapped.cube").write_text(swapping_cube(top=1.0), encoding="utf-8")
    path = studio_config.parent / "aces_show.ocio"
    path.write_text(config.serialize(), encoding="utf-8")
    return path


def swapping_cube(top: float) -> str:
    """A LUT that swaps red and blue, with ``top`` for white."""
    rows = [f"{blue * top} {green * top} {red * top}" for blue in (0, 1) for green in (0, 1) for red in (0, 1)]
    return "\n".join(["LUT_3D_SIZE 2", *rows, ""])
