"""A clip's timeline item in Resolve as it is now, found again by the ids that were read of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Optional

from rotomatte_plugin.errors import HostError, JobError


@dataclass(frozen=True)
class Spot:
    """A timeline item on video track ``track`` (from 1), and Resolve's objects around it.

    Good for one thing at a time: the artist may change all of it between two calls.
    """

    resolve: Any
    project: Any
    pool: Any
    timeline: Any
    item: Any
    track: int


def find(resolve: Any, timeline_id: str, item_id: str) -> Spot:
    """The timeline item of that id.

    Raises:
        JobError: its timeline is not in the open project, or it is not in its timeline any more.
    """
    project = open_project(resolve)
    timeline = find_timeline(project, timeline_id)
    if timeline is None:
        raise JobError("The clip's timeline is not in the open project any more.", remedy="Open its project again.")
    for track, item in items_of(timeline):
        if item.GetUniqueId() == item_id:
            return Spot(resolve, project, project.GetMediaPool(), timeline, item, track)
    raise JobError(
        f"The clip is not in the timeline {timeline.GetName()!r} any more.",
        remedy="Undo, or run this again for another.",
    )


def open_project(resolve: Any) -> Any:
    """The project that is open.

    Raises:
        HostError: none is.
    """
    project = resolve.GetProjectManager().GetCurrentProject()
    if project is None:
        raise HostError("No project is open in Resolve.", remedy="Open the project with the clip.")
    return project


def open_timeline(resolve: Any) -> Any:
    """The timeline that is open.

    Raises:
        HostError: no project is open, or no timeline.
    """
    timeline = open_project(resolve).GetCurrentTimeline()
    if timeline is None:
        raise HostError("No timeline is open in Resolve.", remedy="Open the timeline, and select a clip in it.")
    return timeline


def find_timeline(project: Any, timeline_id: str) -> Optional[Any]:
    """A timeline of a project by its id; None where it is not there."""
    current = project.GetCurrentTimeline()
    if current is not None and current.GetUniqueId() == timeline_id:
        return current
    for index in range(1, project.GetTimelineCount() + 1):
        timeline = project.GetTimelineByIndex(index)
        if timeline is not None and timeline.GetUniqueId() == timeline_id:
            return timeline
    return None


def items_of(timeline: Any) -> Iterator[tuple[int, Any]]:
    """Every item of the video tracks with the number of its track, from the bottom up."""
    for track in range(1, int(timeline.GetTrackCount("video") or 0) + 1):
        for item in items_in(timeline, track):
            yield track, item


def items_in(timeline: Any, track: int) -> list[Any]:
    """The items of a video track; what Resolve handed out and never placed has no id, and is none."""
    listed = timeline.GetItemListInTrack("video", track) or []
    return [item for item in listed if item is not None and item.GetUniqueId()]


def start_of(item: Any) -> int:
    """An item's first frame in the timeline."""
    frame: int = round(item.GetStart())
    return frame


def end_of(item: Any) -> int:
    """The frame after an item's last one."""
    frame: int = round(item.GetEnd())
    return frame
