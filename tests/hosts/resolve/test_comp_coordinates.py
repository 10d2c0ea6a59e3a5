"""From Fusion's fractions to plate pixels."""

from __future__ import annotations

import pytest

from rotomatte_hosts.resolve.comp_coordinates import Picture, fitted, is_flipped, whole


def test_y_goes_up_in_fractions_of_the_whole_height() -> None:
    hd = whole(1920, 1080)
    assert hd.to_plate_px(0, 0) == (0, 1080)
    assert hd.to_plate_px(1, 1) == (1920, 0)
    assert hd.to_plate_px(0.5, 0.75) == (960, 270)
    assert hd.to_plate_px(-0.25, 1.5) == (-480, -540), "outside is outside"


def test_a_box_has_its_corners_in_order() -> None:
    assert whole(100, 50).box_to_plate_px(0.1, 0.2, 0.4, 0.6) == pytest.approx((10, 20, 40, 40))
    flipped = Picture(100, 50, 100, 50, flips_x=True, flips_y=True)
    assert flipped.box_to_plate_px(0.1, 0.2, 0.4, 0.6) == pytest.approx((60, 10, 90, 30))


def test_what_was_flipped_before_fusion_is_flipped_back() -> None:
    assert Picture(100, 50, 100, 50, flips_x=True).to_plate_px(0.1, 0.2) == pytest.approx((90, 40))
    assert Picture(100, 50, 100, 50, flips_y=True).to_plate_px(0.1, 0.2) == pytest.approx((10, 10))


def test_a_source_of_another_shape_lies_in_the_middle() -> None:
    wide = fitted(1920, 1080, 4096, 1716)
    assert wide.to_plate_px(0.5, 0.5) == (960, 540)
    assert wide.to_plate_px(0, 1) == pytest.approx((0, (1080 - 1716 * 1920 / 4096) / 2))
    assert wide.to_plate_px(1, 0) == pytest.approx((1920, 1080 - (1080 - 1716 * 1920 / 4096) / 2))
    tall = fitted(1920, 1080, 1080, 1920)
    assert tall.to_plate_px(0, 0) == pytest.approx((960 - 1080 * 1080 / 1920 / 2, 1080))


@pytest.mark.parametrize(("value", "flips"), [("On", True), ("1", True), ("Off", False), ("0", False), ("", False)])
def test_flips_are_words(value: str, *, flips: bool) -> None:
    assert is_flipped({"H-FLIP": value}, "H-FLIP") is flips
    assert not is_flipped({"H-FLIP": value}, "V-FLIP")
