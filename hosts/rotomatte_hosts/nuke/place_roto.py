"""An object's outline brought back as an animated shape of a Roto node, to be edited by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import nuke
from nuke import rotopaint as rp

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.coordinates import to_nuke_y
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_plugin.model import FrameRange, ShapePrompt

_WHAT = "roto"
_DOWN = 160


def place_roto(
    node: nuke.Node, name: str, shapes: tuple[ShapePrompt, ...], height_px: float, shown: FrameMap, frames: FrameRange
) -> None:
    """Bring an object's outline to the Roto node beside its Rotomatte node, in place of the one that was there.

    Nuke's shapes have as many points on every frame, and so must these. On frames without an outline the shape is
    invisible. All objects share a Roto node, and the artist's own shapes there stay. One undo step.

    Args:
        node: the Rotomatte node.
        name: of the object and of its shape.
        shapes: ascending by frame, in plate pixels, all with as many points.
        height_px: of the plate's format.
        shown: which file frame is shown at which script frame.
        frames: of the clip.
    """
    with nodes.one_undo_step(f"Rotomatte: shape of {name}"), nodes.beside(node):
        curves: Any = _roto(node)["curves"]
        _remove(curves.rootLayer, name)
        if shapes:
            curves.rootLayer.append(_shape(curves, name, shapes, height_px, shown, frames))
        curves.changed()


def visible_keys(seen: Iterable[int], frames: FrameRange) -> tuple[tuple[int, bool], ...]:
    """Keys of a shape's visibility: visible on the frames ``seen`` and nowhere else in ``frames``.

    A key stands on either side of every change, so that it makes no difference how Nuke goes from key to key.
    """
    visible = set(seen)
    edges = {frames.first, frames.last}
    for frame in frames:
        if frame > frames.first and (frame in visible) != (frame - 1 in visible):
            edges |= {frame - 1, frame}
    return tuple((frame, frame in visible) for frame in sorted(edges))


def _roto(node: nuke.Node) -> nuke.Node:
    roto = nodes.placed("Roto", nodes.id_of(node), _WHAT)
    if roto is None:
        roto = nuke.nodes.Roto()
        nodes.mark(roto, nodes.id_of(node), _WHAT)
        roto.setInput(0, node.input(names.PLATE_INPUT))
        roto.setXYpos(node.xpos(), node.ypos() + _DOWN)
    return roto


def _remove(layer: Any, name: str) -> None:
    for index in reversed(range(len(layer))):
        if layer[index].name == name:
            layer.remove(index)


def _shape(
    curves: Any, name: str, shapes: tuple[ShapePrompt, ...], height_px: float, shown: FrameMap, frames: FrameRange
) -> Any:
    shape = rp.Shape(curves)
    for index, start in enumerate(shapes[0].points):
        point = rp.ShapeControlPoint(start.x, to_nuke_y(start.y, height_px))
        has_tangents = any(
            offset
            for outline in shapes
            for offset in (
                outline.points[index].in_dx,
                outline.points[index].in_dy,
                outline.points[index].out_dx,
                outline.points[index].out_dy,
            )
        )
        for outline in shapes:
            time, at = shown.to_host(outline.frame), outline.points[index]
            point.center.addPositionKey(time, (at.x, to_nuke_y(at.y, height_px)))
            if has_tangents:
                # Offsets from the point: only their direction turns over.
                point.leftTangent.addPositionKey(time, (at.in_dx, -at.in_dy))
                point.rightTangent.addPositionKey(time, (at.out_dx, -at.out_dy))
        shape.append(point)
    shape.name = name
    for frame, is_visible in visible_keys((outline.frame for outline in shapes), frames):
        shape.setVisible(shown.to_host(frame), is_visible)
    return shape
