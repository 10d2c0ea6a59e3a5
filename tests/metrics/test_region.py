from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rotomatte.metrics.region import boundary_measure, outline, region_similarity, tolerance_px
from rotomatte.plate.base import FloatArray

SIZES = st.tuples(st.integers(2, 24), st.integers(2, 24))
PAIRS = SIZES.flatmap(
    lambda size: st.tuples(
        *(arrays(np.float32, size, elements=st.sampled_from([0.0, 0.4, 0.5, 1.0]), fill=st.nothing()) for _ in "mt")
    )
)


def square(size: int, left: int, top: int, side: int) -> FloatArray:
    matte_hw = np.zeros((size, size), np.float32)
    matte_hw[top : top + side, left : left + side] = 1
    return matte_hw


def boundary_pixels(matte_hw: FloatArray) -> list[tuple[int, int]]:
    """The benchmark's boundary, pixel by pixel: zeros beyond the frame, then its special last row and column."""
    height, width = matte_hw.shape
    inside = matte_hw >= 0.5
    found = []
    for y in range(height):
        for x in range(width):
            neighbours = [(y, x + 1), (y + 1, x), (y + 1, x + 1)]
            if y == height - 1:
                neighbours = [(y, x + 1)]
            if x == width - 1:
                neighbours = [(y + 1, x)]
            within = [(v, u) for v, u in neighbours if v < height and u < width]
            if any(inside[y, x] != inside[v, u] for v, u in within):
                found.append((y, x))
    return found


def slow_boundary_measure(matte_hw: FloatArray, truth_hw: FloatArray) -> float:
    """F by the distance from each boundary pixel to every pixel of the other boundary."""
    found, wanted = boundary_pixels(matte_hw), boundary_pixels(truth_hw)
    if not found or not wanted:
        return 1.0 if found == wanted else 0.0
    radius = math.ceil(0.008 * math.hypot(*truth_hw.shape))

    def hits(these: list[tuple[int, int]], those: list[tuple[int, int]]) -> float:
        return sum(any(math.dist(a, b) <= radius for b in those) for a in these) / len(these)

    precision, recall = hits(found, wanted), hits(wanted, found)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def test_j_of_squares_that_overlap_by_half() -> None:
    assert region_similarity(square(40, 0, 0, 10), square(40, 5, 0, 10)) == pytest.approx(50 / 150)


def test_j_counts_alpha_from_one_half_as_inside() -> None:
    truth_hw = square(8, 0, 0, 4)
    assert region_similarity(truth_hw * np.float32(0.5), truth_hw) == 1
    assert region_similarity(truth_hw * np.float32(0.499), truth_hw) == 0


def test_two_empty_mattes_agree_wholly_and_one_not_at_all() -> None:
    nothing_hw, something_hw = np.zeros((30, 30), np.float32), square(30, 5, 5, 9)
    assert region_similarity(nothing_hw, nothing_hw) == boundary_measure(nothing_hw, nothing_hw) == 1
    assert region_similarity(something_hw, nothing_hw) == boundary_measure(something_hw, nothing_hw) == 0
    assert region_similarity(nothing_hw, something_hw) == boundary_measure(nothing_hw, something_hw) == 0


def test_the_tolerance_of_davis_frames_is_eight_pixels() -> None:
    assert tolerance_px(480, 854) == 8


@pytest.mark.parametrize(("shift_px", "expected"), [(0, 1.0), (2, 1.0), (3, None), (30, 0.0)])
def test_f_forgives_a_shift_up_to_the_tolerance(shift_px: int, expected: float | None) -> None:
    size = 170  # tolerance 2 px
    f = boundary_measure(square(size, 20 + shift_px, 60, 25), square(size, 20, 60, 25))
    if expected is None:
        # Of the 102 outline pixels on each side, those of the vertical edges lie 3 px apart.
        assert f == pytest.approx(slow_boundary_measure(square(size, 23, 60, 25), square(size, 20, 60, 25)))
        assert 0.5 < f < 0.65
    else:
        assert f == expected


def test_the_outline_is_one_pixel_thin_and_ignores_the_frame_border() -> None:
    whole_hw = np.ones((6, 6), np.bool_)
    assert not outline(whole_hw).any()
    half_hw = whole_hw.copy()
    half_hw[:, 3:] = False
    assert np.argwhere(outline(half_hw)).tolist() == [[row, 2] for row in range(6)]


@given(PAIRS)
@settings(deadline=None)
def test_f_equals_the_measure_computed_pixel_by_pixel(pair: tuple[FloatArray, FloatArray]) -> None:
    matte_hw, truth_hw = pair
    assert boundary_measure(matte_hw, truth_hw) == pytest.approx(slow_boundary_measure(matte_hw, truth_hw), abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_f_equals_the_slow_measure_where_the_tolerance_is_several_pixels(seed: int) -> None:
    generator = np.random.default_rng(seed)
    mattes = []
    for _ in range(2):
        matte_hw = np.zeros((330, 400), np.float32)  # tolerance 5 px
        for y, x in generator.integers(20, 300, (4, 2)):
            matte_hw[y : y + 24, x : x + 17] = 1
        mattes.append(matte_hw)
    mattes[1] = np.maximum(mattes[1], np.roll(mattes[0], (4, 3), axis=(0, 1)))
    f = boundary_measure(*mattes)
    assert 0 < f < 1
    assert f == pytest.approx(slow_boundary_measure(*mattes), abs=1e-12)


@given(PAIRS)
@settings(deadline=None)
def test_both_measures_are_symmetric_bounded_and_one_for_equal_mattes(pair: tuple[FloatArray, FloatArray]) -> None:
    matte_hw, truth_hw = pair
    for measure in (region_similarity, boundary_measure):
        assert 0 <= measure(matte_hw, truth_hw) <= 1
        assert measure(matte_hw, truth_hw) == pytest.approx(measure(truth_hw, matte_hw))
        assert measure(matte_hw, matte_hw) == 1
