"""Prompts from the shapes of a Roto or RotoPaint node.

``Shape`` has control points with a centre and two tangents, offsets from it. Shapes and the layers above them have
transforms, which are applied from the innermost outward. Source: Nuke Python developer's guide, "Roto and RotoPaint".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import nuke
from nuke import rotopaint as rp

from rotomatte_hosts.nuke.coordinates import to_plate_y
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.sources import node_named
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import ShapePoint, ShapePrompt

CLASSES = ("Roto", "RotoPaint")


def shapes_of(
    node: nuke.Node, source: str, frames: FrameMap, height_px: float, reference: int
) -> tuple[ShapePrompt, ...]:
    """The shape prompts of a Roto node that a Rotomatte node names.

    Every frame on which a shape has a key, of a point or a transform, is a prompt, and the reference frame where it has
    none; frames on which it is invisible are not.

    Args:
        node: the Rotomatte node.
        source: the Roto node's name, and behind a colon the paths of shapes with commas between, such as
            ``Roto1:Bezier1, Layer1/Bezier2``; all its shapes where there is no colon. Empty for none.
        frames: which file frame is shown at which script frame.
        height_px: of the plate's format.
        reference: the reference frame, of the script.

    Raises:
        JobError: the node or shape is not there.
    """
    if not source:
        return ()
    name, _, wanted = source.partition(":")
    roto = node_named(node, name.strip(), CLASSES)
    paths = [path.strip() for path in wanted.split(",") if path.strip()]
    found = dict(_shapes(roto["curves"]))
    missing = [path for path in paths if path not in found]
    if missing:
        raise JobError(
            f"{roto.name()} has no shape {missing[0]!r}.", remedy=f"Name one of {', '.join(found) or 'its shapes'}."
        )
    return tuple(
        prompt
        for path, chain in found.items()
        if not paths or path in paths
        for prompt in _prompts(chain, frames, height_px, reference)
    )


def _shapes(curves: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The path of every shape, and itself behind the layers that it is in, outermost first."""
    yield from _in_layer(curves.rootLayer, (curves.rootLayer,), "")


def _in_layer(layer: Any, chain: tuple[Any, ...], path: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for element in layer:
        if isinstance(element, rp.Layer):
            yield from _in_layer(element, (*chain, element), f"{path}{element.name}/")
        elif isinstance(element, rp.Shape):
            yield f"{path}{element.name}", (*chain, element)


def _prompts(chain: tuple[Any, ...], frames: FrameMap, height_px: float, reference: int) -> Iterator[ShapePrompt]:
    shape = chain[-1]
    for time in _key_frames(chain) or (reference,):
        if shape.getVisible(time) and len(shape) >= 3:
            matrices = [element.getTransform().evaluate(time).getMatrix() for element in reversed(chain)]
            points = tuple(_point(point, matrices, time, height_px) for point in shape)
            yield ShapePrompt(frames.to_clip(time), points)


def _key_frames(chain: tuple[Any, ...]) -> tuple[int, ...]:
    times: set[int] = set()
    for point in chain[-1]:
        for part in (point.center, point.leftTangent, point.rightTangent):
            times |= {round(time) for time in part.getControlPointKeyTimes()}
    for element in chain:
        transform = element.getTransform()
        for kind in ("Translation", "Rotation", "Scale", "SkewX"):
            times |= {round(time) for time in getattr(transform, f"get{kind}KeyTimes")()}
    return tuple(sorted(times))


def _point(point: Any, matrices: list[Any], time: int, height_px: float) -> ShapePoint:
    centre = point.center.getPosition(time)
    x, y = moved(centre.x, centre.y, matrices)
    ends = []
    for tangent in (point.leftTangent, point.rightTangent):
        offset = tangent.getPosition(time)
        end_x, end_y = moved(centre.x + offset.x, centre.y + offset.y, matrices)
        ends += [end_x - x, y - end_y]
    return ShapePoint(x, to_plate_y(y, height_px), *ends)


def moved(x: float, y: float, matrices: list[Any]) -> tuple[float, float]:
    """A point after transforms, the first of them first; each a matrix of 4 x 4 numbers, row by row."""
    for matrix in matrices:
        depth = matrix[12] * x + matrix[13] * y + matrix[15]
        x, y = (
            (matrix[0] * x + matrix[1] * y + matrix[3]) / depth,
            (matrix[4] * x + matrix[5] * y + matrix[7]) / depth,
        )
    return x, y
