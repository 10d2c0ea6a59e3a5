"""How the panel looks: neutral greys without a tint, since artists judge colours beside it, and text that is easy to read."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

_GREYS: dict[QPalette.ColorRole, int] = {
    QPalette.ColorRole.Window: 52,
    QPalette.ColorRole.WindowText: 225,
    QPalette.ColorRole.Base: 36,
    QPalette.ColorRole.AlternateBase: 44,
    QPalette.ColorRole.Text: 225,
    QPalette.ColorRole.PlaceholderText: 150,
    QPalette.ColorRole.Button: 66,
    QPalette.ColorRole.ButtonText: 230,
    QPalette.ColorRole.BrightText: 255,
    QPalette.ColorRole.Light: 92,
    QPalette.ColorRole.Midlight: 80,
    QPalette.ColorRole.Mid: 44,
    QPalette.ColorRole.Dark: 30,
    QPalette.ColorRole.Shadow: 16,
    QPalette.ColorRole.ToolTipBase: 24,
    QPalette.ColorRole.ToolTipText: 230,
    QPalette.ColorRole.Highlight: 110,
    QPalette.ColorRole.HighlightedText: 255,
}
_DISABLED = 128
_TEXTS = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def palette() -> QPalette:
    """Greys for all that is not a plate."""
    made = QPalette()
    for role, grey in _GREYS.items():
        made.setColor(role, QColor(grey, grey, grey))
    for role in _TEXTS:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(_DISABLED, _DISABLED, _DISABLED))
    return made


def apply(application: QApplication) -> None:
    """Let a whole application look like this, whatever the desktop."""
    application.setStyle(QStyleFactory.create("Fusion"))
    application.setPalette(palette())
    application.setStyleSheet("QToolTip { padding: 3px; } *:focus { outline: 1px solid #ddd; }")
