"""Lines over the plate: strokes of a RotoPaint node inside the Rotomatte node.

Nuke has no drawing over the viewer without Qt. Strokes are documented, are lines rather than areas (so that holes need
no care), lie in plate pixels whatever the viewer does, and are switched off in renders by their node's own expression.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Optional

from nuke import rotopaint as rp

from rotomatte_hosts.nuke.coordinates import to_nuke_y

_LINE_PX = 2.0
_COLOURS = (rp.AnimAttributes.kRedAttribute, rp.AnimAttributes.kGreenAttribute, rp.AnimAttributes.kBlueAttribute)


def curves_of(node: Any, drawing: str) -> Any:
    """What is drawn by a RotoPaint node of that name inside a Rotomatte node."""
    return node.node(drawing)["curves"]


def add_stroke(
    curves: Any,
    name: str,
    frame: int,
    points_xy: Iterable[tuple[float, float]],
    height_px: float,
    rgb: Optional[tuple[float, float, float]] = None,
) -> None:
    """Draw a line that is seen on one frame alone; ``curves.changed()`` is the caller's.

    Args:
        curves: as ``curves_of`` gives them.
        name: of the stroke.
        frame: of the script.
        points_xy: the line's corners in plate pixels.
        height_px: of the plate's format.
        rgb: its colour, scene-linear; RotoPaint's usual one where None.
    """
    stroke = rp.Stroke(curves)
    for x, y in points_xy:
        stroke.append(rp.AnimControlPoint(x, to_nuke_y(y, height_px)))
    stroke.name = name
    attributes = stroke.getAttributes()
    attributes.set(rp.AnimAttributes.kBrushSizeAttribute, _LINE_PX)
    for attribute, value in zip(_COLOURS, rgb or ()):
        attributes.set(attribute, value)
    for time in (frame - 1, frame, frame + 1):
        stroke.setVisible(time, time == frame)
    curves.rootLayer.append(stroke)
