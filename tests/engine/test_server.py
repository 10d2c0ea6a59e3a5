"""The door: who is let in, what they are told, and that nobody holds the others up."""

from __future__ import annotations

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from tests.engine.conftest import PATIENCE_S, TOKEN, Run, Running, wait_until

from rotomatte.engine import server as server_module
from rotomatte.engine.dispatch import Handlers
from rotomatte_plugin.errors import PlateNotFoundError
from rotomatte_plugin.messages import (
    JobEvent,
    JobStarted,
    LogAsked,
    LogText,
    Nothing,
    PictureAsked,
)


def log(asked: LogAsked) -> LogText:
    return LogText("/log", "x" * asked.lines)


def missing(asked: PictureAsked) -> object:
    raise PlateNotFoundError("No plate.", remedy="Look again.", clip="shot", frame=asked.frame, path="/a b/é.exr")


def bug(_: Nothing) -> object:
    return 1 // 0


HANDLERS: Handlers = {"engine/log": log, "clip/picture": missing, "engine/free": bug}

STRANGE = [
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n" + b'{"jsonrpc":"2.0","id":1,"method":"engine/info"}\n',
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n",
    b"\n",
    b"null\n",
    b'{"jsonrpc":"2.0","id":1,"method":"engine/info","params":{}}\n',
    b'{"jsonrpc":"2.0","id":1,"method":"session/hello","params":{"protocol":{"major":1,"minor":0}}}\n',
    b'{"jsonrpc":"2.0","id":1,"method":"session/hello","params":{"token":"","protocol":{"major":1,"minor":0}}}\n',
    b'{"jsonrpc":"2.0","id":1,"method":"session/hello","params":{"token":"'
    + b"f" * 64
    + b'","protocol":{"major":1,"minor":0}}}\n',
    '{"jsonrpc":"2.0","id":1,"method":"session/hello","params":{"token":"é\\ud800","protocol":{"major":1,"minor":0}}}\n'.encode(),
    # The right token, in the wrong place and without an answer to give.
    (
        '{"jsonrpc":"2.0","id":1,"method":"engine/log","params":{"token":"'
        + TOKEN
        + '","protocol":{"major":1,"minor":0}}}\n'
    ).encode(),
    (
        '{"jsonrpc":"2.0","method":"session/hello","params":{"token":"'
        + TOKEN
        + '","protocol":{"major":1,"minor":0}}}\n'
    ).encode(),
    b"x" * 5000,
]


@pytest.mark.parametrize("data", STRANGE)
def test_a_stranger_meets_silence_and_a_closed_door(run: Run, data: bytes) -> None:
    stranger = run(HANDLERS).stranger()
    stranger.send(data)
    assert stranger.line() == b""


def test_one_who_says_nothing_is_not_waited_for(run: Run) -> None:
    running = run(HANDLERS, hello_s=0.2)
    assert running.stranger().line() == b""
    trickling = running.stranger()
    trickling.send(b'{"jsonrpc"')
    assert trickling.line() == b""


def test_the_token_lets_in_and_calls_are_answered(run: Run) -> None:
    client = run(HANDLERS).connect()
    assert client.call("engine/log", {"lines": 3})["result"] == {"path": "/log", "text": "xxx"}
    error = client.call("clip/picture", {"clip_id": "c", "frame": 1001})["error"]
    assert (error["code"], error["message"]) == (401, "No plate.")
    assert error["data"] == {"remedy": "Look again.", "clip": "shot", "frame": 1001, "path": "/a b/é.exr"}
    client.send(b"nonsense\n")
    assert client.receive()["error"]["code"] == -32700, "one bad message does not end a connection"
    assert client.call("no/such")["error"]["code"] == -32601
    assert "engine/log" in client.call("clip/open")["error"]["data"]["remedy"], "what there is, is listed"


def test_a_call_without_id_gets_no_answer(run: Run) -> None:
    client = run(HANDLERS).connect()
    client.send(b'{"jsonrpc":"2.0","method":"engine/log","params":{}}\n')
    client.send(b'{"jsonrpc":"2.0","method":"no/such"}\n')
    assert client.call("engine/log", {"lines": 1})["result"]["text"] == "x"


