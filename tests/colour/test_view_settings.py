from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import PyOpenColorIO
import pytest
from numpy.typing import NDArray

from rotomatte.colour.config import PINNED_CONFIG
from rotomatte.colour.view import open_view
from rotomatte_plugin.errors import ColourError
from rotomatte_plugin.model import ColourSettings

if TYPE_CHECKING:
    from tests.colour.conftest import MakeInfo

CODE = 1 / 255
SRGB_DISPLAY = "sRGB - Display"
SDR_VIEW = "ACES 2.0 - SDR 100 nits (Rec.709)"
PQ = "Rec.2100-PQ - Display"
SRGB = "sRGB Encoded Rec.709 (sRGB)"
REC709 = "Rec.1886 Rec.709 - Display"
GAMUT_LOOK = "ACES 1.3 Reference Gamut Compression"


def flat(*rgb: float) -> NDArray[np.float32]:
    return np.full((4, 4, 3), rgb if len(rgb) == 3 else rgb[0], np.float32)


def analytic(transform: PyOpenColorIO.Transform, rgb_hwc: NDArray[np.float32]) -> NDArray[np.float32]:
    through_hwc = rgb_hwc.copy()
    config = PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)
    config.getProcessor(transform).getDefaultCPUProcessor().applyRGB(through_hwc)
    return through_hwc


def test_a_view_may_be_asked_for(make_info: MakeInfo) -> None:
    asked = ColourSettings(space="ACEScg", display=REC709, view="Un-tone-mapped")
    view = open_view(make_info(), asked)
    assert (view.choice.display, view.choice.view) == (REC709, "Un-tone-mapped")
    np.testing.assert_allclose(view.see_full(flat(0.18)), 0.18 ** (1 / 2.4), atol=CODE)


@pytest.mark.parametrize(
    ("display", "view", "sentence", "remedy"),
    [
        ("sRGB", SDR_VIEW, "has no display 'sRGB'", "sRGB - Display, Display P3 - Display"),
        (SRGB_DISPLAY, "Film", "has no view 'Film'", f"{SDR_VIEW}, Un-tone-mapped"),
        (PQ, "ACES 2.0 - HDR 1000 nits (P3 D65)", "is not a picture for an SDR display", "Name an SDR display"),
        (SRGB_DISPLAY, "Raw", "is not a picture for an SDR display", "Name an SDR display"),
    ],
)
def test_views_that_cannot_be_used(make_info: MakeInfo, display: str, view: str, sentence: str, remedy: str) -> None:
    # Even where the plate would not need it: a job must not hide a mistake until the next plate.
    for space in ("ACEScg", SRGB):
        with pytest.raises(ColourError, match=sentence) as caught:
            open_view(make_info(), ColourSettings(space=space, display=display, view=view))
        assert remedy in caught.value.remedy


def test_a_look_may_be_asked_for(make_info: MakeInfo) -> None:
    view = open_view(make_info(), ColourSettings(space="ACEScg", look=GAMUT_LOOK))
    vivid_hwc = flat(0.9, -0.05, 0.02)
    look = PyOpenColorIO.LookTransform(src="ACEScg", dst="ACEScg", looks=GAMUT_LOOK)
    show = PyOpenColorIO.DisplayViewTransform(src="ACEScg", display=SRGB_DISPLAY, view=SDR_VIEW)
    expected_hwc = analytic(show, analytic(look, vivid_hwc))
    np.testing.assert_allclose(view.see_full(vivid_hwc), expected_hwc, atol=1.5 * CODE)
    assert np.abs(expected_hwc - analytic(show, vivid_hwc)).max() > 5 * CODE


def test_a_look_replaces_that_of_the_view(make_info: MakeInfo, aces_show_config: Path) -> None:
    graded = ColourSettings(space="lin_show", config=str(aces_show_config), display="monitor", view="graded")
    np.testing.assert_allclose(open_view(make_info(), graded).see_full(flat(0.64)), 0.4, atol=CODE)
    swapped = ColourSettings(
        space="lin_show", config=str(aces_show_config), display="monitor", view="graded", look="swapped"
    )
    seen_hwc = open_view(make_info(), swapped).see_full(flat(0.64, 0.36, 0.16))
    np.testing.assert_allclose(seen_hwc, flat(0.4, 0.6, 0.8), atol=CODE)


