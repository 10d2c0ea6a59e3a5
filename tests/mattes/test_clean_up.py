from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rotomatte.mattes.clean_up import Change, cleaned, steps
from rotomatte.mattes.feather import feathered
from rotomatte.mattes.morphology import closed, grown, opened
from rotomatte.mattes.near_edges import changed_near_edges
from rotomatte.mattes.specks import holes_filled, specks_removed
from rotomatte_plugin.model import CleanUp, FrameRange, Holdout, Keyed

FloatArray = NDArray[np.float32]
Edge = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]

SIDE = 120
CENTRE_XY = (60.2, 59.7)
_FINE = 8


def covered(distance: Edge, ramp_px: float = 0.0, side: int = SIDE) -> FloatArray:
    """A matte of the area where ``distance`` in px is negative, with a linear ramp of that width about its edge."""
    places = (np.arange(side * _FINE) + 0.5) / _FINE
    distance_hw = distance(places[None, :], places[:, None])
    alpha_hw = np.clip(0.5 - distance_hw / ramp_px, 0, 1) if ramp_px else distance_hw < 0
    return np.asarray(alpha_hw.reshape(side, _FINE, side, _FINE).mean(axis=(1, 3)), np.float32)


def disc(radius_px: float, ramp_px: float = 0.0) -> FloatArray:
    return covered(lambda x, y: np.hypot(x - CENTRE_XY[0], y - CENTRE_XY[1]) - radius_px, ramp_px)


def half_plane(angle_deg: float, ramp_px: float = 0.0) -> FloatArray:
    x_to, y_to = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return covered(lambda x, y: (x - CENTRE_XY[0]) * x_to + (y - CENTRE_XY[1]) * y_to, ramp_px)


def moved_px(after_hw: FloatArray, before_hw: FloatArray, angle_deg: float) -> float:
    """How far a half-plane's edge moved along its normal, from the area it gained in the middle rows."""
    gained_n = (after_hw - before_hw)[40:80].sum(axis=1)
    return float(gained_n.mean() * math.cos(math.radians(angle_deg)))


def radius_px(alpha_hw: FloatArray) -> float:
    return math.sqrt(float(alpha_hw.sum(dtype=np.float64)) / math.pi)


def no_holdout(holdout: Holdout, frame: int) -> FloatArray:
    pytest.fail("no holdout was asked for")


# what is done on a frame


def test_nothing_on_gives_the_very_same_array_back() -> None:
    alpha_hw = disc(20)
    off = (
        CleanUp(),
        CleanUp(FrameRange(1, 5), grow_px=2, holdouts=(Holdout("core", "c.exr"),)),
        CleanUp(smooth_frames=2),
    )
    assert cleaned(alpha_hw, off, 6, no_holdout) is alpha_hw
    assert cleaned(alpha_hw, (CleanUp(grow_px=Keyed(((1, 0.0), (6, 0.0), (9, 3.0)))),), 6, no_holdout) is alpha_hw
    assert steps(off, 6) == ()


def test_the_steps_of_a_frame_are_in_the_order_of_the_words() -> None:
    garbage, core = Holdout("garbage", "g.exr"), Holdout("core", "c.exr")
    everything = CleanUp(
        FrameRange(10, 20),
        smooth_frames=1,
        feather_px=3,
        grow_px=Keyed(((10, -2.0), (20, 2.0))),
        open_px=1,
        close_px=2,
        remove_specks_px=40,
        fill_holes_px=50,
        holdouts=(garbage, core),
    )
    assert steps((everything, CleanUp(grow_px=0.5)), 15) == (
        Change("fill_holes_px", 50),
        Change("remove_specks_px", 40),
        Change("close_px", 2),
        Change("open_px", 1),
        Change("feather_px", 3),
        garbage,
        core,
        Change("grow_px", 0.5),
    )
    assert Change("grow_px", -2.0) in steps((everything,), 10)


