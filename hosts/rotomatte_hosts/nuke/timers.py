"""Work that goes on bit by bit on Nuke's main thread.

Nuke has no timer without Qt, whose binding changed with Nuke 16. What is documented is ``nuke.executeInMainThread``,
for other threads than the main one, on which it hangs: so a thread waits, asks the main thread for one tick, and waits
for its answer. A terminal session has no loop that would take such calls; there the program that runs lets the timers
tick (``run_timers``).
"""

from __future__ import annotations

import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

import nuke

Tick = Callable[[], bool]


class Timers(ABC):
    """Ticks until they have enough."""

    @abstractmethod
    def start(self, interval_s: float, tick: Tick) -> None:
        """Call ``tick`` on the main thread about every ``interval_s`` seconds until it says False; never waits."""


class WindowTimers(Timers):
    """In a session with a window."""

    def start(self, interval_s: float, tick: Tick) -> None:
        threading.Thread(target=_beat, args=(interval_s, tick), name="Rotomatte", daemon=True).start()


class TerminalTimers(Timers):
    """In a session without a window, whose program calls ``run_timers``."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, float, Tick]] = []

    def start(self, interval_s: float, tick: Tick) -> None:
        self._waiting.append((time.monotonic() + interval_s, interval_s, tick))

    def run_timers(self) -> bool:
        """Let those tick whose time has come; False where none is left."""
        due, self._waiting = self._waiting, []
        for at_s, interval_s, tick in due:
            if time.monotonic() < at_s:
                self._waiting.append((at_s, interval_s, tick))
            elif tick():
                self.start(interval_s, tick)
        return bool(self._waiting)


def make_timers() -> Timers:
    """Those of this session."""
    return WindowTimers() if nuke.GUI else TerminalTimers()


def _beat(interval_s: float, tick: Tick) -> None:
    goes_on = True
    while goes_on:
        time.sleep(interval_s)
        answer: queue.SimpleQueue[bool] = queue.SimpleQueue()
        nuke.executeInMainThread(_tell, (tick, answer))
        goes_on = answer.get()


def _tell(tick: Tick, answer: queue.SimpleQueue[bool]) -> None:
    goes_on = False
    try:
        goes_on = tick()
    finally:
        # A tick that fails is Nuke's to print, and the thread must not wait for ever.
        answer.put(goes_on)
