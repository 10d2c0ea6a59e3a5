"""One outline with a constant number of points through a clip."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte.mattes.contours import evenly, largest_part
from rotomatte.plate.base import Window

WINDOW = Window(-20, 10, 300, 210)
"""320 x 200 pixels."""

Ellipse = tuple[float, float, float, float, float]
"""Centre in plate pixels, half axes, and turn in radians."""


def ellipse_matte(x: float, y: float, a: float, b: float, turn: float) -> Any:
    rows, columns = np.mgrid[: WINDOW.height, : WINDOW.width]
    dx, dy = columns + 0.5 + WINDOW.left - x, rows + 0.5 + WINDOW.top - y
    u = (dx * math.cos(turn) + dy * math.sin(turn)) / a
    v = (dy * math.cos(turn) - dx * math.sin(turn)) / b
    return np.clip((1 - np.hypot(u, v)) * min(a, b) + 0.5, 0, 1).astype(np.float32)


def area_px(polygon_xy: Any) -> float:
    x, y = polygon_xy.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def length_px(polygon_xy: Any) -> float:
    return float(np.hypot(*(polygon_xy - np.roll(polygon_xy, -1, axis=0)).T).sum())


def outlines(ellipses: Iterable[Ellipse], points: int) -> Any:
    before_xy = None
    found = []
    for ellipse in ellipses:
        part = largest_part(ellipse_matte(*ellipse), WINDOW)
        assert part is not None
        before_xy = evenly(part.polygon_xy, points, before_xy)
        found.append(before_xy)
    return np.array(found)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(60, 220), st.floats(80, 140), st.floats(6, 60), st.floats(6, 60), st.floats(0, 3.2), st.integers(8, 200)
)
def test_resampling_keeps_the_area_within_its_bound(
    x: float, y: float, a: float, b: float, turn: float, points: int
) -> None:
    part = largest_part(ellipse_matte(x, y, a, b, turn), WINDOW)
    assert part is not None
    true_px = math.pi * a * b
    assert area_px(part.polygon_xy) == pytest.approx(true_px, rel=0.02), "clockwise, and as large as the matte"
    polygon_xy = evenly(part.polygon_xy, points)
    assert polygon_xy.shape == (points, 2)
    bound_px = length_px(part.polygon_xy) ** 2 / (2 * math.pi * points)
    assert abs(area_px(polygon_xy) - area_px(part.polygon_xy)) <= bound_px
    assert (polygon_xy.mean(axis=0) - (x, y) == pytest.approx(0, abs=1.5)) or points < 16


def test_48_points_keep_99_parts_in_a_hundred_of_an_ellipse() -> None:
    for a, b in ((60, 30), (40, 38), (80, 12), (12, 8)):
        (polygon_xy,) = outlines([(140, 110, a, b, 0.3)], 48)
        assert area_px(polygon_xy) == pytest.approx(math.pi * a * b, rel=0.0101)


def angles(found: Any) -> Any:
    """Of each point about the outline's middle, in radians, without jumps."""
    about = found - found.mean(axis=1, keepdims=True)
    return np.unwrap(np.arctan2(about[..., 1], about[..., 0]), axis=0)


@settings(max_examples=10, deadline=None)
@given(st.floats(-3, 3), st.floats(-1.5, 1.5), st.floats(0.99, 1.01), st.floats(0, 3), st.integers(24, 100))
def test_points_stay_where_they_are_on_what_moves_and_grows(
    dx: float, dy: float, growth: float, turn: float, points: int
) -> None:
    ellipses = [(140 + dx * k, 110 + dy * k, 50 * growth**k, 24 * growth**k, turn) for k in range(20)]
    found = outlines(ellipses, points)
    unit_xy = (found - found.mean(axis=1, keepdims=True)) / np.array([growth**k for k in range(20)])[:, None, None]
    step_px = length_px(unit_xy[0]) / points
    assert np.abs(unit_xy - unit_xy[0]).max() < step_px + 1, "not one point further than its neighbour's place"


@pytest.mark.parametrize(("a", "b"), [(60, 50), (60, 30), (70, 12)])
def test_points_do_not_jump_on_what_turns(a: float, b: float) -> None:
    found = outlines([(140, 110, a, b, math.pi * k / 60) for k in range(61)], 48)
    turned = angles(found)
    assert np.abs(turned[-1] - turned[0]).max() < math.pi + 0.5, "no point overtakes the ellipse"
    fastest_px = a * math.pi / 60
    moved_px = np.hypot(*np.moveaxis(np.diff(found, axis=0), -1, 0))
    assert moved_px.max() < fastest_px + length_px(found[0]) / 48 / 4
    ahead = np.roll(turned, -1, axis=1) - turned
    assert (np.sin(ahead) > 0).all(), "they go on turning the same way"


def test_the_first_frame_begins_at_the_top() -> None:
    (polygon_xy,) = outlines([(140, 110, 50, 24, 0.0)], 40)
    assert polygon_xy[0] == pytest.approx([140, 86], abs=1.5)
    assert polygon_xy[10][0] > 160, "clockwise"


def test_of_several_parts_it_is_the_largest_and_the_rest_is_told() -> None:
    matte_hw = ellipse_matte(100, 110, 50, 40, 0)
    alone = largest_part(matte_hw, WINDOW)
    assert alone is not None
    assert not alone.has_more
    both = largest_part(np.maximum(matte_hw, ellipse_matte(220, 110, 20, 20, 0)), WINDOW)
    assert both is not None
    assert both.has_more
    assert np.array_equal(both.polygon_xy, alone.polygon_xy)
    cv2.circle(matte_hw, (120, 100), 10, 0, -1)
    holed = largest_part(matte_hw, WINDOW)
    assert holed is not None
    assert holed.has_more, "a hole cannot be shown either"
    assert np.array_equal(holed.polygon_xy, alone.polygon_xy)


def test_nothing_is_inside_an_empty_matte() -> None:
    assert largest_part(np.full((200, 320), 0.4, np.float32), WINDOW) is None
