"""One connection to an engine: calls and their answers, and events as they come."""

from __future__ import annotations

import itertools
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Optional

from rotomatte_plugin.connection import Connection
from rotomatte_plugin.errors import EngineError, EngineTimeoutError, ProtocolError, RotomatteError
from rotomatte_plugin.messages import (
    HELLO,
    JOB_EVENT,
    MAX_LINE_BYTES,
    PROTOCOL,
    ErrorWords,
    Hello,
    Method,
    from_words,
)
from rotomatte_plugin.messages.methods import Params, Result
from rotomatte_plugin.plain import from_plain

_CONNECT_S = 5.0
_SEND_S = 10.0
_CHUNK_BYTES = 1 << 16


class LinkLostError(EngineError):
    """The engine ended, or cut this client off, before it answered."""


class _Waiting:
    """A call without its answer yet."""

    def __init__(self) -> None:
        self.is_answered = threading.Event()
        self.result: Any = None
        self.error: Optional[RotomatteError] = None


class Link:
    """A connection that was let in.

    ``on_event`` is called with the params of each ``job/event``, ``on_lost`` once when the connection ends by itself;
    both in the thread that reads, and neither may call the engine through this link. Calls may come from any thread.
    """

    def __init__(
        self,
        connection: Connection,
        client: str,
        on_event: Callable[[object], None],
        on_lost: Callable[[], None],
    ) -> None:
        """Connect, and show the token.

        Raises:
            LinkLostError: nobody listens there, or whoever does closes the door without a word.
            EngineBusyError: the engine serves as many clients as it can.
            ProtocolError: the engine does not understand this client.
        """
        self._on_event = on_event
        self._on_lost = on_lost
        self._lock = threading.Lock()
        self._send_lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._is_in = False
        self._is_lost = False
        self._is_closed = False
        try:
            self._socket = socket.create_connection((connection.host, connection.port), timeout=_CONNECT_S)
        except OSError as error:
            raise _lost("could not be reached") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(_SEND_S)
        self._reader = threading.Thread(target=self._read, name="rotomatte-link", daemon=True)
        self._reader.start()
        try:
            self.call(HELLO, Hello(connection.token, PROTOCOL, client), _CONNECT_S)
        except RotomatteError:
            self.close()
            raise
        with self._lock:
            self._is_in = not self._is_lost
        if not self._is_in:
            raise _lost("ended at once")

    @property
    def is_lost(self) -> bool:
        """Whether no call can be answered any more."""
        return self._is_lost

    def call(self, method: Method[Params, Result], params: Params, timeout_s: float) -> Result:
        """Call a method and wait for its result.

        Raises:
            RotomatteError: what the engine raised, by its own class.
            EngineTimeoutError: no answer came within ``timeout_s``; the engine goes on.
            LinkLostError: the connection ended first.
            ProtocolError: the call is too long, or the answer is not understood.
        """
        waiting = _Waiting()
        with self._lock:
            if self._is_lost:
                raise _lost("is not connected any more")
            number = next(self._numbers)
            self._waiting[number] = waiting
        try:
            self._send(method.name, asdict(params), number)  # type: ignore[call-overload]
            if not waiting.is_answered.wait(timeout_s):
                raise EngineTimeoutError(
                    f"The engine did not answer {method.name} within {timeout_s:g} s.",
                    remedy="Wait and try again; if it stays like this, stop it with `rotomatte engine --stop`.",
                )
        finally:
            with self._lock:
                self._waiting.pop(number, None)
        if waiting.error is not None:
            raise waiting.error
        return from_plain(method.result, waiting.result)

    def close(self) -> None:
        """End the connection; what still waits for an answer gets ``LinkLostError``."""
        self._is_closed = True
        self._end()
        if self._reader is not threading.current_thread():
            self._reader.join()

    def _send(self, method: str, params: dict[str, Any], number: int) -> None:
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        line = json.dumps(message, allow_nan=False, separators=(",", ":")).encode() + b"\n"
        if len(line) > MAX_LINE_BYTES:
            raise ProtocolError(
                f"The message to {method} has {len(line)} bytes, and the engine reads {MAX_LINE_BYTES}.",
                remedy="Give shapes with fewer points, or a matte as a file.",
            )
        try:
            with self._send_lock:
                self._socket.sendall(line)
        except OSError as error:
            # Half a line may be out, so nothing more can be said on this connection.
            self._end()
            raise _lost("took no more messages") from error

    def _end(self) -> None:
        # The reading thread wakes up and closes the socket. On some systems one that is gone cannot be shut.
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _read(self) -> None:
        with self._socket:
            rest = bytearray()
            while True:
                try:
                    data = self._socket.recv(_CHUNK_BYTES)
                except socket.timeout:
                    continue
                except OSError:
                    break
                if not data:
                    break
                searched = len(rest)
                rest += data
                while (end := rest.find(b"\n", searched)) >= 0:
                    self._take(bytes(rest[:end]))
                    del rest[: end + 1]
                    searched = 0
        with self._lock:
            self._is_lost = True
            left = list(self._waiting.values())
            is_told = self._is_in and not self._is_closed
        for waiting in left:
            waiting.error = _lost("ended before it answered")
            waiting.is_answered.set()
        if is_told:
            self._on_lost()

    def _take(self, line: bytes) -> None:
        """A message of the engine's; what is not understood, such as a newer engine's notification, is left out."""
        try:
            message = json.loads(line)
        except ValueError:
            return
        if not isinstance(message, dict):
            return
        if message.get("method") == JOB_EVENT:
            self._on_event(message.get("params"))
            return
        with self._lock:
            waiting = self._waiting.pop(message.get("id"), None)  # type: ignore[arg-type]
        if waiting is not None:
            waiting.result = message.get("result")
            waiting.error = _error(message["error"]) if "error" in message else None
            waiting.is_answered.set()


def _error(raw: object) -> RotomatteError:
    """The engine's error, whose place is told in ``data``."""
    try:
        data = raw.get("data") if isinstance(raw, dict) else None
        return from_words(from_plain(ErrorWords, {**raw, **data} if isinstance(data, dict) else raw))  # type: ignore[dict-item]
    except ProtocolError as error:
        return error


def _lost(what: str) -> LinkLostError:
    return LinkLostError(f"The engine {what}.", remedy="Try again: another one is started.")
