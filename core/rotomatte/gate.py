"""Lets a thread follow another one's progress."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition


class Gate:
    """Where one thread waits for something that another one is doing.

    The working thread calls ``look`` after each step, ``open`` when everything is done, or ``shut`` when it gives up.
    """

    def __init__(self) -> None:
        self._condition = Condition()
        self._is_open = False
        self._is_shut = False

    def look(self) -> None:
        """Let waiting threads look whether it is time."""
        with self._condition:
            self._condition.notify_all()

    def open(self) -> None:
        """Nobody need wait any longer."""
        with self._condition:
            self._is_open = True
            self._condition.notify_all()

    def shut(self) -> None:
        """What is waited for will never come; without effect once the gate is open."""
        with self._condition:
            self._is_shut = True
            self._condition.notify_all()

    def wait(self, is_time: Callable[[], bool]) -> bool:
        """Wait until it is time or the gate is open; False where it was shut instead."""
        with self._condition:
            self._condition.wait_for(lambda: self._is_open or self._is_shut or is_time())
            return self._is_open or not self._is_shut
