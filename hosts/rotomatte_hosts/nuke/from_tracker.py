"""Prompts from the tracks of a Tracker node.

Tracker4 keeps its tracks in the table knob ``tracks``: 31 columns a track, the second and third of which are x and y;
how many tracks there are stands in the fourth word of its script. The table is not documented; this is what several
independent public tools read.
"""

from __future__ import annotations

from typing import Any

import nuke

from rotomatte_hosts.nuke.coordinates import to_plate_y
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.sources import node_named
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import PointPrompt

CLASSES = ("Tracker4",)

COLUMNS = 31
"""Columns of the table for each track."""

_X, _Y = 2, 3


def points_of(
    node: nuke.Node, source: str, frames: FrameMap, height_px: float, reference: int
) -> tuple[PointPrompt, ...]:
    """Where the tracks of a Tracker node are on the reference frame, each an including point.

    A track has a key on nearly every frame. As many prompts would leave nothing to be tracked, and most of them say no
    more than the first; so the reference frame alone counts.

    Args:
        node: the Rotomatte node.
        source: the Tracker's name, empty for none.
        frames: which file frame is shown at which script frame.
        height_px: of the plate's format.
        reference: the reference frame, of the script.

    Raises:
        JobError: the Tracker is not there, has no tracks, or keeps them in an unknown way.
    """
    if not source:
        return ()
    tracker = node_named(node, source, CLASSES)
    tracks: Any = tracker["tracks"]
    count = track_count(str(tracks.toScript()))
    if not count:
        raise JobError(f"{tracker.name()} has no tracks.", remedy="Add one, or empty the knob on the object's tab.")
    found = []
    for track in range(count):
        x, y = (float(tracks.getValueAt(reference, track * COLUMNS + column)) for column in (_X, _Y))
        found.append(PointPrompt(frames.to_clip(reference), x, to_plate_y(y, height_px)))
    return tuple(found)


def track_count(script: str) -> int:
    """How many tracks a Tracker4 has, of the script of its knob ``tracks``.

    Raises:
        JobError: the script does not say.
    """
    words = script.split(" ")
    if len(words) < 4 or not words[3].isdigit():
        raise JobError(
            "This Nuke keeps the tracks of a Tracker in a way that Rotomatte does not know.",
            remedy="Set points by hand, and send the report of Rotomatte's self-test.",
        )
    return int(words[3])
