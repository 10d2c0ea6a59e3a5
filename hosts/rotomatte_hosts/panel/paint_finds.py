"""Finds drawn over the plate, and which of them is under the mouse."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Optional

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from rotomatte_hosts.panel.paint_prompts import object_colour, paint_outline
from rotomatte_hosts.panel.view_transform import ViewTransform, Xy
from rotomatte_plugin.desk_finding import finds_to_draw
from rotomatte_plugin.messages import FoundObject, Outline

_TEXT, _AROUND_TEXT = QColor(255, 255, 255), QColor(0, 0, 0)


def paint_finds(
    painter: QPainter,
    view: ViewTransform,
    finds: Sequence[FoundObject],
    ticked: Collection[int],
    under_mouse: Optional[int],
) -> None:
    """Draw finds with their numbers, those that are ticked or under the mouse filled; of many only these."""
    filled = {*ticked, *(() if under_mouse is None else (under_mouse,))}
    drawn = finds_to_draw(finds, filled)
    for one in drawn:
        paint_outline(painter, view, outline_of(one), object_colour(one.id - 1), fill=one.id in filled)
    for one in drawn:
        _number(painter, view, one)


def find_at(finds: Sequence[FoundObject], plate_xy: Xy) -> Optional[int]:
    """The id of the smallest find at a place, None where there is none. Pure."""
    found = [one for one in finds if _covers(one, plate_xy)]
    return min(found, key=lambda one: one.area_px).id if found else None


def outline_of(find: FoundObject) -> Outline:
    """Its border; that of its box where it has no other."""
    x0, y0, x1, y1 = find.box_xyxy_px
    return find.outline_xy or (((x0, y0), (x1, y0), (x1, y1), (x0, y1)),)


def _covers(find: FoundObject, plate_xy: Xy) -> bool:
    """Even-odd over all of its polygons."""
    x, y = plate_xy
    is_inside = False
    for polygon in outline_of(find):
        for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0])):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                is_inside = not is_inside
    return is_inside


def _number(painter: QPainter, view: ViewTransform, find: FoundObject) -> None:
    corner = QPointF(*view.to_screen(find.box_xyxy_px[:2]))
    path = QPainterPath()
    height = painter.fontMetrics().height()
    path.addText(corner + QPointF(4, height), painter.font(), str(find.id))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_AROUND_TEXT, 3))
    painter.drawPath(path)
    painter.fillPath(path, _TEXT)
