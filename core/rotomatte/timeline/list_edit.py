"""What `rotomatte timeline --list` says of each clip of an edit."""

from __future__ import annotations

from dataclasses import dataclass

from rotomatte.colour.choice import choose_space
from rotomatte.colour.config import open_config
from rotomatte.job import job_frames
from rotomatte.timeline.edit import ClipUse
from rotomatte.timeline.jobs import shot_colour
from rotomatte.timeline.labels import span, timecode
from rotomatte.timeline.plan_edit import EditPlan
from rotomatte.timeline.plate_frames import require_info, used_frames
from rotomatte.timeline.shots import Shot
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.model import ColourSettings

MISSING = "missing"
SWITCHED_OFF = "switched off"
"""Where the name of a shot would be, of clips that are in none."""


@dataclass(frozen=True)
class ListedClip:
    """One clip of an edit, in words.

    ``record`` is the time code of the first and last record frame on which it is seen. ``source`` is that of the media
    frames from the lowest to the highest that it shows, at the media's own rate; ``frames`` are the same as numbers: the
    plate's where it is there, else those of the media, counted from its time code's zero. ``missing`` is what has to be
    done before it can be matted, empty where nothing is.
    """

    shot: str
    clip: str
    track: str
    record: str
    media: str
    source: str
    frames: str
    retime: str
    colour: str
    objects: str
    missing: str


def list_edit(plan: EditPlan, colour: ColourSettings) -> tuple[ListedClip, ...]:
    """Every clip of an edit: shot by shot, then those that are in none.

    Args:
        plan: the edit and its shots.
        colour: what all shots have in common.
    """
    listed = []
    for shot in plan.shots:
        objects = ", ".join(item.name for item in shot.objects)
        space, missing = _looked_at(shot, colour)
        listed += [_listed(plan, use, shot.name, space, objects, missing) for use in shot.uses]
    in_shots = {use.id for shot in plan.shots for use in shot.uses}
    absent = {use.id: item for item in plan.absent for use in item.uses}
    for use in plan.edit:
        if use.id in absent:
            item = absent[use.id]
            listed.append(_listed(plan, use, MISSING, "", ", ".join(item.objects), item.problem))
        elif use.id not in in_shots:
            listed.append(_listed(plan, use, SWITCHED_OFF, "", "", ""))
    return tuple(listed)


def _listed(plan: EditPlan, use: ClipUse, shot: str, colour: str, objects: str, missing: str) -> ListedClip:
    edit, found = plan.edit, plan.media[use.id]
    held = f"{use.held} frames held" if use.held else ""
    if found.plate is not None and use.media_frames:
        media, frames = found.plate.path, str(used_frames(found, use))
    else:
        media, frames = use.media.path or use.media.name, span(use.media_span) if use.media_frames else ""
    return ListedClip(
        shot=shot,
        clip=f"{use.id} {use.name}".rstrip(),
        track=use.track,
        record=" ".join(
            str(timecode(at, edit.rate, is_drop_frame=edit.is_drop_frame)) for at in _ends(use.record_frames)
        ),
        media=media,
        source=" ".join(str(timecode(at, use.media.rate)) for at in _ends(use.media_span)),
        frames=frames,
        retime=", ".join(part for part in (use.retime, held) if part),
        colour=colour,
        objects=objects,
        missing=missing,
    )


def _ends(frames: range) -> tuple[int, ...]:
    return (frames[0], frames[-1]) if frames else ()


def _looked_at(shot: Shot, colour: ColourSettings) -> tuple[str, str]:
    """The colour space that the shot's job would choose, and what stands in that job's way."""
    info = require_info(shot.media)
    settings = shot_colour(shot, colour)
    space, problems = "", [shot.problem]
    try:
        choice = choose_space(open_config(settings), info, settings)
        space = f"{choice.space}{', a guess' if choice.source == 'guess' else ''}"
    except RotomatteError as error:
        problems.append(f"{error.message} {error.remedy}")
    try:
        job_frames(shot.frames, info)
    except RotomatteError as error:
        problems.append(f"{error.message} {error.remedy}")
    return space, " ".join(problem for problem in problems if problem)
