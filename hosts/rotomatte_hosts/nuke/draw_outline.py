"""The model's answer drawn over the plate."""

from __future__ import annotations

from typing import Any

import nuke

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.strokes import add_stroke, curves_of
from rotomatte_plugin.messages import Outline


def draw_outline(node: nuke.Node, name: str, frame: int, outline_xy: Outline, height_px: float) -> None:
    """Show an object's outline on a frame of the script alone, in place of the one that was shown there; no undo step.

    Args:
        node: the Rotomatte node.
        name: of the object.
        frame: of the script.
        outline_xy: closed polygons in plate pixels.
        height_px: of the plate's format.
    """
    with nodes.without_undo():
        curves = curves_of(node, names.OUTLINE_NODE)
        _remove(curves, f"{name}@{frame}")
        for index, polygon in enumerate(outline_xy):
            add_stroke(curves, f"{name}@{frame}#{index}", frame, (*polygon, *polygon[:1]), height_px)
        curves.changed()


def clear_outlines(node: nuke.Node) -> None:
    """Show no outline any more; no undo step."""
    with nodes.without_undo():
        curves = curves_of(node, names.OUTLINE_NODE)
        curves.rootLayer.removeAll()
        curves.changed()


def _remove(curves: Any, name: str) -> None:
    layer = curves.rootLayer
    for index in reversed(range(len(layer))):
        if _stem(layer[index].name) == name:
            layer.remove(index)


def _stem(name: str) -> str:
    """A stroke's name without the number of its polygon."""
    return name.partition("#")[0]
