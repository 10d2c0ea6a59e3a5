"""How long the items of an OpenTimelineIO timeline are, in seconds and exactly.

OpenTimelineIO's own durations are floats at one of the rates that meet in a track.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Optional

import opentimelineio as otio

from rotomatte.timeline.read_times import own_range, seconds


def item_length_s(item: Any) -> Optional[Fraction]:
    """How long an item is in its track. A retime changes nothing of it. None where nothing says so."""
    if isinstance(item, otio.core.Composition) and item.source_range is None:
        return length_s(item)
    span = own_range(item)
    return None if span is None else seconds(span.duration)


def known_length_s(item: Any) -> Fraction:
    """The same, 0 where nothing says so, and of transitions: they lie over what is beside them."""
    if isinstance(item, otio.schema.Transition):
        return Fraction(0)
    return item_length_s(item) or Fraction(0)


def length_s(composition: Any) -> Fraction:
    """How long a composition is: its video only, where it is a stack."""
    if composition.source_range is not None:
        return seconds(composition.source_range.duration)
    children = list(composition)
    if isinstance(composition, otio.schema.Track):
        return sum(map(known_length_s, children), Fraction(0))
    pictures = [
        child
        for child in children
        if not isinstance(child, otio.schema.Track) or child.kind == otio.schema.TrackKind.Video
    ]
    return max(map(known_length_s, pictures), default=Fraction(0))
