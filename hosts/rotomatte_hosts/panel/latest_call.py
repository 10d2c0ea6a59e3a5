"""Calls of which only the latest counts, in a thread of their own: what the mouse asks for while it moves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Optional

from PySide6.QtCore import QObject, Qt, Signal

from rotomatte_plugin.worker import as_rotomatte_error

Call = Callable[[], object]


class LatestCall(QObject):
    """``ask`` never waits; an answer comes on the main thread, and none for a call that another one overtook."""

    answered = Signal(object)
    failed = Signal(object)
    """A RotomatteError."""
    _came = Signal(int, object, object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._call: Optional[Call] = None
        self._number = 0
        self._is_closed = False
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._thread.start()

    def ask(self, call: Call) -> None:
        """Do this next, in place of what has not begun yet."""
        with self._changed:
            self._number += 1
            self._call = call
            self._changed.notify()

    def forget(self) -> None:
        """No answer is wanted any more."""
        with self._changed:
            self._number += 1
            self._call = None

    def close(self) -> None:
        """Do nothing any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _live(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._call is not None or self._is_closed)
                call, number, self._call = self._call, self._number, None
            if self._is_closed or call is None:
                return
            try:
                answer, error = call(), None
            except Exception as raised:  # noqa: BLE001 - the thread must go on
                answer, error = None, as_rotomatte_error(raised)
            self._came.emit(number, answer, error)

    def _take(self, number: int, answer: object, error: object) -> None:
        if number != self._number or self._is_closed:
            return
        if error is None:
            self.answered.emit(answer)
        else:
            self.failed.emit(error)
