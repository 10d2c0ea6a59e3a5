"""Masks of Fusion as boxes; widths and heights are fractions of different things."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from rotomatte_hosts.resolve.facts import KeyFacts, ToolFacts
from rotomatte_hosts.resolve.masks import mask_boxes, number_at, point_at

HD = 16 / 9
MASK = ToolFacts(
    "roto_car", "RectangleMask", {"Width": 0.4, "Height": 0.2, "Angle": 0.0}, {}, {"Center": (0.5, 0.5)}, {}
)


def box(tool: ToolFacts, time: float = 7) -> tuple[float, ...]:
    ((at, found),) = mask_boxes(tool, time, HD)
    assert at == time
    return found


def test_a_rectangle_is_high_in_heights_of_the_picture() -> None:
    assert box(MASK) == pytest.approx((0.3, 0.4, 0.7, 0.6))


def test_an_ellipse_is_high_in_widths_of_the_picture() -> None:
    circle = replace(MASK, kind="EllipseMask", numbers={"Width": 0.4, "Height": 0.4, "Angle": 0.0})
    assert box(circle) == pytest.approx((0.3, 0.5 - 0.2 * HD, 0.7, 0.5 + 0.2 * HD))
    # Stock templates fill a picture of 16 to 9 with about this.
    full = replace(MASK, kind="EllipseMask", numbers={"Width": 1.0, "Height": 0.5625, "Angle": 0.0})
    assert box(full) == pytest.approx((0, 0, 1, 1))


def test_a_turned_mask_gets_the_box_around_it() -> None:
    quarter = replace(MASK, numbers={**MASK.numbers, "Angle": 90.0})
    # 0.2 of the height and 0.4 of the width, in each other's place.
    assert box(quarter) == pytest.approx((0.5 - 0.1 / HD, 0.5 - 0.2 * HD, 0.5 + 0.1 / HD, 0.5 + 0.2 * HD))
    circle = replace(MASK, kind="EllipseMask", numbers={"Width": 0.4, "Height": 0.4, "Angle": 33.0})
    assert box(circle) == pytest.approx((0.3, 0.5 - 0.2 * HD, 0.7, 0.5 + 0.2 * HD)), "a circle stays one"
    square = replace(MASK, numbers={"Width": 0.4, "Height": 0.4 * HD, "Angle": 45.0})
    half = 0.2 * math.sqrt(2)
    assert box(square) == pytest.approx((0.5 - half, 0.5 - half * HD, 0.5 + half, 0.5 + half * HD))


def test_every_key_of_any_input_makes_a_box() -> None:
    moving = replace(
        MASK,
        keys={
            "Center": (KeyFacts(10, (0.2, 0.5)), KeyFacts(20, (0.4, 0.5))),
            "Width": (KeyFacts(15, (0.2,)),),
        },
    )
    found = dict(mask_boxes(moving, 0, HD))
    assert sorted(found) == [10, 15, 20]
    assert found[15] == pytest.approx((0.2, 0.4, 0.4, 0.6))
    assert found[20][0] == pytest.approx(0.3)


def test_before_and_behind_its_keys_a_value_stays() -> None:
    tool = replace(
        MASK, keys={"Center": (KeyFacts(10, (0.2, 0.5)),), "Width": (KeyFacts(3, (0.1,)), KeyFacts(5, (0.3,)))}
    )
    assert point_at(tool, "Center", 0) == point_at(tool, "Center", 99) == (0.2, 0.5)
    assert [number_at(tool, "Width", time) for time in (0, 3, 4, 5, 9)] == pytest.approx([0.1, 0.1, 0.2, 0.3, 0.3])
    assert number_at(tool, "Height", 4) == 0.2
