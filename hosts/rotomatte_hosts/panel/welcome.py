"""What stands where the plate will be: how the first matte is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

STEPS = (
    "<b>1. Open a plate.</b> An image sequence or a movie: with the button, or drop it here.",
    "<b>2. Click on what is to be cut out.</b> Its outline appears at once; right-click on what should not be in it.",
    "<b>3. Press Write mattes.</b> What is not tracked yet is tracked first.",
)

_LINE_LETTERS = 80


class Welcome(QWidget):
    """Three steps, what was open lately, and what a panel that ended left behind."""

    wants_open = Signal(str)
    """A path to open, empty to be asked for one."""

    def __init__(self, recent: Sequence[str], left_behind: Sequence[Path]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.setSpacing(12)
        title = QLabel("<h2>The first matte</h2>")
        column.addWidget(title)
        for step in STEPS:
            line = QLabel(step)
            line.setWordWrap(True)
            line.setFixedWidth(line.fontMetrics().averageCharWidth() * _LINE_LETTERS)
            column.addWidget(line)
        open_plate = QPushButton("Open a plate \N{HORIZONTAL ELLIPSIS}")
        open_plate.clicked.connect(lambda: self.wants_open.emit(""))
        column.addWidget(open_plate, alignment=Qt.AlignmentFlag.AlignLeft)
        if left_behind:
            column.addSpacing(12)
            column.addWidget(QLabel("Not saved when the panel ended:"))
            self._offer(column, [str(path) for path in left_behind], "Recover")
        if recent:
            column.addSpacing(12)
            column.addWidget(QLabel("Open lately:"))
            self._offer(column, recent, "Open")

    def _offer(self, column: QVBoxLayout, paths: Sequence[str], verb: str) -> None:
        for path in paths[:5]:
            button = QPushButton(f"{verb} {Path(path).name}")
            button.setToolTip(path)
            button.setAccessibleName(f"{verb} {path}")
            button.clicked.connect(lambda _=False, path=path: self.wants_open.emit(path))
            column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
