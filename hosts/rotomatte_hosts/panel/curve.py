"""How sure the model is of the active object, and how large that is, frame by frame below the lanes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.model import FrameScore

_SCORE, _AREA = QColor(240, 228, 66), QColor(86, 180, 233)
_MOST_SCORE = 10.0
_HEIGHT_EM = 2.6

Scores = Mapping[int, FrameScore]


class Curve(QWidget):
    """Yellow: the object's score, the dashed line is where it counts as lost; blue: its area, of the largest one."""

    def __init__(self, model: PanelModel) -> None:
        super().__init__()
        self._model = model
        self._scores: Mapping[str, Scores] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Score and area")
        self.setToolTip("Yellow: how sure the model is; below the dashed line it is lost. Blue: area.")
        model.changed.connect(self.update)
        model.frame_changed.connect(lambda _: self.update())
        model.frames_changed.connect(self.update)

    def show_scores(self, scores: Mapping[str, Scores]) -> None:
        """Show what is known, by object and frame."""
        self._scores = scores
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's own name
        return QSize(600, round(self.fontMetrics().height() * _HEIGHT_EM))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._go_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        del event
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        scores = self._scores.get(self._model.document.active or "", {})
        painter.setPen(QPen(QColor(150, 150, 150), 1, Qt.PenStyle.DashLine))
        middle = self.height() / 2
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
        if scores:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            most = max(score.area_px for score in scores.values()) or 1.0
            self._line(painter, _AREA, {frame: score.area_px / most for frame, score in scores.items()})
            self._line(painter, _SCORE, {frame: height(score.object_score) for frame, score in scores.items()})
        x = (self._model.frame - self._model.frames.first + 0.5) * self._cell()
        painter.setPen(QPen(QColor(255, 255, 255), 1.5))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def _line(self, painter: QPainter, colour: QColor, values: Mapping[int, float]) -> None:
        painter.setPen(QPen(colour, 1.5))
        run: list[QPointF] = []
        before = None
        for frame in sorted(values):
            if before is not None and frame != before + 1:
                painter.drawPolyline(QPolygonF(run))
                run = []
            x = (frame - self._model.frames.first + 0.5) * self._cell()
            run.append(QPointF(x, (1 - values[frame]) * (self.height() - 4) + 2))
            before = frame
        painter.drawPolyline(QPolygonF(run)) if len(run) > 1 else painter.drawPoints(QPolygonF(run))

    def _go_to(self, event: QMouseEvent) -> None:
        self._model.go_to(self._model.frames.first + int(event.position().x() / self._cell()))

    def _cell(self) -> float:
        return self.width() / len(self._model.frames)


def height(object_score: float) -> float:
    """Where a score is drawn, 0 at the bottom to 1: the middle is where an object counts as lost."""
    return 0.5 + 0.5 * min(max(object_score / _MOST_SCORE, -1.0), 1.0)
