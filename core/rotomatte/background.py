"""Work that goes on behind the tracker's back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

from rotomatte_plugin.errors import CancelledError

_Result = TypeVar("_Result")


class Background(Generic[_Result]):
    """Runs tasks one after the other in a thread, a few at most waiting, and hands their results back in order.

    ``on_done`` is called with each result in the thread that submits. The first error of a task is raised at the
    next ``submit`` or at the end of the ``with`` block; tasks that have not begun by then are dropped. An orderly end
    (``CancelledError``) drops none: what they work on may be nowhere else.
    """

    def __init__(self, depth: int, on_done: Callable[[_Result], None]) -> None:
        self._depth = depth
        self._on_done = on_done
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rotomatte-background")
        self._waiting: deque[Future[_Result]] = deque()

    def __enter__(self) -> Background[_Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            is_orderly = kind is None or issubclass(kind, CancelledError)
            while is_orderly and self._waiting:
                self._collect()
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, task: Callable[[], _Result]) -> None:
        """Queue a task; waits for the oldest one where the queue is full."""
        while self._waiting and (len(self._waiting) >= self._depth or self._waiting[0].done()):
            self._collect()
        self._waiting.append(self._pool.submit(task))

    def _collect(self) -> None:
        self._on_done(self._waiting.popleft().result())
