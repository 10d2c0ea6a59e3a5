"""What stands beside the plate: lists, and pages of controls below them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QWidget

from rotomatte_hosts.panel.scrolled_page import ScrolledPage

_LISTS_TO_PAGES = (1, 4)
"""How the height is shared."""


class SideDocks:
    """Docks on the right of a window; ``lists`` and ``pages`` come with their names."""

    def __init__(
        self, window: QMainWindow, lists: Sequence[tuple[str, QWidget]], pages: Sequence[tuple[str, QWidget]]
    ) -> None:
        self._window = window
        self._tabs = QTabWidget()
        self._pages = [page for _, page in pages]
        for name, page in pages:
            self._tabs.addTab(ScrolledPage(page), name)
        docks = [self._dock(name, widget) for name, widget in (*lists, ("Mattes", self._tabs))]
        least, most = _LISTS_TO_PAGES
        window.resizeDocks(docks, [least] * len(lists) + [most], Qt.Orientation.Vertical)

    def turn_to(self, page: QWidget) -> None:
        """Show a page."""
        self._tabs.setCurrentIndex(self._pages.index(page))

    def _dock(self, name: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(name, self._window)
        dock.setObjectName(name)
        dock.setWidget(widget)
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        return dock
