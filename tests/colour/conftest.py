from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import PyOpenColorIO
import pytest

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
