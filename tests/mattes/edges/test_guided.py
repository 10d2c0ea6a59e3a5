from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rotomatte.mattes.edges.band import band
from rotomatte.mattes.edges.guided import refine_guided
from rotomatte.metrics.soft import gradient_error, mean_absolute_difference, temporal_difference

if TYPE_CHECKING:
    from tests.mattes.edges.conftest import Shot


def test_alpha_moves_to_the_edge_in_the_picture(shot: Shot) -> None:
    refined_hw = refine_guided(shot.picture_hwc, shot.alpha_hw, 12)
    for measure in (mean_absolute_difference, gradient_error):
        assert measure(refined_hw, shot.truth_hw) < 0.3 * measure(shot.alpha_hw, shot.truth_hw)


def test_a_plate_without_colour_is_followed_too(shot: Shot) -> None:
    grey_hwc = np.repeat((0.05 + 0.9 * shot.truth_hw + 0.04 * shot.picture_hwc[..., 1])[..., None], 3, axis=2)
    refined_hw = refine_guided(grey_hwc.astype(np.float32), shot.alpha_hw, 12)
    error = mean_absolute_difference(refined_hw, shot.truth_hw)
    assert error < 0.3 * mean_absolute_difference(shot.alpha_hw, shot.truth_hw)


@pytest.mark.parametrize("half_width_px", [1.0, 2.5, 12.0, 40.0])
def test_beyond_the_band_nothing_changes_and_in_it_alpha_stays_alpha(shot: Shot, half_width_px: float) -> None:
    before_hw = shot.alpha_hw.copy()
    refined_hw = refine_guided(shot.picture_hwc, shot.alpha_hw, half_width_px)
    np.testing.assert_array_equal(shot.alpha_hw, before_hw)
    known_hw = ~band(shot.alpha_hw, half_width_px)
    np.testing.assert_array_equal(refined_hw[known_hw], shot.alpha_hw[known_hw])
    assert refined_hw.dtype == np.float32
    assert 0 <= refined_hw.min() <= refined_hw.max() <= 1


def test_a_core_and_a_background_that_the_picture_shows_are_pure(shot: Shot) -> None:
    refined_hw = refine_guided(shot.picture_hwc, shot.alpha_hw, 24)
    rows, columns = np.mgrid[:150, :210] + 0.5
    outside_px = np.hypot(columns - 100, rows - 75) - 45
    assert (refined_hw[outside_px < -12] == 1).mean() > 0.99
    assert (refined_hw[outside_px > 12] == 0).mean() > 0.99


def test_a_flat_picture_leaves_the_edge_where_it_was(shot: Shot) -> None:
    refined_hw = refine_guided(np.full_like(shot.picture_hwc, 0.4), shot.alpha_hw, 12)
    assert np.abs((refined_hw >= 0.5).sum() / (shot.alpha_hw >= 0.5).sum() - 1) < 0.02


@pytest.mark.parametrize("value", [0.0, 1.0, 0.4])
def test_a_matte_without_an_edge_stays(shot: Shot, value: float) -> None:
    alpha_hw = np.full_like(shot.alpha_hw, value)
    np.testing.assert_array_equal(refine_guided(shot.picture_hwc, alpha_hw, 12), alpha_hw)


@pytest.mark.parametrize("size", [(1, 1), (2, 7), (5, 3), (31, 66)])
def test_small_frames_of_any_size(size: tuple[int, int]) -> None:
    generator = np.random.default_rng(3)
    alpha_hw = generator.random(size, np.float32)
    refined_hw = refine_guided(generator.random((*size, 3), np.float32), alpha_hw, 12)
    assert refined_hw.shape == size
    assert np.isfinite(refined_hw).all()


def test_what_moves_through_the_frame_is_refined_alike(make_shot: Callable[[float], Shot]) -> None:
    one, next_one = make_shot(100), make_shot(101)
    refined = [refine_guided(each.picture_hwc, each.alpha_hw, 12) for each in (one, next_one)]
    flicker = temporal_difference(refined[1], next_one.truth_hw, refined[0], one.truth_hw)
    assert flicker < 0.5 * temporal_difference(next_one.alpha_hw, next_one.truth_hw, one.alpha_hw, one.truth_hw)
