"""An OpenTimelineIO timeline as an edit: which clip shows which frames of which media, on which record frames.

A timeline is a stack of tracks, a track's items may be stacks again, and each of them may be trimmed, retimed and switched
off. So an edit is read by moments: every record frame is a time of the whole edit, of its tracks, of what is nested in
them, until it has become a time of a media. All of this is fractions of a second; one frame is found at the very end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from rotomatte.timeline.edit import ClipUse, Edit
from rotomatte.timeline.edit_facts import edit_rate, is_drop_frame, unread
from rotomatte.timeline.lengths import item_length_s, known_length_s, length_s
from rotomatte.timeline.moments import Moment, Moments
from rotomatte.timeline.read_clip import Inside, read_clip
from rotomatte.timeline.read_retime import read_retime, settle_reverse
from rotomatte.timeline.read_times import frame_ceil, seconds

_AFTER_UNKNOWN = "It comes after a clip of which nothing says how long it is."
_UNKNOWN_LENGTH = "Neither the edit nor its media says how long it is."


def read_edit(timeline: Any) -> Edit:
    """The clips of a timeline's video tracks and what they show, switched off or not.

    Audio is left out, and so are gaps. Record frames count from the timeline's ``global_start_time``, or from zero.

    Args:
        timeline: an ``opentimelineio.schema.Timeline``.

    Raises:
        TimelineError: there is nothing to see in it.
    """
    rate = edit_rate(timeline)
    begin = timeline.global_start_time
    start = 0 if begin is None else round(seconds(begin) * rate)
    stack = timeline.tracks
    count = frame_ceil(length_s(stack) * rate)
    first_s = Fraction(0) if stack.source_range is None else seconds(stack.source_range.start_time)
    moments = Moments(Moment(number, first_s + number / rate) for number in range(count))
    walk = _Walk(rate, start)
    writers = frozenset(timeline.metadata) | frozenset(stack.metadata)
    walk.stack(stack, moments, Inside("", "", writers, is_seen=stack.enabled))
    return Edit(
        name=timeline.name,
        rate=rate,
        start=start,
        count=count,
        is_drop_frame=is_drop_frame(timeline, rate),
        clips=tuple(walk.uses),
        warnings=(*unread(timeline), *walk.warnings),
    )


class _Walk:
    """Goes through a timeline and gathers what it meets."""

    def __init__(self, rate: Fraction, start: int) -> None:
        self._rate = rate
        self._start = start
        self.uses: list[ClipUse] = []
        self.warnings: list[str] = []

    def stack(self, stack: Any, moments: Moments, inside: Inside) -> None:
        """The video tracks of a stack. ``moments`` are in the stack's time."""
        number = 0
        children = list(stack)
        for child in children:
            if isinstance(child, otio.schema.Track) and child.kind != otio.schema.TrackKind.Video:
                continue
            number += 1
            name = f"{inside.id}V{number}"
            within = replace(inside, id=f"{name}/", track=inside.track or child.name or name)
            if isinstance(child, otio.schema.Track):
                self._track(child, moments, within)
            else:
                self._items([child], moments, within)

    def _track(self, track: Any, moments: Moments, inside: Inside) -> None:
        if track.source_range is not None:
            track_s = seconds(track.source_range.duration)
            moments = moments.of_item(Fraction(0), track_s, self._rate, Fraction(0), Fraction(0))
            self._warn_of_trim(track)
        within, local = self._enter(track, moments, inside)
        self._items(list(track), local, within)

    def _items(self, items: Sequence[Any], moments: Moments, inside: Inside) -> None:
        """Items one after the other. ``moments`` are in their track's time."""
        at_s = Fraction(0)
        for place, item in enumerate(items):
            if isinstance(item, otio.schema.Transition):
                continue
            item_s = item_length_s(item)
            head_s, tail_s = _overlaps(items, place)
            within = replace(inside, id=f"{inside.id}{place + 1}", is_seen=inside.is_seen and item.enabled)
            if item_s is None:
                self._unknown(item, at_s, within)
                inside = replace(inside, problem=inside.problem or _AFTER_UNKNOWN)
                continue
            self._item(item, moments.of_item(at_s, item_s, self._rate, head_s, tail_s), within)
            at_s += item_s

    def _item(self, item: Any, since: Moments, inside: Inside) -> None:
        if isinstance(item, otio.schema.Gap) or not since:
            return
        if isinstance(item, otio.schema.Clip):
            uses, warnings = read_clip(item, since, inside, self._rate, self._start)
            self.uses += uses
            self.warnings += warnings
            return
        within, local = self._enter(item, since, replace(inside, id=f"{inside.id}/"))
        if isinstance(item, otio.schema.Track):
            if item.kind == otio.schema.TrackKind.Video:
                self._items(list(item), local, within)
        else:
            self.stack(item, local, within)

    def _enter(self, item: Any, since: Moments, inside: Inside) -> tuple[Inside, Moments]:
        """From how long after its beginning a nested item is seen, to its own time."""
        span = item.source_range
        writers = inside.writers | frozenset(item.metadata)
        is_seen = inside.is_seen and item.enabled
        begin_s = Fraction(0) if span is None else seconds(span.start_time)
        effects = list(item.effects)
        if not effects:
            return replace(inside, writers=writers, is_seen=is_seen), since.moved(lambda since_s: begin_s + since_s)
        read = read_retime(item, span or item.trimmed_range(), Fraction(0), writers)
        retime, _ = settle_reverse(read, lambda _: True)
        words = tuple(word for word in (read.words, *inside.retimes) if word)
        within = replace(
            inside, writers=writers, is_seen=is_seen, retimes=words, problem=inside.problem or read.problem
        )
        return within, since.moved(lambda since_s: begin_s + retime.source_s(since_s))

    def _unknown(self, item: Any, at_s: Fraction, inside: Inside) -> None:
        within = replace(inside, problem=inside.problem or _UNKNOWN_LENGTH)
        here = Moments([Moment(frame_ceil(at_s * self._rate), Fraction(0))])
        uses, _ = read_clip(item, here, within, self._rate, self._start)
        self.uses += uses

    def _warn_of_trim(self, track: Any) -> None:
        span = track.source_range
        begin_s = seconds(span.start_time)
        if begin_s + seconds(span.duration) <= 0 or begin_s >= sum(map(known_length_s, list(track)), Fraction(0)):
            self.warnings.append(f"Track {track.name!r} is trimmed to a range that none of its clips is in.")


def _overlaps(items: Sequence[Any], place: int) -> tuple[Fraction, Fraction]:
    """By how much the transitions beside an item show it before and after its own time, in seconds."""
    before = items[place - 1] if place else None
    after = items[place + 1] if place + 1 < len(items) else None
    head_s = seconds(before.in_offset) if isinstance(before, otio.schema.Transition) else Fraction(0)
    tail_s = seconds(after.out_offset) if isinstance(after, otio.schema.Transition) else Fraction(0)
    return head_s, tail_s
