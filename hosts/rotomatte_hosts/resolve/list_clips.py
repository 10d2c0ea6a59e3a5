"""What Rotomatte makes of the clips of a timeline, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rotomatte_hosts.resolve import pick
from rotomatte_hosts.resolve.find import open_project
from rotomatte_hosts.resolve.prompts import objects_of
from rotomatte_hosts.resolve.read_clip import resolve_clip
from rotomatte_hosts.resolve.read_facts import read_facts
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.model import MatteObject


@dataclass(frozen=True)
class ClipLine:
    """A clip: its place in the timeline, ends inclusive, and how it is read.

    ``frames`` are those of the plate, ``way`` the plate's path or why it has to be rendered, ``objects`` what the artist
    wants of it. A clip that cannot be used has the reason as ``problem`` and is empty from ``frames`` on.
    """

    name: str
    track: int
    record: str
    frames: str = ""
    way: str = ""
    colour: str = ""
    objects: str = ""
    problem: str = ""


def list_clips(resolve: Any, which: str, plates: str) -> tuple[ClipLine, ...]:
    """The clips that ``which`` means, in the words of ``pick``.

    Args:
        resolve: Resolve's own object.
        which: the clips.
        plates: the folder below which plates would be rendered.

    Raises:
        JobError: there are none.
        HostError: Resolve does not answer.
    """
    items = pick.items(resolve, which)
    timeline = open_project(resolve).GetCurrentTimeline()
    return tuple(_line(resolve, timeline, item, plates) for item in items)


def _line(resolve: Any, timeline: Any, item: Any, plates: str) -> ClipLine:
    facts = read_facts(resolve, timeline, item)
    place = (facts.item.name, facts.item.track, f"{facts.item.start:g}-{facts.item.end - 1:g}")
    try:
        found = resolve_clip(facts, plates)
        objects = objects_of(found)
    except RotomatteError as error:
        return ClipLine(*place, problem=f"{error.message} {error.remedy}")
    clip = found.clip
    return ClipLine(
        *place,
        frames=f"{found.frames.first}-{found.frames.last}",
        way=found.why_rendered if clip.must_render else clip.clip.plate.path,
        colour=clip.colour.host_space or "not managed",
        objects=", ".join(_said(one) for one in objects),
    )


def _said(item: MatteObject) -> str:
    count = len(item.prompts.prompt_frames())
    return f"{item.name} ({count} {'frame' if count == 1 else 'frames'})"