def test_settings_are_applied_one_after_the_other() -> None:
    alpha_hw = disc(20)
    both_hw = cleaned(alpha_hw, (CleanUp(feather_px=6), CleanUp(grow_px=2)), 1, no_holdout)
    np.testing.assert_array_equal(both_hw, grown(feathered(alpha_hw, 6), 2))


def test_holdouts_take_away_and_add_and_the_later_one_wins() -> None:
    alpha_hw = np.array([[0.0, 0.5, 1.0, 1.0]], np.float32)
    garbage_hw, core_hw = np.array([[1, 0.5, 0, 1]], np.float32), np.array([[1, 0.5, 0, 0]], np.float32)
    asked: list[tuple[str, int]] = []

    def give(holdout: Holdout, frame: int) -> FloatArray:
        asked.append((holdout.kind, frame))
        return garbage_hw if holdout.kind == "garbage" else core_hw

    both = (Holdout("garbage", "g.exr"), Holdout("core", "c.exr"))
    np.testing.assert_array_equal(cleaned(alpha_hw, (CleanUp(holdouts=both),), 7, give), [[1, 0.5, 1, 0]])
    np.testing.assert_array_equal(cleaned(alpha_hw, (CleanUp(holdouts=both[::-1]),), 7, give), [[0, 0.5, 1, 0]])
    assert asked == [("garbage", 7), ("core", 7), ("core", 7), ("garbage", 7)]


# grow


@pytest.mark.parametrize("angle_deg", [0, 10, 22.5, 30, 45])
@pytest.mark.parametrize("ramp_px", [0.0, 12.0])
def test_a_straight_edge_moves_by_fractions_of_a_pixel(angle_deg: float, ramp_px: float) -> None:
    alpha_hw = half_plane(angle_deg, ramp_px)
    for by_px in [*np.arange(-3, 3.01, 0.25), 6.5, -9.0]:
        assert moved_px(grown(alpha_hw, float(by_px)), alpha_hw, angle_deg) == pytest.approx(by_px, abs=0.1)


@pytest.mark.parametrize("radius", [9.0, 20.3])
def test_a_disc_grows_and_shrinks_by_fractions_of_a_pixel(radius: float) -> None:
    alpha_hw = disc(radius)
    for by_px in np.arange(-3, 3.01, 0.25):
        assert radius_px(grown(alpha_hw, float(by_px))) == pytest.approx(radius + by_px, abs=0.1)


@pytest.mark.parametrize("by_px", [0.5, 1.75, 6.0, -0.75, -4.0])
@pytest.mark.parametrize("angle_deg", [0, 30])
def test_a_motion_blurred_edge_keeps_its_width(by_px: float, angle_deg: float) -> None:
    grown_hw = grown(half_plane(angle_deg, 20.0), by_px)
    # Between a tenth and nine tenths lies four fifths of a straight ramp.
    among = ((grown_hw > 0.1) & (grown_hw < 0.9))[40:80].sum(axis=1).mean() * math.cos(math.radians(angle_deg))
    assert among == pytest.approx(16, rel=0.1)


def test_a_strand_and_a_faint_part_grow_too() -> None:
    alpha_hw = np.zeros((60, 60), np.float32)
    alpha_hw[:, 20] = 1
    alpha_hw[40, 45] = 0.3
    grown_hw = grown(alpha_hw, 4)
    assert (grown_hw[:, 16:25] == 1).all()
    assert grown_hw[40, 45 + 4] == grown_hw[40 + 3, 45 + 2] == np.float32(0.3)
    assert (grown_hw[:, 26:36] == 0).all()
    assert grown_hw.max() == 1
    assert not grown(alpha_hw, -1).any()


