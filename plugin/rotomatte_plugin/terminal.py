"""A desk without a window: its timers tick in a loop of the program's own."""

from __future__ import annotations

import time
from collections.abc import Callable

from rotomatte_plugin.desk import Desk, DeskView

Tick = Callable[[], bool]

_LOOK_S = 0.02


class TerminalTimers:
    """Timers of a program that has no loop to take them, and so calls ``run_timers``."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, float, Tick]] = []

    def start(self, interval_s: float, tick: Tick) -> None:
        """Call ``tick`` in ``run_timers`` about every ``interval_s`` seconds until it says False; never waits."""
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


def work_off(desk: Desk, timers: TerminalTimers, look: Callable[[DeskView], None]) -> None:
    """Let timers tick until a desk has done what it was told; ``look`` sees how things stand meanwhile.

    Raises:
        RotomatteError: what the desk says went wrong.
    """
    while timers.run_timers():
        look(desk.view)
        time.sleep(_LOOK_S)
    if desk.view.error is not None:
        raise desk.view.error
