"""The pictures of docs/panel.md: the window in its main states, with the bundled model on a real clip.

    xvfb-run -a python tests/benchmarks/pictures_panel.py PLATE X Y [OUT]

PLATE has an object at X, Y on its first frame; OUT (``docs``) gets panel-welcome.png, panel-click.png, panel-tracked.png,
panel-checker.png and panel-find.png.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rotomatte.cli.panel import _read
from rotomatte.engine.stop import stop_engine
from rotomatte_hosts.panel import theme
from rotomatte_hosts.panel.app import Panel, PanelStart
from rotomatte_hosts.panel.main_window import MainWindow
from rotomatte_plugin.locate import runtime_folder

FRAMES = 12
WORK_S = 300
SIZE = 1280, 800


def wait(is_so: Callable[[], bool]) -> None:
    """Let the window live until then, asleep where nothing happens: a loop that spins would take a core from the engine."""
    until_s = time.perf_counter() + WORK_S
    alarm = QTimer()
    alarm.start(20)
    while not is_so():
        if time.perf_counter() > until_s:
            raise TimeoutError("it never came to that")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    alarm.stop()


def take(plate: str, x: float, y: float, folder: Path, out: Path) -> None:
    """Make all pictures."""
    application = QApplication.instance() or QApplication([])
    if not isinstance(application, QApplication):
        raise TypeError("another kind of application is running in this process")
    theme.apply(application)
    panel = Panel(PanelStart((), _read, "", folder / "autosaves", folder / "panel.ini"))
    panel.welcome()
    keep(panel, out / "panel-welcome.png")
    panel.open(plate)
    window = panel.window
    if not isinstance(window, MainWindow):
        raise TypeError(f"{plate} was not opened")
    window.resize(*SIZE)
    model, session, viewer = window.model, window.session, window.viewer
    wait(lambda: session.view.opened is not None and session.plate is not None)
    model.go_to(model.frames.first + FRAMES - 1)
    window.actions_by_id["set_out"].trigger()
    model.go_to(model.frames.first)
    wait(lambda: session.pictures.picture(viewer.picture_key(model.frame)) is not None)
    at = QPoint(*(round(value) for value in viewer.view().to_screen((x, y))))
    QTest.mouseClick(viewer, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    wait(lambda: bool(model.outlines) and session.view.phase == "idle")
    keep(panel, out / "panel-click.png")
    session.track("both")
    wait(lambda: session.view.phase == "idle" and bool(session.tracked.objects))
    model.go_to(model.frames.first + FRAMES // 2)
    wait(lambda: all(session.pictures.matte(key) is not None for key, _ in viewer.matte_keys(model.frame)))
    wait(lambda: session.pictures.picture(viewer.picture_key(model.frame)) is not None)
    keep(panel, out / "panel-tracked.png")
    window.actions_by_id["look_checker"].trigger()
    keep(panel, out / "panel-checker.png")
    window.actions_by_id["look_overlay"].trigger()
    model.go_to(model.frames.first)
    window.actions_by_id["find_everything"].trigger()
    wait(lambda: bool(session.view.finds.on_frames) and session.view.phase == "idle")
    for find in session.view.finds.on_frames[0].objects[:2]:
        window.finding.toggle(find.id)
    keep(panel, out / "panel-find.png")
    window.close()


def keep(panel: Panel, path: Path) -> None:
    """Keep the window as it is."""
    QApplication.processEvents()
    if panel.window is not None and not panel.window.grab().save(str(path)):
        raise OSError(f"{path} cannot be written")


def main() -> None:
    """Work in a user's session of its own."""
    out = Path(sys.argv[4]) if len(sys.argv) > 4 else Path(__file__).parents[2] / "docs"
    with tempfile.TemporaryDirectory() as name:
        os.environ.update(XDG_RUNTIME_DIR=name, XDG_STATE_HOME=name, ROTOMATTE_ENGINE=sys.executable)
        try:
            take(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), Path(name), out)
        finally:
            stop_engine(runtime_folder(os.environ), 30)


if __name__ == "__main__":
    main()
