"""What waits to be sent over one connection."""

from __future__ import annotations

from threading import Condition


class Outbox:
    """Bytes that one thread leaves and another sends, at most so many.

    Leaving something never waits: the engine is not held up by a client that does not read.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._condition = Condition()
        self._waiting = bytearray()
        self._is_closed = False

    def put(self, line: bytes) -> bool:
        """Leave a line; False where there is no more room, or the outbox is closed."""
        with self._condition:
            if self._is_closed or len(self._waiting) + len(line) > self._limit_bytes:
                return False
            self._waiting += line
            self._condition.notify()
            return True

    def take(self) -> bytes:
        """Everything that waits, empty once the outbox is closed and nothing is left; waits for one or the other."""
        with self._condition:
            self._condition.wait_for(lambda: self._waiting or self._is_closed)
            taken = bytes(self._waiting)
            self._waiting.clear()
            return taken

    def close(self) -> None:
        """Take nothing more in; what waits may still be taken."""
        with self._condition:
            self._is_closed = True
            self._condition.notify()
