"""All prompts of a clip: of its macro, of masks and tools that the artist named, of timeline markers; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Optional, Union

from rotomatte_hosts.resolve.comp_coordinates import Picture, fitted, is_flipped, whole
from rotomatte_hosts.resolve.facts import ClipFacts, CompFacts, MarkerFacts, ToolFacts
from rotomatte_hosts.resolve.markers import markers_in, object_of
from rotomatte_hosts.resolve.masks import MASKS, is_still, key_times, mask_boxes, point_at
from rotomatte_hosts.resolve.prompt_list import BoxLine, Line, PointLine, read_lines
from rotomatte_hosts.resolve.read_clip import ResolveClip
from rotomatte_hosts.resolve.settings import is_macro, macros
from rotomatte_plugin.errors import PlateError, PromptError
from rotomatte_plugin.model import BoxPrompt, MatteObject, PointPrompt, PromptSet

TOOL_PREFIX, EXCLUDES = "roto_", "_not"

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]+")
_SIZE = re.compile(r"(\d+)\s*x\s*(\d+)")


@dataclass
class _Said:
    points: list[PointPrompt] = field(default_factory=list)
    boxes: list[BoxPrompt] = field(default_factory=list)


def objects_of(clip: ResolveClip) -> tuple[MatteObject, ...]:
    """What the artist wants cut out of a clip, objects in the order in which they are first mentioned.

    Raises:
        PromptError: a prompt cannot be read, is outside of the clip, or its place in the clip is not known.
        PlateError: how large the picture is nobody knows.
    """
    found: dict[str, _Said] = {}
    for name, prompt in prompts_of(clip):
        said = found.setdefault(name, _Said())
        if isinstance(prompt, PointPrompt):
            said.points.append(prompt)
        else:
            said.boxes.append(prompt)
    _require_places(clip, found)
    return tuple(
        MatteObject(name, PromptSet(points=tuple(said.points), boxes=tuple(said.boxes))) for name, said in found.items()
    )


def object_name(facts: ClipFacts, number: int) -> str:
    """What the object of that number of a clip's macro is called."""
    macro = next(macros(facts), None)
    return _name(macro, number)


def prompts_of(clip: ResolveClip) -> Iterator[tuple[str, Union[PointPrompt, BoxPrompt]]]:
    """All prompts of a clip, each with its object's name.

    Raises:
        PromptError: one cannot be read, is outside of the clip, or its place in the clip is not known.
        PlateError: how large the picture is nobody knows.
    """
    picture: Optional[Picture] = None
    for comp in clip.facts.item.comps:
        for tool in comp.tools:
            if picture is None:
                picture = picture_of(clip)
            yield from _of_tool(clip, comp, tool, picture)
    macro = next(macros(clip.facts), None)
    for record, marker in markers_in(clip.facts):
        frame = clip.frames.to_frame(record)
        for text in (marker.note, marker.custom_data):
            if not _has_lines(text):
                continue
            for line in read_lines(text, f"the marker {marker.name}"):
                if picture is None:
                    picture = picture_of(clip)
                yield _marked_name(marker, macro), _placed(line, frame, picture)


def _of_tool(
    clip: ResolveClip, comp: CompFacts, tool: ToolFacts, picture: Picture
) -> Iterator[tuple[str, Union[PointPrompt, BoxPrompt]]]:
    if is_macro(tool):
        numbers: dict[str, int] = {}
        for line in read_lines(tool.texts.get("PromptList", ""), f"{tool.name}'s list of prompts"):
            if line.time is None:
                raise PromptError(f"A prompt of {tool.name} has no time.", remedy="Remove that line of its list.")
            name = _name(tool, line.number)
            if numbers.setdefault(name, line.number) != line.number:
                one, other = sorted((numbers[name], line.number))
                raise PromptError(
                    f"Objects {one} and {other} of {tool.name} would both be named {name}.",
                    remedy="Write Names that differ in Latin letters and digits, such as car, driver.",
                )
            yield name, _placed(line, clip.frames.comp_to_frame(comp, line.time), picture)
        return
    excludes = tool.kind not in MASKS and tool.name.endswith(EXCLUDES)
    named = tool.name[len(TOOL_PREFIX) :]
    name = _plain(named[: -len(EXCLUDES)] if excludes else named, tool.name)
    if tool.kind in MASKS:
        aspect = picture.shown_width_px / picture.shown_height_px
        marked = _marked_frame(clip, name) if is_still(tool) else None
        for time, box in mask_boxes(tool, comp.render_start, aspect):
            frame = clip.frames.comp_to_frame(comp, time) if marked is None else marked
            yield name, _placed(BoxLine(1, time, *box), frame, picture)
        return
    for time in key_times(tool, "Center"):
        click = PointLine(1, time, *point_at(tool, "Center", time), include=not excludes)
        yield name, _placed(click, clip.frames.comp_to_frame(comp, time), picture)