def test_an_unknown_look_lists_the_known(make_info: MakeInfo, studio_config: Path) -> None:
    with pytest.raises(ColourError, match="has no look 'warm'") as caught:
        open_view(make_info(), ColourSettings(space="ACEScg", look="warm"))
    assert caught.value.remedy == f"Name one of its looks: {GAMUT_LOOK}."
    with pytest.raises(ColourError, match="has no look 'warm'") as caught:
        open_view(make_info(), ColourSettings(space="lin_show", look="warm", config=str(studio_config)))
    assert caught.value.remedy == "Name none: it has no looks at all."


def test_video_is_shown_without_view_and_look_and_that_is_said(make_info: MakeInfo) -> None:
    asked = ColourSettings(space=SRGB, display=SRGB_DISPLAY, view=SDR_VIEW, look=GAMUT_LOOK)
    view = open_view(make_info(), asked)
    assert view.choice.warnings == (
        f"The plate is made for a display already and shown as it is, without the look {GAMUT_LOOK} and the view {SDR_VIEW}.",
    )
    assert (view.choice.view, view.choice.look) == ("plain", None)
    np.testing.assert_array_equal(view.see_full(flat(0.5)), flat(0.5))


@pytest.mark.parametrize("space", ["ACEScg", "ARRI LogC4", "Linear Rec.709 (sRGB)"])
@pytest.mark.parametrize("stops", [2.0, -3.0])
def test_exposure_is_a_gain_of_the_scene(make_info: MakeInfo, space: str, stops: float) -> None:
    scene_hwc = np.concatenate([flat(0.18), flat(0.3, 0.2, 0.1)])
    plate_hwc = analytic(PyOpenColorIO.ColorSpaceTransform(src="ACEScg", dst=space), scene_hwc)
    seen_hwc = open_view(make_info(), ColourSettings(space=space, exposure_stops=stops)).see_full(plate_hwc)
    gained_hwc = scene_hwc * np.float32(2.0**stops)
    show = PyOpenColorIO.DisplayViewTransform(src="ACEScg", display=SRGB_DISPLAY, view=SDR_VIEW)
    np.testing.assert_allclose(seen_hwc, analytic(show, gained_hwc), atol=1.5 * CODE)


def test_exposure_keeps_highlights_that_it_darkens(make_info: MakeInfo) -> None:
    view = open_view(make_info(), ColourSettings(space="ACEScg", exposure_stops=-6))
    np.testing.assert_allclose(view.see_full(flat(256.0)), 0.900, atol=CODE)


@pytest.mark.parametrize(
    ("space", "codes", "seen"),
    [
        # Light at the display, doubled: ((0.5 ** 2.4) * 2) ** (1 / 2.4), and the same along the sRGB curve.
        (REC709, 0.5, 0.667),
        (SRGB, 0.5, 0.686),
        (REC709, 0.9, 1.0),
    ],
)
def test_exposure_of_video_is_a_gain_at_the_display(make_info: MakeInfo, space: str, codes: float, seen: float) -> None:
    view = open_view(make_info(), ColourSettings(space=space, exposure_stops=1))
    np.testing.assert_allclose(view.see_full(flat(codes)), seen, atol=0.5 * CODE)
    assert view.choice.view == "plain"


def test_exposure_of_video_knows_nothing_of_view_transforms(make_info: MakeInfo, tmp_path: Path) -> None:
    config = PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)
    # Which leads from the display to the scene wherever a config is not told otherwise.
    config.setDefaultViewTransformName("ACES 2.0 - SDR 100 nits (Rec.709)")
    path = tmp_path / "tone_mapped.ocio"
    path.write_text(config.serialize(), encoding="utf-8")
    view = open_view(make_info(), ColourSettings(space=REC709, config=str(path), exposure_stops=1))
    np.testing.assert_allclose(view.see_full(flat(0.5)), 0.667, atol=0.5 * CODE)


