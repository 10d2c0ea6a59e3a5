"""From an edit's timeline to its shots: what `rotomatte timeline` lists and runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

from rotomatte.timeline.edit import ClipUse, Edit
from rotomatte.timeline.find_media import find_media
from rotomatte.timeline.markers import MarkedObjects, marked_objects, object_of
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.read_edit import read_edit
from rotomatte.timeline.shot_names import media_names
from rotomatte.timeline.shots import Shot, Wanted, plan_shots
from rotomatte.timeline.sidecar import ShotPrompts, objects_for, read_prompts, require_all_used
from rotomatte_plugin.model import ColourSettings

DEFAULT_HANDLES = 8


@dataclass(frozen=True)
class Absent:
    """Clips of one media that cannot be matted, and why: it is not there, or the edit does not tell its frames.

    ``name`` is its name as those of shots begin, ``media`` its path as the edit has it, ``objects`` what prompts want of
    it.
    """

    name: str
    media: str
    uses: tuple[ClipUse, ...]
    objects: tuple[str, ...]
    problem: str


@dataclass(frozen=True)
class EditPlan:
    """An edit that has been read, with what is to be done.

    ``timeline`` is OpenTimelineIO's own object. ``media`` is what was found for each clip, by its id. ``shots`` are all
    clips that are seen and whose media is there, those without objects included; ``absent`` the others that are seen. A
    clip that is switched off is among them only where prompts name it by its id.
    """

    path: Path
    timeline: Any
    edit: Edit
    media: Mapping[str, FoundMedia]
    shots: tuple[Shot, ...]
    absent: tuple[Absent, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on what is doubtful in the edit, its media and its markers."""
        of_media = (one.warning for one in self.media.values())
        of_shots = (shot.problem for shot in self.shots)
        return tuple(dict.fromkeys(said for said in (*self.edit.warnings, *of_media, *of_shots) if said))


def plan_edit(
    timeline: Any,
    path: Path,
    *,
    prompts: Optional[Path] = None,
    handles: int = DEFAULT_HANDLES,
    search: Sequence[Path] = (),
    maps: Sequence[tuple[str, str]] = (),
) -> EditPlan:
    """Read an edit, find its media and plan its shots.

    Args:
        timeline: an OpenTimelineIO timeline; see ``open_edit.load_timeline``.
        path: its file: relative paths of media begin in its folder.
        prompts: a document of prompts; None takes those of the clips' markers.
        handles: frames before and after what is used, as far as the plate has them.
        search: folders below which media is looked for by name.
        maps: how paths begin in the edit, and how they begin here.

    Raises:
        JobError: the edit or the prompts cannot be used as they are: see ``read_edit``, ``sidecar`` and ``plan_shots``.
    """
    path = path.absolute()
    edit = read_edit(timeline)
    edit = replace(edit, name=edit.name or path.stem)
    media = find_media(edit, search, maps, path.parent)
    entries = None if prompts is None else read_prompts(prompts).shots
    if entries is not None:
        require_all_used(entries, ((use, media[use.id]) for use in edit))
    wanted: list[Wanted] = []
    absent: list[Absent] = []
    names = media_names(use.media for use in edit)
    for use in edit:
        found = media[use.id]
        asked = _asked(use, found, entries, path.parent)
        if not use.is_seen and not asked.objects:
            continue
        if found.plate is not None and not use.problem:
            wanted.append(asked)
        else:
            objects = _marked(use) if entries is None else tuple(item.name for item in asked.objects)
            absent.append(
                Absent(
                    names[use.media],
                    use.media.path or use.media.name,
                    (use,),
                    objects,
                    use.problem or found.problem,
                )
            )
    shots = plan_shots(wanted, handles, (use.media for use in edit))
    return EditPlan(path, timeline, edit, media, shots, _of_one_media(absent))


def _asked(use: ClipUse, found: FoundMedia, entries: Optional[Sequence[ShotPrompts]], near: Path) -> Wanted:
    """What is wanted of a clip, by a document or by its markers. Of a clip that is switched off markers want nothing."""
    if entries is not None:
        objects, space = objects_for(entries, use, found)
        return Wanted(use, found, objects, ColourSettings(space=space))
    has_place = use.is_seen and found.plate is not None and not use.problem
    marked = marked_objects(use, found, near) if has_place else MarkedObjects()
    return Wanted(use, found, marked.objects, problem=marked.problem, by_markers=True)


def _marked(use: ClipUse) -> tuple[str, ...]:
    """The objects that the markers of a clip name, whose frames nobody can say as its media is not there."""
    named = (object_of(marker.name) for marker in use.markers)
    return tuple(dict.fromkeys(name for name in named if name))


def _of_one_media(absent: Sequence[Absent]) -> tuple[Absent, ...]:
    """Those that lack the same together, each with a name of its own."""
    together: dict[tuple[object, ...], Absent] = {}
    for item in absent:
        key = (item.media, item.objects, item.problem)
        before = together.get(key)
        together[key] = item if before is None else replace(before, uses=before.uses + item.uses)
    named: dict[str, Absent] = {}
    for item in together.values():
        name, number = item.name, 2
        while name.casefold() in named:
            name, number = f"{item.name}_{number}", number + 1
        named[name.casefold()] = replace(item, name=name)
    return tuple(named.values())
