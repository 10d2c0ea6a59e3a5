"""A copy of a timeline in which nothing is seen but one clip, as its media is.

A retime cannot be given to a clip by script, so a new timeline with the same media would not show the same frames; a
copy of the artist's timeline does, at the same timecodes. What is changed is changed in the copy only.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rotomatte_hosts.resolve.find import Spot, items_in, start_of
from rotomatte_hosts.resolve.put_back import turn_to
from rotomatte_plugin.errors import HostError

PREFIX = "Rotomatte temporary"
"""How the names of such timelines begin."""

_PLAIN = {
    "ZoomGang": False, "ZoomX": 1.0, "ZoomY": 1.0, "Pan": 0.0, "Tilt": 0.0, "RotationAngle": 0.0, "AnchorPointX": 0.0,
    "AnchorPointY": 0.0, "Pitch": 0.0, "Yaw": 0.0, "FlipX": False, "FlipY": False, "CropRetain": False,
    "CropLeft": 0.0, "CropRight": 0.0, "CropTop": 0.0, "CropBottom": 0.0, "CropSoftness": 0.0, "DynamicZoomEase": 0,
    "CompositeMode": 0, "Opacity": 100.0, "Distortion": 0.0,
}  # fmt: skip
_REMEDY = "Render the clip in place in Resolve, and take what comes of it instead."


@contextmanager
def copy_with_only(spot: Spot) -> Iterator[Any]:
    """The copy, current inside and gone afterwards, when the clip's timeline is current again.

    Raises:
        HostError: Resolve does not make one, or does not change it.
    """
    name = f"{PREFIX} {uuid.uuid4().hex[:12]}"
    copy = spot.timeline.DuplicateTimeline(name)
    if copy is None or copy.GetUniqueId() == spot.timeline.GetUniqueId():
        raise HostError(f"Resolve does not copy the timeline {spot.timeline.GetName()!r}.", remedy=_REMEDY)
    try:
        turn_to(spot.project, copy)
        _leave_only(copy, spot)
        yield copy
    finally:
        turn_to(spot.project, spot.timeline)
        spot.pool.DeleteTimelines([copy])


def _leave_only(copy: Any, spot: Spot) -> None:
    start = start_of(spot.item)
    items = items_in(copy, spot.track)
    kept = [item for item in items if start_of(item) == start and item.GetDuration() == spot.item.GetDuration()]
    if len(kept) != 1 or copy.GetStartFrame() != spot.timeline.GetStartFrame():
        raise HostError("The clip is not where it was in a copy of its timeline.", remedy=_REMEDY)
    copy.SetTrackLock("video", spot.track, False)
    others = [item for item in items if item.GetUniqueId() != kept[0].GetUniqueId()]
    if others:
        copy.DeleteClips(others, False)
    for kind in ("video", "subtitle"):
        for track in range(1, int(copy.GetTrackCount(kind) or 0) + 1):
            is_shown = kind == "video" and track == spot.track
            copy.SetTrackEnable(kind, track, is_shown)
            if bool(copy.GetIsTrackEnabled(kind, track)) != is_shown:
                raise HostError(f"Resolve does not switch {kind} track {track} of a copied timeline.", remedy=_REMEDY)
    if len(items_in(copy, spot.track)) != 1:
        raise HostError("Resolve does not remove what lies beside the clip in a copied timeline.", remedy=_REMEDY)
    _show_media_as_it_is(kept[0])


def _show_media_as_it_is(item: Any) -> None:
    """Without transform, Fusion comps and grade: prompts and mattes are about the media."""
    item.SetClipEnabled(True)
    look = item.GetProperty() or {}
    for key, plain in _PLAIN.items():
        if key in look and look[key] != plain:
            item.SetProperty(key, plain)
    media = item.GetMediaPoolItem()
    if media is not None and "Fusion" not in str(media.GetClipProperty("Type")):
        for name in item.GetFusionCompNameList() or []:
            item.DeleteFusionCompByName(name)
        if item.GetFusionCompCount():
            raise HostError("Resolve does not remove the Fusion comps of a copied clip.", remedy=_REMEDY)
    graph = item.GetNodeGraph() if callable(getattr(item, "GetNodeGraph", None)) else None
    if graph is not None and callable(getattr(graph, "ResetAllGrades", None)):
        graph.ResetAllGrades()
