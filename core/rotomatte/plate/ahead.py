"""Reading ahead, so that whoever works on frames does not wait for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from threading import Lock
from types import TracebackType
from typing import Generic, Optional, TypeVar

from rotomatte.plate.base import FloatArray, PlateReader

T = TypeVar("T")


class ReadAhead(Generic[T]):
    """A function from frame number to prepared frame, whose answers another thread makes before they are asked for.

    ``order`` is the order in which frames will be asked for; of it at most ``depth`` frames are made or in the
    making at any time. ``prepare`` turns the frame's number and pixels into what the caller wants (its colours, its
    size). Reader and ``prepare`` are used by one thread at a time.

    A frame within the next ``depth`` of the order may be asked for early: those before it count as skipped. Any
    other frame is read there and then, and the order stays where it is, unless that happens ``depth`` times in a row:
    then what was read ahead is not wanted any more.
    """

    def __init__(
        self, reader: PlateReader, order: Iterable[int], prepare: Callable[[int, FloatArray], T], depth: int = 4
    ) -> None:
        self._reader = reader
        self._prepare = prepare
        self._order: Iterator[int] = iter(order)
        self._depth = depth
        self._upcoming: deque[tuple[int, Future[T]]] = deque()
        self._strays = 0
        self._one_at_a_time = Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead")
        self._top_up()

    def __call__(self, frame: int) -> T:
        """The prepared frame; errors of ``PlateReader.read`` and of ``prepare`` come out here, at their own frame."""
        place = next((place for place, (upcoming, _) in enumerate(self._upcoming) if upcoming == frame), None)
        if place is None:
            self._strays += 1
            if self._strays >= self._depth:
                self._skip(len(self._upcoming))
                self._top_up()
            return self._make(frame)
        self._strays = 0
        self._skip(place)
        made = self._upcoming.popleft()[1]
        self._top_up()
        return made.result()

    def close(self) -> None:
        """Stop after the frame in the making, if any; the reader stays open. From then on nothing is read ahead."""
        self._order = iter(())
        self._upcoming.clear()
        self._thread.shutdown(cancel_futures=True)

    def __enter__(self) -> ReadAhead[T]:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def _skip(self, count: int) -> None:
        for _ in range(count):
            self._upcoming.popleft()[1].cancel()

    def _top_up(self) -> None:
        for frame in islice(self._order, self._depth - len(self._upcoming)):
            self._upcoming.append((frame, self._thread.submit(self._make, frame)))

    def _make(self, frame: int) -> T:
        with self._one_at_a_time:
            return self._prepare(frame, self._reader.read(frame))
