"""A server in this process, and the bare client that talks to it line by line."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from rotomatte.engine import server as server_module
from rotomatte.engine.dispatch import Handler
from rotomatte.engine.server import Server
from rotomatte.engine.visitor import Limits
from rotomatte_plugin.connection import LOOPBACK

TOKEN = "0123456789abcdef" * 4
PATIENCE_S = 30.0


class RawClient:
    """A socket that speaks lines."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((LOOPBACK, port), timeout=PATIENCE_S)
        self._file = self.socket.makefile("rb")
        self._numbers = 0

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_call(self, method: str, params: object = None, **more: object) -> int:
        self._numbers += 1
        message = {"jsonrpc": "2.0", "id": self._numbers, "method": method, "params": params or {}, **more}
        self.send(json.dumps(message).encode() + b"\n")
        return self._numbers

    def receive(self) -> Any:
        """The next message, None where the engine closed the connection."""
        line = self.line()
        return json.loads(line) if line else None

    def line(self) -> bytes:
        try:
            return self._file.readline()
        except ConnectionError:
            return b""

    def call(self, method: str, params: object = None) -> Any:
        number = self.send_call(method, params)
        answer = self.receive()
        assert answer is not None, "the engine closed the connection"
        assert answer["id"] == number
        return answer

    def hello(self, token: str = TOKEN, major: int = 1, minor: int = 0) -> Any:
        self.send_call("session/hello", {"token": token, "protocol": {"major": major, "minor": minor}})
        return self.receive()


class Running:
    """A server that listens; ``connect`` gives a client that is let in, ``end`` says that it is no longer wanted."""

    def __init__(self, server: Server, handlers: Mapping[str, Handler]) -> None:
        self.server = server
        self.clients: list[RawClient] = []
        self._is_ended = False
        self._thread = threading.Thread(target=server.serve, args=(handlers, lambda: not self._is_ended))
        self._thread.start()

    def end(self) -> None:
        self._is_ended = True

    def join(self) -> None:
        self._thread.join(PATIENCE_S)

    def stranger(self) -> RawClient:
        client = RawClient(self.server.port)
        self.clients.append(client)
        return client

    def connect(self) -> RawClient:
        client = self.stranger()
        welcome = client.hello()
        assert welcome["result"]["pid"] == os.getpid()
        return client


Run = Callable[..., Running]


def wait_until(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Look again and again; fails the test where it never is so."""
    never = threading.Event()
    for _ in range(int(patience_s / 0.01)):
        if is_so():
            return
        never.wait(0.01)
    pytest.fail("it never came to that")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Starts servers, and sees that none of their threads outlives the test."""
    monkeypatch.setattr(server_module, "TICK_S", 0.02)
    before = set(threading.enumerate())
    everything: list[Running] = []

    def start(handlers: Mapping[str, Handler], **limits: Any) -> Running:
        everything.append(Running(Server(TOKEN, Limits(**limits)), handlers))
        return everything[-1]

    yield start
    for running in everything:
        for client in running.clients:
            client.close()
        running.end()
    for running in everything:
        running.join()
    assert set(threading.enumerate()) <= before, "no thread is left"
