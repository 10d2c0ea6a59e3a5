"""The way back from a thread to the main one: a queue that a timer empties.

Signals across threads that Python has made would do so too, but PySide6 has crashed on them in several versions.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 8


class Inbox(QObject):
    """``put`` may be called from any thread, all else belongs to the main one. It looks only while something is due."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._is_due: Callable[[], bool] = lambda: False

    def expect(self, is_due: Callable[[], bool]) -> None:
        """Look until ``is_due`` says that nothing more will come."""
        self._is_due = is_due
        self._timer.start()

    def put(self, step: Callable[[], None]) -> None:
        """Have a step done on the main thread."""
        self._steps.put(step)

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _look(self) -> None:
        # Asked first: what comes between the two is met at the next look.
        is_due = self._is_due()
        with suppress(queue.Empty):
            while True:
                self._steps.get_nowait()()
        if not is_due and self._steps.empty():
            self._timer.stop()
