"""Which of an object's prompts its knobs can hold, and which they cannot; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from rotomatte_hosts.nuke.names import EXCLUDE_POINTS, INCLUDE_POINTS
from rotomatte_hosts.nuke.panel_rest import Rest
from rotomatte_plugin.model import (
    BoxPrompt,
    CleanUp,
    MaskPrompt,
    MatteObject,
    PointPrompt,
    PromptSet,
    ShapePrompt,
)

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class KnobShare:
    """An object, shared out between its knobs.

    ``prompts`` are the points, boxes and masks of the knobs of these names, ``clean_up`` is theirs too. ``rest`` has no
    knob. ``keeps_tracker`` and ``keeps_roto``: what the object's Tracker and Roto node say still holds; where it does
    not, what is left of it is among the others.
    """

    prompts: PromptSet
    clean_up: CleanUp
    rest: Rest
    keeps_tracker: bool
    keeps_roto: bool


def share_out(item: MatteObject, tracked: tuple[PointPrompt, ...], drawn: tuple[ShapePrompt, ...]) -> KnobShare:
    """Share an object's prompts and clean-up out between knobs.

    Args:
        item: with all its prompts.
        tracked: the points that its Tracker gives it.
        drawn: the shapes that its Roto node gives it.
    """
    prompts = item.prompts
    keeps_tracker, keeps_roto = _holds(prompts.points, tracked), _holds(prompts.shapes, drawn)
    points = _less(prompts.points, tracked) if keeps_tracker else prompts.points
    shapes = _less(prompts.shapes, drawn) if keeps_roto else prompts.shapes
    room: Counter[tuple[int, bool]] = Counter()
    held_points: list[PointPrompt] = []
    for point in points:
        place = point.frame, point.include
        if room[place] < (INCLUDE_POINTS if point.include else EXCLUDE_POINTS):
            room[place] += 1
            held_points.append(point)
    boxes = _first_a_frame(prompts.boxes)
    # A mask's knob has semicolons between paths, and takes no blanks at their ends.
    masks = _first_a_frame(mask for mask in prompts.masks if ";" not in mask.path and mask.path == mask.path.strip())
    fits = _has_knobs(item.clean_up)
    return KnobShare(
        PromptSet(points=tuple(held_points), boxes=boxes, masks=masks),
        item.clean_up[0] if fits and item.clean_up else CleanUp(),
        Rest(
            replace(
                prompts,
                points=_less(points, held_points),
                boxes=_less(prompts.boxes, boxes),
                masks=_less(prompts.masks, masks),
                shapes=shapes,
            ),
            () if fits else item.clean_up,
        ),
        keeps_tracker,
        keeps_roto,
    )


def _has_knobs(clean_up: tuple[CleanUp, ...]) -> bool:
    """Whether it is one for all frames, of nothing but the amounts that have knobs."""
    if len(clean_up) > 1:
        return False
    return all(one == replace(one, frames=None, close_px=0.0, open_px=0.0, holdouts=()) for one in clean_up)


_Framed = TypeVar("_Framed", BoxPrompt, MaskPrompt)


def _first_a_frame(prompts: Iterable[_Framed]) -> tuple[_Framed, ...]:
    found: dict[int, _Framed] = {}
    for prompt in prompts:
        found.setdefault(prompt.frame, prompt)
    return tuple(found.values())


def _holds(every: Iterable[_Item], some: Iterable[_Item]) -> bool:
    return not Counter(some) - Counter(every)


def _less(every: Iterable[_Item], some: Iterable[_Item]) -> tuple[_Item, ...]:
    left, gone = [], Counter(some)
    for item in every:
        if gone[item]:
            gone[item] -= 1
        else:
            left.append(item)
    return tuple(left)
