"""All keys on one page, under ``?``."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from rotomatte_hosts.panel.shortcuts import COMMANDS

MOUSE = (
    ("Click", "This belongs to the object."),
    ("Right click, Ctrl+click", "This does not."),
    ("Drag", "A box around the object; with the scribble, a stroke."),
    ("Drag a prompt", "Moves it; a corner of a box moves alone."),
    ("Shift, and move", "What a click here would give, before it is made."),
    ("Middle drag, Alt+drag", "Moves the view."),
    ("Wheel", "Closer and farther."),
    ("Double click on a slider's name", "Puts it back."),
)


class KeysPage(QDialog):
    """Stays open beside the work."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setModal(False)
        page = QTextBrowser()
        page.setHtml(as_html())
        column = QVBoxLayout(self)
        column.addWidget(page)
        self.resize(520, 640)


def as_html() -> str:
    """The page: the mouse, then a table a menu."""
    parts = [_table("Mouse", MOUSE)]
    for group in dict.fromkeys(item.group for item in COMMANDS):
        rows = [
            (", ".join(_native(key) for key in item.keys), f"{item.words}. {item.tip}".strip())
            for item in COMMANDS
            if item.group == group and item.keys
        ]
        parts.append(_table(group, rows))
    return "".join(parts)


def _table(heading: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = "".join(
        f"<tr><td><b>{escape(keys)}</b>&nbsp;&nbsp;</td><td>{escape(words)}</td></tr>" for keys, words in rows
    )
    return f"<h3>{escape(heading)}</h3><table>{lines}</table>"


def _native(key: str) -> str:
    sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)
