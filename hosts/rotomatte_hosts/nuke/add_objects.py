"""Objects that a program gives a Rotomatte node, as if the artist had made their tabs and prompts."""

from __future__ import annotations

import nuke

from rotomatte_hosts.nuke import nodes
from rotomatte_hosts.nuke.knobs import Shown
from rotomatte_hosts.nuke.object_tab import new_tab, set_boxes, set_masks, set_points
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import MatteObject


def add_objects(node: nuke.Node, objects: tuple[MatteObject, ...], shown: Shown) -> None:
    """Give a Rotomatte node more objects, in one step of undo.

    Args:
        node: the Rotomatte node.
        objects: at least one, with points, boxes and masks.
        shown: how the node's plate is shown.

    Raises:
        PromptError: one has other prompts, or more points on a frame than a node has knobs for; nothing is added then.
    """
    what = objects[0].name if len(objects) == 1 else f"{len(objects)} objects"
    with nodes.one_undo_step(f"Rotomatte: add {what}"):
        for item in objects:
            _add(node, item, shown)


def _add(node: nuke.Node, item: MatteObject, shown: Shown) -> None:
    prompts = item.prompts
    if prompts.shapes or prompts.strokes or prompts.texts:
        raise PromptError(
            f"{item.name} has prompts that are no points, boxes or masks.",
            remedy="Draw its shapes in a Roto node, and name that on the object's tab.",
        )
    knobs = new_tab(node, item.name)
    set_points(node, knobs, prompts.points, shown)
    set_boxes(node, knobs, prompts.boxes, shown)
    set_masks(node, knobs, prompts.masks)
