"""Edit decision lists (CMX 3600): what their adapter leaves out.

A list does not say its frame rate, only time codes. They rule rates out: by a frame number that a rate does not have, and
by an event of which source and record would differ in length.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Optional

import opentimelineio as otio

from rotomatte_plugin.errors import TimelineError

ADAPTER = "cmx_3600"

_UNLINKED = otio.media_linker.MediaLinkingPolicy.DoNotLinkMedia
_RATES = (24, 25, 30, 48, 50, 60)
_DROP_FRAME_RATES = (Fraction(30000, 1001), Fraction(60000, 1001))
_EVENT = re.compile(r"\s*\d+\s+\S+\s+\S+\s+\S")
_CODE = re.compile(r"(\d\d:\d\d:\d\d)[:;](\d\d)\b")
_SPEED = re.compile(r"\s*M2\s+\S+\s+(-?[\d.]+)")
_MODE = "FCM:"
_LEAST_SPEED = 0.05
"""Half of what an ``M2`` line can tell apart, in frames a second."""


def read_edl(text: str, path: str, rate: Optional[Fraction]) -> Any:
    """The timeline of an edit decision list, which begins at its first record time code.

    Args:
        text: the list.
        path: where it is, for messages.
        rate: frames a second, None where the list must say it.

    Raises:
        TimelineError: it cannot be read, or its rate is not known.
    """
    text, is_drop_frame = _with_drop_frame_signs(text)
    rate = rate or _only_rate(text, path, is_drop_frame)
    timeline = _at_rate(text, path, rate)
    timeline.metadata[ADAPTER] = {"fcm": "DROP FRAME" if is_drop_frame else "NON-DROP FRAME"}
    _set_start(timeline)
    _add_missed_speeds(timeline, text, float(rate))
    return timeline


def _with_drop_frame_signs(text: str) -> tuple[str, bool]:
    """The list with a semicolon in every drop-frame time code, which ``FCM: DROP FRAME`` declares for those below it."""
    is_drop = is_any = False
    lines = []
    for line in text.splitlines():
        if line.strip().startswith(_MODE):
            is_drop = line.split(":", 1)[1].strip().upper() == "DROP FRAME"
        is_event = _EVENT.match(line) is not None
        lines.append(_CODE.sub(r"\1;\2", line) if is_drop and is_event else line)
        is_any = is_any or (is_event and ";" in lines[-1])
    return "\n".join(lines), is_any


def _only_rate(text: str, path: str, is_drop_frame: bool) -> Fraction:
    """The one rate at which the list can be read."""
    fitting = []
    for rate in _DROP_FRAME_RATES if is_drop_frame else map(Fraction, _RATES):
        try:
            _at_rate(text, path, rate)
        except TimelineError as error:
            unreadable = error
        else:
            fitting.append(rate)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise unreadable
    rates = [f"{float(rate):.5g}" for rate in fitting]
    raise TimelineError(
        f"The edit decision list {path} does not say its frame rate, and its time codes fit {', '.join(rates[:-1])} and "
        f"{rates[-1]} frames a second.",
        remedy=f"Give it, such as --rate {rates[0]}.",
        path=path,
    )


def _at_rate(text: str, path: str, rate: Fraction) -> Any:
    try:
        return otio.adapters.read_from_string(text, ADAPTER, _UNLINKED, rate=float(rate))
    except (ValueError, otio.exceptions.OTIOError) as error:
        raise TimelineError(
            f"The edit decision list {path} cannot be read at {float(rate):.5g} frames a second: {error}",
            remedy="Give the rate that it was made at, such as --rate 25, or export it again.",
            path=path,
        ) from error


def _set_start(timeline: Any) -> None:
    """Let the edit begin at its first record time code.

    The adapter keeps a track's record time code as a range that begins before its clips, and shows none of them.
    """
    tracks = list(timeline.tracks)
    starts = [_record_start(track) for track in tracks]
    first = min(starts, default=None)
    timeline.global_start_time = first
    for track, start in zip(tracks, starts, strict=True):
        track.source_range = None
        if start > first:
            zero = otio.opentime.RationalTime(0, start.rate)
            track.insert(0, otio.schema.Gap(source_range=otio.opentime.TimeRange(zero, start - first)))


def _record_start(track: Any) -> Any:
    if track.source_range is None:
        return otio.opentime.RationalTime(0, track.duration().rate)
    return -track.source_range.start_time


def _add_missed_speeds(timeline: Any, text: str, rate: float) -> None:
    """Give clips the speed of their ``M2`` line where the adapter did not: where source and record are equally long."""
    speeds = _speeds(text, rate)
    for track in list(timeline.tracks):
        children = list(track)
        for clip in children:
            if isinstance(clip, otio.schema.Clip) and not list(clip.effects):
                record = clip.range_in_parent().start_time + timeline.global_start_time
                speed = speeds.get(record.to_frames(), rate)
                if abs(speed - round(rate)) >= _LEAST_SPEED:
                    clip.effects.append(otio.schema.LinearTimeWarp(time_scalar=speed / rate))


def _speeds(text: str, rate: float) -> dict[int, float]:
    """The speeds of the list in frames a second, by the record frame at which their events begin."""
    speeds = {}
    record = None
    for line in text.splitlines():
        if _EVENT.match(line):
            record = otio.opentime.from_timecode(line.split()[-2], rate).to_frames()
        elif record is not None and (found := _SPEED.match(line)) is not None:
            speeds[record] = float(found[1])
    return speeds
