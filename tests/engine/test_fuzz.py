"""Two thousand messages that nobody would send, against a server that goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.engine.conftest import TOKEN, RawClient, Running

from rotomatte.engine import server as server_module
from rotomatte.engine.dispatch import Handlers
from rotomatte.engine.server import Server
from rotomatte.engine.visitor import Limits
from rotomatte_plugin.messages import METHODS, JobStarted, LogText, Nothing

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(sorted(METHODS)) | st.text(max_size=20)
FIELDS = st.sampled_from(
    [
        "token",
        "protocol",
        "clip",
        "clip_id",
        "object",
        "frame",
        "job",
        "out",
        "path",
        "lines",
        "job_id",
        "plate",
        "name",
    ]
)
PARAMS = st.dictionaries(FIELDS, JSON | st.dictionaries(FIELDS, JSON, max_size=4), max_size=6) | JSON
CALLS = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0") | JSON, "id": st.integers(1, 9) | JSON, "method": NAMES | JSON, "params": PARAMS}
)


def as_line(message: object) -> bytes:
    return json.dumps(message).encode() + b"\n"


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A good call with a few bytes changed, taken out or put in."""
    line = bytearray(as_line(draw(CALLS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(line)))
        line[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(line) + b"\n"


MESSAGES = st.binary(max_size=200).map(lambda data: data + b"\n") | CALLS.map(as_line) | JSON.map(as_line) | spoilt()

HANDLERS: Handlers = {
    **{name: lambda _: Nothing() for name in METHODS if not name.startswith("session/")},
    "engine/log": lambda asked: LogText("/log", "x" * min(max(asked.lines, 0), 10)),
    "clip/preview": lambda _: 1 // 0,
    "job/submit": lambda _: JobStarted("j"),
}


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    before = set(threading.enumerate())
    tick_s, server_module.TICK_S = server_module.TICK_S, 0.02
    running = Running(Server(TOKEN, Limits(hello_s=2.0)), HANDLERS)
    yield running
    for client in running.clients:
        client.close()
    running.end()
    running.join()
    server_module.TICK_S = tick_s
    assert set(threading.enumerate()) <= before, "no thread is left"


def require_no_traceback(line: bytes) -> None:
    assert b"Traceback" not in line
    assert b'File \\"' not in line


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(MESSAGES)
@example(b"[" * 200_000 + b"\n")
@example(b'{"jsonrpc":"2.0","id":1,"method":"engine/log","params":{"lines":1e999}}\n')
@example(b'{"jsonrpc":"2.0","id":1,"method":"engine/log","params":{"lines":' + b"9" * 5000 + b"}}\n")
@example(b'{"jsonrpc":"2.0","id":"\\ud800","method":"\\ud800","params":{}}\n')
@example(b"\x00\n")
def test_a_client_may_say_anything(running: Running, message: bytes) -> None:
    client = running.clients[0] if running.clients else running.connect()
    client.send(message)
    client.send(b'{"jsonrpc":"2.0","id":"the last","method":"engine/log","params":{"lines":2}}\n')
    while True:
        line = client.line()
        assert line, "the connection is still there"
        require_no_traceback(line)
        answer = json.loads(line)
        if answer.get("id") == "the last":
            assert answer["result"]["text"] == "xx"
            return


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MESSAGES)
@example(b"[" * 4000 + b"\n")
@example(
    b'{"jsonrpc":"2.0","id":1,"method":"session/hello","params":{"token":"\\ud800","protocol":{"major":1,"minor":0}}}\n'
)
def test_a_stranger_may_say_anything_and_hears_nothing(running: Running, message: bytes) -> None:
    stranger = RawClient(running.server.port)
    try:
        stranger.send(message)
        assert stranger.line() == b""
    finally:
        stranger.close()
