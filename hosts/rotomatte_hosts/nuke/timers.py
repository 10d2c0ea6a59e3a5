"""Work that goes on bit by bit on Nuke's main thread.

Nuke has no timer without Qt, whose binding changed with Nuke 16. What is documented is ``nuke.executeInMainThread``,
for other threads than the main one, on which it hangs: so a thread waits, asks the main thread for one tick, and waits
for its answer. A terminal session has no loop that would take such calls; there the program that runs lets the timers
tick (``rotomatte_plugin.terminal``).
"""

from __future__ import annotations

import queue
import threading
import time
from typing import Union

import nuke

from rotomatte_plugin.terminal import TerminalTimers, Tick


class WindowTimers:
    """In a session with a window."""

    def start(self, interval_s: float, tick: Tick) -> None:
        """Call ``tick`` on the main thread about every ``interval_s`` seconds until it says False; never waits."""
        threading.Thread(target=_beat, args=(interval_s, tick), name="Rotomatte", daemon=True).start()


Timers = Union[WindowTimers, TerminalTimers]


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
