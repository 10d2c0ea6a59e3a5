"""Reading a clip from Resolve, value by value; nothing is decided here. ``lua/facts.lua`` is the same in Lua."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

from rotomatte_hosts.resolve.facts import (
    SCHEMA_VERSION,
    ClipFacts,
    CompFacts,
    ItemFacts,
    KeyFacts,
    MarkerFacts,
    MediaFacts,
    ProductFacts,
    ProjectFacts,
    TimelineFacts,
    ToolFacts,
)
from rotomatte_hosts.resolve.find import items_of, open_project
from rotomatte_hosts.resolve.prompts import TOOL_PREFIX
from rotomatte_hosts.resolve.settings import MACRO_KIND, MACRO_NAME
from rotomatte_plugin.errors import HostError

PROJECT_SETTINGS = (
    "colorScienceMode", "rcmPresetMode", "isAutoColorManage", "separateColorSpaceAndGamma", "colorSpaceInput",
    "colorSpaceInputGamma", "colorSpaceTimeline", "colorSpaceTimelineGamma", "colorSpaceOutput", "colorSpaceOutputGamma",
    "colorAcesIDT", "colorAcesODT", "colorAcesNodeLUTProcessingSpace", "timelineFrameRate", "timelineResolutionWidth",
    "timelineResolutionHeight", "timelinePixelAspectRatio", "videoDataLevels",
)  # fmt: skip
TIMELINE_SETTINGS = (
    "timelineFrameRate", "timelineResolutionWidth", "timelineResolutionHeight", "timelinePixelAspectRatio",
)  # fmt: skip

_NO_VALUES = {"Image", "Mask", "DataType3D"}
"""Kinds of inputs that have no number, text or point."""


def read_facts(resolve: Any, timeline: Any, item: Any) -> ClipFacts:
    """All that a job needs of a timeline item.

    Args:
        resolve: Resolve's own object.
        timeline: the one that has the item.
        item: the item.

    Raises:
        HostError: no project is open, or Resolve does not answer.
    """
    project = open_project(resolve)
    is_fusion = resolve.GetCurrentPage() == "fusion"
    return ClipFacts(
        SCHEMA_VERSION,
        ProductFacts(str(resolve.GetProductName()), str(resolve.GetVersionString())),
        ProjectFacts(str(project.GetName()), _settings(project, PROJECT_SETTINGS)),
        TimelineFacts(
            str(timeline.GetUniqueId()),
            str(timeline.GetName()),
            round(_required(timeline.GetStartFrame(), "where the timeline starts")),
            round(_required(timeline.GetEndFrame(), "where the timeline ends")),
            str(_ask(timeline, "GetStartTimecode") or ""),
            _settings(timeline, TIMELINE_SETTINGS),
            None if is_fusion else _ask(timeline, "GetCurrentTimecode") or None,
        ),
        _item(timeline, item),
        _markers(timeline),
    )


def _item(timeline: Any, item: Any) -> ItemFacts:
    own = item.GetUniqueId()
    return ItemFacts(
        str(own),
        str(item.GetName()),
        next((track for track, other in items_of(timeline) if other.GetUniqueId() == own), 0),
        _required(item.GetStart(), "where the clip starts"),
        _required(item.GetEnd(), "where the clip ends"),
        _required(item.GetDuration(), "how long the clip is"),
        _number(_ask(item, "GetLeftOffset")),
        _number(_ask(item, "GetSourceStartFrame")),
        _number(_ask(item, "GetSourceEndFrame")),
        _number(_ask(item, "GetSourceStartTime")),
        _number(_ask(item, "GetSourceEndTime")),
        {
            str(key): value
            for key, value in (item.GetProperty() or {}).items()
            if isinstance(value, (str, bool, int, float))
        },
        _media(item.GetMediaPoolItem()),
        str(_ask(item, "GetClipColor") or ""),
        _markers(item),
        tuple(_comps(item)),
    )


def _media(media: Any) -> Optional[MediaFacts]:
    if media is None:
        return None
    raw = media.GetClipProperty() or {}
    return MediaFacts(
        str(media.GetUniqueId()), {str(key): _text(value) for key, value in raw.items() if value is not None}
    )


def _markers(owner: Any) -> tuple[MarkerFacts, ...]:
    raw = _ask(owner, "GetMarkers") or {}
    return tuple(
        MarkerFacts(
            float(frame),
            str(marker.get("color") or ""),
            str(marker.get("name") or ""),
            str(marker.get("note") or ""),
            float(marker.get("duration") or 1),
            str(marker.get("customData") or ""),
        )
        for frame, marker in sorted(raw.items())
    )


def _comps(item: Any) -> Iterator[CompFacts]:
    names = _ask(item, "GetFusionCompNameList") or []
    for index in range(1, int(_ask(item, "GetFusionCompCount") or 0) + 1):
        comp = item.GetFusionCompByIndex(index)
        if comp is not None:
            yield _comp(index, str(names[index - 1]) if index <= len(names) else "", comp)


def _comp(index: int, name: str, comp: Any) -> CompFacts:
    about = comp.GetAttrs() or {}
    width_px = height_px = None
    tools = []
    for _, tool in sorted((comp.GetToolList(False) or {}).items()):
        attrs = tool.GetAttrs() or {}
        if attrs.get("TOOLS_RegID") == "MediaIn" and width_px is None:
            width_px, height_px = _number(attrs.get("TOOLI_ImageWidth")), _number(attrs.get("TOOLI_ImageHeight"))
        elif _matters(attrs):
            tools.append(_tool(tool, attrs))
    return CompFacts(
        index,
        name,
        _time(about, "GlobalStart", name),
        _time(about, "GlobalEnd", name),
        _time(about, "RenderStart", name),
        _time(about, "RenderEnd", name),
        _time(about, "CurrentTime", name),
        width_px,
        height_px,
        tuple(tools),
    )


def _time(about: Mapping[str, Any], which: str, comp: str) -> float:
    return _required(about.get(f"COMPN_{which}"), f"the {which} of the comp {comp!r}")


def _matters(attrs: Mapping[str, Any]) -> bool:
    name, kind = str(attrs.get("TOOLS_Name") or ""), attrs.get("TOOLS_RegID")
    return name.startswith(TOOL_PREFIX) or (kind == MACRO_KIND and name.startswith(MACRO_NAME))


def _tool(tool: Any, attrs: Mapping[str, Any]) -> ToolFacts:
    made = ToolFacts(str(attrs["TOOLS_Name"]), str(attrs["TOOLS_RegID"]), {}, {}, {}, {})
    for entry in (tool.GetInputList() or {}).values():
        about = entry.GetAttrs() or {}
        name = about.get("INPS_ID")
        if not name or about.get("INPS_DataType") in _NO_VALUES:
            continue
        value = tool.GetInput(name)
        if isinstance(value, str):
            made.texts[name] = value
        elif (numbers := _numbers(value)) is not None:
            if len(numbers) == 1:
                made.numbers[name] = numbers[0]
            else:
                made.points[name] = (numbers[0], numbers[1])
            if about.get("INPB_Connected"):
                keys = tuple(_keys(tool, entry, name))
                if keys:
                    made.keys[name] = keys
    return made


def _keys(tool: Any, entry: Any, name: str) -> Iterator[KeyFacts]:
    """An input's keys are listed by number, their times as the values."""
    for time in sorted(float(time) for time in (entry.GetKeyFrames() or {}).values()):
        numbers = _numbers(tool.GetInput(name, time))
        if numbers is not None:
            yield KeyFacts(time, numbers)


def _numbers(value: Any) -> Optional[tuple[float, ...]]:
    """A number, or x and y of a point, which Resolve counts from 1."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (float(value),)
    if isinstance(value, Mapping) and 1 in value and 2 in value:
        return float(value[1]), float(value[2])
    return None


def _settings(owner: Any, names: tuple[str, ...]) -> dict[str, str]:
    read = ((name, owner.GetSetting(name)) for name in names)
    return {name: _text(value) for name, value in read if value is not None}


def _number(value: Any) -> Optional[float]:
    # Resolve says False where it fails.
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _required(value: Any, what: str) -> float:
    number = _number(value)
    if number is None:
        raise HostError(
            f"Resolve does not say {what}.", remedy="Close any dialogue that is open in Resolve, then try again."
        )
    return number


def _text(value: Any) -> str:
    """A value as Lua writes it, so that both readers say the same where Resolve has a number for once."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.14g}" if isinstance(value, float) else str(value)


def _ask(thing: Any, name: str) -> Any:
    """What a method says; None where this Resolve does not have it."""
    return getattr(thing, name)() if name in dir(thing) else None
