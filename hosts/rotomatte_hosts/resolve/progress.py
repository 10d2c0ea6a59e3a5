"""How work stands, in the lines of a terminal, and Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Optional

from rotomatte_plugin.desk_view import DeskView
from rotomatte_plugin.messages import ENDED, JobEvent, JobState
from rotomatte_plugin.status import status_text

_STEPS = 10


class TerminalProgress:
    """Says each phase and each tenth of it; ``say`` prints a line.

    ``last_state`` is that of the latest event, None before there was one.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.shown: Optional[JobEvent] = None
        self.last_state: Optional[JobState] = None
        self._is_cancelled = False
        self._said: object = None

    def show(self, event: JobEvent) -> None:
        """Take an event of a job."""
        self.last_state = event.state
        self.shown = None if event.state in ENDED else event
        # To stop was about the job that has ended.
        self._is_cancelled = self._is_cancelled and event.state not in ENDED

    def is_cancelled(self) -> bool:
        """Whether the artist asked to stop the job that is shown."""
        return self._is_cancelled

    def cancel(self) -> None:
        """The artist asks to stop."""
        self._is_cancelled = True

    def look(self, view: DeskView) -> None:
        """Say how things stand where that is news."""
        tenth = _STEPS * view.done // view.total if view.total else 0
        if view.phase != "idle" and (view.phase, tenth) != self._said:
            self._said = (view.phase, tenth)
            self.say(status_text(view))

    @contextmanager
    def heeding_ctrl_c(self) -> Iterator[None]:
        """Inside, Ctrl-C stops the job after the current frame; a second one stops the program."""

        def first(number: int, frame: object) -> None:
            del number, frame
            signal.signal(signal.SIGINT, before)
            self.say("Stopping after this frame; Ctrl-C again stops at once.")
            self.cancel()

        before = signal.signal(signal.SIGINT, first)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
