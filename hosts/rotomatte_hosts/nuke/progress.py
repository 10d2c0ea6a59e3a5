"""How a job stands: Nuke's window of progress, or lines in the terminal."""

from __future__ import annotations

from typing import Optional

import nuke

from rotomatte_plugin.messages import ENDED, JobEvent

_TITLE = "Rotomatte"


class Progress:
    """Shown from the first event of a job to its last. Belongs to the main thread."""

    def __init__(self) -> None:
        self._task: Optional[nuke.ProgressTask] = None

    def show(self, event: JobEvent) -> None:
        """Show an event; the window goes with the job's last one."""
        if not nuke.GUI:
            nuke.tprint(f"{_TITLE}: {message_of(event)}")
        elif event.state in ENDED:
            # Nuke closes the window when nobody holds the task.
            self._task = None
        else:
            if self._task is None:
                self._task = nuke.ProgressTask(_TITLE)
            self._task.setMessage(message_of(event))
            self._task.setProgress(percent_of(event))

    def is_cancelled(self) -> bool:
        """Whether the artist pressed Cancel in the window."""
        return self._task is not None and bool(self._task.isCancelled())


def percent_of(event: JobEvent) -> int:
    """How much of a job is done, 0 to 100."""
    return 0 if event.total == 0 else min(100, 100 * event.done // event.total)


def message_of(event: JobEvent) -> str:
    """A job in a line, such as ``car, frame 1003: 3 of 8``."""
    if event.state == "queued" and event.place:
        return f"waiting behind {event.place} other job{'s' if event.place > 1 else ''}"
    what = ", ".join(
        part for part in (event.object or "", "" if event.frame is None else f"frame {event.frame}") if part
    )
    count = f"{event.done} of {event.total}" if event.total else event.state
    return event.message or f"{what}: {count}".lstrip(": ")
