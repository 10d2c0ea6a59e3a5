"""The shots of an edit, to be opened one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QVBoxLayout, QWidget

from rotomatte_hosts.panel.session_file import SavedSession


class ShotsWindow(QWidget):
    """A list beside the panel's window, which stays: Enter or a double click opens a shot in the place of the one before."""

    chosen = Signal(object)
    """A ``SavedSession``."""

    def __init__(self, shots: Sequence[SavedSession]) -> None:
        super().__init__()
        self._shots = tuple(shots)
        self.setWindowTitle("Shots of the edit - Rotomatte")
        self.list = QListWidget()
        self.list.setAccessibleName("Shots")
        for shot in self._shots:
            clip = shot.document.clip.clip
            self.list.addItem(f"{clip.name}  ({clip.frames})" if clip.frames is not None else clip.name)
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _: self._choose())
        column = QVBoxLayout(self)
        column.addWidget(QLabel("Enter or a double click opens a shot."))
        column.addWidget(self.list)
        # It goes with the panel's last window.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.resize(360, 400)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self) -> None:
        self.chosen.emit(self._shots[self.list.currentRow()])
