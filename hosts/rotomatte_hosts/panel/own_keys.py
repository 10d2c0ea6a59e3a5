"""Keys that a widget needs for itself while it has the keyboard, though the window has them for a command."""

from __future__ import annotations

from typing import Optional

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QWidget

_ALONG = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End})


def is_own_key(widget: Optional[QWidget], key: int) -> bool:
    """Whether a key is for this widget rather than for a command.

    Arrows move a slider, Space presses a button, Return ends what is typed.
    """
    if isinstance(widget, QLineEdit):
        return key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    if isinstance(widget, QAbstractSlider):
        return key in _ALONG
    return isinstance(widget, (QAbstractButton, QComboBox)) and key == Qt.Key.Key_Space


def take_keyboard_by_tab_only(window: QWidget) -> None:
    """Give sliders and buttons the keyboard by Tab, not by the mouse: after a click Space plays and arrows step."""
    for kind in (QAbstractButton, QAbstractSlider):
        for widget in window.findChildren(kind):
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
