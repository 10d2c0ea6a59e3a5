from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.plate.base import Window
from rotomatte.prompts.shapes import rasterise_shape, stroke_points
from rotomatte_plugin.model import ShapePoint, ShapePrompt, StrokePrompt

CANVAS = Window(-10, -5, 90, 55)


def rectangle(x0: float, y0: float, x1: float, y1: float) -> ShapePrompt:
    corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    return ShapePrompt(1, tuple(ShapePoint(x, y) for x, y in corners))


def test_a_rectangle_on_pixel_edges_is_exact() -> None:
    matte_hw = rasterise_shape(rectangle(0, 0, 20, 10), CANVAS)
    expected = np.zeros((60, 100), np.float32)
    expected[5:15, 10:30] = 1
    np.testing.assert_allclose(matte_hw, expected, atol=1e-6)


def test_orientation_does_not_matter() -> None:
    shape = rectangle(3.25, 4, 20.5, 10)
    turned = ShapePrompt(1, tuple(reversed(shape.points)))
    np.testing.assert_allclose(rasterise_shape(turned, CANVAS), rasterise_shape(shape, CANVAS), atol=1e-6)
    assert rasterise_shape(shape, CANVAS)[9, 13] == pytest.approx(0.75)


def test_both_lobes_of_a_crossed_outline_are_inside() -> None:
    corners = ((0, 0), (20, 20), (20, 0), (0, 20))
    matte_hw = rasterise_shape(ShapePrompt(1, tuple(ShapePoint(x, y) for x, y in corners)), CANVAS)
    assert matte_hw[15, 12] == matte_hw[15, 27] == 1
    assert matte_hw[6, 20] == 0


def test_a_bezier_circle_has_the_area_of_a_circle() -> None:
    radius, centre = 20.0, 25.0
    k = 0.5522847498 * radius
    points = (
        ShapePoint(centre, centre - radius, -k, 0, k, 0),
        ShapePoint(centre + radius, centre, 0, -k, 0, k),
        ShapePoint(centre, centre + radius, k, 0, -k, 0),
        ShapePoint(centre - radius, centre, 0, k, 0, -k),
    )
    matte_hw = rasterise_shape(ShapePrompt(1, points), CANVAS)
    assert matte_hw.sum() == pytest.approx(math.pi * radius**2, rel=0.003)
    rows, columns = np.nonzero(matte_hw > 0.5)
    assert columns.mean() + 0.5 + CANVAS.left == pytest.approx(centre, abs=0.15)
    assert rows.mean() + 0.5 + CANVAS.top == pytest.approx(centre, abs=0.15)
    assert ((matte_hw > 0) & (matte_hw < 1)).any(), "the edge is anti-aliased"


def test_a_shape_beyond_the_canvas_is_cut() -> None:
    matte_hw = rasterise_shape(rectangle(-100, -100, 200, 200), CANVAS)
    assert matte_hw.min() == 1


@given(st.floats(0, 60), st.floats(0, 30), st.floats(2, 25), st.floats(2, 20))
def test_coverage_is_close_to_the_area(x: float, y: float, width: float, height: float) -> None:
    matte_hw = rasterise_shape(rectangle(x, y, x + width, y + height), CANVAS)
    assert matte_hw.sum() == pytest.approx(width * height, abs=0.13 * width + 0.01)


def test_a_stroke_becomes_five_points_along_it() -> None:
    points_xy = stroke_points(StrokePrompt(1, ((0.0, 0.0), (10.0, 0.0), (60.0, 0.0))))
    np.testing.assert_allclose(points_xy, [[10, 0], [20, 0], [30, 0], [40, 0], [50, 0]])


def test_a_dab_is_one_point() -> None:
    np.testing.assert_allclose(stroke_points(StrokePrompt(1, ((3.0, 4.0), (3.0, 4.0)))), [[3, 4]])