def test_exposure_of_hdr_video_is_a_gain_of_the_scene(make_info: MakeInfo) -> None:
    view = open_view(make_info(), ColourSettings(space=PQ, exposure_stops=1))
    hdr = PyOpenColorIO.DisplayViewTransform(src="ACEScg", display=PQ, view="ACES 2.0 - HDR 1000 nits (P3 D65)")
    show = PyOpenColorIO.DisplayViewTransform(src="ACEScg", display=SRGB_DISPLAY, view=SDR_VIEW)
    seen_hwc = view.see_full(analytic(hdr, flat(0.3, 0.2, 0.15)))
    np.testing.assert_allclose(seen_hwc, analytic(show, flat(0.6, 0.4, 0.3)), atol=1.5 * CODE)


def test_an_exposure_beyond_any_picture_is_refused(make_info: MakeInfo) -> None:
    with pytest.raises(ColourError, match=r"\+2000 stops leaves nothing"):
        open_view(make_info(), ColourSettings(space="ACEScg", exposure_stops=2000))


def test_every_setting_is_in_the_line_for_the_header(make_info: MakeInfo) -> None:
    asked = ColourSettings(host_space="ACEScg", look=GAMUT_LOOK, exposure_stops=1.5)
    assert open_view(make_info(), asked).choice.identity() == (
        f"ACEScg, +1.5 stops, look {GAMUT_LOOK}, through {SDR_VIEW} on {SRGB_DISPLAY}; config {PINNED_CONFIG}"
    )


def test_values_of_no_picture_are_seen_as_numbers(make_info: MakeInfo) -> None:
    wild_hwc = np.array([[[3e38] * 3, [-3e38, 3e38, 1], [65504, -65504, 0], [-1, -1, -1]]], np.float32)
    for space in ("ACEScg", "Linear Rec.709 (sRGB)", "ARRI LogC4", PQ, SRGB):
        seen_hwc = open_view(make_info(), ColourSettings(space=space)).see(wild_hwc, 8)
        assert np.isfinite(seen_hwc).all(), space
        assert seen_hwc.min() >= 0.0
        assert seen_hwc.max() <= 1.0


def test_any_size_may_be_seen(make_info: MakeInfo) -> None:
    plate_hwc = np.random.default_rng(0).uniform(0, 4, (60, 90, 3)).astype(np.float32)
    view = open_view(make_info(), ColourSettings(space="ACEScg"))
    assert view.see_at(plate_hwc, 45, 30).shape == (30, 45, 3)
    np.testing.assert_array_equal(view.see_at(plate_hwc, 32, 32), view.see(plate_hwc, 32))
    np.testing.assert_array_equal(view.see_at(plate_hwc, 90, 60), view.see_full(plate_hwc))
    np.testing.assert_allclose(view.see_at(flat(0.18), 7, 3), 0.349, atol=0.5 * CODE)


def test_threads_may_share_a_view(make_info: MakeInfo) -> None:
    view = open_view(make_info(), ColourSettings(space="ARRI LogC4"))
    plates = [np.random.default_rng(seed).uniform(0, 1, (120, 160, 3)).astype(np.float32) for seed in range(6)]
    alone = [(view.see(plate_hwc, 64), view.see_full(plate_hwc)) for plate_hwc in plates]
    with ThreadPoolExecutor(4) as pool:
        squares = [pool.submit(partial(view.see, plate_hwc, 64)) for plate_hwc in plates * 5]
        fulls = [pool.submit(view.see_full, plate_hwc) for plate_hwc in plates * 5]
    for index, (square, full) in enumerate(zip(squares, fulls, strict=True)):
        np.testing.assert_array_equal(square.result(), alone[index % 6][0])
        np.testing.assert_array_equal(full.result(), alone[index % 6][1])
