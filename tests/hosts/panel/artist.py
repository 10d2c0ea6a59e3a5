"""An artist at a window of the panel: real mouse and key events, and eyes that look until something is so."""

from __future__ import annotations

import gc
import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.plugin.conftest import is_alive

from rotomatte.cli.panel import _read
from rotomatte_hosts.panel.app import Panel, PanelStart
from rotomatte_hosts.panel.main_window import MainWindow
from rotomatte_hosts.panel.session_file import SUFFIX, SavedSession
from rotomatte_plugin.desk_view import DeskSettings

NO_KEYS = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


class Artist:
    """Opens what is read with other settings, the model first of all, and works in the one window that there is."""

    def __init__(self, folder: Path, settings: DeskSettings, patience_ms: int = 30_000) -> None:
        self._settings = settings
        self._patience_ms = patience_ms
        start = PanelStart((), self._read, "0.1", folder / "autosaves", folder / "panel.ini")
        self.panel = Panel(start)

    @property
    def window(self) -> MainWindow:
        window = self.panel.window
        assert isinstance(window, MainWindow)
        return window

    def open(self, path: Path) -> None:
        """Comes back when the plate is seen."""
        self.panel.open(str(path))
        window = self.window
        window.activateWindow()
        self.until(window.isActiveWindow, "the window is active")
        self.until_seen()

    def until_seen(self) -> None:
        window = self.window
        pictures, viewer = window.session.pictures, window.viewer
        self.until(lambda: pictures.picture(viewer.picture_key(window.model.frame)) is not None, "the plate is seen")

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        patience = QDeadlineTimer(self._patience_ms)
        while not is_so():
            if patience.hasExpired():
                window = self.panel.window
                told = (window.session.view, window.messages.text) if isinstance(window, MainWindow) else ()
                pytest.fail(f"it never came to that: {what}; {told}")
            # Waits for events for so long at most, and no longer than until the first.
            QTest.qWait(5)

    def until_idle(self) -> None:
        self.until(lambda: self.window.session.view.phase == "idle", "the desk is idle")

    def click(self, plate_xy: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
        x, y = self.window.viewer.view().to_screen(plate_xy)
        QTest.mouseClick(self.window.viewer, button, NO_KEYS, QPoint(round(x), round(y)))

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEYS, on: QWidget | None = None) -> None:
        QTest.keyClick(on or self.window.viewer, key, modifiers)

    def track(self) -> None:
        self.press(Qt.Key.Key_T, CTRL)
        self.until(lambda: self.window.session.view.phase != "idle", "it tracks")
        self.until_idle()

    def outline(self, name: str = "object_1") -> object:
        return self.window.model.outlines.get((name, self.window.model.frame))

    def until_outline(self, name: str = "object_1") -> None:
        self.until(lambda: bool(self.outline(name)), "an outline is there")

    def kill_engine(self) -> None:
        pid = engine_pid()
        os.kill(pid, signal.SIGKILL)
        self.until(lambda: not is_alive(pid), "the engine is gone")

    def leave(self) -> None:
        if self.panel.window is not None:
            self.panel.window.close()
        QApplication.sendPostedEvents()
        # What a panel sets aside is hidden from others that ask who holds an object, such as Hypothesis.
        gc.unfreeze()

    def _read(self, path: str) -> tuple[SavedSession, ...]:
        found = _read(path)
        if path.endswith(SUFFIX):
            return found
        return tuple(replace(saved, document=replace(saved.document, settings=self._settings)) for saved in found)


def engine_pid() -> int:
    """The process of the engine that the environment names."""
    place = Path(os.environ["XDG_RUNTIME_DIR"]) / "rotomatte" / "engine.json"
    pid = json.loads(place.read_text())["pid"]
    assert isinstance(pid, int)
    return pid
