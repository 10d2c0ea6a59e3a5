"""An object's tab as a program fills it: every prompt on its own frame, in place of what its knobs said."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import nuke

from rotomatte_hosts.nuke import gizmo
from rotomatte_hosts.nuke.coordinates import to_nuke_box, to_nuke_y
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.from_alpha import with_mask
from rotomatte_hosts.nuke.knobs import Shown, object_knobs, own_clean_up
from rotomatte_hosts.nuke.names import ObjectKnobs, switch_of
from rotomatte_hosts.nuke.point_knobs import set_box, set_key, set_point
from rotomatte_plugin.model import BoxPrompt, CleanUp, Keyed, MaskPrompt, PointPrompt


def new_tab(node: nuke.Node, name: str) -> ObjectKnobs:
    """Give a Rotomatte node a tab for one more object."""
    knobs = ObjectKnobs(len(object_knobs(node)) + 1)
    node.readKnobs(gizmo.object_text(knobs.number))
    node[knobs.named("name")].setValue(name)
    return knobs


def set_points(node: nuke.Node, knobs: ObjectKnobs, points: tuple[PointPrompt, ...], shown: Shown) -> None:
    """Set all points of an object.

    Raises:
        PromptError: there are more on a frame than there are knobs.
    """
    for name, _ in knobs.points():
        node[switch_of(name)].setValue(False)
    for point in points:
        at = shown.frames.to_host(point.frame), point.x, to_nuke_y(point.y, shown.height_px)
        set_point(node, knobs, *at, include=point.include)


def set_boxes(node: nuke.Node, knobs: ObjectKnobs, boxes: tuple[BoxPrompt, ...], shown: Shown) -> None:
    """Set the box of an object on every frame that it has one on."""
    node[switch_of(knobs.named("box"))].setValue(False)
    for box in boxes:
        box_xyrt = to_nuke_box(box.x0, box.y0, box.x1, box.y1, shown.height_px)
        set_box(node, knobs, shown.frames.to_host(box.frame), box_xyrt)


def set_masks(node: nuke.Node, knobs: ObjectKnobs, masks: tuple[MaskPrompt, ...]) -> None:
    """Set all masks of an object."""
    text = ""
    for mask in masks:
        text = with_mask(text, mask.frame, mask.path)
    node[knobs.named("masks")].setValue(text)


def set_clean_up(node: nuke.Node, knobs: ObjectKnobs, clean_up: CleanUp, frames: FrameMap) -> None:
    """Set what an object's knobs say of clean-up where it is something else; amounts that change over time have keys."""
    before = own_clean_up(node, knobs, frames)
    for item in fields(clean_up):
        value = getattr(clean_up, item.name)
        if value == getattr(before, item.name):
            continue
        knob: Any = node[knobs.named(item.name)]
        knob.clearAnimated()
        if not isinstance(value, Keyed):
            knob.setValue(value)
            continue
        for frame, amount in value.keys:
            set_key(knob, frames.to_host(frame), (amount,))
