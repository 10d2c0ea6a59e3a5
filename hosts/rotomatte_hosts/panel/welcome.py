"""What stands where the plate will be: how the first matte is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from rotomatte_hosts.panel.autosave import LeftBehind

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

    def __init__(self, recent: Sequence[str], left_behind: Sequence[LeftBehind]) -> None:
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
            self._offer(column, [(f"Recover {_words(left)}", str(left.path)) for left in left_behind])
        if recent:
            column.addSpacing(12)
            column.addWidget(QLabel("Open lately:"))
            self._offer(column, [(f"Open {Path(path).name}", path) for path in recent])

    def _offer(self, column: QVBoxLayout, offers: Sequence[tuple[str, str]]) -> None:
        for words, path in offers[:5]:
            button = QPushButton(words)
            button.setToolTip(path)
            button.setAccessibleName(f"{words}, {path}")
            button.clicked.connect(lambda _=False, path=path: self.wants_open.emit(path))
            column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)


def _words(left: LeftBehind) -> str:
    document = left.saved.document
    clip = document.clip.clip
    names = ", ".join(held.name for held in document.objects) or "no objects"
    kept = QLocale().toString(QDateTime.fromSecsSinceEpoch(int(left.at_s)), QLocale.FormatType.ShortFormat)
    return f"{clip.name or Path(clip.plate.path).name}: {names}, {kept}"
