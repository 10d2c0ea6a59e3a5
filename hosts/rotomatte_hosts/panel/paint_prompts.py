"""Prompts and outlines drawn over the plate: told apart by shape as well as by colour."""

from __future__ import annotations

from typing import Optional

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from rotomatte_hosts.panel.document import Prompt
from rotomatte_hosts.panel.view_transform import ViewTransform, Xy
from rotomatte_plugin.messages import Outline
from rotomatte_plugin.model import BoxPrompt, PointPrompt, ShapePrompt, StrokePrompt
from rotomatte_plugin.palette import colour_of

INCLUDE, EXCLUDE = QColor(90, 220, 120), QColor(255, 90, 80)
BOX = QColor(80, 220, 230)
SELECTED = QColor(255, 230, 60)
_DARK = QColor(0, 0, 0, 200)
RADIUS_PX = 7.0


def object_colour(index: int) -> QColor:
    """The colour of the object at that place in the palette."""
    return QColor(*colour_of(index))


def paint_prompt(painter: QPainter, view: ViewTransform, prompt: Prompt, *, is_selected: bool) -> None:
    """Draw a prompt; a matte of the artist's has no place of its own and is not drawn."""
    if isinstance(prompt, PointPrompt):
        _point(painter, _at(view, (prompt.x, prompt.y)), include=prompt.include, is_selected=is_selected)
    elif isinstance(prompt, BoxPrompt):
        corners = QRectF(_at(view, (prompt.x0, prompt.y0)), _at(view, (prompt.x1, prompt.y1)))
        paint_box(painter, corners, is_selected=is_selected)
    elif isinstance(prompt, StrokePrompt):
        paint_stroke(painter, view, prompt.points_xy, include=prompt.include, is_selected=is_selected)
    elif isinstance(prompt, ShapePrompt):
        _line(painter, _shape(view, prompt), SELECTED if is_selected else INCLUDE)


def paint_box(painter: QPainter, corners: QRectF, *, is_selected: bool = False) -> None:
    """Draw a box, dashed, with its corners to take hold of."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_DARK, 3))
    painter.drawRect(corners)
    pen = QPen(SELECTED if is_selected else BOX, 1.5, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRect(corners)


def paint_stroke(
    painter: QPainter, view: ViewTransform, points_xy: tuple[Xy, ...], *, include: bool, is_selected: bool = False
) -> None:
    """Draw a stroke; one of what is not the object is dotted."""
    path = QPainterPath(_at(view, points_xy[0]))
    for point in points_xy[1:]:
        path.lineTo(_at(view, point))
    colour = SELECTED if is_selected else INCLUDE if include else EXCLUDE
    _line(painter, path, colour, None if include else Qt.PenStyle.DotLine, 4)


def paint_outline(painter: QPainter, view: ViewTransform, outline_xy: Outline, colour: QColor, *, fill: bool) -> None:
    """Draw a matte's border; ``fill`` also tints its inside, where no matte is known."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for polygon in outline_xy:
        path.addPolygon(QPolygonF([_at(view, point) for point in polygon]))
        path.closeSubpath()
    if fill:
        inside = QColor(colour)
        inside.setAlphaF(0.35)
        painter.fillPath(path, inside)
    _line(painter, path, colour, None, 1.5)


def _point(painter: QPainter, at: QPointF, *, include: bool, is_selected: bool) -> None:
    painter.setPen(QPen(SELECTED if is_selected else _DARK, 2.5 if is_selected else 1.5))
    painter.setBrush(INCLUDE if include else EXCLUDE)
    painter.drawEllipse(at, RADIUS_PX, RADIUS_PX)
    arm = RADIUS_PX * 0.6
    painter.setPen(QPen(_DARK, 2))
    painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
    if include:
        painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))


def _line(
    painter: QPainter, path: QPainterPath, colour: QColor, style: Optional[Qt.PenStyle] = None, width: float = 2.0
) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_DARK, width + 1.5))
    painter.drawPath(path)
    painter.setPen(QPen(colour, width, style or Qt.PenStyle.SolidLine))
    painter.drawPath(path)


def _shape(view: ViewTransform, prompt: ShapePrompt) -> QPainterPath:
    points = prompt.points
    path = QPainterPath(_at(view, (points[0].x, points[0].y)))
    for one, other in zip(points, (*points[1:], points[0])):
        path.cubicTo(
            _at(view, (one.x + one.out_dx, one.y + one.out_dy)),
            _at(view, (other.x + other.in_dx, other.y + other.in_dy)),
            _at(view, (other.x, other.y)),
        )
    return path


def _at(view: ViewTransform, plate_xy: Xy) -> QPointF:
    return QPointF(*view.to_screen(plate_xy))
