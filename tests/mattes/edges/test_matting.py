from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rotomatte.mattes.edges import matting
from rotomatte.mattes.edges.band import band, edge_distance_px
from rotomatte.mattes.edges.matting import refine_matting
from rotomatte.metrics.soft import gradient_error, mean_absolute_difference, temporal_difference
from rotomatte_plugin.errors import MissingExtraError

if TYPE_CHECKING:
    from tests.mattes.edges.conftest import Shot

needs_pymatting = pytest.mark.skipif(importlib.util.find_spec("pymatting") is None, reason="PyMatting is not installed")
# The first import of PyMatting in an environment compiles for a minute of processor time.
pytestmark = pytest.mark.timeout(1200)


@needs_pymatting
def test_alpha_moves_to_the_edge_in_the_picture(shot: Shot) -> None:
    refined_hw = refine_matting(shot.picture_hwc, shot.alpha_hw, 12)
    for measure in (mean_absolute_difference, gradient_error):
        assert measure(refined_hw, shot.truth_hw) < 0.2 * measure(shot.alpha_hw, shot.truth_hw)


@needs_pymatting
@pytest.mark.parametrize("half_width_px", [1.0, 12.0, 30.0])
def test_beyond_the_band_nothing_changes_and_in_it_alpha_stays_alpha(shot: Shot, half_width_px: float) -> None:
    before_hw = shot.alpha_hw.copy()
    refined_hw = refine_matting(shot.picture_hwc, shot.alpha_hw, half_width_px)
    np.testing.assert_array_equal(shot.alpha_hw, before_hw)
    known_hw = ~band(shot.alpha_hw, half_width_px)
    np.testing.assert_array_equal(refined_hw[known_hw], shot.alpha_hw[known_hw])
    assert refined_hw.dtype == np.float32
    assert 0 <= refined_hw.min() <= refined_hw.max() <= 1


@needs_pymatting
def test_far_from_any_edge_the_core_stays_whole() -> None:
    alpha_hw = np.ones((200, 500), np.float32)
    alpha_hw[:20, :20] = 0
    picture_hwc = np.repeat(alpha_hw[..., None], 3, axis=2)
    np.testing.assert_array_equal(refine_matting(picture_hwc, alpha_hw, 6)[40:], alpha_hw[40:])


@needs_pymatting
def test_tiles_leave_no_seam(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_hw = refine_matting(shot.picture_hwc, shot.alpha_hw, 8)
    monkeypatch.setattr(matting, "_LEAST_TILE_PX", 48)
    np.testing.assert_allclose(refine_matting(shot.picture_hwc, shot.alpha_hw, 8), whole_hw, atol=0.06)


@needs_pymatting
def test_where_the_picture_says_nothing_the_edge_stays_about_where_it_was(shot: Shot) -> None:
    refined_hw = refine_matting(np.full_like(shot.picture_hwc, 0.4), shot.alpha_hw, 12)
    moved_hw = (refined_hw >= 0.5) != (shot.alpha_hw >= 0.5)
    assert np.abs(edge_distance_px(shot.alpha_hw))[moved_hw].max() < 6


@needs_pymatting
def test_a_solver_that_gets_nowhere_leaves_alpha_as_it_was(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matting, "_MOST_ITERATIONS", 2)
    monkeypatch.setattr(matting, "without_haze", lambda found_hw, _: found_hw)
    refined_hw = refine_matting(shot.picture_hwc, shot.alpha_hw, 12)
    np.testing.assert_allclose(refined_hw, shot.alpha_hw, atol=1e-6)


@needs_pymatting
def test_a_solver_that_nearly_gets_there_is_taken(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    done_hw = refine_matting(shot.picture_hwc, shot.alpha_hw, 12)
    monkeypatch.setattr(matting, "_TOLERANCE", 1e-14)
    monkeypatch.setattr(matting, "_MOST_ITERATIONS", 150)
    np.testing.assert_allclose(refine_matting(shot.picture_hwc, shot.alpha_hw, 12), done_hw, atol=0.02)


@needs_pymatting
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_matte_without_an_edge_stays(shot: Shot, value: float) -> None:
    alpha_hw = np.full_like(shot.alpha_hw, value)
    np.testing.assert_array_equal(refine_matting(shot.picture_hwc, alpha_hw, 12), alpha_hw)


@needs_pymatting
@pytest.mark.parametrize("size", [(1, 1), (2, 7), (5, 3), (31, 66)])
def test_small_frames_of_any_size(size: tuple[int, int]) -> None:
    generator = np.random.default_rng(3)
    refined_hw = refine_matting(generator.random((*size, 3), np.float32), generator.random(size, np.float32), 12)
    assert refined_hw.shape == size
    assert np.isfinite(refined_hw).all()


@needs_pymatting
def test_what_moves_through_the_frame_is_refined_alike(make_shot: Callable[[float], Shot]) -> None:
    one, next_one = make_shot(100), make_shot(101)
    refined = [refine_matting(each.picture_hwc, each.alpha_hw, 12) for each in (one, next_one)]
    flicker = temporal_difference(refined[1], next_one.truth_hw, refined[0], one.truth_hw)
    assert flicker < 0.5 * temporal_difference(next_one.alpha_hw, next_one.truth_hw, one.alpha_hw, one.truth_hw)


def test_without_pymatting_the_error_has_the_command(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymatting", None)
    with pytest.raises(MissingExtraError, match=r'pip install "pymatting>=1\.1\.14"'):
        refine_matting(shot.picture_hwc, shot.alpha_hw, 12)
