from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.plate.movie_index import PacketTime, build_index, constant_rate

RATES = [Fraction(24), Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)]


def test_packets_are_put_into_the_order_of_showing() -> None:
    decoding_order = [(0, True), (3, False), (1, False), (2, False), (4, True), (6, False), (5, False)]
    index = build_index(PacketTime(pts, is_key) for pts, is_key in decoding_order)
    assert index.pts == (0, 1, 2, 3, 4, 5, 6)
    assert index.key_positions == (0, 4)
    assert [index.key_between(1, upto) for upto in (1, 3, 4, 6)] == [False, False, True, True]
    assert not index.key_between(4, 6)


def test_pictures_before_the_first_key_frame_are_left_out() -> None:
    index = build_index([PacketTime(20, True), PacketTime(0, False), PacketTime(10, False), PacketTime(30, False)])
    assert (index.pts, index.key_positions) == ((20, 30), (0,))


@given(
    rate=st.sampled_from(RATES),
    frames=st.integers(1, 3000),
    start=st.integers(-1000, 100_000),
    ticks_a_second=st.sampled_from([1000, 12288, 24000, 90000]),
)
def test_a_constant_rate_is_recognised_through_the_clocks_rounding(
    rate: Fraction, frames: int, start: int, ticks_a_second: int
) -> None:
    pts = [start + round(number / rate * ticks_a_second) for number in range(frames)]
    assert constant_rate(pts, Fraction(1, ticks_a_second), [None, rate]) == rate


@pytest.mark.parametrize("times", [[0, 1, 2, 4, 5], [0, 1, 2, 3, 4, 4.4, 5.4], [0, 2, 3, 4]])
def test_a_frame_off_the_grid_makes_the_rate_variable(times: list[float]) -> None:
    pts = [round(time * 1000) for time in times]
    assert constant_rate(pts, Fraction(1, 24000), [Fraction(24)]) is None
