"""Facts of a clip, as Resolve has them of a plain cut of a sequence; a test says what is otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rotomatte_hosts.resolve.facts import (
    SCHEMA_VERSION,
    ClipFacts,
    CompFacts,
    ItemFacts,
    MediaFacts,
    ProductFacts,
    ProjectFacts,
    TimelineFacts,
)

RECORD = 86412

SEQUENCE = {
    "File Path": "/shots/sh010/plate.[1001-1100].exr",
    "Type": "Video",
    "Start": "1001",
    "End": "1100",
    "Frames": "100",
    "FPS": "24",
    "Start TC": "00:00:41:17",
    "Online Status": "Online",
    "Video Codec": "OpenEXR",
}
MOVIE = {
    "File Path": "/shots/sh020/take.mov",
    "Type": "Video + Audio",
    "Start": "0",
    "End": "199",
    "Frames": "200",
    "FPS": "24",
    "Start TC": "01:00:00:00",
    "Online Status": "Online",
    "Video Codec": "Apple ProRes 422 HQ",
}


def item_facts(media: Mapping[str, str] | None = None, **given: Any) -> ItemFacts:
    """An item of 48 frames that begins ten frames into its media, numbered as its files are."""
    has = dict(SEQUENCE if media is None else media)
    first = float(has.get("Start") or 0) + 10
    made = ItemFacts(
        id="item-1",
        name=has.get("File Path", "").rpartition("/")[2] or "clip",
        track=1,
        start=float(RECORD),
        end=float(RECORD + 48),
        duration=48.0,
        left_offset=first,
        source_start=first,
        source_end=first + 48,
        source_start_s=None,
        source_end_s=None,
        properties={"Pan": 0.0, "RetimeProcess": 0.0},
        media=MediaFacts("media-1", has),
        color="",
        markers=(),
        comps=(),
    )
    return replace(made, **given)


def clip_facts(
    item: ItemFacts | None = None,
    *,
    project: Mapping[str, str] | None = None,
    timeline: Mapping[str, str] | None = None,
    schema: int = SCHEMA_VERSION,
) -> ClipFacts:
    """The item in a timeline of 24 frames a second that begins at 01:00:00:00."""
    settings = {"timelineFrameRate": "24", "timelineResolutionWidth": "1920", "timelineResolutionHeight": "1080"}
    return ClipFacts(
        schema,
        ProductFacts("DaVinci Resolve Studio", "21.0.4.5"),
        ProjectFacts("Nightfall", {"colorScienceMode": "davinciYRGB", **(project or {})}),
        TimelineFacts("timeline-1", "Reel 3", 86400, 88000, "01:00:00:00", {**settings, **(timeline or {})}),
        item_facts() if item is None else item,
        (),
    )


def comp_facts(
    global_range: tuple[float, float] = (0, 99),
    render_range: tuple[float, float] = (10, 57),
    name: str = "Composition 1",
) -> CompFacts:
    """A comp of that item; ends are inclusive."""
    return CompFacts(1, name, *global_range, *render_range, render_range[0], 1920, 1080, ())
