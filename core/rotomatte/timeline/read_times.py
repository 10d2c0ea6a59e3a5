"""OpenTimelineIO's times as exact fractions. ``Any`` is theirs: the library has no types."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Optional

from rotomatte.plate.timecode import exact_rate

TOLERANCE_FRAMES = Fraction(1, 100_000)
"""How far before a frame begins a time still counts as its own: files hold times as floats.

It has to be far less than 1/2500: frames of 24 and of 60000/1001 a second really lie as close as that.
"""

_WHOLE = Fraction(1, 10**6)


def rate_of(time: Any) -> Fraction:
    """The rate that a time counts in, exactly: 24000/1001 for 23.976."""
    return exact_rate(Fraction(time.rate))


def seconds(time: Any) -> Fraction:
    """A time in seconds.

    A whole number counts frames of the exact rate. A broken one was worked out from seconds, with the rate as written.
    """
    value = Fraction(time.value)
    whole = round(value)
    if abs(value - whole) <= _WHOLE:
        return whole / rate_of(time)
    return value / Fraction(time.rate)


def range_rate(span: Any) -> Fraction:
    """The rate of a range: that of its start, or of its duration where the start is a zero without a rate."""
    return rate_of(span.start_time if span.start_time.value else span.duration)


def frame_floor(frames: Fraction) -> int:
    """The last frame that has begun."""
    return math.floor(frames + TOLERANCE_FRAMES)


def frame_ceil(frames: Fraction) -> int:
    """The first frame that has not begun before."""
    return math.ceil(frames - TOLERANCE_FRAMES)


def own_range(item: Any) -> Optional[Any]:
    """A clip's or a gap's range: as trimmed, else what its media says; None where neither is known."""
    if item.source_range is not None:
        return item.source_range
    reference = getattr(item, "media_reference", None)
    return None if reference is None else reference.available_range