def _marked_frame(clip: ResolveClip, name: str) -> Optional[int]:
    """The clip's frame at the first marker of an object that says no place of its own; None where there is none."""
    macro = next(macros(clip.facts), None)
    for record, marker in markers_in(clip.facts):
        if not any(map(_has_lines, (marker.note, marker.custom_data))) and _marked_name(marker, macro) == name:
            return clip.frames.to_frame(record)
    return None


def _has_lines(text: str) -> bool:
    """Whether a marker's text is prompts; a note may be a note."""
    return text.lstrip().startswith("{")


def _placed(line: Line, frame: int, picture: Picture) -> Union[PointPrompt, BoxPrompt]:
    if isinstance(line, PointLine):
        return PointPrompt(frame, *picture.to_plate_px(line.x, line.y), include=line.include)
    return BoxPrompt(frame, *picture.box_to_plate_px(line.x0, line.y0, line.x1, line.y1))


def picture_of(clip: ResolveClip) -> Picture:
    """How what Fusion sees of a clip lies on its plate.

    Raises:
        PlateError: how large it is nobody knows.
    """
    item, settings = clip.facts.item, clip.facts.timeline.settings
    known = {} if item.media is None else item.media.properties
    size = _SIZE.search(known.get("Resolution", ""))
    source = None if size is None else (float(size[1]), float(size[2]))
    if source is None:
        comp = next((one for one in item.comps if one.width_px and one.height_px), None)
        source = None if comp is None else (float(comp.width_px or 0), float(comp.height_px or 0))
    if source is None:
        raise PlateError(
            f"Resolve does not say how large the picture of {item.name} is.",
            remedy="Look at the clip on the Fusion page once, then try again.",
            clip=item.name,
        )
    if clip.clip.must_render:
        # What Resolve has rendered is of the timeline's size, and turned as the clip is.
        width, height = (float(settings.get(f"timelineResolution{side}") or 0) for side in ("Width", "Height"))
        return fitted(width, height, *source) if width and height else whole(*source)
    plain = whole(*source)
    flips_x, flips_y = is_flipped(known, "H-FLIP"), is_flipped(known, "V-FLIP")
    return Picture(
        plain.width_px, plain.height_px, plain.shown_width_px, plain.shown_height_px, flips_x=flips_x, flips_y=flips_y
    )


def _name(macro: Optional[ToolFacts], number: int) -> str:
    names = _names(macro)
    usual = f"object{number}"
    return _plain(names[number - 1], usual) if number <= len(names) else usual


def _names(macro: Optional[ToolFacts]) -> list[str]:
    return [] if macro is None else [name.strip() for name in macro.texts.get("Names", "").split(",")]


def _marked_name(marker: MarkerFacts, macro: Optional[ToolFacts]) -> str:
    """The object that a marker means: the macro's of that very name, so that both agree where it has no Latin letters."""
    said, names = object_of(marker.name), _names(macro)
    name = _name(macro, names.index(said) + 1) if said in names else _plain(said, "")
    if not name:
        raise PromptError(
            f"No file can be named after the object of the marker {marker.name}.",
            remedy="Name it with Latin letters, such as roto:car, or as one of the names on RotomattePrompt.",
        )
    return name


def _plain(name: str, usual: str) -> str:
    """An object's name out of what the artist wrote; ``usual`` where nothing of it can be one."""
    plain = _NOT_IN_NAMES.sub("_", name.strip()).strip("_")
    if not plain:
        return _NOT_IN_NAMES.sub("_", usual)
    return plain if plain[0].isalpha() else f"object_{plain}"


def _require_places(clip: ResolveClip, found: dict[str, _Said]) -> None:
    """A marker says when; where has to be said once."""
    macro = next(macros(clip.facts), None)
    for record, marker in markers_in(clip.facts):
        name = _marked_name(marker, macro)
        if name not in found:
            frame = clip.frames.to_frame(record)
            raise PromptError(
                f"The marker {marker.name} on frame {frame} says when and not where.",
                remedy=f"Click {name} with RotomattePrompt on that frame, or remove the marker.",
                clip=clip.clip.clip.name,
                frame=frame,
            )
