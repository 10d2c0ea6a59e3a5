"""Calls of which only the latest counts, in a thread of their own: what the mouse asks for while it moves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Generic, Optional, TypeVar

from rotomatte_hosts.panel.inbox import Inbox
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.worker import as_rotomatte_error

_Answer = TypeVar("_Answer")


class LatestCall(Generic[_Answer]):
    """``ask`` never waits; ``answered`` or ``failed`` is called on the main thread, neither for a call that another overtook."""

    def __init__(
        self,
        name: str,
        answered: Callable[[_Answer], None],
        failed: Callable[[RotomatteError], None] = lambda _: None,
    ) -> None:
        self._answered = answered
        self._failed = failed
        self._inbox = Inbox()
        self._changed = threading.Condition()
        self._call: Optional[Callable[[], _Answer]] = None
        self._number = 0
        self._is_calling = False
        self._is_closed = False
        threading.Thread(target=self._live, name=name, daemon=True).start()

    def ask(self, call: Callable[[], _Answer]) -> None:
        """Do this next, in place of what has not begun yet."""
        with self._changed:
            self._number += 1
            self._call = call
            self._changed.notify()
        self._inbox.expect(lambda: self._call is not None or self._is_calling)

    def forget(self) -> None:
        """No answer is wanted any more."""
        with self._changed:
            self._number += 1
            self._call = None

    def close(self) -> None:
        """Do nothing any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._inbox.close()

    def _live(self) -> None:
        while True:
            with self._changed:
                self._is_calling = False
                self._changed.wait_for(lambda: self._call is not None or self._is_closed)
                call, number, self._call = self._call, self._number, None
                self._is_calling = True
            if self._is_closed or call is None:
                return
            try:
                step = partial(self._answered, call())
            except Exception as raised:  # noqa: BLE001 - the thread must go on
                step = partial(self._failed, as_rotomatte_error(raised))
            self._inbox.put(partial(self._take, number, step))

    def _take(self, number: int, step: Callable[[], None]) -> None:
        if number == self._number and not self._is_closed:
            step()
