"""What was found, drawn over the plate: each find's outline or box in a colour, with its number."""

from __future__ import annotations

import nuke

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.knobs import Shown
from rotomatte_hosts.nuke.number_lines import Line, number_lines, place_within
from rotomatte_hosts.nuke.strokes import add_stroke, curves_of
from rotomatte_plugin.messages import Finds, FoundObject
from rotomatte_plugin.palette import colour_of

_NUMBER_SHARE = 0.03
_LEAST_NUMBER_PX = 8.0
_TO_LINEAR = 2.2


def draw_finds(node: nuke.Node, finds: Finds, shown: Shown) -> None:
    """Show finds, each on its own frame alone, in place of those that were shown; no undo step."""
    with nodes.without_undo():
        curves = curves_of(node, names.FINDS_NODE)
        curves.rootLayer.removeAll()
        for on_frame in finds.on_frames:
            frame = shown.frames.to_host(on_frame.frame)
            for find in on_frame.objects:
                for index, line in enumerate(_lines(find, shown.height_px)):
                    name = f"{find.id}@{frame}#{index}"
                    add_stroke(curves, name, frame, line, shown.height_px, _colour(find.id))
        curves.changed()


def _lines(find: FoundObject, height_px: float) -> tuple[Line, ...]:
    around = tuple(polygon for polygon in find.outline_xy if len(polygon) > 2) or (_corners(find.box_xyxy_px),)
    size_px = max(_LEAST_NUMBER_PX, _NUMBER_SHARE * height_px)
    closed = tuple((*polygon, *polygon[:1]) for polygon in around)
    return (*closed, *number_lines(find.id, place_within(around), size_px))


def _corners(box_xyxy_px: tuple[float, float, float, float]) -> Line:
    x0, y0, x1, y1 = box_xyxy_px
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def _colour(id_: int) -> tuple[float, float, float]:
    """As in the pictures of the engine, near enough to scene-linear for a line."""
    red, green, blue = (round((value / 255) ** _TO_LINEAR, 4) for value in colour_of(id_ - 1))
    return red, green, blue
