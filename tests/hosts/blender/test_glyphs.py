from __future__ import annotations

import itertools
import math

import pytest

from rotomatte_hosts.blender.glyphs import RADIUS_PX, box_lines, find_lines, outline_lines, prompt_lines
from rotomatte_hosts.blender.prompt_rows import PromptRow, box_row, mask_row, point_row, stroke_row
from rotomatte_plugin.messages import FoundObject
from rotomatte_plugin.model import ShapePoint


def twice(plate_xy: tuple[float, float]) -> tuple[float, float]:
    return 2 * plate_xy[0] + 100, 200 - 2 * plate_xy[1]


def test_glyphs_of_clicks_differ_in_shape_and_are_as_large_at_every_zoom() -> None:
    include = list(prompt_lines(point_row(1, 10, 20), twice))
    exclude = list(prompt_lines(point_row(1, 10, 20, include=False), twice, scale=2))
    assert len(include) > len(exclude)
    for lines, radius in ((include, RADIUS_PX), (exclude, 2 * RADIUS_PX)):
        assert max(math.dist(xy, (120, 160)) for line in lines for xy in line) == pytest.approx(radius)


def test_a_box_has_its_four_sides() -> None:
    corners = [(100, 200), (120, 200), (120, 160), (100, 160)]
    expected = list(zip(corners, (*corners[1:], corners[0]), strict=True))
    assert list(prompt_lines(box_row(1, (0, 0), (10, 20)), twice)) == expected
    assert list(box_lines((100, 200), (120, 160))) == expected


def test_a_shape_is_closed_and_follows_its_tangents() -> None:
    # A quarter turn of a circle by its usual cubic, and two straight sides.
    k = 4 / 3 * (math.sqrt(2) - 1) * 100
    shape = PromptRow("SHAPE", 1, (ShapePoint(100, 0, out_dy=k), ShapePoint(0, 100, in_dx=k), ShapePoint(0, 0)))
    lines = list(prompt_lines(shape, lambda xy: xy))
    assert lines[0][0] == lines[-1][1] == (100, 0)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(lines))
    curve = [xy for line in lines for xy in line if xy[0] > 1e-9 and xy[1] > 1e-9]
    assert len(curve) >= 20
    assert all(math.hypot(*xy) == pytest.approx(100, abs=0.03) for xy in curve)


def test_a_stroke_through_what_is_not_the_object_is_dashed() -> None:
    along = [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert len(list(prompt_lines(stroke_row(1, along), twice))) == 3
    assert len(list(prompt_lines(stroke_row(1, along, include=False), twice))) == 2


def test_every_polygon_of_an_outline_is_closed() -> None:
    square, hole = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)), ((1.0, 1.0), (2.0, 1.0), (2.0, 2.0))
    lines = list(outline_lines((square, hole), lambda xy: xy))
    assert len(lines) == 6
    assert (lines[2], lines[5]) == (((4, 4), (0, 0)), ((2, 2), (1, 1)))
    assert list(outline_lines((), twice)) == []


def test_a_find_is_its_outline_or_else_its_box() -> None:
    triangle = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0))
    outlined = FoundObject(1, "a", (triangle,), (0, 0, 10, 20), 8.0, 0.5, "a test")
    boxed = FoundObject(1, "a", (), (0, 0, 10, 20), 200.0, 0.5, "a test")
    assert list(find_lines(outlined, twice)) == list(outline_lines((triangle,), twice))
    assert list(find_lines(boxed, twice)) == list(box_lines((100, 200), (120, 160)))


def test_a_mask_has_no_lines_of_its_own() -> None:
    assert list(prompt_lines(mask_row(1, "a.png"), twice)) == []
