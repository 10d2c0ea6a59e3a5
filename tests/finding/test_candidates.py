from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte.finding.candidates import Candidate, by_size, distinct, on_canvas
from rotomatte.finding.frame import part_of
from rotomatte.plate.base import Window

CANVAS = Window(-10, 0, 310, 160)


def block(rows: slice, columns: slice, score: float = 0.5, window: Window = CANVAS, side: int = 40) -> Candidate:
    logits_hw = np.full((side, side), -4, np.float16)
    logits_hw[rows, columns] = 4
    return Candidate(window, logits_hw, score)


@st.composite
def blocks(draw: st.DrawFn) -> Candidate:
    top, left = draw(st.integers(0, 30)), draw(st.integers(0, 30))
    size = draw(st.integers(2, 9))
    return block(slice(top, top + size), slice(left, left + size), draw(st.floats(0, 1)))


def iou(a: Candidate, b: Candidate) -> float:
    a_hw, b_hw = on_canvas(a, CANVAS, 160), on_canvas(b, CANVAS, 160)
    return float((a_hw & b_hw).sum() / (a_hw | b_hw).sum())


@settings(max_examples=40)
@given(st.lists(blocks(), max_size=12), st.floats(0.2, 0.9))
def test_of_near_duplicates_the_best_stays_and_nothing_else_goes(found: list[Candidate], merge_iou: float) -> None:
    kept = distinct(found, CANVAS, merge_iou, most=100)
    assert all(iou(a, b) <= merge_iou for a, b in combinations(kept, 2))
    assert [one.score for one in kept] == sorted((one.score for one in kept), reverse=True)
    for one in found:
        assert one in kept or any(iou(one, other) > merge_iou and other.score >= one.score for other in kept)


def test_no_more_than_asked_for_are_kept_the_best() -> None:
    found = [block(slice(4 * n, 4 * n + 3), slice(0, 3), score=n / 10) for n in range(8)]
    assert [one.score for one in distinct(found, CANVAS, 0.5, most=3)] == [0.7, 0.6, 0.5]
    assert distinct([], CANVAS, 0.5, most=3) == []


def test_the_same_thing_seen_in_a_crop_is_a_duplicate() -> None:
    whole = block(slice(10, 20), slice(10, 20), 0.9)
    # The same pixels, from a window of half the side at twice the fineness.
    close = block(slice(10, 30), slice(10, 30), 0.8, Window(-10 + 40, 20, -10 + 200, 100))
    assert iou(whole, close) > 0.95
    assert distinct([close, whole], CANVAS, 0.8, most=9) == [whole]


def test_box_and_area_are_in_plate_pixels() -> None:
    one = block(slice(10, 20), slice(30, 40))
    assert one.box() == Window(230, 40, 310, 80)
    assert one.area_px == 80 * 40
    assert block(slice(0, 0), slice(0, 0)).box() is None


def test_the_largest_comes_first() -> None:
    small, large = block(slice(0, 2), slice(0, 2), 0.9), block(slice(0, 9), slice(0, 9), 0.1)
    assert by_size([small, large]) == [large, small]


def test_a_part_of_a_mask_lies_where_it_was() -> None:
    one = block(slice(10, 20), slice(10, 20))
    window = Window(30, 20, 190, 100)
    part_hw = part_of(one, window, 80)
    expected_hw = np.zeros((80, 80), np.bool_)
    expected_hw[20:60, 20:60] = True
    assert (part_hw ^ expected_hw).mean() < 0.03
    assert not part_of(one, Window(250, 120, 310, 160), 40).any()