def test_an_object_cut_off_by_the_frame_stays_attached_to_it() -> None:
    alpha_hw = np.zeros((40, 60), np.float32)
    alpha_hw[:, :30] = 1
    for change_hw in (grown(alpha_hw, -3), opened(alpha_hw, 4), feathered(alpha_hw, 8)):
        assert (change_hw[:, :26] == 1).all()


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 4))
def test_growing_only_adds_and_shrinking_only_takes_away(seed: int, by_px: float) -> None:
    noise_hw = np.random.default_rng(seed).random((40, 50), np.float32)
    alpha_hw = np.clip(cv2.GaussianBlur(noise_hw, (0, 0), 2) * 8 - 3.5, 0, 1).astype(np.float32)
    more_hw, less_hw = grown(alpha_hw, by_px), grown(alpha_hw, -by_px)
    assert (more_hw >= alpha_hw).all()
    assert (less_hw <= alpha_hw + 1e-6).all()
    assert more_hw.max() <= min(1, alpha_hw.max() + 1e-6)
    assert less_hw.min() >= alpha_hw.min() - 1e-6


# close and open


def test_close_bridges_gaps_and_open_cuts_bridges() -> None:
    gap_hw = np.ones((60, 60), np.float32)
    gap_hw[:, 30:34] = 0
    np.testing.assert_allclose(closed(gap_hw, 2.0), 1, atol=1e-6)
    np.testing.assert_allclose(closed(gap_hw, 1.5)[:, 31], 0.5, atol=1e-6)
    np.testing.assert_allclose(closed(gap_hw, 1.0), gap_hw, atol=1e-6)
    np.testing.assert_allclose(opened(1 - gap_hw, 2.0), 0, atol=1e-6)
    np.testing.assert_allclose(opened(1 - gap_hw, 1.0), 1 - gap_hw, atol=1e-6)


@pytest.mark.parametrize("change", [closed, opened])
@pytest.mark.parametrize("amount_px", [1.0, 2.5, 7.0])
def test_straight_and_round_edges_stay_where_they_are(
    change: Callable[[FloatArray, float], FloatArray], amount_px: float
) -> None:
    for angle_deg in (0, 10, 22.5, 45):
        alpha_hw = half_plane(angle_deg)
        assert np.abs(change(alpha_hw, amount_px) - alpha_hw)[20:-20, 20:-20].max() < 0.01
    assert radius_px(change(disc(25), amount_px)) == pytest.approx(25, abs=0.1)


# feather


@pytest.mark.parametrize("angle_deg", [0, 22.5, 45])
@pytest.mark.parametrize("width_px", [3.0, 10.0, 24.5])
def test_a_feather_is_as_wide_as_asked_and_symmetric(angle_deg: float, width_px: float) -> None:
    alpha_hw = half_plane(angle_deg)
    soft_hw = feathered(alpha_hw, width_px)
    x_to, y_to = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    y_hw, x_hw = np.mgrid[:SIDE, :SIDE] + 0.5
    distance_hw = ((x_hw - CENTRE_XY[0]) * x_to + (y_hw - CENTRE_XY[1]) * y_to)[30:90]
    inner_hw = soft_hw[30:90]
    # One pixel for the edge that was there, and one for the kernel's own pixels.
    beyond_px = width_px / 2 + 1.5
    assert (inner_hw[distance_hw < -beyond_px] == 1).all()
    assert (inner_hw[distance_hw > beyond_px] == 0).all()
    t = np.clip(0.5 - distance_hw / width_px, 0, 1)
    np.testing.assert_allclose(inner_hw, 3 * t**2 - 2 * t**3, atol=0.09 if width_px < 5 else 0.02)
    assert moved_px(soft_hw, alpha_hw, angle_deg) == pytest.approx(0, abs=0.01)


def test_a_feather_may_be_a_fraction_of_a_pixel() -> None:
    softness = [float(((a := feathered(disc(20), width)) * (1 - a)).sum()) for width in (0, 1, 1.5, 2, 2.5, 3)]
    assert softness == sorted(softness)
    assert softness[0] < softness[-1]


# holes and specks


def blot(alpha_hw: FloatArray, x: int, y: int, radius: int, value: float) -> None:
    cv2.circle(alpha_hw, (x, y), radius, value, -1)


