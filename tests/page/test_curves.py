from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte.page.curves import BOTTOM, LEFT, RIGHT, TOP, Curve, nice_top, plot, x_of
from rotomatte_plugin.model import FrameRange, StateRange

CLIP = FrameRange(1001, 1010)
A_FRAME = (RIGHT - LEFT) / 10


def line(curve: Curve, clip: FrameRange = CLIP, top_value: float = 1.0) -> list[list[tuple[float, float]]]:
    """The points of each unbroken part of the line that is drawn."""
    (drawn,) = plot(clip, [curve], top_value, ()).lines
    return [[(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", part)] for part in drawn.split("M")[1:]]


def test_values_stand_over_the_middle_of_their_frames() -> None:
    (part,) = line([(1001, 0.0), (1002, 1.0), (1003, 0.25)])
    xs, ys = zip(*part, strict=True)
    assert xs == pytest.approx([LEFT + A_FRAME * (place + 0.5) for place in range(3)], abs=0.06)
    assert ys == pytest.approx([BOTTOM, TOP, BOTTOM - 0.25 * (BOTTOM - TOP)], abs=0.06)


def test_a_line_breaks_where_there_is_no_value_and_where_a_frame_is_left_out() -> None:
    parts = line([(1001, 0.5), (1002, 0.5), (1003, None), (1004, 0.5), (1005, 0.5), (1007, 0.5), (1008, 0.5)])
    assert [len(part) for part in parts] == [2, 2, 2]


def test_a_lone_frame_is_a_dot() -> None:
    (part,) = line([(1004, 0.5)])
    assert part[0] == part[1]
    assert line([]) == []


@settings(deadline=None)
@given(count=st.integers(900, 5000), place=st.floats(0, 1), seed=st.integers(0, 1000))
def test_a_long_curve_keeps_its_extremes_and_stays_small(count: int, place: float, seed: int) -> None:
    values = list(np.random.default_rng(seed).random(count))
    spike = round(place * (count - 1))
    values[spike] = 2.0
    clip = FrameRange(1, len(values))
    points = [point for part in line(list(enumerate(values, 1)), clip, 2.0) for point in part]
    assert len(points) <= 2 * (RIGHT - LEFT + 1)
    assert (x_of(clip, spike + 1), float(TOP)) in points
    assert min(y for _, y in points) == TOP
    assert max(y for _, y in points) == pytest.approx(BOTTOM - min(values) / 2 * (BOTTOM - TOP), abs=0.06)
    assert [x for x, _ in points] == sorted(x for x, _ in points)


def test_bands_cover_their_frames_and_none_is_drawn_where_the_object_is_present() -> None:
    states = (StateRange("present", FrameRange(1001, 1003)), StateRange("lost", FrameRange(1004, 1005)))
    (band,) = plot(CLIP, [], 1.0, states).bands
    assert band.state == "lost"
    assert band.left == pytest.approx(LEFT + 3 * A_FRAME, abs=0.06)
    assert band.width == pytest.approx(2 * A_FRAME, abs=0.06)


def test_a_lost_frame_among_thousands_is_to_be_seen() -> None:
    (band,) = plot(FrameRange(1, 9000), [], 1.0, [StateRange("lost", FrameRange(77, 77))]).bands
    assert band.width == 1


@settings(deadline=None)
@given(st.integers(-100, 10_000), st.integers(1, 20_000))
def test_frame_numbers_are_few_round_and_inside(first: int, count: int) -> None:
    clip = FrameRange(first, first + count - 1)
    ticks = plot(clip, [], 1.0, ()).x_ticks
    frames = [int(tick.label) for tick in ticks]
    assert 1 <= len(frames) <= 7
    assert all(frame in clip for frame in frames)
    assert [tick.at for tick in ticks] == [x_of(clip, frame) for frame in frames]
    if count > 6:
        step = frames[1] - frames[0] if len(frames) > 1 else 1
        assert all(frame % step == 0 for frame in frames)
        assert int(str(step).rstrip("0")) in {1, 2, 5}


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (1.01, 1.5), (22_400, 30_000), (100, 100), (7.9, 8), (999_999, 1_000_000)]
)
def test_the_top_of_an_axis_is_round(value: float, top: float) -> None:
    assert math.isclose(nice_top(value), top)


def test_values_are_said_shortly() -> None:
    assert [tick.label for tick in plot(CLIP, [], 30_000, ()).y_ticks] == ["0", "15k", "30k"]
    assert [tick.label for tick in plot(CLIP, [], 1.5e6, ()).y_ticks] == ["0", "750k", "1.5M"]
    assert [tick.label for tick in plot(CLIP, [], 1, ()).y_ticks] == ["0", "0.5", "1"]
