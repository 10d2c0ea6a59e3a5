"""A thread beside a host's main thread, and the way back from it."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Optional, TypeVar

from rotomatte_plugin.errors import RotomatteError

_Result = TypeVar("_Result")
_Step = Callable[[], None]
_Work = Callable[[], _Step]
"""Does something in the thread, and gives what is to be called of it on the main thread."""


class Worker:
    """Does one thing after the other, each in a thread of its own that ends with it.

    Nothing starts and nothing comes back but in ``run_results``, which a host's timer calls. What a host does between
    an artist's press and the next timer, such as its own step to undo, is over before a thread starts: some hosts read
    Python's objects then without Python's lock, and no other thread may run. For the same reason a result is only taken
    once its thread has ended, so that nothing runs beside whatever the host is told of it.

    All methods but ``say`` belong to the main thread, and never wait.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._given: deque[_Work] = deque()
        self._said: queue.SimpleQueue[_Step] = queue.SimpleQueue()
        self._thread: Optional[threading.Thread] = None
        self._back: Optional[_Step] = None

    @property
    def is_busy(self) -> bool:
        """Whether something is to be done, or its result to be taken."""
        return bool(self._given) or self._thread is not None

    @property
    def is_at_work(self) -> bool:
        """Whether a thread runs now; none starts before ``run_results`` or ``end``."""
        return self._thread is not None and self._thread.is_alive()

    def do(
        self,
        work: Callable[[], _Result],
        then: Callable[[_Result], None],
        failed: Callable[[RotomatteError], None],
    ) -> None:
        """Have ``work`` called in a thread, once what was given before is done, and ``then`` or ``failed`` after it."""
        self._given.append(partial(_outcome, work, then, failed))

    def say(self, step: _Step) -> None:
        """From within ``work``: have ``step`` called in ``run_results`` before its result is."""
        self._said.put(step)

    def run_results(self) -> None:
        """Take what came of the thing that is done, and begin with the next."""
        # Before what was said is taken: a thread that has ended says nothing more.
        is_at_work = self.is_at_work
        with suppress(queue.Empty):
            while True:
                self._said.get_nowait()()
        if is_at_work:
            return
        back, self._back, self._thread = self._back, None, None
        if back is not None:
            back()
        if self._given:
            self._start(partial(self._do, self._given.popleft()))

    def end(self) -> None:
        """Have all that was given done after all; no result is taken any more."""
        if self._given:
            self._start(partial(_do_all, self._thread, tuple(self._given)))
            self._given.clear()

    def _start(self, target: _Step) -> None:
        self._thread = threading.Thread(target=target, name=self._name, daemon=True)
        self._thread.start()

    def _do(self, work: _Work) -> None:
        self._back = work()


def _outcome(
    work: Callable[[], _Result], then: Callable[[_Result], None], failed: Callable[[RotomatteError], None]
) -> _Step:
    try:
        return partial(then, work())
    except Exception as error:  # noqa: BLE001 - whatever it is, the artist has to be told
        return partial(failed, as_rotomatte_error(error))


def _do_all(former: Optional[threading.Thread], works: Iterable[_Work]) -> None:
    if former is not None:
        former.join()
    for work in works:
        work()


def as_rotomatte_error(error: Exception) -> RotomatteError:
    """An error of the tree as it is; any other as a mistake of ours, in words."""
    if isinstance(error, RotomatteError):
        return error
    return RotomatteError(
        f"Rotomatte made a mistake of its own ({type(error).__name__}: {error}).",
        remedy="Try again; if it comes back, report it.",
    )
