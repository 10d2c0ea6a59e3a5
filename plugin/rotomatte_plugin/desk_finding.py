"""Finding from a panel: where to look, which finds become objects, and what these are called. Pure but for the disk."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from rotomatte_plugin.adapter import HostAdapter, HostClip, TakesPrompts
from rotomatte_plugin.errors import JobError, PromptError
from rotomatte_plugin.messages import Finds, FoundObject, FrameFinds, PromptFrame
from rotomatte_plugin.model import BoxPrompt, FrameRange, MaskPrompt, MatteObject, PromptSet

WORD_FRAMES = 5
"""On how many frames words are looked for where they are to be found over the whole clip."""

_ALL_UP_TO = 12
"""More outlines than that hide the plate and each other."""

_NUMBER = re.compile(r"_\d+\Z")


@dataclass(frozen=True)
class Taking:
    """Finds on a frame of a clip that are to become objects.

    ``folder`` is where the mattes of those lie that have one, None where the finds are boxes.
    """

    clip: HostClip
    frame: int
    chosen: tuple[FoundObject, ...]
    folder: Optional[str]


def finds_to_draw(finds: Sequence[FoundObject], meant: Collection[int]) -> tuple[FoundObject, ...]:
    """The finds of a frame that are drawn over the plate: all where they are few, of many those that are meant, by id."""
    return tuple(one for one in finds if len(finds) <= _ALL_UP_TO or one.id in meant)


def spread_frames(frames: Optional[FrameRange], playhead: int) -> tuple[int, ...]:
    """Frames on which to look for words over a whole clip: evenly apart, and the playhead's, ascending.

    Raises:
        JobError: the clip does not say which frames it has.
    """
    if frames is None:
        raise JobError(
            "The clip does not say which frames it has.",
            remedy="Look on the frame under the playhead only.",
            frame=playhead,
        )
    steps = min(WORD_FRAMES, len(frames))
    # Each in the middle of its share of the clip, and the nearest of them gives way to the playhead.
    spread = [frames.first + (2 * step + 1) * len(frames) // (2 * steps) for step in range(steps)]
    spread.remove(min(spread, key=lambda frame: abs(frame - playhead)))
    return tuple(sorted({*spread, playhead}))


def taking(adapter: HostAdapter, clip: HostClip, finds: Finds, ids: Collection[int]) -> Taking:
    """Which finds of the frame under the playhead are meant.

    Raises:
        JobError: the host takes no prompts, or has no place for mattes.
        PromptError: nothing was found on that frame, none is chosen, or one that is not there.
    """
    if not isinstance(adapter, TakesPrompts):
        raise JobError("This host takes no prompts.", remedy="Draw a box around what was found.", clip=clip.clip.name)
    frame = adapter.current_frame(clip)
    here = next((one for one in finds.on_frames if one.frame == frame), FrameFinds(frame, (), ""))
    known = {item.id: item for item in here.objects}
    unknown = sorted(set(ids) - known.keys())
    if not known or not ids or unknown:
        raise PromptError(
            _why_none(here, unknown), remedy=_what_instead(finds, known), clip=clip.clip.name, frame=frame
        )
    has_mattes = bool(here.labels)
    chosen = tuple(item for item in here.objects if item.id in ids)
    return Taking(clip, frame, chosen, adapter.mask_folder(clip) if has_mattes else None)


def new_objects(taken: Taking, masks: Mapping[int, str], others: Collection[MatteObject]) -> tuple[MatteObject, ...]:
    """The objects that finds become, with names that neither each other nor ``others`` have.

    ``masks`` has the path of each find's matte by its id; one without gives its box.
    """
    names = {item.name.lower() for item in others}
    made = []
    for find in taken.chosen:
        if find.id in masks:
            prompts = PromptSet(masks=(MaskPrompt(taken.frame, masks[find.id]),))
        else:
            prompts = PromptSet(boxes=(BoxPrompt(taken.frame, *find.box_xyxy_px),))
        name = _free_name(find.name, names)
        names.add(name.lower())
        made.append(MatteObject(name, prompts))
    return tuple(made)


def free_path(folder: Path, name: str, frame: int) -> Path:
    """A file for the matte of a find, in place of no other: an artist may undo, and want an earlier one again."""
    path, number = folder / f"{name}.{frame}.png", 1
    while path.exists():
        number += 1
        path = folder / f"{name}.{frame}_{number}.png"
    return path


def next_best(best: tuple[PromptFrame, ...], playhead: int) -> PromptFrame:
    """The frame after the playhead's in the order of their worth; the best one elsewhere and after the last.

    Raises:
        PromptError: none is known.
    """
    if not best:
        raise PromptError("No best frame is known.", remedy="Look for the best frames of an object first.")
    frames = [one.frame for one in best]
    return best[(frames.index(playhead) + 1) % len(best)] if playhead in frames else best[0]


def _free_name(name: str, taken: Collection[str]) -> str:
    if name.lower() not in taken:
        return name
    stem, number = _NUMBER.sub("", name), 1
    while f"{stem}_{number:02d}".lower() in taken:
        number += 1
    return f"{stem}_{number:02d}"


def _why_none(here: FrameFinds, unknown: list[int]) -> str:
    if not here.objects:
        return f"Nothing has been found on frame {here.frame}."
    if unknown:
        return f"Frame {here.frame} has no find {', '.join(map(str, unknown))}."
    return "No find is chosen."


def _what_instead(finds: Finds, known: Mapping[int, FoundObject]) -> str:
    if known:
        return f"Choose from {', '.join(map(str, sorted(known)))}."
    frames = ", ".join(str(one.frame) for one in finds.on_frames if one.objects)
    return f"Go to frame {frames}, or look on this one." if frames else "Find everything, or look for words, there."
