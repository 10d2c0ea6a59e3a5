"""What an OpenTimelineIO timeline says of the edit as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from rotomatte.timeline import edl, fcp7, fcpxml
from rotomatte.timeline.read_times import own_range, range_rate, rate_of
from rotomatte_plugin.errors import TimelineError


def edit_rate(timeline: Any) -> Fraction:
    """The rate of the edit's start, else the one that most of its items count in.

    Raises:
        TimelineError: it has neither.
    """
    begin = timeline.global_start_time
    if begin is not None and begin.rate > 1:
        return rate_of(begin)
    rates = Counter(range_rate(span) for span in _spans(timeline.tracks))
    if not rates:
        raise TimelineError(
            f"The edit {timeline.name!r} has no clips to see.",
            remedy="Choose an edit with a video track that has clips.",
        )
    return rates.most_common(1)[0][0]


def _spans(composition: Any) -> Iterator[Any]:
    """The ranges of its items, or of what is in them where they have none."""
    children = list(composition)
    for child in children:
        if isinstance(child, otio.schema.Track) and child.kind != otio.schema.TrackKind.Video:
            continue
        if isinstance(child, otio.core.Composition) and child.source_range is None:
            yield from _spans(child)
        elif isinstance(child, otio.core.Item) and (span := own_range(child)) is not None:
            yield span


def is_drop_frame(timeline: Any, rate: Fraction) -> bool:
    """Whether the edit says that it counts drop-frame: Final Cut's two XMLs and edit decision lists do."""
    if round(rate) % 30 or rate.denominator == 1:
        return False
    facts = timeline.metadata
    said = (
        facts.get(fcp7.ADAPTER, {}).get("timecode", {}).get("displayformat"),
        facts.get(fcpxml.ADAPTER, {}).get("tcFormat"),
        facts.get(edl.ADAPTER, {}).get("fcm"),
    )
    return any(word in ("DF", "DROP FRAME") for word in said)


def unread(timeline: Any) -> Iterator[str]:
    """What the edit's file has and the timeline has not."""
    transitions = timeline.metadata.get(fcpxml.ADAPTER, {}).get("transitions", 0)
    if transitions:
        yield (
            f"FCPXML's transitions are not read, and this edit has {transitions} of them: the frames are missing that "
            "only a transition shows."
        )
