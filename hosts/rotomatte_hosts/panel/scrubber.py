"""The scrubber: playhead, in and out point, and below it a lane an object."""

from __future__ import annotations

from typing import Optional

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from rotomatte_hosts.panel.lanes import Lane, LaneState
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.paint_prompts import object_colour

_RULER_EM, _LANE_EM = 1.6, 0.9
_MOST_LANES = 8
_CACHED = QColor(120, 120, 120)
_WORDS: dict[Optional[LaneState], str] = {
    None: "not tracked",
    "tracked": "tracked",
    "uncertain": "uncertain",
    "lost": "lost",
}


class Scrubber(QWidget):
    """Goes where it is pressed or dragged. Lanes: bright is tracked, hatched uncertain, hollow lost, a diamond a prompt."""

    def __init__(self, model: PanelModel) -> None:
        super().__init__()
        self._model = model
        self._lanes: tuple[Lane, ...] = ()
        self._cached: frozenset[int] = frozenset()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Scrubber")
        model.changed.connect(self.update)
        model.frame_changed.connect(lambda _: self.update())
        model.frames_changed.connect(self.update)

    def show_lanes(self, lanes: tuple[Lane, ...]) -> None:
        """Show what is known of the objects, in their order."""
        if len(lanes) != len(self._lanes):
            self.updateGeometry()
        self._lanes = lanes
        self.update()

    def show_cached(self, frames: frozenset[int]) -> None:
        """Mark the frames that can be played at speed."""
        self._cached = frames
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's own name
        em = self.fontMetrics().height()
        lanes = max(1, min(len(self._lanes), _MOST_LANES))
        return QSize(600, round(em * (_RULER_EM + _LANE_EM * lanes + 0.5)))

    def frame_at(self, x: float) -> int:
        """The frame whose cell is at that place, or the nearest."""
        frames = self._model.frames
        return min(max(frames.first + int(x / self._cell()), frames.first), frames.last)

    def x_of(self, frame: int) -> float:
        """Where a frame's cell begins."""
        return (frame - self._model.frames.first) * self._cell()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton:
            self._model.go_to(self.frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._model.go_to(self.frame_at(event.position().x()))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            frame = self.frame_at(event.pos().x())
            told = [f"{lane.name}: {_WORDS[lane.state_at(frame)]}" for lane in self._lanes]
            QToolTip.showText(event.globalPos(), "\n".join([f"Frame {frame}", *told]), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        del event
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        em = self.fontMetrics().height()
        ruler = em * _RULER_EM
        self._paint_ruler(painter, ruler)
        colours = {held.name: object_colour(held.colour) for held in self._model.document.objects}
        for place, lane in enumerate(self._lanes[:_MOST_LANES]):
            top = ruler + place * em * _LANE_EM
            self._paint_lane(painter, lane, QRectF(0, top + 1, self.width(), em * _LANE_EM - 2), colours)
        self._paint_playhead(painter)

    def _paint_ruler(self, painter: QPainter, height: float) -> None:
        frames, cell = self._model.frames, self._cell()
        working = self._model.document.working
        if working is not None:
            inside = QRectF(self.x_of(working.first), 0, len(working) * cell, height)
            painter.fillRect(inside, self.palette().color(QPalette.ColorRole.Midlight))
        for frame in self._cached:
            painter.fillRect(QRectF(self.x_of(frame), height - 3, cell + 0.5, 2), _CACHED)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        step = _label_step(len(frames), self.width() / max(1, self.fontMetrics().horizontalAdvance("000000")))
        for frame in range(frames.first + -frames.first % step, frames.last + 1, step):
            x = self.x_of(frame) + cell / 2
            painter.drawLine(QPointF(x, height - 6), QPointF(x, height - 1))
            painter.drawText(QPointF(x + 3, height - 7), str(frame))

    def _paint_lane(self, painter: QPainter, lane: Lane, place: QRectF, colours: dict[str, QColor]) -> None:
        colour = colours.get(lane.name, QColor(150, 150, 150))
        painter.fillRect(place, self.palette().color(QPalette.ColorRole.Base))
        cell = self._cell()
        for run, state in lane.runs:
            box = QRectF(self.x_of(run.first), place.top(), len(run) * cell, place.height())
            if state == "tracked":
                painter.fillRect(box, colour)
            elif state == "uncertain":
                painter.fillRect(box, colour.darker(220))
                painter.fillRect(box, Qt.BrushStyle.BDiagPattern)
            else:
                painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(QPen(QColor(0, 0, 0), 1))
        painter.setBrush(QColor(255, 255, 255))
        for frame in lane.prompted:
            centre, reach = QPointF(self.x_of(frame) + cell / 2, place.center().y()), place.height() / 2
            corners = [QPointF(0, -reach), QPointF(reach, 0), QPointF(0, reach), QPointF(-reach, 0)]
            painter.drawPolygon(QPolygonF([centre + corner for corner in corners]))

    def _paint_playhead(self, painter: QPainter) -> None:
        x, cell = self.x_of(self._model.frame), max(1.0, self._cell())
        painter.fillRect(QRectF(x, 0, cell, self.height()), QColor(255, 255, 255, 70))
        painter.setPen(QPen(QColor(255, 255, 255), 1.5))
        painter.drawLine(QPointF(x + cell / 2, 0), QPointF(x + cell / 2, self.height()))

    def _cell(self) -> float:
        return self.width() / len(self._model.frames)


def _label_step(count: int, room: float) -> int:
    """Every how many frames a number fits: 1, 2, 5, 10, 20 and so on."""
    least, power = count / max(1.0, room), 1
    while True:
        for step in (1, 2, 5):
            if step * power >= least:
                return step * power
        power *= 10
