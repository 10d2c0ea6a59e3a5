"""The window as it is on a screen of some density, as JSON: python scaled_window.py PLATE FOLDER

How dense the screen is, Qt takes from the environment when a process begins, so this is a process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabWidget,
    QWidget,
)
from tests.hosts.panel.artist import CTRL, Artist

from rotomatte_hosts.panel import theme
from rotomatte_hosts.panel.scrolled_page import ScrolledPage
from rotomatte_plugin.desk_view import DeskSettings

_KINDS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QLineEdit)
_CLICK_XY = (30.5, 20.5)


def _main(plate: Path, folder: Path) -> None:
    application = QApplication([])
    theme.apply(application)
    artist = Artist(folder, DeskSettings(model="disc"))
    artist.open(plate)
    window = artist.window
    window.resize(window.minimumSizeHint())
    artist.click(_CLICK_XY)
    tabs = next(one for one in window.findChildren(QTabWidget) if one.count() == 4)
    cut_off = {}
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        application.processEvents()
        # A page that needs more width than those before makes the window wider.
        artist.until(lambda: window.width() >= window.minimumSizeHint().width(), "the window is wide enough")
        cut_off[tabs.tabText(place)] = [_name(one) for one in window.findChildren(QWidget) if _is_cut_off(one)]
    (point,) = window.model.document.objects[0].item.prompts.points
    artist.press(Qt.Key.Key_Z, CTRL)
    window.viewer.zoom_one()
    artist.until_seen()
    application.processEvents()
    told = {
        "ratio": window.devicePixelRatioF(),
        "least_size": window.minimumSizeHint().toTuple(),
        "cut_off": cut_off,
        "click_xy": (point.x, point.y),
        "row": _middle_row(window.viewer),
    }
    artist.leave()
    sys.stdout.write(json.dumps(told))


def _is_cut_off(widget: QWidget) -> bool:
    """Whether its words or its frame have less room than they need."""
    if not isinstance(widget, _KINDS) or not widget.isVisible():
        return False
    if isinstance(widget.parent(), (QAbstractSpinBox, QComboBox)):
        return False
    needed = widget.minimumSizeHint()
    if isinstance(widget, QLabel):
        is_wrapped = widget.wordWrap()
        needed = QSize(0, widget.heightForWidth(widget.width())) if is_wrapped else widget.sizeHint()
    if widget.width() < needed.width() or widget.height() < needed.height():
        return True
    shown = widget.visibleRegion().boundingRect()
    if any(isinstance(above, ScrolledPage) for above in _above(widget)):
        # It may be out of sight above or below, and is scrolled to.
        return not shown.isEmpty() and shown.width() < widget.width()
    return shown.size() != widget.size()


def _above(widget: QWidget) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, (QAbstractButton, QLabel)) else ""
    return words or widget.accessibleName() or type(widget).__name__


def _middle_row(viewer: QWidget) -> list[int]:
    """Sixteen pixels of the screen in the middle of the viewer, 0..255."""
    image = viewer.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels_hw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    left = image.width() // 2 - 8
    return [int(value) for value in pixels_hw[image.height() // 2, left : left + 16]]


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]))
