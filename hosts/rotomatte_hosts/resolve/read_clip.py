"""A clip of a timeline as the engine reads it: its own file, or the frames that Resolve has to render of it; pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePath
from typing import Optional

from rotomatte_hosts.resolve.bracket_path import MOVIES, STILLS, ending, read_brackets, short_name
from rotomatte_hosts.resolve.colour import colour_of_file, colour_of_render
from rotomatte_hosts.resolve.comp_time import CompTimes
from rotomatte_hosts.resolve.facts import SCHEMA_VERSION, ClipFacts, ItemFacts, MediaFacts
from rotomatte_hosts.resolve.source_frames import FrameMap, MediaRange, Used, frames_passed, frames_used
from rotomatte_hosts.resolve.timecode import rate_of, to_frame
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.errors import JobError, PlateError
from rotomatte_plugin.model import Clip, FrameRange, Plate

_SELECT = "Select a clip of a movie or of an image sequence."
_NO_PICTURE = ("audio", "title", "generator", "adjustment", "transition", "subtitle")

_RAW_CODEC = re.compile(r"raw\b|\br3d\b|\bx-?ocn\b|dng\b|\barricore\b", re.IGNORECASE)
_RAW_ENDINGS = frozenset({"braw", "r3d", "ari", "arx", "crm", "rmf", "nev", "dng", "cine", "raw", "vrw", "mlv"})

_MADE_WITH = ("RetimeProcess", "MotionEstimation", "Scaling", "ResizeFilter")
_LOOKS_LIKE = (
    "File Path", "Type", "Start", "Frames", "FPS", "Resolution", "PAR", "Data Level", "Input Color Space", "Input Gamma",
    "Input LUT", "IDT", "H-FLIP", "V-FLIP", "Alpha mode",
)  # fmt: skip


@dataclass(frozen=True)
class ResolveClip:
    """A timeline item.

    ``frames`` says which of the plate's frames is seen where on the timeline. ``why_rendered`` is a sentence where Resolve
    has to render the plate, else empty; its frames are then the timeline's own.
    """

    clip: HostClip
    frames: FrameMap
    facts: ClipFacts
    why_rendered: str


def resolve_clip(facts: ClipFacts, plates: str) -> ResolveClip:
    """What a timeline item is to the engine.

    Args:
        facts: what was read of it.
        plates: the folder below which rendered plates go.

    Raises:
        JobError: it is no clip, such as a title, or the facts are of another version.
        PlateError: its media is offline.
    """
    if facts.schema != SCHEMA_VERSION:
        raise JobError(
            f"The clip was read as schema {facts.schema}, and this Rotomatte reads schema {SCHEMA_VERSION}.",
            remedy="Run `rotomatte install resolve`, so that the script in Resolve is as new as the engine.",
        )
    media = _media(facts.item)
    _require_online(facts.item, media)
    file = _file(media)
    used = _used(facts, media, file)
    if used.why_rendered:
        return _rendered(facts, plates, used, media)
    return _direct(facts, file, used, media)


@dataclass(frozen=True)
class _File:
    """The media's file: a path for the engine and what its first frame is numbered, or why it cannot read it."""

    path: str
    first: int = 0
    is_sequence: bool = False
    why_not: str = ""


def _media(item: ItemFacts) -> MediaFacts:
    if not item.properties:
        raise JobError(f"{item.name or 'The item'} is a transition.", remedy=_SELECT)
    if item.media is None:
        raise JobError(f"{item.name} is a title, a generator or an adjustment clip.", remedy=_SELECT)
    kind = item.media.properties.get("Type", "").lower()
    if "video" not in kind and any(other in kind for other in _NO_PICTURE):
        raise JobError(f"{item.name} has no picture of its own: it is of type {kind}.", remedy=_SELECT)
    return item.media


def _require_online(item: ItemFacts, media: MediaFacts) -> None:
    if "offline" in media.properties.get("Online Status", "").lower():
        raise PlateError(
            f"The media of {item.name} is offline.",
            remedy="Relink it in the media pool (Relink Selected Clips), then try again.",
            clip=item.name,
            path=media.properties.get("File Path") or None,
        )


