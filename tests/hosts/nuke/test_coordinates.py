"""Nuke's pixels and plate pixels, with values from the facts about Nuke."""

from __future__ import annotations

import pytest

from rotomatte_hosts.nuke.coordinates import to_nuke_box, to_nuke_y, to_plate_box, to_plate_y, viewer_sample_box


def test_the_top_left_corner_is_at_the_formats_height() -> None:
    assert to_plate_y(1080.0, 1080.0) == 0.0
    assert to_plate_y(0.0, 1080.0) == 1080.0


@pytest.mark.parametrize(("row", "y"), [(0, 1079.5), (539, 540.5), (1079, 0.5)])
def test_the_centre_of_a_pixel_is_half_a_pixel_in(row: int, y: float) -> None:
    assert to_nuke_y(row + 0.5, 1080.0) == y
    assert to_plate_y(y, 1080.0) == row + 0.5


def test_overscan_lies_beyond_the_format_on_both_sides() -> None:
    assert to_plate_y(1100.0, 1080.0) == -20.0
    assert to_plate_y(-20.0, 1080.0) == 1100.0


def test_a_box_knob_is_left_bottom_right_top() -> None:
    assert to_nuke_box(4, 6, 40, 50, 64) == (4, 14, 40, 58)
    assert to_plate_box(4, 14, 40, 58, 64) == (4, 6, 40, 50)
    assert to_plate_box(40, 58, 4, 14, 64) == (4, 6, 40, 50), "drawn from the other corner"


def test_the_whole_picture_is_sampled_from_corner_to_corner() -> None:
    height = 1080 / 1920
    assert viewer_sample_box((-1, -height, 1, height), 1920, 1080, 1.0) == pytest.approx((0, 0, 1920, 1080))


def test_the_middle_of_the_viewer_is_the_middle_of_the_format() -> None:
    assert viewer_sample_box((0, 0, 0, 0), 1920, 1080, 1.0) == (960, 540, 960, 540)


def test_wide_pixels_widen_the_viewers_picture_and_not_the_formats_pixels() -> None:
    # 2048 x 1556 at an aspect of 2 is displayed 4096 wide: the top edge is at 1556 / 4096.
    top = 1556 / 4096
    assert viewer_sample_box((0.5, top, 1, top), 2048, 1556, 2.0) == pytest.approx((1536, 1556, 2048, 1556))


def test_a_box_dragged_backwards_is_the_same_box() -> None:
    forward = viewer_sample_box((-0.5, -0.25, 0.5, 0.25), 1920, 1080, 1.0)
    assert viewer_sample_box((0.5, 0.25, -0.5, -0.25), 1920, 1080, 1.0) == forward == (480, 300, 1440, 780)
