"""Shots: uses of one media that are matted together, as one job. Pure planning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace

from rotomatte.plate.base import PlateInfo
from rotomatte.timeline.edit import ClipUse, MediaReference
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.plate_frames import require_info, used_frames
from rotomatte.timeline.shot_names import media_names, shot_names
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import ColourSettings, FrameRange, MatteObject


@dataclass(frozen=True)
class Shot:
    """One job of an edit: a stretch of a plate with the objects that are wanted of it.

    ``name`` is that of its folder. ``media`` is that of its first use; others may reach the same plate by other paths, or
    count it otherwise. ``used`` are the plate frames from the first to the last that the edit shows, ``frames`` the same
    with handles, as far as the plate has them without a gap. ``objects`` is empty where none are wanted. ``problem`` says
    what markers asked for in vain, else it is empty.
    """

    name: str
    media: FoundMedia
    uses: tuple[ClipUse, ...]
    used: FrameRange
    frames: FrameRange
    objects: tuple[MatteObject, ...]
    colour: ColourSettings = field(default_factory=ColourSettings)
    problem: str = ""


@dataclass(frozen=True)
class Wanted:
    """A clip that shows frames of a media that is there, with what is wanted of it.

    ``problem`` says what its markers ask for in vain. ``by_markers`` says that the objects are from there: hosts leave a
    clip all its markers when they cut it in two, so that those on frames which it no longer shows are no error.
    """

    use: ClipUse
    media: FoundMedia
    objects: tuple[MatteObject, ...]
    colour: ColourSettings = field(default_factory=ColourSettings)
    problem: str = ""
    by_markers: bool = False


def plan_shots(wanted: Sequence[Wanted], handles: int, media: Iterable[MediaReference]) -> tuple[Shot, ...]:
    """Clips as shots, in the order in which their first ones come.

    Clips of one plate that want the same objects, in the same colours, and whose used frames overlap or touch are one
    shot, so that each source frame is tracked once. Others stay apart. Handles are counted afterwards: shots that only
    meet by their handles stay apart as well. Frames that the edit shows and the plate has not stay in a shot: its job says
    which are missing.

    Args:
        wanted: the clips.
        handles: frames before and after what is used, as far as the plate has them without a gap.
        media: all that the edit has, those included that are not there, so that names stay when they come.

    Raises:
        PromptError: a prompt that is not a marker's is on a frame that its shot has not.
    """
    placed = [(place, used_frames(item.media, item.use), item) for place, item in enumerate(wanted)]
    alike: defaultdict[object, list[_Placed]] = defaultdict(list)
    for one in placed:
        item = one[2]
        alike[require_info(item.media).path, item.media.is_still, item.objects, item.colour, item.by_markers].append(
            one
        )
    groups = [group for together in alike.values() for group in _touching(together)]
    groups.sort(key=lambda group: min(place for place, _, _ in group))
    shots = [_shot(group, handles) for group in groups]
    called = media_names(media)
    named_by = [(called[shot.media.reference], shot.used.first, [item.name for item in shot.objects]) for shot in shots]
    names = shot_names(named_by)
    return tuple(replace(shot, name=name) for shot, name in zip(shots, names, strict=True))


_Placed = tuple[int, FrameRange, Wanted]


def _touching(together: Iterable[_Placed]) -> list[list[_Placed]]:
    """Those whose frames overlap or follow one another, in the order in which they came."""
    groups: list[list[_Placed]] = []
    last = 0
    for one in sorted(together, key=lambda one: (one[1].first, one[0])):
        used = one[1]
        if groups and used.first <= last + 1:
            groups[-1].append(one)
            last = max(last, used.last)
        else:
            groups.append([one])
            last = used.last
    return [sorted(group, key=lambda one: one[0]) for group in groups]


def _shot(group: Sequence[_Placed], handles: int) -> Shot:
    used = FrameRange(min(used.first for _, used, _ in group), max(used.last for _, used, _ in group))
    items = [item for _, _, item in group]
    first = items[0]
    frames = _with_handles(used, handles, require_info(first.media))
    problems = [item.problem for item in items]
    objects = []
    for item in first.objects:
        inside, outside = _parted(item, frames)
        if outside:
            error = _outside(item, outside[0], first.media, used, frames)
            if not first.by_markers:
                raise error
            problems.append(f"{error.message} {error.remedy}")
        objects.append(inside)
    return Shot(
        "",
        first.media,
        tuple(item.use for item in items),
        used,
        frames,
        tuple(item for item in objects if item.prompts),
        first.colour,
        " ".join(dict.fromkeys(problem for problem in problems if problem)),
    )


def _with_handles(used: FrameRange, handles: int, info: PlateInfo) -> FrameRange:
    """So many frames more on either side, as far as the plate has them without a gap."""
    gaps = set(info.missing)

    def reach(frame: int, step: int) -> int:
        """The last frame that is there, at most ``handles`` away."""
        for _ in range(handles):
            if frame + step not in info.frames or frame + step in gaps:
                break
            frame += step
        return frame

    return FrameRange(reach(used.first, -1), reach(used.last, 1))


def _parted(item: MatteObject, frames: FrameRange) -> tuple[MatteObject, Sequence[int]]:
    """An object with its prompts on some frames only, and on which other frames it has some."""
    outside = [frame for frame in item.prompts.prompt_frames() if frame not in frames]
    if not outside:
        return item, ()
    kept = {
        kind.name: tuple(prompt for prompt in getattr(item.prompts, kind.name) if prompt.frame in frames)
        for kind in fields(item.prompts)
    }
    return replace(item, prompts=replace(item.prompts, **kept)), outside


def _outside(item: MatteObject, frame: int, media: FoundMedia, used: FrameRange, frames: FrameRange) -> PromptError:
    return PromptError(
        f"{item.name} has a prompt on frame {frame} of {media.reference.name}, outside the frames {frames} of the shot: the "
        f"edit shows {used}, and handles are added.",
        remedy="Prompt a frame that is shown, add --handles, or say which frames or clips the entry is for.",
        frame=frame,
        clip=media.reference.name,
    )
