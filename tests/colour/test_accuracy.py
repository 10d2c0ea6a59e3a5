"""The model's view of a picture with deep shadows and highlights, against the analytic view of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import PyOpenColorIO
import pytest
from numpy.typing import NDArray

from rotomatte.colour.config import PINNED_CONFIG
from rotomatte.colour.view import open_view
from rotomatte.demo.noise import fractal_noise
from rotomatte.demo.scenery import backdrop
from rotomatte_plugin.model import ColourSettings

if TYPE_CHECKING:
    from tests.colour.conftest import MakeInfo

Picture = NDArray[np.float32]

SIZE_PX = 192
HEIGHT, WIDTH = 270, 480
DISPLAY, VIEW = "sRGB - Display", "ACES 2.0 - SDR 100 nits (Rec.709)"
MEAN_CODES = 0.5


@pytest.fixture(scope="module")
def studio() -> PyOpenColorIO.Config:
    return PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)


@pytest.fixture(scope="module")
def scene_hwc() -> Picture:
    """Linear Rec.709, fourteen stops of it, grain and small lamps included."""
    rng = np.random.default_rng(5)
    stops_hw = fractal_noise(HEIGHT, WIDTH, cell_px=150, octaves=5, seed=6)
    grain_hwc = rng.normal(1, 0.05, (HEIGHT, WIDTH, 3))
    scene_hwc = backdrop(HEIGHT, WIDTH) * np.exp2(1.5 * stops_hw)[..., None] * grain_hwc
    for _ in range(12):
        centre = (int(rng.integers(0, WIDTH)), int(rng.integers(0, HEIGHT)))
        colour = tuple(float(value) for value in rng.uniform(0.5, 40, 3))
        cv2.circle(scene_hwc, centre, int(rng.integers(1, 5)), colour, -1, cv2.LINE_AA)
    return np.asarray(scene_hwc, np.float32)


def through(config: PyOpenColorIO.Config, transform: PyOpenColorIO.Transform, rgb_hwc: Picture) -> Picture:
    through_hwc = np.array(rgb_hwc, np.float32, order="C")
    config.getProcessor(transform).getDefaultCPUProcessor().applyRGB(through_hwc)
    return through_hwc


def view_of(space: str) -> PyOpenColorIO.DisplayViewTransform:
    return PyOpenColorIO.DisplayViewTransform(src=space, display=DISPLAY, view=VIEW)


def shrunk(rgb_hwc: Picture) -> Picture:
    return np.asarray(cv2.resize(rgb_hwc, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA), np.float32)


def off_codes(one_hwc: Picture, other_hwc: Picture) -> Picture:
    return np.asarray(np.abs(one_hwc - other_hwc) * 255, np.float32)


@pytest.mark.parametrize(
    "space",
    [
        "ACEScg",
        "Linear Rec.709 (sRGB)",
        "ACEScct",
        "ARRI LogC4",
        "ARRI LogC3 (EI800)",
        "S-Log3 S-Gamut3",
        "V-Log V-Gamut",
        "Log3G10 REDWideGamutRGB",
        "DaVinci Intermediate WideGamut",
        "Apple Log",
    ],
)
def test_scenes(make_info: MakeInfo, studio: PyOpenColorIO.Config, scene_hwc: Picture, space: str) -> None:
    encode = PyOpenColorIO.ColorSpaceTransform(src="Linear Rec.709 (sRGB)", dst=space)
    plate_hwc = through(studio, encode, scene_hwc)
    seen_hwc = open_view(make_info(), ColourSettings(space=space)).see(plate_hwc, SIZE_PX)
    resized_first = off_codes(seen_hwc, through(studio, view_of(space), shrunk(plate_hwc)).clip(0, 1))
    assert float(resized_first.mean()) < 0.25
    assert float(np.quantile(resized_first, 0.999)) < 5
    viewed_first = off_codes(seen_hwc, shrunk(through(studio, view_of(space), plate_hwc).clip(0, 1)))
    assert float(viewed_first.mean()) < MEAN_CODES


@pytest.mark.parametrize("space", ["Rec.2100-PQ - Display", "Rec.2100-HLG - Display", "Display P3 HDR - Display"])
def test_hdr_video(make_info: MakeInfo, studio: PyOpenColorIO.Config, scene_hwc: Picture, space: str) -> None:
    hdr = PyOpenColorIO.DisplayViewTransform(
        src="Linear Rec.709 (sRGB)", display=space, view=studio.getDefaultView(space)
    )
    undo = PyOpenColorIO.DisplayViewTransform(
        src="ACEScg",
        display=space,
        view=studio.getDefaultView(space),
        direction=PyOpenColorIO.TRANSFORM_DIR_INVERSE,
    )
    plate_hwc = through(studio, hdr, scene_hwc)
    seen_hwc = open_view(make_info(), ColourSettings(space=space)).see(plate_hwc, SIZE_PX)
    analytic_hwc = through(studio, view_of("ACEScg"), through(studio, undo, shrunk(plate_hwc))).clip(0, 1)
    assert float(off_codes(seen_hwc, analytic_hwc).mean()) < MEAN_CODES


@pytest.mark.parametrize("space", ["sRGB Encoded Rec.709 (sRGB)", "Rec.1886 Rec.709 - Display"])
def test_sdr_video(make_info: MakeInfo, scene_hwc: Picture, space: str) -> None:
    codes_hwc = np.asarray(scene_hwc.clip(0, 1) ** (1 / 2.4), np.float32)
    seen_hwc = open_view(make_info(), ColourSettings(space=space)).see(codes_hwc, SIZE_PX)
    np.testing.assert_allclose(seen_hwc, shrunk(codes_hwc), atol=1e-6)
