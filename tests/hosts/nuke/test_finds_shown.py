"""Finds as text and lines: numbers that can be read, a place for them, and what the artist writes."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from rotomatte_hosts.nuke.finds_text import best_text, finds_text, ids_of
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.number_lines import Line, number_lines, place_within
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.messages import Finds, FrameFinds
from rotomatte_plugin.model import FrameRange

SAME = FrameMap(FrameRange(1, 10))


@pytest.mark.parametrize(("text", "ids"), [("1,3", (1, 3)), (" 3 , 1 ", (3, 1)), ("2 2 10", (2, 10))])
def test_numbers_of_finds(text: str, ids: tuple[int, ...]) -> None:
    assert ids_of(text) == ids


@pytest.mark.parametrize("text", ["", "-1", "1,,", "one", "1.5", "1;3"])
def test_what_names_no_finds(text: str) -> None:
    with pytest.raises(PromptError, match="find"):
        ids_of(text)


def test_nothing_found_is_no_text() -> None:
    nothing = Finds((FrameFinds(3, (), "/p.png"),))
    assert finds_text(nothing, SAME) == ""
    assert best_text(nothing, SAME) == " ", "an empty line of text would collapse"


def segments(number: int) -> set[frozenset[tuple[float, float]]]:
    """The strokes of seven that a digit of height 2 about the origin has, each as its ends."""
    (line,) = number_lines(number, (0.5, 1.0), 2.0)
    found = set()
    for (x0, y0), (x1, y1) in pairwise(line):
        steps = int(max(abs(x1 - x0), abs(y1 - y0)))
        ends = [(x0 + (x1 - x0) * at / steps, y0 + (y1 - y0) * at / steps) for at in range(steps + 1)]
        found |= {frozenset(pair) for pair in pairwise(ends)}
    return found


def test_digits_are_those_of_seven_segments() -> None:
    top, middle, low = (frozenset({(0.0, y), (1.0, y)}) for y in (0.0, 1.0, 2.0))
    left, left_low, right, right_low = (frozenset({(x, y), (x, y + 1)}) for x in (0.0, 1.0) for y in (0.0, 1.0))
    assert [segments(digit) for digit in range(10)] == [
        {top, low, left, left_low, right, right_low},
        {right, right_low},
        {top, right, middle, left_low, low},
        {top, right, middle, right_low, low},
        {left, middle, right, right_low},
        {top, left, middle, right_low, low},
        {top, left, left_low, low, right_low, middle},
        {top, right, right_low},
        {top, middle, low, left, left_low, right, right_low},
        {top, middle, low, left, right, right_low},
    ]


def test_digits_of_a_number_stand_side_by_side_around_its_middle() -> None:
    lines = number_lines(308, (50.0, 20.0), 10.0)
    spans = [(min(x for x, _ in line), max(x for x, _ in line)) for line in lines]
    assert [span[1] < after[0] for span, after in pairwise(spans)] == [True, True]
    assert (spans[0][0] + spans[-1][1]) / 2 == pytest.approx(50.0)
    assert {y for line in lines for _, y in line} == {15.0, 20.0, 25.0}


def ring() -> tuple[Line, ...]:
    """A square with a square hole that leaves more room on the right."""
    return (
        ((0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0)),
        ((4.0, 4.0), (20.0, 4.0), (20.0, 36.0), (4.0, 36.0)),
    )


def horseshoe() -> tuple[Line, ...]:
    return (((0.0, 0.0), (8.0, 0.0), (8.0, 30.0), (32.0, 30.0), (32.0, 0.0), (44.0, 0.0), (44.0, 40.0), (0.0, 40.0)),)


@pytest.mark.parametrize(("outline_xy", "x"), [(ring(), 30.0), (horseshoe(), 38.0)])
def test_a_number_stands_within_its_find(outline_xy: tuple[Line, ...], x: float) -> None:
    at = place_within(outline_xy)
    assert at == pytest.approx((x, 20.0), abs=0.01)
    inside_hw = np.zeros((48, 48), np.uint8)
    cv2.fillPoly(inside_hw, [np.array(polygon, np.int32) for polygon in outline_xy], 1)
    assert inside_hw[int(at[1]), int(at[0])] == 1


def test_a_find_without_height_has_a_number_all_the_same() -> None:
    assert place_within((((2.0, 5.0), (8.0, 5.0), (4.0, 5.0)),)) == pytest.approx((5.0, 5.0), abs=0.01)
