"""The border of a matte as polygons."""

from __future__ import annotations

import json
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte.mattes.outline import MOST_POINTS, outline
from rotomatte.plate.base import Window
from rotomatte_plugin.messages import MAX_LINE_BYTES

CANVAS = Window(-3, 5, 157, 95)


def inside(polygons: Any, canvas: Window, finer: int = 8) -> Any:
    """What polygons hold by the even-odd rule, on a finer grid of the canvas."""
    filled_hw = np.zeros((canvas.height * finer, canvas.width * finer), np.uint8)
    corner_xy = np.array([canvas.left, canvas.top])
    # Coordinates to OpenCV's, which are those of pixel centres, in sixteenths.
    points = [np.rint(((np.array(one) - corner_xy) * finer - 0.5) * 16).astype(np.int32) for one in polygons]
    cv2.fillPoly(filled_hw, points, 1, shift=4)
    return filled_hw.astype(bool)


def agreement(polygons: Any, matte_hw: Any, canvas: Window, finer: int = 8) -> float:
    size = (canvas.width * finer, canvas.height * finer)
    fine_hw = cv2.resize(matte_hw, size, interpolation=cv2.INTER_LINEAR) >= 0.5
    found_hw = inside(polygons, canvas, finer)
    return float((found_hw & fine_hw).sum() / (found_hw | fine_hw).sum())


def rings(*, softness_px: float) -> Any:
    matte_hw = np.zeros((90, 160), np.float32)
    cv2.circle(matte_hw, (40, 40), 20, 1, -1)
    cv2.circle(matte_hw, (40, 40), 8, 0, -1)
    cv2.rectangle(matte_hw, (100, 60), (159, 89), 1, -1)
    return cv2.GaussianBlur(matte_hw, (0, 0), softness_px, borderType=cv2.BORDER_REPLICATE) if softness_px else matte_hw


@pytest.mark.parametrize("softness_px", [0, 0.7, 3])
def test_polygons_hold_what_the_matte_does(softness_px: float) -> None:
    matte_hw = rings(softness_px=softness_px)
    polygons = outline(matte_hw, CANVAS)
    assert len(polygons) == 3, "two parts, and a hole"
    assert agreement(polygons, matte_hw, CANVAS) > 0.98


@settings(max_examples=25, deadline=None)
@given(
    st.floats(30, 1600),
    st.floats(30, 900),
    st.floats(20, 400),
    st.floats(0.5, 2),
    st.sampled_from([(1, 1), (2, 2), (3, 2)]),
)
def test_the_border_lies_within_half_a_pixel(
    x: float, y: float, radius: float, slope: float, smaller: tuple[int, int]
) -> None:
    canvas = Window(-40, 20, 1640, 980)
    width, height = canvas.width // smaller[0], canvas.height // smaller[1]
    columns, rows = np.meshgrid((np.arange(width) + 0.5) * smaller[0], (np.arange(height) + 0.5) * smaller[1])
    distance_hw = radius - np.hypot(columns + canvas.left - x, rows + canvas.top - y)
    matte_hw = np.clip(distance_hw * slope / max(smaller) / 2 + 0.5, 0, 1).astype(np.float32)
    for polygon in outline(matte_hw, canvas):
        corners_xy = np.array(polygon)
        # A straight line is the farthest from a round border in its middle.
        middles_xy = (corners_xy + np.roll(corners_xy, -1, axis=0)) / 2
        for px, py in (*corners_xy, *middles_xy):
            at_frame = min(px - canvas.left, canvas.right - px, py - canvas.top, canvas.bottom - py) < max(smaller)
            assert at_frame or abs(np.hypot(px - x, py - y) - radius) < 0.5


def test_a_matte_that_covers_the_canvas_is_outlined_by_it() -> None:
    (polygon,) = outline(np.ones((90, 160), np.float32), CANVAS)
    xy = np.array(polygon)
    assert np.abs(xy.min(axis=0) - (-3, 5)).max() < 0.2
    assert np.abs(xy.max(axis=0) - (157, 95)).max() < 0.2
    assert outline(np.zeros((90, 160), np.float32), CANVAS) == ()


def test_one_that_is_smaller_than_its_canvas_is_outlined_in_plate_pixels() -> None:
    matte_hw = rings(softness_px=2)
    canvas = Window(0, 0, 640, 180)
    assert agreement(outline(matte_hw, canvas), matte_hw, canvas, 2) > 0.98


def test_however_ragged_it_fits_into_a_message() -> None:
    noise_hw = np.random.default_rng(1).random((1080, 1920)).astype(np.float32)
    ragged_hw = np.clip((cv2.GaussianBlur(noise_hw, (0, 0), 2) - 0.5) * 20 + 0.5, 0, 1)
    polygons = outline(ragged_hw, Window(0, 0, 1920, 1080))
    assert 0 < sum(map(len, polygons)) <= MOST_POINTS
    far = [[[x + 10_000.25, y + 10_000.25] for x, y in polygon] for polygon in polygons]
    assert len(json.dumps(far)) < MAX_LINE_BYTES
