"""Notes on frames as markers of the timeline; which are ours is in their hidden ``customData``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from rotomatte_plugin.adapter import Marker
from rotomatte_plugin.errors import HostError

NAME = "Rotomatte"
COLOUR = "Rose"
KEY = "rotomatte"


@dataclass(frozen=True)
class NewMarker:
    """A marker to set: at ``record``, an absolute frame of the timeline, for the clip's ``frame``."""

    record: int
    frame: int
    note: str
    custom: str


def new_markers(clip_id: str, markers: Sequence[Marker], to_record: Callable[[int], int]) -> tuple[NewMarker, ...]:
    """What a clip's notes are as markers, ascending; several notes on a frame share one. Pure."""
    notes: dict[int, list[str]] = {}
    for marker in markers:
        notes.setdefault(marker.frame, []).append(marker.text)
    return tuple(
        NewMarker(to_record(frame), frame, "\n".join(texts), json.dumps({KEY: clip_id, "frame": frame}))
        for frame, texts in sorted(notes.items())
    )


def set_markers(timeline: Any, clip_id: str, markers: Sequence[Marker], to_record: Callable[[int], int]) -> None:
    """Set a clip's markers in place of its earlier ones.

    A frame of the timeline holds one marker: where the artist has one already, ours goes to the next free frame.

    Args:
        timeline: the clip's.
        clip_id: the item's unique id.
        markers: frames in the clip's numbering.
        to_record: from these to the timeline's absolute frames.

    Raises:
        HostError: Resolve does not take them.
    """
    for at in [at for at, marker in _read(timeline).items() if owner(marker)[0] == clip_id]:
        timeline.DeleteMarkerAtFrame(at)
    taken = {round(at) for at in _read(timeline)}
    start = round(timeline.GetStartFrame())
    for new in new_markers(clip_id, markers, to_record):
        at = new.record - start
        while at in taken:
            at += 1
        taken.add(at)
        timeline.AddMarker(at, COLOUR, NAME, new.note, 1, new.custom)
        if timeline.GetMarkerCustomData(at) != new.custom:
            raise HostError(
                f"Resolve takes no marker at frame {new.record} of the timeline.",
                remedy="Remove the marker that is there, then place the mattes again.",
                frame=new.frame,
            )


def owner(marker: dict[str, Any]) -> tuple[str, Optional[int]]:
    """The id of the clip that a marker was set for, and the clip's frame; ("", None) of one that is not ours."""
    try:
        known = json.loads(marker.get("customData") or "null")
        return str(known[KEY]), int(known["frame"])
    except (ValueError, TypeError, KeyError):
        return "", None


def _read(timeline: Any) -> dict[float, dict[str, Any]]:
    return dict(timeline.GetMarkers() or {})