def _file(media: MediaFacts) -> _File:
    known = media.properties
    path, count = known.get("File Path", ""), _whole(known.get("Frames", ""))
    why_not = _why_unreadable(path, known)
    sequence = read_brackets(path)
    if why_not:
        return _File(path, why_not=why_not)
    if sequence is None:
        return _File(path, _whole(known.get("Start", "")) or 0)
    if count is not None and count != sequence.count:
        return _File(path, why_not=f"its sequence has {sequence.count} numbers and {count} frames")
    return _File(sequence.pattern, sequence.first, is_sequence=True)


def _why_unreadable(path: str, known: Mapping[str, str]) -> str:
    """A clause where the engine cannot read a file as Resolve does, else empty."""
    of, codec = ending(path), known.get("Video Codec", "")
    if not path:
        return f"it is of type {known.get('Type') or 'unknown'}, which has no file of its own"
    if of in _RAW_ENDINGS or _RAW_CODEC.search(codec):
        return f"it is camera RAW ({codec or of})"
    if of not in STILLS | MOVIES:
        return f"the engine does not read .{of} files" if of else "its media is a folder, as cameras write them"
    return "it is a still image" if of in STILLS and read_brackets(path) is None else ""


def _used(facts: ClipFacts, media: MediaFacts, file: _File) -> Used:
    """What is used of the media; of what has no file too, since its comps count it."""
    known = media.properties
    start, count = _whole(known.get("Start", "")), _whole(known.get("Frames", ""))
    said, own = facts.timeline.settings.get("timelineFrameRate", ""), known.get("FPS", "")
    timeline_rate = rate_of(said).exact
    if count is None or count < 1:
        return Used(None, None, file.why_not or "Resolve does not say how many frames its file has")
    rate = rate_of(own).exact if own else timeline_rate
    start = file.first if start is None else start
    counted = MediaRange(start, count, rate, _start_timecode_s(known))
    used = frames_used(facts.item, counted, timeline_rate)
    return Used(used.first_index, used.speed, file.why_not or used.why_rendered)


def _start_timecode_s(known: Mapping[str, str]) -> Optional[Fraction]:
    timecode, rate = known.get("Start TC", ""), known.get("FPS", "")
    try:
        return Fraction(to_frame(timecode, rate)) / rate_of(rate).exact
    except JobError:
        return None


def _direct(facts: ClipFacts, file: _File, used: Used, media: MediaFacts) -> ResolveClip:
    item = facts.item
    first = file.first + (used.first_index or 0)
    frames = _frame_map(facts, first, used)
    plate = Plate(file.path, None if file.is_sequence else file.first)
    clip = Clip(plate, FrameRange(frames.first, frames.last), short_name(item.name), item.id)
    colour = colour_of_file(facts.project.settings, media.properties)
    return ResolveClip(HostClip(clip, colour), frames, facts, "")


def _rendered(facts: ClipFacts, plates: str, used: Used, media: MediaFacts) -> ResolveClip:
    item = facts.item
    frames = _frame_map(facts, round(item.start), used)
    folder = PurePath(plates, _fingerprint(facts, media))
    plate = Plate(str(folder / "plate.%04d.exr"))
    clip = Clip(plate, FrameRange(frames.first, frames.last), short_name(item.name), item.id)
    colour = colour_of_render(facts.project.settings, ending(media.properties.get("File Path", "")))
    why = f"Resolve renders {short_name(item.name)}: {used.why_rendered}."
    return ResolveClip(HostClip(clip, colour, must_render=True), frames, facts, why)


def _frame_map(facts: ClipFacts, first: int, used: Used) -> FrameMap:
    item = facts.item
    duration = round(item.duration)
    if duration < 1:
        raise JobError(f"{item.name} has no frames on the timeline.", remedy=_SELECT)
    times = CompTimes(duration, used.first_index, used.speed, frames_passed(item))
    comp = item.comps[0] if item.comps else None
    return FrameMap(round(item.start), first, first + duration - 1, times, comp)


def _fingerprint(facts: ClipFacts, media: MediaFacts) -> str:
    """Whatever decides what is in the rendered files, as far as Resolve tells."""
    item = facts.item
    parts = (
        facts.timeline.id, facts.timeline.settings, facts.project.settings, item.id, item.start, item.duration,
        item.left_offset, item.source_start, item.source_end, item.source_start_s, item.source_end_s,
        [item.properties.get(name) for name in _MADE_WITH], media.id,
        [media.properties.get(name) for name in _LOOKS_LIKE],
    )  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:20]


def _whole(text: str) -> Optional[int]:
    try:
        return round(float(text))
    except (ValueError, OverflowError):
        return None
