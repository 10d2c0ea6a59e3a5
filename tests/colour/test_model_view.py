from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import PyOpenColorIO
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rotomatte.colour.config import PINNED_CONFIG
from rotomatte.colour.view import ColourChoice, ModelView, open_view
from rotomatte_plugin.model import ColourSettings

if TYPE_CHECKING:
    from tests.colour.conftest import MakeInfo

CODE = 1 / 255
PQ = "Rec.2100-PQ - Display"


@pytest.fixture(scope="module")
def studio() -> PyOpenColorIO.Config:
    return PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)


def flat(value: float | list[float], height: int = 48, width: int = 64) -> NDArray[np.float32]:
    return np.broadcast_to(np.asarray(value, np.float32), (height, width, 3)).copy()


def natural_ap1(seed: int) -> NDArray[np.float32]:
    """Twelve stops of light with muted colours and a few highlights, in ACEScg."""
    rng = np.random.default_rng(seed)
    light = np.exp2(rng.uniform(-8, 4, (96, 128, 1)))
    tint = 1 + 0.3 * rng.uniform(-1, 1, (96, 128, 3))
    return np.asarray(light * tint, np.float32)


def analytic(
    config: PyOpenColorIO.Config, transform: PyOpenColorIO.Transform, rgb_hwc: NDArray[np.float32]
) -> NDArray[np.float32]:
    through_hwc = rgb_hwc.copy()
    config.getProcessor(transform).getDefaultCPUProcessor().applyRGB(through_hwc)
    return through_hwc


def aces_view(source: str) -> PyOpenColorIO.DisplayViewTransform:
    return PyOpenColorIO.DisplayViewTransform(
        src=source, display="sRGB - Display", view="ACES 2.0 - SDR 100 nits (Rec.709)"
    )


def test_grey_card_in_linear_light(make_info: MakeInfo) -> None:
    view = open_view(make_info(), ColourSettings(space="ACEScg"))
    np.testing.assert_allclose(view.see(flat(0.18), 32), 0.349, atol=0.5 * CODE)
    for light, seen in {0.0: 0.0, 1.0: 0.707, 4.0: 0.900, 16.0: 0.975, 64.0: 0.996}.items():
        np.testing.assert_allclose(view.see_full(flat(light)), seen, atol=CODE)


def test_every_scene_space_shows_the_same_scene(make_info: MakeInfo, studio: PyOpenColorIO.Config) -> None:
    scene_hwc = natural_ap1(0)
    expected_hwc = analytic(studio, aces_view("ACEScg"), scene_hwc)
    for space in ("ACEScg", "ACES2065-1", "ACEScct", "ARRI LogC4", "S-Log3 S-Gamut3", "Linear Rec.709 (sRGB)"):
        encode = PyOpenColorIO.ColorSpaceTransform(src="ACEScg", dst=space)
        seen_hwc = open_view(make_info(), ColourSettings(space=space)).see_full(analytic(studio, encode, scene_hwc))
        off_codes = np.abs(seen_hwc - expected_hwc) / CODE
        assert float(off_codes.mean()) < 0.25, space
        assert float(np.quantile(off_codes, 0.999)) < 2.5, space


def test_video_codes_arrive_unchanged(make_info: MakeInfo) -> None:
    codes_hwc = np.random.default_rng(1).integers(0, 256, (64, 64, 3)).astype(np.float32) / np.float32(255)
    for info in (make_info("a.png", float_samples=False), make_info("a.mov", kind="movie", float_samples=False)):
        np.testing.assert_array_equal(open_view(info, ColourSettings()).see(codes_hwc, 64), codes_hwc)


