"""A clip's markers, moved from where hosts count them to frames of its media."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Optional

import opentimelineio as otio

from rotomatte.timeline import edl
from rotomatte.timeline.edit import ClipMarker
from rotomatte.timeline.read_times import rate_of, seconds

_RESOLVE = "Resolve_OTIO"


@dataclass(frozen=True)
class ClipPlace:
    """Where a clip is, in seconds.

    ``begin_s`` is where its range begins; ``media_s`` when its media does, None where the edit does not say; ``record_s``
    the record's time code at which the clip begins; ``left_s`` how far into its retimed media that is, None where no
    host says.
    """

    begin_s: Fraction
    media_s: Optional[Fraction]
    record_s: Fraction
    left_s: Optional[Fraction]


def read_markers(clip: Any, place: ClipPlace, frame_of: Callable[[Fraction], int]) -> tuple[ClipMarker, ...]:
    """The markers of a clip, in their order.

    OpenTimelineIO counts them as the clip's own range does: one ``t`` after the range's start is met ``t`` after the clip
    begins. One before the media's beginning was counted from there. Resolve counts on the retimed media, an edit decision
    list in the record's time code.

    Args:
        clip: the OpenTimelineIO clip.
        place: where it is.
        frame_of: the media frame that is shown so many seconds after the clip begins.
    """
    markers = list(clip.markers)
    return tuple(_marker(marker, place, frame_of) for marker in markers)


def _marker(marker: Any, place: ClipPlace, frame_of: Callable[[Fraction], int]) -> ClipMarker:
    since_s = _since_s(marker, place)
    duration = marker.marked_range.duration
    length_s = max(Fraction(0), seconds(duration) - 1 / rate_of(duration)) if duration.value else Fraction(0)
    first, last = sorted((frame_of(since_s), frame_of(since_s + length_s)))
    note = marker.metadata.get(_RESOLVE, {}).get("Note", "")
    metadata = str(otio.core.serialize_json_to_string(marker.metadata, indent=-1))
    return ClipMarker(marker.name, marker.comment or str(note), metadata, first, last - first + 1)


def _since_s(marker: Any, place: ClipPlace) -> Fraction:
    """How long after the clip begins a marker is met."""
    at_s = seconds(marker.marked_range.start_time)
    if edl.ADAPTER in marker.metadata:
        return at_s - place.record_s
    if place.media_s is not None and at_s < place.media_s:
        at_s += place.media_s
    if _RESOLVE in marker.metadata and place.left_s is not None and place.media_s is not None:
        return at_s - place.media_s - place.left_s
    return at_s - place.begin_s