def test_a_bug_is_told_without_its_traceback(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    client = run(HANDLERS).connect()
    with caplog.at_level(logging.ERROR, "rotomatte"):
        answer = client.call("engine/free")
    assert answer["error"]["code"] == -32603
    assert "ZeroDivisionError" in answer["error"]["message"]
    assert "Traceback" not in json.dumps(answer)
    assert "1 // 0" in caplog.text, "the log has it"
    assert client.call("engine/log")["result"]["path"] == "/log"


@pytest.mark.parametrize(
    ("major", "minor", "side"),
    [(2, 0, "Update the engine"), (1, 99, "Update the engine"), (0, 9, "Update the plug-in")],
)
def test_the_side_to_update_is_named(run: Run, major: int, minor: int, side: str) -> None:
    stranger = run(HANDLERS).stranger()
    answer = stranger.hello(major=major, minor=minor)
    assert answer["error"]["code"] == 804
    assert side in answer["error"]["data"]["remedy"]
    assert stranger.line() == b""


def test_a_message_has_its_size_and_its_time(run: Run) -> None:
    running = run(HANDLERS, message_s=0.2)
    slow, long, good = running.connect(), running.connect(), running.connect()
    slow.send(b'{"jsonrpc":')
    assert slow.line() == b""
    with suppress(ConnectionError):
        long.send(b"x" * (1 << 21))
    assert long.line() == b""
    wait_until(lambda: running.server.client_count == 1)
    assert good.call("engine/log", {"lines": 1})["result"]["text"] == "x", "idleness is not slowness"


def test_time_does_not_run_while_the_engine_itself_is_busy(run: Run) -> None:
    never = threading.Event()
    running = run({"engine/free": lambda _: never.wait(0.5) or Nothing(), "engine/log": log}, message_s=0.2)
    client = running.connect()
    next_call = b'{"jsonrpc":"2.0","id":2,"method":"engine/log","params":{"lines":2}}\n'
    client.send(b'{"jsonrpc":"2.0","id":1,"method":"engine/free"}\n' + next_call[:20])
    assert client.receive()["id"] == 1
    client.send(next_call[20:])
    assert client.receive()["result"]["text"] == "xx"


def test_fifty_clients_at_once_are_all_served(run: Run) -> None:
    running = run(HANDLERS)

    def use(number: int) -> int:
        client = running.connect()
        return sum(len(client.call("engine/log", {"lines": number})["result"]["text"]) for _ in range(20))

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(use, range(50))) == [20 * number for number in range(50)]
    assert running.server.client_count == 50


def test_one_too_many_is_told_to_wait(run: Run) -> None:
    running = run(HANDLERS, clients=2)
    first = running.connect()
    running.connect()
    third = running.stranger()
    answer = third.hello()
    assert answer["error"]["code"] == 802
    assert "wait" in answer["error"]["data"]["remedy"]
    assert third.line() == b""
    first.close()
    wait_until(lambda: running.server.client_count == 1)
    running.connect()


def test_strangers_do_not_crowd_clients_out(run: Run) -> None:
    running = run(HANDLERS, strangers=2, hello_s=60.0)
    client = running.connect()
    silent = [running.stranger(), running.stranger()]
    assert running.stranger().line() == b"", "there is no more room before the door"
    assert client.call("engine/log", {"lines": 1})["result"]["text"] == "x"
    for stranger in silent:
        stranger.close()
    wait_until(lambda: running.stranger().hello() is not None)


