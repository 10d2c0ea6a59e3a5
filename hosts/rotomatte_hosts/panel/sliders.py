"""A slider with its number: dragged it is one step of undo, a double click on its name puts it back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QWidget


@dataclass(frozen=True)
class Scale:
    """From ``least`` to ``most`` in steps; ``default`` is where a double click puts it."""

    words: str
    least: float
    most: float
    step: float = 1.0
    default: float = 0.0
    unit: str = ""
    tip: str = ""


class _Name(QLabel):
    reset = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's own name
        del event
        self.reset.emit()


class SliderRow(QWidget):
    """``moved`` tells of every value on the way, ``let_go`` that the next one is another step."""

    moved = Signal(float)
    let_go = Signal()

    def __init__(self, scale: Scale) -> None:
        super().__init__()
        self._scale = scale
        name = _Name(scale.words)
        name.setToolTip(f"{scale.tip}\nA double click puts it back to {scale.default:g}.".strip())
        name.reset.connect(self._reset)
        name.setMinimumWidth(name.fontMetrics().horizontalAdvance("Remove specks  "))
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, round((scale.most - scale.least) / scale.step))
        self._slider.setAccessibleName(scale.words)
        self._slider.valueChanged.connect(self._slid)
        self._slider.sliderReleased.connect(self.let_go)
        self._number = QDoubleSpinBox()
        self._number.setRange(scale.least, scale.most)
        self._number.setSingleStep(scale.step)
        self._number.setDecimals(0 if scale.step >= 1 else 1)
        self._number.setSuffix(f" {scale.unit}" if scale.unit else "")
        self._number.setKeyboardTracking(False)
        self._number.setAccessibleName(scale.words)
        self._number.valueChanged.connect(self._typed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(name)
        row.addWidget(self._slider, 1)
        row.addWidget(self._number)
        self.show_value(scale.default)

    @property
    def value(self) -> float:
        """The value that is shown."""
        return self._number.value()

    def show_value(self, value: float) -> None:
        """Show a value without telling of it."""
        with QSignalBlocker(self._slider), QSignalBlocker(self._number):
            self._number.setValue(value)
            self._slider.setValue(round((value - self._scale.least) / self._scale.step))

    def _slid(self, place: int) -> None:
        value = self._scale.least + place * self._scale.step
        with QSignalBlocker(self._number):
            self._number.setValue(value)
        self.moved.emit(value)

    def _typed(self, value: float) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(round((value - self._scale.least) / self._scale.step))
        self.moved.emit(value)
        self.let_go.emit()

    def _reset(self) -> None:
        self.show_value(self._scale.default)
        self.moved.emit(self._scale.default)
        self.let_go.emit()
