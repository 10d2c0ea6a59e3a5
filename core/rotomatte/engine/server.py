"""The door of the engine: lets clients of this machine in, and passes events on to those who want them."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from rotomatte import __version__
from rotomatte.engine.dispatch import Handlers
from rotomatte.engine.visitor import House, Limits, Visitor
from rotomatte.engine.wire import event_line
from rotomatte_plugin.connection import LOOPBACK
from rotomatte_plugin.messages import ENDED, PROTOCOL, JobEvent, JobStarted, Welcome

TICK_S = 0.5
"""How often the server looks up from the door."""

_LIMITS = Limits()
_EVENTS_REMEMBERED = 256
_GOODBYE_S = 2.0

_log = logging.getLogger(__name__)


class Server:
    """Listens on the loopback interface, at a ``port`` that the system chooses; clients must show the ``token``."""

    def __init__(self, token: str, limits: Limits = _LIMITS) -> None:
        self._token = token
        self._limits = limits
        self._lock = Lock()
        self._strangers: set[Visitor] = set()
        self._clients: set[Visitor] = set()
        self._watchers: dict[str, set[Visitor]] = {}
        self._latest: OrderedDict[str, JobEvent] = OrderedDict()
        self._is_stopping = False
        self._last_left_s = time.monotonic()
        self._listener = _listen()
        self.port: int = self._listener.getsockname()[1]

    @property
    def client_count(self) -> int:
        """How many clients are in."""
        with self._lock:
            return len(self._clients)

    def seconds_empty(self) -> float:
        """How long no client has been in."""
        with self._lock:
            return 0.0 if self._clients else time.monotonic() - self._last_left_s

    def serve(self, handlers: Handlers, is_wanted: Callable[[], bool]) -> None:
        """Let clients in until ``is_wanted``, asked every ``TICK_S`` seconds, says no; then see everybody off.

        ``handlers`` has a function for every method that is answered, called in the thread of the client's connection:
        several at once, but one at a time for each client.
        """
        house = House(
            token=self._token,
            welcome=Welcome(PROTOCOL, __version__, os.getpid()),
            handlers=handlers,
            limits=self._limits,
            admit=self._admit,
            after=self._after,
            leave=self._leave,
        )
        self._listener.settimeout(TICK_S)
        looked_s = -TICK_S
        try:
            while True:
                # A stream of clients must not keep the server from looking up.
                if time.monotonic() - looked_s >= TICK_S:
                    if not is_wanted():
                        return
                    looked_s = time.monotonic()
                try:
                    self._receive(Visitor(self._listener.accept()[0], house))
                except TimeoutError:
                    continue
                except OSError as error:
                    # Such as too many open files: some will be closed.
                    _log.warning("a client could not come in: %s", error)
                    time.sleep(TICK_S)
        finally:
            self._close()

    def publish(self, event: JobEvent) -> None:
        """Tell everybody who watches the job; never waits for any of them."""
        line = event_line(event)
        with self._lock:
            self._latest[event.job_id] = event
            self._latest.move_to_end(event.job_id)
            if len(self._latest) > _EVENTS_REMEMBERED:
                self._latest.popitem(last=False)
            watchers = tuple(self._watchers.get(event.job_id, ()))
            if event.state in ENDED:
                self._watchers.pop(event.job_id, None)
            for visitor in watchers:
                visitor.tell(line)

    def _receive(self, visitor: Visitor) -> None:
        with self._lock:
            is_full = len(self._strangers) >= self._limits.strangers
            self._strangers.add(visitor)
        if is_full or not visitor.start():
            self._leave(visitor)
            visitor.turn_away()

    def _admit(self, visitor: Visitor) -> bool:
        with self._lock:
            if self._is_stopping or len(self._clients) >= self._limits.clients:
                return False
            self._strangers.discard(visitor)
            self._clients.add(visitor)
            return True

    def _leave(self, visitor: Visitor) -> None:
        with self._lock:
            if visitor in self._clients:
                self._last_left_s = time.monotonic()
            self._strangers.discard(visitor)
            self._clients.discard(visitor)
            for watchers in self._watchers.values():
                watchers.discard(visitor)

    def _after(self, visitor: Visitor, result: object) -> None:
        """A client that started a job or asked for one is told of it from now on."""
        if not isinstance(result, (JobStarted, JobEvent)):
            return
        with self._lock:
            latest = self._latest.get(result.job_id)
            if latest is None or latest.state not in ENDED:
                self._watchers.setdefault(result.job_id, set()).add(visitor)
            # The job may have begun, or even ended, before its client was known to watch it.
            if latest is not None and isinstance(result, JobStarted):
                visitor.tell(event_line(latest))

    def _close(self) -> None:
        self._listener.close()
        with self._lock:
            self._is_stopping = True
            visitors = [*self._strangers, *self._clients]
        for visitor in visitors:
            visitor.see_off()
        deadline_s = time.monotonic() + _GOODBYE_S
        for visitor in visitors:
            if not visitor.join(max(0.0, deadline_s - time.monotonic())):
                visitor.cut_off()
                _log.warning("a call was still running when the engine stopped")


def _listen() -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform == "win32":
        # There another program could otherwise listen at the same port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    listener.bind((LOOPBACK, 0))
    listener.listen(128)
    return listener
