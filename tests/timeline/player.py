"""A slow player of OpenTimelineIO timelines, which knows nothing of how Rotomatte reads them.

It goes through the objects themselves, one record frame at a time, in seconds as exact fractions, and finds the frame of
the media by looking at one after the other. It knows constant speeds (OpenTimelineIO's rule: the k-th frame of a clip
shows ``source_range.start_time + k * time_scalar``), dissolves and nested stacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

_RATES = tuple(Fraction(n) for n in (24, 25, 30, 48, 50, 60)) + tuple(
    Fraction(n * 1000, 1001) for n in (24, 30, 48, 60)
)
_TOLERANCE = Fraction(1, 1000)


@dataclass(frozen=True)
class Shown:
    """A picture on a record frame: the track's name, the clip, and which frame of its media counted from media time 0."""

    track: str
    clip: Any
    media_frame: int


def seconds(time: Any) -> Fraction:
    """A time exactly: its rate is the nearest one that film and video know."""
    return Fraction(time.value).limit_denominator(10**6) / rate_of(time)


def rate_of(time: Any) -> Fraction:
    """The rate of a time, of which a float may hold only some digits."""
    return min(_RATES, key=lambda rate: abs(rate - Fraction(time.rate)))


def shown(timeline: Any, record: Fraction) -> tuple[Shown, ...]:
    """What is shown ``record`` seconds after the edit's beginning, from the lowest track to the highest.

    In a dissolve both clips are. Clips and tracks that are switched off are left out, except tracks of mattes, which a
    host switches on.
    """
    return tuple(_stack(timeline.tracks, record, "", enabled_only=True))


def _stack(stack: Any, local: Fraction, track_name: str, *, enabled_only: bool) -> Iterator[Shown]:
    start = seconds(stack.source_range.start_time) if stack.source_range is not None else Fraction(0)
    children = list(stack)
    for track in children:
        if isinstance(track, otio.schema.Track):
            if track.kind != "Video":
                continue
            name = track_name or track.name
            if enabled_only and not track.enabled and not name.startswith("mattes"):
                continue
            yield from _track(track, local + start, name)
        else:
            yield from _item(track, local + start, track_name)


def _track(track: Any, local: Fraction, name: str) -> Iterator[Shown]:
    at = Fraction(0)
    if track.source_range is not None:
        local += seconds(track.source_range.start_time)
    children = list(track)
    for index, child in enumerate(children):
        if isinstance(child, otio.schema.Transition):
            continue
        length = seconds(child.duration())
        before, after = _overlaps(children, index)
        if at - before <= local < at + length + after:
            yield from _item(child, local - at, name)
        at += length


def _overlaps(children: list[Any], index: int) -> tuple[Fraction, Fraction]:
    """By how much a transition shows a child earlier and later than its own place."""
    before = after = Fraction(0)
    if index and isinstance(children[index - 1], otio.schema.Transition):
        before = seconds(children[index - 1].in_offset)
    if index + 1 < len(children) and isinstance(children[index + 1], otio.schema.Transition):
        after = seconds(children[index + 1].out_offset)
    return before, after


def _item(item: Any, since_start: Fraction, name: str) -> Iterator[Shown]:
    if isinstance(item, otio.schema.Gap) or not item.enabled:
        return
    scalar = Fraction(1)
    for effect in item.effects:
        assert isinstance(effect, otio.schema.LinearTimeWarp), effect
        scalar *= Fraction(effect.time_scalar).limit_denominator(1000)
    if isinstance(item, otio.schema.Stack):
        # It adds the start of its own source range itself.
        yield from _stack(item, since_start * scalar, name, enabled_only=True)
        return
    begin = item.trimmed_range().start_time
    yield Shown(name, item, _frame_at(seconds(begin) + since_start * scalar, _media_rate(item)))


def _media_rate(clip: Any) -> Fraction:
    available = clip.media_reference.available_range
    return rate_of((available or clip.source_range).start_time)


def _frame_at(time: Fraction, rate: Fraction) -> int:
    """The frame that is on the screen at a time: the last one that has begun, by trying one after the other."""
    frame = int(time * rate) - 3
    while (frame + 1) / rate <= time + _TOLERANCE / rate:
        frame += 1
    return frame
