"""One line for what is to be said, with a button for the way on: never a dialog that stops work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.status import sentences

_ERROR = QColor(110, 48, 30)
_NOTE = QColor(40, 64, 88)


class MessageBar(QWidget):
    """An error stays until it is dismissed or another thing is said; a note as well, but an error takes its place."""

    def __init__(self) -> None:
        super().__init__()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._way_on = QPushButton()
        self._way_on.clicked.connect(self._go_on)
        self._act: Optional[Callable[[], None]] = None
        close = QPushButton("Dismiss")
        close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.addWidget(self._text, 1)
        row.addWidget(self._way_on)
        row.addWidget(close)
        self.setAutoFillBackground(True)
        self.setAccessibleName("Message")
        self.hide()

    @property
    def text(self) -> str:
        """What is being said, empty where nothing is."""
        return "" if self.isHidden() else self._text.text()

    def tell(self, error: RotomatteError, words: str = "", act: Optional[Callable[[], None]] = None) -> None:
        """Say what went wrong and what helps; ``words`` is on a button that does it."""
        self._show(sentences(error), _ERROR, words, act)

    def note(self, sentence: str, words: str = "", act: Optional[Callable[[], None]] = None) -> None:
        """Say something; ``words`` is on a button that goes on from there."""
        self._show(sentence, _NOTE, words, act)

    def dismiss(self) -> None:
        """It was read."""
        self._act = None
        self.hide()

    def _show(self, text: str, colour: QColor, words: str, act: Optional[Callable[[], None]]) -> None:
        self._text.setText(text)
        self._act = act
        self._way_on.setText(words)
        self._way_on.setVisible(act is not None)
        shown = self.palette()
        shown.setColor(QPalette.ColorRole.Window, colour)
        self.setPalette(shown)
        self.show()

    def _go_on(self) -> None:
        act = self._act
        self.dismiss()
        if act is not None:
            act()
