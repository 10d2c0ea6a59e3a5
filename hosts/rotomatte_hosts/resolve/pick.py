"""Which timeline items are meant: selected, under the playhead, of a colour, of a track, marked, or all."""

from __future__ import annotations

from typing import Any

from rotomatte_hosts.resolve.find import end_of, items_in, items_of, open_timeline, start_of
from rotomatte_hosts.resolve.markers import object_of
from rotomatte_hosts.resolve.marks import mark_of
from rotomatte_plugin.errors import JobError

WORDS = "playhead, selected, colour:Orange, track:2, marked or all"

COLOURS = (
    "Orange", "Apricot", "Yellow", "Lime", "Olive", "Green", "Teal", "Navy", "Blue", "Purple", "Violet", "Pink", "Tan",
    "Beige", "Brown", "Chocolate",
)  # fmt: skip
"""Those that a clip can have in Resolve."""


def items(resolve: Any, which: str) -> list[Any]:
    """The items of the open timeline's video tracks that ``which`` means, track by track from the bottom up.

    Raises:
        JobError: ``which`` is no such word, or this Resolve cannot say.
        HostError: no project or timeline is open.
    """
    timeline = open_timeline(resolve)
    word, _, value = which.partition(":")
    if which == "playhead":
        return _under_playhead(timeline)
    if which == "selected":
        return _selected(timeline)
    if word == "colour":
        return _coloured(timeline, value)
    if word == "track":
        return _on_track(timeline, value)
    if which == "marked":
        return _marked(timeline)
    if which == "all":
        return [item for _, item in items_of(timeline)]
    raise JobError(f"{which!r} names no clips.", remedy=f"Use {WORDS}.")


def _under_playhead(timeline: Any) -> list[Any]:
    item = timeline.GetCurrentVideoItem()
    media = None if item is None else item.GetMediaPoolItem()
    mark = None if media is None else mark_of(media)
    if mark is not None:
        # A matte lies on top of its clip.
        item = next((other for _, other in items_of(timeline) if other.GetUniqueId() == mark.clip), None)
    if item is None:
        raise JobError("No clip is under the playhead.", remedy="Put it on a clip, on the Edit page, and select that.")
    return [item]


def _selected(timeline: Any) -> list[Any]:
    if "GetSelectedClips" not in dir(timeline):
        raise JobError(
            "This Resolve does not say which clips are selected.",
            remedy="Give the clips a colour and use colour:Orange, or select by the playhead.",
        )
    chosen = {item.GetUniqueId() for item in timeline.GetSelectedClips() or [] if item is not None}
    # Sound may be selected along with a clip.
    found = [item for _, item in items_of(timeline) if item.GetUniqueId() in chosen]
    if not found:
        raise JobError("No clip is selected.", remedy="Select one on the Edit page.")
    return found


def _coloured(timeline: Any, colour: str) -> list[Any]:
    known = next((name for name in COLOURS if name.lower() == colour.lower()), None)
    if known is None:
        raise JobError(f"{colour!r} is no colour of clips.", remedy=f"Use one of {', '.join(COLOURS)}.")
    found = [item for _, item in items_of(timeline) if item.GetClipColor() == known]
    if not found:
        raise JobError(f"No clip is {known}.", remedy="Select clips and give them that colour.")
    return found


def _on_track(timeline: Any, number: str) -> list[Any]:
    count = int(timeline.GetTrackCount("video") or 0)
    if not number.isdecimal() or not 1 <= int(number) <= count:
        raise JobError(f"There is no video track {number!r}.", remedy=f"Use track:1 to track:{count}.")
    return items_in(timeline, int(number))


def _marked(timeline: Any) -> list[Any]:
    start = round(timeline.GetStartFrame())
    raw = timeline.GetMarkers() or {}
    frames = [start + round(frame) for frame, marker in raw.items() if object_of(str(marker.get("name", "")))]
    found = [item for _, item in items_of(timeline) if any(start_of(item) <= frame < end_of(item) for frame in frames)]
    if not found:
        raise JobError(
            "No clip has a marker of ours.", remedy="Set timeline markers named roto:<object>, such as roto:car."
        )
    return found
