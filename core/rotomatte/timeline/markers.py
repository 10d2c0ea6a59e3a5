"""Prompts from markers of clips: named ``roto:<object>``, what is meant as JSON in the comment or the metadata. Pure.

The JSON is a prompt set as in any prompt file, in plate pixels; a prompt without a frame is on the marker's first one. Or it
is lines as Resolve's markers have them, in fractions of the picture from its bottom-left corner:

    {"points": [{"x": 960, "y": 540}]}
    {"v":1,"kind":"include","x":0.5,"y":0.5}

Names are made fit for files as there. What is different: a marker here belongs to a clip and not to the timeline, and one
that says no place is a problem of its clip, where Resolve's may get the place from a mask.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from rotomatte.document import canonical, decode
from rotomatte.prompts.parse import merge_objects
from rotomatte.timeline.edit import ClipMarker, ClipUse
from rotomatte.timeline.marker_lines import are_lines, prompts_of_lines
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.plate_frames import plate_frame, require_info
from rotomatte.timeline.prompt_paths import with_paths_from
from rotomatte_plugin.errors import PromptError, RotomatteError
from rotomatte_plugin.model import MatteObject, PromptSet

PREFIX = "roto:"
METADATA_KEY = "rotomatte"

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]+")
_EXAMPLE = '{"points": [{"x": 960, "y": 540}]}'


@dataclass(frozen=True)
class MarkedObjects:
    """What a clip's markers want of it, objects in the order in which they are first named.

    ``problem`` says in sentences which markers mean nothing that can be done, else it is empty.
    """

    objects: tuple[MatteObject, ...] = ()
    problem: str = ""


def object_of(name: str) -> str:
    """The object that a marker's name names, empty where it is none of ours."""
    return name[len(PREFIX) :].strip() if name.lower().startswith(PREFIX) else ""


def marked_objects(use: ClipUse, media: FoundMedia, near: Path) -> MarkedObjects:
    """What the markers of a clip want of it.

    Args:
        use: the clip.
        media: its media, which is there.
        near: the edit's folder, from which relative paths of masks count.

    Raises:
        TimelineError: the media is not there.
    """
    found: list[tuple[MatteObject, ...]] = []
    problems: list[str] = []
    for marker in use.markers:
        if object_of(marker.name):
            where = f"The marker {marker.name} of clip {use.id} ({use.name})"
            try:
                found.append((_object(marker, media, where),))
            except RotomatteError as error:
                problems.append(f"{error.message} {error.remedy}")
    merged = merge_objects(found)
    placeless = [item.name for item in merged if not item.prompts]
    if placeless:
        problems.append(
            f"Markers of clip {use.id} ({use.name}) name {', '.join(placeless)} and do not say where that is. "
            f"Write such as {_EXAMPLE} into the comment, or give --prompts."
        )
    return MarkedObjects(with_paths_from(near, (item for item in merged if item.prompts)), " ".join(problems))


def _object(marker: ClipMarker, media: FoundMedia, where: str) -> MatteObject:
    """What one marker says.

    Raises:
        JobError: it cannot be understood.
    """
    name = _object_name(marker)
    if not name:
        raise PromptError(
            f"{where} names no object that a file can be called after.",
            remedy="Name it with Latin letters, such as roto:car.",
        )
    return MatteObject(name, _prompts(marker, plate_frame(media, marker.first), media, where))


def _object_name(marker: ClipMarker) -> str:
    plain = _NOT_IN_NAMES.sub("_", object_of(marker.name)).strip("_")
    return plain if not plain or plain[0].isalpha() else f"object_{plain}"


def _prompts(marker: ClipMarker, frame: int, media: FoundMedia, where: str) -> PromptSet:
    kept = msgspec.json.decode(marker.metadata).get(METADATA_KEY) if marker.metadata else None
    if isinstance(kept, dict):
        return _prompt_set(kept, frame, where)
    text = kept if isinstance(kept, str) else marker.comment
    if not text.lstrip().startswith("{"):
        return PromptSet()  # a comment may be a comment
    if are_lines(text):
        return prompts_of_lines(text, frame, require_info(media).display, where)
    return _prompt_set(decode(text.encode(), dict[str, Any], where), frame, where)


def _prompt_set(raw: dict[str, Any], frame: int, where: str) -> PromptSet:
    """A prompt set in which prompts may lack their frame."""
    with_frames = {
        kind: [{"frame": frame, **item} if isinstance(item, dict) else item for item in items]
        if isinstance(items, list)
        else items
        for kind, items in raw.items()
    }
    return decode(canonical(with_frames), PromptSet, where)
