"""Curves over a shot's frames as SVG geometry, in the units of the drawing. Pure code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Optional

from rotomatte_plugin.model import FrameRange, StateRange, TrackState

WIDTH, HEIGHT = 480, 150
LEFT, RIGHT, TOP, BOTTOM = 40, 472, 14, 128
"""The drawing, and the box of the curves in it; y grows downwards."""

_MOST_X_TICKS = 6
_NICE_STEPS = (1, 2, 5, 10)
_NICE_TOPS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)

Curve = Sequence[tuple[int, Optional[float]]]
"""Values by ascending frames; None, and a frame that is left out, break the line."""


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and what stands at it."""

    at: float
    label: str


@dataclass(frozen=True)
class Band:
    """A state over some frames, as a rectangle from ``left`` on."""

    state: TrackState
    left: float
    width: float
    frames: FrameRange


@dataclass(frozen=True)
class Plot:
    """What is drawn: each line as the ``d`` of a path, the ticks of both axes, and the states behind."""

    lines: tuple[str, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]


def plot(frames: FrameRange, curves: Iterable[Curve], top_value: float, states: Iterable[StateRange]) -> Plot:
    """Curves of values from 0 to ``top_value``, over the states that are not "present"."""
    lines = (_path(frames, curve, top_value) for curve in curves)
    return Plot(
        lines=tuple(lines),
        x_ticks=tuple(Tick(x_of(frames, frame), str(frame)) for frame in _round_frames(frames)),
        y_ticks=tuple(Tick(_y_of(value, top_value), _said(value)) for value in (0.0, top_value / 2, top_value)),
        bands=tuple(_band(frames, run) for run in states if run.state != "present"),
    )


def nice_top(value: float) -> float:
    """The least round number that is no smaller than ``value``: 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15 and so on."""
    power = 10.0 ** math.floor(math.log10(max(value, 1.0)))
    return next(top * power for top in _NICE_TOPS if top * power >= value)


def x_of(frames: FrameRange, frame: int) -> float:
    """Where the middle of a frame is: each has the same width."""
    return round(LEFT + (RIGHT - LEFT) * (frame - frames.first + 0.5) / len(frames), 1)


def _y_of(value: float, top_value: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * min(max(value / top_value, 0.0), 1.0), 1)


def _band(frames: FrameRange, run: StateRange) -> Band:
    a_frame = (RIGHT - LEFT) / len(frames)
    left = LEFT + a_frame * (run.frames.first - frames.first)
    # A single frame of thousands is to be seen, too.
    width = max(a_frame * len(run.frames), 1.0)
    return Band(run.state, round(left, 1), round(width, 1), run.frames)


def _path(frames: FrameRange, curve: Curve, top_value: float) -> str:
    parts: list[str] = []
    for run in _unbroken(curve):
        points = [f"{x_of(frames, frame)} {_y_of(value, top_value)}" for frame, value in _thinned(frames, run)]
        # A lone frame is a line of no length, whose round ends make a dot of it.
        parts.append("M" + "L".join(points if len(points) > 1 else 2 * points))
    return "".join(parts)


def _unbroken(curve: Curve) -> Iterator[list[tuple[int, float]]]:
    """The runs of frames that follow each other and have values."""
    known = [(frame, value) for frame, value in curve if value is not None]
    for _, run in groupby(enumerate(known), key=lambda item: item[1][0] - item[0]):
        yield [point for _, point in run]


def _thinned(frames: FrameRange, run: Sequence[tuple[int, float]]) -> Iterator[tuple[int, float]]:
    """The points of a run; where a unit of the drawing's width has more than two, the extremes of each unit."""
    if len(frames) <= 2 * (RIGHT - LEFT):
        yield from run
        return
    for _, near in groupby(run, key=lambda point: int(x_of(frames, point[0]))):
        by_value = sorted(near, key=lambda point: point[1])
        yield from sorted({by_value[0], by_value[-1]})


def _round_frames(frames: FrameRange) -> Sequence[int]:
    if len(frames) <= _MOST_X_TICKS:
        return tuple(frames)
    power = 10 ** int(math.log10(len(frames) / _MOST_X_TICKS))
    step = next(one * power for one in _NICE_STEPS if len(frames) / (one * power) <= _MOST_X_TICKS)
    first = -(-frames.first // step) * step
    return range(first, frames.last + 1, step)


def _said(value: float) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
