"""The numbers are those that were measured in Blender."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte_hosts.blender.coordinates import (
    Placement,
    mask_from_plate,
    plate_from_mask,
    plate_from_view,
    view_from_plate,
)

WIDE, TALL = (320, 180), (180, 320)
PIXELS = st.floats(-500, 500)


def test_views_start_at_the_bottom_left() -> None:
    assert plate_from_view((0, 0), WIDE) == (0, 180)
    assert plate_from_view((1, 1), WIDE) == (320, 0)
    assert plate_from_view((0.25, 0.75), WIDE) == (80, 45)
    assert view_from_plate((80, 45), WIDE) == (0.25, 0.75)


@pytest.mark.parametrize(
    ("size_px", "low_xy", "high_xy"),
    # A mask from 0.25 to 0.75 rendered: on 320 x 180 it covers columns 80-239 and, from the bottom, lines 10-169.
    [(WIDE, (80, 170), (240, 10)), (TALL, (10, 240), (170, 80))],
)
def test_masks_are_square_over_the_longer_side(
    size_px: tuple[int, int], low_xy: tuple[float, float], high_xy: tuple[float, float]
) -> None:
    assert plate_from_mask((0.25, 0.25), size_px) == low_xy
    assert plate_from_mask((0.75, 0.75), size_px) == high_xy
    assert mask_from_plate(low_xy, size_px) == (0.25, 0.25)


def test_a_strip_as_it_comes_fills_the_preview() -> None:
    assert Placement(WIDE).preview_from_plate((0, 0)) == (-160, 90)
    assert Placement(WIDE).plate_from_preview((160, -90)) == (320, 180)


def test_each_part_of_a_strips_transform() -> None:
    assert Placement(WIDE, offset_px=(10, 20)).preview_from_plate((160, 90)) == (10, 20)
    assert Placement(WIDE, scale_xy=(0.5, 2)).preview_from_plate((0, 0)) == (-80, 180)
    assert Placement(WIDE, flip_x=True).preview_from_plate((0, 0)) == (160, 90)
    assert Placement(WIDE, flip_y=True).preview_from_plate((0, 0)) == (-160, -90)
    turned = Placement(WIDE, rotation_rad=math.pi / 2).preview_from_plate((320, 90))
    assert turned == pytest.approx((0, 160)), "to the left, as the right edge goes up"
    assert Placement(WIDE, pixel_aspect=2.0).preview_from_plate((0, 0)) == (-320, 90)


@pytest.mark.parametrize(
    ("flip_x", "flip_y", "expected_xy"),
    # The middle of a dot at (20.5, 14.5) of 64 x 48, rendered by Blender 4.5, 5.0 and 5.2 (to 0.03 px).
    [(True, False, (-0.35, -2.99)), (False, True, (0.35, 2.99))],
)
def test_a_flip_mirrors_the_whole_frame(flip_x: bool, flip_y: bool, expected_xy: tuple[float, float]) -> None:
    placement = Placement((64, 48), (10, -15), (1.5, 0.7), (0.3, 0.8), 0.4, flip_x, flip_y)
    assert placement.preview_from_plate((20.5, 14.5)) == pytest.approx(expected_xy, abs=0.03)


def test_scale_and_rotation_leave_the_origin_where_it_is() -> None:
    corner = Placement(WIDE, scale_xy=(3, 0.2), rotation_rad=1.0, origin_xy=(0, 0))
    assert corner.preview_from_plate((0, 180)) == (-160, -90)


@settings(deadline=None)
@given(
    st.tuples(PIXELS, PIXELS),
    st.tuples(PIXELS, PIXELS),
    st.tuples(st.floats(0.1, 8), st.floats(-8, -0.1)),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.floats(-7, 7),
    st.booleans(),
    st.booleans(),
)
def test_there_and_back(
    plate_xy: tuple[float, float],
    offset_px: tuple[float, float],
    scale_xy: tuple[float, float],
    origin_xy: tuple[float, float],
    rotation_rad: float,
    flip_x: bool,
    flip_y: bool,
) -> None:
    placement = Placement(WIDE, offset_px, scale_xy, origin_xy, rotation_rad, flip_x, flip_y, pixel_aspect=1.5)
    assert placement.plate_from_preview(placement.preview_from_plate(plate_xy)) == pytest.approx(plate_xy, abs=1e-6)


def test_a_strip_scaled_to_nothing_has_only_its_centre() -> None:
    assert Placement(WIDE, scale_xy=(0, 0)).plate_from_preview((40, 40)) == (160, 90)
