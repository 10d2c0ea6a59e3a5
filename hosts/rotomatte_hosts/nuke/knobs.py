"""What an artist set on a Rotomatte node, as the words of a job."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import nuke

from rotomatte_hosts.nuke import names
from rotomatte_hosts.nuke.coordinates import to_plate_box, to_plate_y
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.from_alpha import masks_of
from rotomatte_hosts.nuke.from_roto import shapes_of
from rotomatte_hosts.nuke.from_tracker import points_of
from rotomatte_hosts.nuke.names import ObjectKnobs, switch_of
from rotomatte_hosts.nuke.panel_rest import rest_of
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import (
    Amount,
    BoxPrompt,
    CleanUp,
    Keyed,
    MatteObject,
    PointPrompt,
    PromptSet,
    RefineSettings,
    ShapePrompt,
)


@dataclass(frozen=True)
class Shown:
    """How a node's plate is shown: which file frame at which script frame, and the format's height in pixels."""

    frames: FrameMap
    height_px: float


def object_knobs(node: nuke.Node) -> tuple[ObjectKnobs, ...]:
    """The names of the knobs of every object that a node has a tab for."""
    found: list[ObjectKnobs] = []
    while node.knob(ObjectKnobs(len(found) + 1).named("name")) is not None:
        found.append(ObjectKnobs(len(found) + 1))
    return tuple(found)


def object_at(node: nuke.Node, number: int) -> ObjectKnobs:
    """The names of the knobs of an object by the number on its tab.

    Raises:
        JobError: there is no such tab.
    """
    every = object_knobs(node)
    if not 1 <= number <= len(every):
        raise JobError(
            f"{node.name()} has no object {number}.",
            remedy=f"Give the number on an object's tab, 1 to {len(every)}." if len(every) > 1 else "Give 1.",
        )
    return every[number - 1]


def name_of(node: nuke.Node, knobs: ObjectKnobs) -> str:
    """The name of an object."""
    return str(node[knobs.named("name")].value()).strip()


def objects_of(node: nuke.Node, shown: Shown) -> tuple[MatteObject, ...]:
    """The enabled objects of a node, with all their prompts in plate pixels and file frames.

    Raises:
        JobError: an object's name is none, or is another's; a Roto, Tracker or mask that it names cannot be used.
    """
    found: dict[str, MatteObject] = {}
    for knobs in object_knobs(node):
        if not node[knobs.named("enabled")].value():
            continue
        item = _object(node, knobs, shown)
        if item.name.lower() in found:
            raise JobError(
                f"Two objects of {node.name()} are named {item.name!r}.", remedy="Give each object its own name."
            )
        found[item.name.lower()] = item
    return tuple(found.values())


def refine_of(node: nuke.Node) -> RefineSettings:
    """The settings of a node that all its objects share."""
    return RefineSettings(exclusive=bool(node[names.EXCLUSIVE].value()), band_px=float(node[names.BAND].value()))


def _object(node: nuke.Node, knobs: ObjectKnobs, shown: Shown) -> MatteObject:
    own, rest = own_prompts(node, knobs, shown), rest_of(text_of(node, knobs, "panel"), name_of(node, knobs))
    beside = rest.prompts
    prompts = replace(
        beside,
        points=own.points + tracker_points(node, knobs, shown) + beside.points,
        boxes=own.boxes + beside.boxes,
        masks=own.masks + beside.masks,
        shapes=roto_shapes(node, knobs, shown) + beside.shapes,
    )
    clean_up = own_clean_up(node, knobs, shown.frames)
    return MatteObject(name_of(node, knobs), prompts, (() if clean_up == CleanUp() else (clean_up,)) + rest.clean_up)


def own_prompts(node: nuke.Node, knobs: ObjectKnobs, shown: Shown) -> PromptSet:
    """What an object's own knobs say: points, boxes and masks.

    Raises:
        JobError: the masks are not written as they should be.
    """
    reference = _reference(node)
    return PromptSet(
        points=_points(node, knobs, shown, reference),
        boxes=_boxes(node, knobs, shown, reference),
        masks=masks_of(text_of(node, knobs, "masks")),
    )


def tracker_points(node: nuke.Node, knobs: ObjectKnobs, shown: Shown) -> tuple[PointPrompt, ...]:
    """The points of the Tracker that an object names.

    Raises:
        JobError: it cannot be used.
    """
    return points_of(node, text_of(node, knobs, "tracker"), shown.frames, shown.height_px, _reference(node))


def roto_shapes(node: nuke.Node, knobs: ObjectKnobs, shown: Shown) -> tuple[ShapePrompt, ...]:
    """The shapes of the Roto node that an object names.

    Raises:
        JobError: it cannot be used.
    """
    return shapes_of(node, text_of(node, knobs, "roto"), shown.frames, shown.height_px, _reference(node))


def _points(node: nuke.Node, knobs: ObjectKnobs, shown: Shown, reference: int) -> tuple[PointPrompt, ...]:
    found = []
    for name, include in knobs.points():
        knob: Any = node[name]
        if node[switch_of(name)].value():
            for frame in key_frames(knob, reference):
                x, y = (float(knob.getValueAt(frame, index)) for index in (0, 1))
                found.append(PointPrompt(shown.frames.to_clip(frame), x, to_plate_y(y, shown.height_px), include))
    return tuple(found)


def _boxes(node: nuke.Node, knobs: ObjectKnobs, shown: Shown, reference: int) -> tuple[BoxPrompt, ...]:
    name = knobs.named("box")
    knob: Any = node[name]
    if not node[switch_of(name)].value():
        return ()
    found = []
    for frame in key_frames(knob, reference):
        x, y, r, t = (float(knob.getValueAt(frame, index)) for index in range(4))
        found.append(BoxPrompt(shown.frames.to_clip(frame), *to_plate_box(x, y, r, t, shown.height_px)))
    return tuple(found)


def key_frames(knob: Any, reference: int) -> tuple[int, ...]:
    """The script frames on which an array knob has keys; the reference frame where it has none."""
    frames = sorted({round(time) for time in knob.getKeyList()})
    return tuple(frames) or (reference,)


def own_clean_up(node: nuke.Node, knobs: ObjectKnobs, frames: FrameMap) -> CleanUp:
    """What an object's own knobs say of clean-up."""
    return CleanUp(
        smooth_frames=int(node[knobs.named("smooth_frames")].value()),
        fill_holes_px=_amount(node[knobs.named("fill_holes_px")], frames),
        remove_specks_px=_amount(node[knobs.named("remove_specks_px")], frames),
        grow_px=_amount(node[knobs.named("grow_px")], frames),
        feather_px=_amount(node[knobs.named("feather_px")], frames),
    )


def _amount(knob: Any, frames: FrameMap) -> Amount:
    keys = sorted({round(time) for time in knob.getKeyList()})
    if not keys:
        return float(knob.value())
    return Keyed(tuple((frames.to_clip(frame), float(knob.getValueAt(frame))) for frame in keys))


def text_of(node: nuke.Node, knobs: ObjectKnobs, knob: str) -> str:
    """What a text knob of an object says."""
    return str(node[knobs.named(knob)].value()).strip()


def _reference(node: nuke.Node) -> int:
    return int(node[names.REFERENCE_FRAME].value())
