"""One client's connection: a thread that reads and answers, and one that sends."""

from __future__ import annotations

import hmac
import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread

from rotomatte.engine.dispatch import Handlers, answer
from rotomatte.engine.outbox import Outbox
from rotomatte.engine.wire import (
    LineBuffer,
    LineTooLongError,
    RefusedError,
    error_line,
    parse_params,
    parse_request,
    result_line,
)
from rotomatte_plugin.errors import EngineBusyError, RotomatteError
from rotomatte_plugin.messages import HELLO, MAX_LINE_BYTES, Hello, Welcome, require_compatible, to_words

_log = logging.getLogger(__name__)

_HELLO_BYTES = 4096
_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True)
class Limits:
    """What one engine puts up with.

    ``clients`` are let in at once, ``strangers`` may be at the door without having shown the token. A stranger has
    ``hello_s`` seconds to do so, a message ``message_s`` from its first byte to its line feed. A client that leaves
    more than ``unread_bytes`` unread, or takes nothing for ``message_s``, is cut off.
    """

    clients: int = 64
    strangers: int = 64
    hello_s: float = 5.0
    message_s: float = 5.0
    unread_bytes: int = 8 << 20


@dataclass(frozen=True)
class House:
    """What a visitor needs of the server.

    ``admit`` lets one in, False where the house is full; ``after`` is told of every result once the client has it;
    ``leave`` is called last.
    """

    token: str
    welcome: Welcome
    handlers: Handlers
    limits: Limits
    admit: Callable[[Visitor], bool]
    after: Callable[[Visitor, object], None]
    leave: Callable[[Visitor], None]


class Visitor:
    """A client from its first byte to its last. A stranger is met with silence."""

    def __init__(self, connection: socket.socket, house: House) -> None:
        self._socket = connection
        self._house = house
        self._outbox = Outbox(house.limits.unread_bytes)
        self._lines = LineBuffer(_HELLO_BYTES, house.limits.hello_s, time.monotonic())
        self._reader = Thread(target=self._live, name="rotomatte-client", daemon=True)
        self._sender = Thread(target=self._send, name="rotomatte-client-out", daemon=True)
        self._is_known = False

    def start(self) -> bool:
        """Begin to listen; False where the system has no thread left."""
        try:
            self._reader.start()
        except RuntimeError as error:
            _log.warning("no thread for a client: %s", error)
            return False
        return True

    def turn_away(self) -> None:
        """Close the door on one that was never listened to."""
        self._socket.close()

    def tell(self, line: bytes) -> None:
        """Send a line as soon as the client takes it, and never wait; a client that is too far behind is cut off."""
        if not self._outbox.put(line):
            self.cut_off()

    def cut_off(self) -> None:
        """End the connection at once."""
        self._outbox.close()
        # The reading thread wakes up and closes the socket. On some systems one that is gone cannot be shut.
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def see_off(self) -> None:
        """End the connection once everything is sent."""
        if self._is_known:
            self._outbox.close()
        else:
            self.cut_off()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; False where a call still runs."""
        self._reader.join(timeout_s)
        return not self._reader.is_alive()

    def _live(self) -> None:
        try:
            with self._socket:
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self._introduce():
                    for line in self._read():
                        self._serve(line)
                self._outbox.close()
                if self._sender.ident is not None:
                    self._sender.join()
        except (OSError, RuntimeError) as error:
            # RuntimeError: the system has no thread left.
            _log.info("connection lost: %s", error)
        finally:
            self._house.leave(self)

    def _introduce(self) -> bool:
        """Let the client in, or say why not; without the token, say nothing."""
        line = next(self._read(), None)
        if line is None:
            return False
        try:
            request = parse_request(line)
            hello = parse_params(request, Hello)
        except (RefusedError, RotomatteError):
            return False
        if request.method != HELLO.name or request.id is None or not self._is_token(hello.token):
            return False
        self._is_known = True
        limits = self._house.limits
        self._lines.relax(MAX_LINE_BYTES, limits.message_s)
        self._socket.settimeout(limits.message_s)
        self._sender.start()
        try:
            require_compatible(hello.protocol)
            if not self._house.admit(self):
                raise EngineBusyError(
                    f"The engine serves {limits.clients} clients already.",
                    remedy="Close one of them, or wait until one ends.",
                )
        except RotomatteError as error:
            self.tell(error_line(request.id, to_words(error)))
            return False
        _log.info("%r connected", hello.client[:100])
        self.tell(result_line(request.id, self._house.welcome))
        return True

    def _is_token(self, shown: str) -> bool:
        return hmac.compare_digest(shown.encode("utf-8", "surrogatepass"), self._house.token.encode())

    def _serve(self, line: bytes) -> None:
        try:
            request = parse_request(line)
        except RefusedError as refused:
            self.tell(error_line(None, refused.words))
            return
        try:
            result = answer(request, self._house.handlers)
        except RefusedError as refused:
            if request.id is not None:
                self.tell(error_line(request.id, refused.words))
            return
        if request.id is not None:
            self.tell(result_line(request.id, result))
        self._house.after(self, result)

    def _read(self) -> Iterator[bytes]:
        """Lines until the other side ends, or breaks a limit."""
        while True:
            try:
                line = self._lines.take(time.monotonic())
            except LineTooLongError:
                return
            if line is not None:
                yield line
                # Whoever took the line may have been busy with it for long.
                self._lines.restart(time.monotonic())
                continue
            left_s = self._lines.seconds_left(time.monotonic())
            if left_s == 0:
                return
            if not self._is_known and left_s is not None:
                # Once there is a sender, the time limit of the socket is its own too, and stays as it is.
                self._socket.settimeout(left_s)
            try:
                data = self._socket.recv(_CHUNK_BYTES)
            except TimeoutError:
                continue
            except OSError:
                return
            if not data:
                return
            self._lines.feed(data, time.monotonic())

    def _send(self) -> None:
        while data := self._outbox.take():
            try:
                self._socket.sendall(data)
            except OSError:
                break
        self.cut_off()
