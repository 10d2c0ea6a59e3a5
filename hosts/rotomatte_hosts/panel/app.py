"""The panel as a program: from what is to be opened to windows, and back to an exit code."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow

from rotomatte_hosts.panel import theme
from rotomatte_hosts.panel.autosave import Autosave, left_behind
from rotomatte_hosts.panel.handover_add import AddsToHost
from rotomatte_hosts.panel.main_window import MainWindow
from rotomatte_hosts.panel.message_bar import MessageBar
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.session import PanelSession
from rotomatte_hosts.panel.session_file import SavedSession
from rotomatte_hosts.panel.shots_window import ShotsWindow
from rotomatte_hosts.panel.welcome import Welcome
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.handover import Handover

_RECENT_KEY, _MOST_RECENT = "recent", 8

Read = Callable[[str], tuple[SavedSession, ...]]
"""What a path means: a session of a plate, of a job or a saved one; several, one a shot, of an edit."""


@dataclass(frozen=True)
class PanelStart:
    """What to begin with.

    ``paths`` are opened, none of them: the welcome page. ``read`` says what a path means, ``version`` is Rotomatte's.
    ``autosaves`` is a folder of the user's own, ``settings`` a file that keeps what lasts, such as the window's place.
    ``handover`` is what a host handed over, whose job is then what is opened; None where the panel was started by hand.
    """

    paths: tuple[str, ...]
    read: Read
    version: str
    autosaves: Path
    settings: Path
    handover: Optional[Handover] = None


@dataclass
class Panel:
    """The windows that are open, one at a time: another clip takes the place of the one before."""

    start: PanelStart
    window: Optional[QMainWindow] = None
    shots: Optional[ShotsWindow] = None
    settings: QSettings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = QSettings(str(self.start.settings), QSettings.Format.IniFormat)
        # Some libraries complain at the end of what was set aside.
        atexit.register(gc.unfreeze)

    def welcome(self) -> None:
        """Show how to begin."""
        page = Welcome(self._recent(), left_behind(self.start.autosaves))
        page.wants_open.connect(self.open)
        window = WelcomeWindow(page)
        self._show(window)

    def open(self, path: str) -> None:
        """Open a path, empty: ask for one. What cannot be opened is told, and what is open stays."""
        path = path or self._asked_for()
        if not path:
            return
        try:
            found = self.start.read(path)
        except RotomatteError as error:
            self._tell(error)
            return
        handover = self.start.handover
        is_handed = handover is not None and path == str(handover.job_path)
        left = left_behind(self.start.autosaves) if is_handed else ()
        if not is_handed:
            self._remember(path)
        if len(found) > 1:
            self.shots = ShotsWindow(found)
            self.shots.chosen.connect(lambda chosen: self.open_session(chosen, path))
            self.shots.show()
            self.shots.activateWindow()
            return
        window = self.open_session(found[0], path)
        if left:
            words = "This clip was worked on in the panel before, and not all of it was added."
            window.messages.note(words, "Open what was left", lambda: self.open(str(left[0].path)))

    def open_session(self, saved: SavedSession, path: str) -> MainWindow:
        """Open a session in a window of its own."""
        model = PanelModel(saved.document, saved.frame)
        name = f"Rotomatte panel {self.start.version}"
        session = PanelSession(
            model,
            EngineClient(name),
            EngineClient(f"{name}, plates"),
            Autosave(self.start.autosaves),
            self.start.version,
        )
        was_left = Path(path).parent == self.start.autosaves
        if saved.path is not None:
            session.path = Path(saved.path)
        if was_left:
            session.recovered_from(Path(path))
        window = MainWindow(session)
        window.wants_open.connect(self.open)
        handover = self.start.handover
        if handover is not None and (was_left or path == str(handover.job_path)):
            AddsToHost(window, handover, handover.read_job())
        self._show(window)
        _set_aside()
        session.open()
        return window

    def _show(self, window: QMainWindow) -> None:
        before, self.window = self.window, window
        if before is not None:
            window.restoreGeometry(before.saveGeometry())
            before.close()
        elif (place := self.settings.value("geometry")) is not None:
            window.restoreGeometry(place)
        window.show()

    def keep_place(self) -> None:
        """Begin there the next time."""
        if self.window is not None:
            self.settings.setValue("geometry", self.window.saveGeometry())
        self.settings.sync()

    def _asked_for(self) -> str:
        chosen, _ = QFileDialog.getOpenFileName(self.window, "Open a plate, a job, a session or an edit")
        return chosen

    def _tell(self, error: RotomatteError) -> None:
        window = self.window
        if isinstance(window, (MainWindow, WelcomeWindow)):
            window.messages.tell(error)

    def _recent(self) -> list[str]:
        kept = self.settings.value(_RECENT_KEY) or []
        return [kept] if isinstance(kept, str) else [str(path) for path in kept]

    def _remember(self, path: str) -> None:
        others = [known for known in self._recent() if known != path]
        self.settings.setValue(_RECENT_KEY, [path, *others][:_MOST_RECENT])


def open_panel(start: PanelStart) -> int:
    """Show the panel until it is closed; gives the exit code.

    Raises:
        RotomatteError: the path cannot be opened.
    """
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise TypeError("another kind of application is running in this process")
    application.setApplicationName("Rotomatte")
    theme.apply(application)
    panel = Panel(start)
    for path in start.paths:
        start.read(path)
    panel.welcome()
    for path in start.paths:
        panel.open(path)
    application.aboutToQuit.connect(panel.keep_place)
    return application.exec()


def _set_aside() -> None:
    """Have no later collection look at what is there now.

    A whole one looks at all that was ever imported, during which the window stands still for up to 100 ms. What is left
    of the clip before goes first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def default_folders() -> tuple[Path, Path]:
    """Where autosaves and settings lie by this system's custom."""
    places = QStandardPaths.StandardLocation
    data = QStandardPaths.writableLocation(places.GenericDataLocation)
    config = QStandardPaths.writableLocation(places.GenericConfigLocation)
    return Path(data) / "rotomatte" / "panel", Path(config) / "rotomatte" / "panel.ini"


class WelcomeWindow(QMainWindow):
    """The window before anything is open."""

    def __init__(self, page: Welcome) -> None:
        super().__init__()
        self.messages = MessageBar()
        self.page = page
        self.setWindowTitle("Rotomatte")
        self.setMenuWidget(self.messages)
        self.setCentralWidget(page)
        self.setAcceptDrops(True)
        self.resize(1280, 800)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's own name
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        for url in event.mimeData().urls()[:1]:
            self.page.wants_open.emit(url.toLocalFile())
