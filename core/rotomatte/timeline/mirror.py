"""A track of an edit again, with other media in its clips.

Everything that decides when something is seen stays: ranges, gaps, effects, transitions, nested stacks, what is switched
off. Clips have the ids of ``timeline.edit``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Optional

import opentimelineio as otio

from rotomatte.timeline.read_times import own_range

Change = Callable[[str, Any], bool]
"""Makes a copied clip, whose id is given too, what is to be shown in its place; False where nothing is."""


def tracks_with_ids(stack: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """What is in a stack without its audio, the lowest first: ids, such as ``V1``, and tracks (or single items)."""
    children = list(stack)
    pictures = [child for child in children if not is_audio(child)]
    for number, child in enumerate(pictures, start=1):
        yield f"{prefix}V{number}", child


def clips_with_ids(track: Any, track_id: str) -> Iterator[tuple[str, Any]]:
    """The clips of a track (or a single item in the place of one), the nested ones included, with their ids."""
    children = list(track) if isinstance(track, otio.schema.Track) else [track]
    for place, item in enumerate(children, start=1):
        item_id = f"{track_id}/{place}"
        if isinstance(item, otio.schema.Clip):
            yield item_id, item
        elif isinstance(item, otio.schema.Stack):
            for inner_id, inner in tracks_with_ids(item, f"{item_id}/"):
                yield from clips_with_ids(inner, inner_id)
        elif isinstance(item, otio.schema.Track) and not is_audio(item):
            yield from clips_with_ids(item, item_id)


def is_audio(child: Any) -> bool:
    """Whether a child of a stack is a track without pictures."""
    return isinstance(child, otio.schema.Track) and child.kind != otio.schema.TrackKind.Video


def mirrored_track(track: Any, track_id: str, change: Change) -> Optional[Any]:
    """A copy of a timeline's track with the clips that ``change`` makes, None if it makes none.

    Other clips are gaps of their length, and so are nested stacks that hold nothing else. Transitions between gaps are
    left out, and so are markers.

    Args:
        track: a track, or a single item that a timeline has in the place of one.
        track_id: its id.
        change: see ``Change``.
    """
    copy = track.deepcopy()
    if not isinstance(copy, otio.schema.Track):
        copy = otio.schema.Track(kind=otio.schema.TrackKind.Video, children=[copy])
    changed = [clip for clip_id, clip in list(clips_with_ids(copy, track_id)) if change(clip_id, clip)]
    clips = list(copy.find_clips())
    for clip in clips:
        if not any(clip is one for one in changed):
            _replace(clip, _gap(own_range(clip)))
    _tidy(copy)
    return copy if changed else None


def _tidy(item: Any) -> None:
    """Take out of a composition what is left of clips that are gaps now."""
    del item.markers[:]
    if not isinstance(item, otio.core.Composition):
        return
    children = list(item)
    for child in children:
        if isinstance(child, otio.core.Composition) and child.source_range is not None and not list(child.find_clips()):
            _replace(child, _gap(child.source_range))
        elif isinstance(child, otio.core.Item):
            _tidy(child)
    for place in reversed(range(len(item))):
        if isinstance(item[place], otio.schema.Transition) and not _joins(item, place):
            del item[place]


def _joins(track: Any, place: int) -> bool:
    """Whether something is to be seen on a side of a transition."""
    beside = [*track[max(0, place - 1) : place], *track[place + 1 : place + 2]]
    return not all(isinstance(item, otio.schema.Gap) for item in beside)


def _gap(span: Optional[Any]) -> Any:
    """Nothing for as long as a range; for no time at all where nothing says how long."""
    if span is None:
        return otio.schema.Gap()
    begin = otio.opentime.RationalTime(0, span.duration.rate)
    return otio.schema.Gap(source_range=otio.opentime.TimeRange(begin, span.duration))


def _replace(item: Any, other: Any) -> None:
    parent = item.parent()
    parent[parent.index(item)] = other