def test_a_client_that_does_not_read_is_cut_off_and_holds_nobody_up(run: Run) -> None:
    handlers: Handlers = {"job/status": lambda asked: JobEvent(asked.job_id, "running")}
    running = run(handlers, unread_bytes=200_000, message_s=60.0)
    lazy, eager = running.connect(), running.connect()
    for client in (lazy, eager):
        client.call("job/status", {"job_id": "j"})
    read: list[int] = []
    last = 100_000

    def read_all() -> None:
        while not read or read[-1] < last:
            read.append(eager.receive()["params"]["done"])

    reader = threading.Thread(target=read_all)
    reader.start()
    number = 0
    # As much as the system's own buffers take for a client that never reads.
    while running.server.client_count == 2 and number < last:
        running.server.publish(JobEvent("j", "running", done=number, message="x" * 2000))
        number += 1
        # No faster than the eager one reads.
        wait_until(lambda sent=number: len(read) >= sent - 20)  # type: ignore[misc]
    running.server.publish(JobEvent("j", "running", done=last))
    reader.join(PATIENCE_S)
    assert read == [*range(number), last]
    assert running.server.client_count == 1


def test_events_go_to_those_who_started_the_job_or_asked_for_it(run: Run) -> None:
    running = run(
        {
            "job/submit": lambda _: JobStarted("mine"),
            "job/status": lambda asked: JobEvent(asked.job_id, "running"),
            "engine/log": log,
        }
    )
    owner, watcher, other = running.connect(), running.connect(), running.connect()
    running.server.publish(JobEvent("mine", "queued", place=1))
    job = {
        "clip": {"plate": {"path": "/p"}},
        "objects": [{"name": "a", "prompts": {"texts": [{"frame": 1, "text": "a"}]}}],
    }
    assert owner.call("job/submit", {"job": job, "out": "/o"})["result"] == {"job_id": "mine"}
    early = owner.receive()
    assert (early["method"], early["params"]["state"], early["params"]["place"]) == ("job/event", "queued", 1)
    watcher.call("job/status", {"job_id": "mine"})
    # Each call is dealt with before the next one of the same client, so now both are known to watch.
    watcher.call("engine/log", {"lines": 0})
    running.server.publish(JobEvent("mine", "done", done=8, total=8))
    running.server.publish(JobEvent("other", "running"))
    assert owner.receive()["params"]["done"] == 8
    assert watcher.receive()["params"]["state"] == "done"
    assert other.call("engine/log", {"lines": 1})["result"]["text"] == "x", "the others hear nothing"
    assert owner.call("engine/log", {"lines": 1})["result"]["text"] == "x"


def test_the_last_answer_is_out_before_the_door_closes(run: Run) -> None:
    def shut_down(_: Nothing) -> Nothing:
        running.end()
        return Nothing()

    running: Running = run({"engine/shutdown": shut_down})
    client, idle = running.connect(), running.connect()
    assert client.call("engine/shutdown")["result"] == {}
    assert client.line() == b""
    assert idle.line() == b""
    running.join()
    with pytest.raises(ConnectionError):
        running.stranger()


def test_answers_that_nobody_has_read_yet_are_not_lost_at_the_end(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_GOODBYE_S", PATIENCE_S)
    count, length = 20, 900_000
    answered: list[int] = []

    def much(asked: LogAsked) -> LogText:
        answered.append(asked.lines)
        return LogText("/log", "x" * length)

    running = run({"engine/log": much}, unread_bytes=1 << 26, message_s=PATIENCE_S)
    client = running.connect()
    # More than the system itself keeps for a connection.
    for number in range(count):
        client.send_call("engine/log", {"lines": number})
    wait_until(lambda: len(answered) == count)
    client.send_call("engine/log", {"lines": count})
    wait_until(lambda: len(answered) == count + 1)
    running.end()
    for _ in range(count):
        assert len(client.receive()["result"]["text"]) == length


def test_an_engine_that_ends_does_not_wait_for_a_call_for_ever(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_GOODBYE_S", 0.1)
    begun, goes_on = threading.Event(), threading.Event()

    def slow(_: Nothing) -> Nothing:
        begun.set()
        goes_on.wait(PATIENCE_S)
        return Nothing()

    running = run({"engine/free": slow})
    client = running.connect()
    client.send_call("engine/free")
    assert begun.wait(PATIENCE_S)
    running.end()
    running.join()
    assert client.line() == b""
    goes_on.set()
    wait_until(lambda: running.server.client_count == 0)
