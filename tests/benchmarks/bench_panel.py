"""The panel: whether its window stays quick while the engine works beside it.

    xvfb-run -a python tests/benchmarks/bench_panel.py PLATE X Y

PLATE is an HD plate of 24 frames or more, with an object at X, Y. Prints the longest time for which the main thread did
not come back to its events while the bundled model tracked, the time from a click to its outline on the screen with the
frame's features warm (the median of CLICKS), and how many frames a second were painted when all of them were in the
cache. The main thread's own work is told apart from waiting for a core. The machine's load is printed with it: other
programs make every one of these worse.
"""

from __future__ import annotations

import os
import statistics
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

CLICKS, SCRUBBED = 7, 96
BEAT_MS = 5
APART_PX = 40
"""Farther than the reach of a click that takes hold of a prompt."""
LONGEST_WAIT_S = 300


def wait(is_so: Callable[[], bool]) -> None:
    """Let the window live until then, asleep where nothing happens: a loop that spins would take a core from the engine."""
    until_s = time.perf_counter() + LONGEST_WAIT_S
    alarm = QTimer()
    alarm.start(BEAT_MS)
    while not is_so():
        if time.perf_counter() > until_s:
            raise TimeoutError("it never came to that")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    alarm.stop()


class Beat:
    """A timer that notes by how much it came late, and how long the main thread itself had computed meanwhile."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []
        self.own_ms: list[float] = []
        self._last_s, self._own_s = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def _beat(self) -> None:
        now_s, own_s = time.perf_counter(), time.thread_time()
        self.late_ms.append((now_s - self._last_s) * 1000 - BEAT_MS)
        self.own_ms.append((own_s - self._own_s) * 1000)
        self._last_s, self._own_s = now_s, own_s

    def stop(self) -> None:
        """Note no more."""
        self._timer.stop()


def click(window: MainWindow, x: float, y: float) -> float:
    """Seconds from a click to its outline."""
    model = window.model
    before = model.document
    model.outlines.clear()
    at = QPoint(*(round(value) for value in window.viewer.view().to_screen((x, y))))
    started_s = time.perf_counter()
    QTest.mouseClick(window.viewer, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    if model.document == before:
        raise ValueError(f"the click at {x}, {y} took hold of another prompt: no new one was made")
    wait(lambda: bool(model.outlines))
    window.viewer.repaint()
    return time.perf_counter() - started_s


def scrub(window: MainWindow) -> float:
    """Frames painted a second, all of them cached."""
    model, viewer, pictures = window.model, window.viewer, window.session.pictures
    frames = range(model.frames.first, min(model.frames.last, model.frames.first + SCRUBBED - 1) + 1)
    wait(lambda: set(frames) <= pictures.frames(viewer.picture_key(model.frame)))
    started_s = time.perf_counter()
    for frame in frames:
        model.go_to(frame)
        viewer.repaint()
        QApplication.processEvents()
    return len(frames) / (time.perf_counter() - started_s)


def measure(plate: str, x: float, y: float, folder: Path) -> None:
    """Print all figures."""
    application = QApplication.instance() or QApplication([])
    if not isinstance(application, QApplication):
        raise TypeError("another kind of application is running in this process")
    theme.apply(application)
    panel = Panel(PanelStart((), _read, "bench", folder / "autosaves", folder / "panel.ini"))
    panel.open(plate)
    window = panel.window
    if not isinstance(window, MainWindow):
        raise TypeError(f"{plate} was not opened")
    window.showMaximized()
    wait(lambda: window.session.view.opened is not None and window.session.plate is not None)
    say(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; plate {plate}")
    say(f"first click, the model still to be loaded: {click(window, x, y):.2f} s")
    warm_ms = [1000 * click(window, x + APART_PX * (number + 1), y) for number in range(CLICKS)]
    say(f"click to outline, warm: median {statistics.median(warm_ms):.0f} ms, worst {max(warm_ms):.0f} ms (bar 200)")
    say(f"scrubbing cached frames, plate alone: {scrub(window):.0f} a second (bar 24)")
    beat = Beat()
    window.session.track("both")
    wait(lambda: window.session.view.phase == "idle")
    beat.stop()
    error = window.session.view.error
    if error is not None:
        raise error
    late = sorted(beat.late_ms)
    most = late[len(late) * 99 // 100]
    say(f"main thread late while tracking: longest {late[-1]:.0f} ms, 99 of 100 below {most:.0f} ms (bar 50)")
    say(f"of that the main thread's own work between two looks at its events: at most {max(beat.own_ms):.0f} ms")
    window.model.go_to(window.model.frames.first)
    say(f"scrubbing cached frames with mattes over them: {scrub(window):.0f} a second")
    window.close()


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure in a user's session of its own."""
    with tempfile.TemporaryDirectory() as name:
        os.environ.update(XDG_RUNTIME_DIR=name, XDG_STATE_HOME=name, ROTOMATTE_ENGINE=sys.executable)
        try:
            measure(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), Path(name))
        finally:
            stop_engine(runtime_folder(os.environ), 30)


if __name__ == "__main__":
    main()
