"""The model's answer drawn over the plate: strokes of the RotoPaint node inside the Rotomatte node.

Nuke has no drawing over the viewer without Qt. Strokes are documented, are lines rather than areas (so that holes need
no care), lie in plate pixels whatever the viewer does, and are switched off in renders by the node's own expression.
"""

from __future__ import annotations

from typing import Any

import nuke
from nuke import rotopaint as rp

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.coordinates import to_nuke_y
from rotomatte_plugin.messages import Outline

_LINE_PX = 2.0


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
        curves = _curves(node)
        _remove(curves, f"{name}@{frame}")
        for index, polygon in enumerate(outline_xy):
            stroke = rp.Stroke(curves)
            for x, y in (*polygon, *polygon[:1]):
                stroke.append(rp.AnimControlPoint(x, to_nuke_y(y, height_px)))
            stroke.name = f"{name}@{frame}#{index}"
            attributes = stroke.getAttributes()
            attributes.set(rp.AnimAttributes.kBrushSizeAttribute, _LINE_PX)
            for time in (frame - 1, frame, frame + 1):
                stroke.setVisible(time, time == frame)
            curves.rootLayer.append(stroke)
        curves.changed()


def clear_outlines(node: nuke.Node) -> None:
    """Show no outline any more; no undo step."""
    with nodes.without_undo():
        curves = _curves(node)
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


def _curves(node: Any) -> Any:
    return node.node(names.OUTLINE_NODE)["curves"]
