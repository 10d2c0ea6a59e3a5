"""One thread beside a host's main thread, and the way back from it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Optional, TypeVar

from rotomatte_plugin.errors import RotomatteError

_Result = TypeVar("_Result")
_Step = Callable[[], None]


class Worker:
    """Does one thing after the other in a thread that starts with the first of them.

    What comes of them waits until the main thread asks for it by ``run_results``, so that a host's own objects are only
    ever touched there. ``do``, ``is_busy`` and ``run_results`` belong to the main thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: queue.SimpleQueue[Optional[_Step]] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[_Step] = queue.SimpleQueue()
        self._thread: Optional[threading.Thread] = None
        self._unfinished = 0

    @property
    def is_busy(self) -> bool:
        """Whether something is to be done, or its result to be taken."""
        return self._unfinished > 0

    def do(
        self,
        work: Callable[[], _Result],
        then: Callable[[_Result], None],
        failed: Callable[[RotomatteError], None],
    ) -> None:
        """Call ``work`` in the thread, then ``then`` or ``failed`` in ``run_results``; never waits."""
        self._unfinished += 1
        self._waiting.put(partial(self._work, work, then, failed))
        if self._thread is None:
            self._thread = threading.Thread(target=self._live, name=self._name, daemon=True)
            self._thread.start()

    def say(self, step: _Step) -> None:
        """From within ``work``: have ``step`` called in ``run_results`` before its result is."""
        self._results.put(step)

    def run_results(self) -> None:
        """Take what came of things done; never waits."""
        with suppress(queue.Empty):
            while True:
                self._results.get_nowait()()

    def end(self) -> None:
        """Let the thread end after what it was given; never waits."""
        self._waiting.put(None)

    def _live(self) -> None:
        while (step := self._waiting.get()) is not None:
            step()

    def _work(
        self,
        work: Callable[[], _Result],
        then: Callable[[_Result], None],
        failed: Callable[[RotomatteError], None],
    ) -> None:
        try:
            back = partial(then, work())
        except Exception as error:  # noqa: BLE001 - the thread must go on, and the artist be told
            back = partial(failed, as_rotomatte_error(error))
        self._results.put(partial(self._come_back, back))

    def _come_back(self, back: _Step) -> None:
        self._unfinished -= 1
        back()


def as_rotomatte_error(error: Exception) -> RotomatteError:
    """An error of the tree as it is; any other as a mistake of ours, in words."""
    if isinstance(error, RotomatteError):
        return error
    return RotomatteError(
        f"Rotomatte made a mistake of its own ({type(error).__name__}: {error}).",
        remedy="Try again; if it comes back, report it.",
    )
