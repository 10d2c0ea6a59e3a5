"""An object that a program gives a Rotomatte node, as if the artist had made its tab and prompts."""

from __future__ import annotations

from typing import Any

import nuke

from rotomatte_hosts.nuke import gizmo, nodes
from rotomatte_hosts.nuke.coordinates import to_nuke_box, to_nuke_y
from rotomatte_hosts.nuke.from_alpha import with_mask
from rotomatte_hosts.nuke.knobs import Shown, object_knobs
from rotomatte_hosts.nuke.names import ObjectKnobs
from rotomatte_hosts.nuke.point_knobs import set_box, set_point
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import MatteObject


def add_object(node: nuke.Node, item: MatteObject, shown: Shown) -> None:
    """Give a Rotomatte node one more object, in one step of undo.

    Args:
        node: the Rotomatte node.
        item: with points, boxes and masks.
        shown: how the node's plate is shown.

    Raises:
        PromptError: it has other prompts, or more points on a frame than a node has knobs for; nothing is added then.
    """
    prompts = item.prompts
    if prompts.shapes or prompts.strokes or prompts.texts:
        raise PromptError(
            f"{item.name} has prompts that are no points, boxes or masks.",
            remedy="Draw its shapes in a Roto node, and name that on the object's tab.",
        )
    with nodes.one_undo_step(f"Rotomatte: object {item.name}"):
        knobs = ObjectKnobs(len(object_knobs(node)) + 1)
        node.readKnobs(gizmo.object_text(knobs.number))
        node[knobs.named("name")].setValue(item.name)
        for point in prompts.points:
            at = shown.frames.to_host(point.frame), point.x, to_nuke_y(point.y, shown.height_px)
            set_point(node, knobs, *at, include=point.include)
        for box in prompts.boxes:
            box_xyrt = to_nuke_box(box.x0, box.y0, box.x1, box.y1, shown.height_px)
            set_box(node, knobs, shown.frames.to_host(box.frame), box_xyrt)
        masks: Any = node[knobs.named("masks")]
        for mask in prompts.masks:
            masks.setValue(with_mask(str(masks.value()), mask.frame, mask.path))