def test_hdr_video_is_taken_back_to_the_scene_first(make_info: MakeInfo, studio: PyOpenColorIO.Config) -> None:
    view = open_view(make_info(), ColourSettings(space=PQ))
    undo = PyOpenColorIO.DisplayViewTransform(
        src="ACEScg",
        display=PQ,
        view=studio.getDefaultView(PQ),
        direction=PyOpenColorIO.TRANSFORM_DIR_INVERSE,
    )
    codes = np.random.default_rng(2).uniform(0.1, 0.7, (32, 32, 1)).astype(np.float32)
    codes_hwc = np.repeat(codes, 3, axis=2)
    scene_hwc = analytic(studio, undo, codes_hwc)
    expected_hwc = analytic(studio, aces_view("ACEScg"), scene_hwc).clip(0, 1)
    assert float(np.abs(view.see_full(codes_hwc) - expected_hwc).mean()) < 0.5 * CODE
    # 0.58 is the code of diffuse white in PQ (ITU-R BT.2408).
    np.testing.assert_allclose(view.see_full(flat(0.58)), 0.818, atol=CODE)


def test_two_cubes_keep_their_own_values(make_info: MakeInfo, studio: PyOpenColorIO.Config) -> None:
    spaces = ("ARRI LogC4", "S-Log3 S-Gamut3")
    views = [open_view(make_info(), ColourSettings(space=space)) for space in spaces]
    codes_hwc = flat([0.5, 0.4, 0.3])
    for view, space in zip(views, spaces, strict=True):
        np.testing.assert_allclose(view.see_full(codes_hwc), analytic(studio, aces_view(space), codes_hwc), atol=CODE)


def test_a_config_without_encodings_is_followed(
    make_info: MakeInfo, studio_config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCIO", str(studio_config))
    linear = open_view(make_info(), ColourSettings(space="lin_show"))
    np.testing.assert_allclose(linear.see_full(flat(0.25)), 0.5, atol=0.5 * CODE)
    video = open_view(make_info(), ColourSettings(space="video_show"))
    np.testing.assert_allclose(video.see_full(flat(0.25)), 0.25, atol=0.5 * CODE)


def test_the_plate_is_left_alone(make_info: MakeInfo) -> None:
    plate_hwc = flat([2.0, -1.0, 0.5])
    for space in ("ACEScg", "sRGB Encoded Rec.709 (sRGB)"):
        view = open_view(make_info(), ColourSettings(space=space))
        for seen_hwc in (view.see(plate_hwc, 16), view.see_full(plate_hwc)):
            assert seen_hwc.dtype == np.float32
            assert seen_hwc.min() >= 0.0
            assert seen_hwc.max() <= 1.0
    np.testing.assert_array_equal(plate_hwc, flat([2.0, -1.0, 0.5]))


def test_views_of_other_arrays_may_be_shown(make_info: MakeInfo) -> None:
    strided_hwc = np.asarray(np.random.default_rng(3).uniform(0, 1, (3, 20, 30)).transpose(1, 2, 0), np.float32)
    view = open_view(make_info(), ColourSettings(space="ACEScg"))
    np.testing.assert_array_equal(view.see_full(strided_hwc), view.see_full(np.ascontiguousarray(strided_hwc)))


def test_shrinking_averages_areas() -> None:
    plate_hwc = np.zeros((8, 16, 3), np.float32)
    plate_hwc[0, 0] = 0.8
    seen_hwc = plain().see(plate_hwc, 4)
    np.testing.assert_allclose(seen_hwc[0, 0], 0.8 / 8, atol=1e-6)
    assert float(seen_hwc.sum()) == pytest.approx(3 * 0.1, abs=1e-5)


@given(
    height=st.integers(1, 70),
    width=st.integers(1, 70),
    size_px=st.sampled_from([8, 32, 64]),
    value=st.floats(0.0, 1.0, width=32),
)
def test_any_shape_becomes_a_square_of_the_same_colour(height: int, width: int, size_px: int, value: float) -> None:
    seen_hwc = plain().see(flat(value, height, width), size_px)
    assert seen_hwc.shape == (size_px, size_px, 3)
    np.testing.assert_allclose(seen_hwc, value, atol=1e-6)


def plain() -> ModelView:
    return ModelView(ColourChoice("", "", "", "plain", "job", ()), None)
