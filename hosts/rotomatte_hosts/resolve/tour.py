"""What is asked of a live Resolve for a cassette: the same each time, and nothing that changes anything."""

from __future__ import annotations

from typing import Any, Optional

from rotomatte_hosts.resolve.find import items_of
from rotomatte_hosts.resolve.read_facts import read_facts
from rotomatte_plugin.errors import RotomatteError

MOST_CLIPS = 40
"""Of a timeline, the first ones; a cassette is to be small enough to send."""


def tour(resolve: Any) -> None:
    """Ask about versions, the project's settings, the timeline, its tracks, clips, markers and comps."""
    _of_each(resolve, "GetProductName", "GetVersionString", "GetVersion", "GetCurrentPage")
    dir(resolve)
    manager = resolve.GetProjectManager()
    dir(manager)
    manager.GetCurrentDatabase()
    project = manager.GetCurrentProject()
    if project is None:
        return
    dir(project)
    _of_each(project, "GetName", "GetUniqueId", "GetSetting", "GetTimelineCount", "GetRenderFormats")
    _ask(project, "GetRenderCodecs", "exr")
    pool = project.GetMediaPool()
    dir(pool)
    _of_each(pool.GetRootFolder(), "GetName", "GetUniqueId")
    _of_each(pool.GetCurrentFolder(), "GetName", "GetUniqueId")
    timeline = project.GetCurrentTimeline()
    if timeline is not None:
        _timeline(resolve, timeline)


def _timeline(resolve: Any, timeline: Any) -> None:
    dir(timeline)
    _of_each(
        timeline,
        "GetName", "GetUniqueId", "GetStartFrame", "GetEndFrame", "GetStartTimecode", "GetCurrentTimecode", "GetSetting",
        "GetMarkers", "GetMarkInOut",
    )  # fmt: skip
    for track in range(1, int(timeline.GetTrackCount("video") or 0) + 1):
        for method in ("GetTrackName", "GetIsTrackEnabled", "GetIsTrackLocked"):
            _ask(timeline, method, "video", track)
    under_playhead = timeline.GetCurrentVideoItem()
    if under_playhead is not None:
        _of_each(under_playhead, "GetUniqueId")
    for selected in _ask(timeline, "GetSelectedClips") or []:
        _of_each(selected, "GetUniqueId")
    known: set[str] = set()
    for number, (_track, item) in enumerate(items_of(timeline)):
        if number == MOST_CLIPS:
            break
        _clip(resolve, timeline, item, known)


def _clip(resolve: Any, timeline: Any, item: Any, known: set[str]) -> None:
    """Ask about a clip; ``known`` are the kinds whose names have been asked for."""
    _names_once(item, "item", known)
    _of_each(
        item,
        "GetName", "GetUniqueId", "GetStart", "GetEnd", "GetDuration", "GetLeftOffset", "GetRightOffset",
        "GetSourceStartFrame", "GetSourceEndFrame", "GetSourceStartTime", "GetSourceEndTime", "GetProperty",
        "GetClipColor", "GetMarkers", "GetTrackTypeAndIndex", "GetFusionCompNameList",
    )  # fmt: skip
    media = item.GetMediaPoolItem()
    if media is not None:
        _names_once(media, "media", known)
        _of_each(media, "GetName", "GetUniqueId", "GetClipProperty", "GetMarkers", "GetMarkInOut")
    for index in range(1, int(item.GetFusionCompCount() or 0) + 1):
        comp = item.GetFusionCompByIndex(index)
        if comp is not None:
            _comp(comp, known)
    try:
        read_facts(resolve, timeline, item)
    except RotomatteError:
        # What it asked up to there is in the cassette, which is all that is wanted of it.
        return


def _comp(comp: Any, known: set[str]) -> None:
    _names_once(comp, "comp", known)
    comp.GetAttrs()
    for tool in (comp.GetToolList(False) or {}).values():
        _names_once(tool, "tool", known)
        tool.GetAttrs()


def _names_once(thing: Any, kind: str, known: set[str]) -> None:
    if kind not in known:
        known.add(kind)
        dir(thing)


def _of_each(thing: Any, *methods: str) -> None:
    for method in methods:
        _ask(thing, method)


def _ask(thing: Any, method: str, *arguments: Any) -> Optional[Any]:
    """An answer; None where this version has no such method, or there is nothing to ask."""
    found = getattr(thing, method, None)
    return found(*arguments) if callable(found) else None