def test_a_small_hole_becomes_solid_with_its_rim_and_nothing_else_changes() -> None:
    alpha_hw = disc(50, ramp_px=12)
    before_hw = alpha_hw.copy()
    hole_hw = np.zeros_like(alpha_hw)
    blot(hole_hw, 60, 60, 4, 1.0)
    blot(hole_hw, 85, 68, 9, 1.0)
    hole_hw = np.asarray(cv2.GaussianBlur(hole_hw, (9, 9), 0), np.float32)
    holed_hw = alpha_hw * (1 - hole_hw)
    filled_hw = holes_filled(holed_hw, 100)
    near_hw = np.hypot(*(np.mgrid[:SIDE, :SIDE] - 60)) < 10
    assert (filled_hw[near_hw] == 1).all(), "the hole and its soft rim"
    np.testing.assert_array_equal(filled_hw[~near_hw], holed_hw[~near_hw])
    np.testing.assert_array_equal(holes_filled(holed_hw, 1000), before_hw)


def test_a_hole_by_the_edge_leaves_the_ramp_outside_it() -> None:
    alpha_hw = half_plane(0, ramp_px=10)
    alpha_hw[58:61, 53:56] = 0.1
    filled_hw = holes_filled(alpha_hw, 20)
    assert (filled_hw[58:61, 53:56] == 1).all()
    np.testing.assert_array_equal(filled_hw[:, 57:], alpha_hw[:, 57:])
    np.testing.assert_array_equal(filled_hw[:56], alpha_hw[:56])


def test_what_is_open_at_the_frame_or_meant_soft_is_no_hole() -> None:
    alpha_hw = np.ones((40, 40), np.float32)
    alpha_hw[:3, 10:13] = 0
    assert holes_filled(alpha_hw, 1000) is alpha_hw
    glass_hw = np.full((40, 40), 0.8, np.float32)
    glass_hw[20, 20] = 0
    filled_hw = holes_filled(glass_hw, 10)
    assert filled_hw[20, 20] == 1
    assert np.count_nonzero(filled_hw != glass_hw) <= 9, "the plateau around it is no rim"


def test_a_small_speck_goes_with_its_rim_and_nothing_else_changes() -> None:
    alpha_hw = disc(30, ramp_px=6)
    speck_hw = np.zeros_like(alpha_hw)
    blot(speck_hw, 12, 12, 3, 1.0)
    blot(speck_hw, 105, 15, 8, 1.0)
    speck_hw = np.asarray(cv2.GaussianBlur(speck_hw, (7, 7), 0), np.float32)
    noisy_hw = np.maximum(alpha_hw, speck_hw)
    clean_hw = specks_removed(noisy_hw, 100)
    assert not clean_hw[:25, :25].any()
    np.testing.assert_array_equal(clean_hw[:, 25:], noisy_hw[:, 25:])
    np.testing.assert_array_equal(specks_removed(noisy_hw, 1000), alpha_hw)
    assert specks_removed(noisy_hw, 5) is noisy_hw


def test_the_area_counts_whole_parts_joined_by_corners() -> None:
    alpha_hw = np.zeros((20, 20), np.float32)
    alpha_hw[[4, 5, 6, 7], [4, 5, 6, 7]] = 1
    assert specks_removed(alpha_hw, 3) is alpha_hw
    assert not specks_removed(alpha_hw, 4).any()


# tiles


def test_tiles_change_nothing_and_flat_regions_are_left_alone() -> None:
    rng = np.random.default_rng(4)
    alpha_hw = np.zeros((500, 900), np.float32)
    alpha_hw[150:420, 100:600] = np.clip(cv2.GaussianBlur(rng.random((270, 500), np.float32), (0, 0), 3) * 8 - 3, 0, 1)
    windows: list[tuple[int, ...]] = []

    def soften(window_hw: FloatArray) -> FloatArray:
        windows.append(window_hw.shape)
        return np.asarray(cv2.blur(window_hw, (9, 9)), np.float32)

    changed_hw = changed_near_edges(alpha_hw, 4, soften)
    np.testing.assert_allclose(changed_hw, cv2.blur(alpha_hw, (9, 9), borderType=cv2.BORDER_REPLICATE), atol=1e-6)
    assert 0 < len(windows) < 15
    assert changed_near_edges(np.ones((300, 300), np.float32), 4, lambda _: pytest.fail("flat")).min() == 1
