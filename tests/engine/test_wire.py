"""Lines, calls and answers, without a socket."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.engine.wire import (
    LineBuffer,
    LineTooLongError,
    RefusedError,
    Request,
    error_line,
    event_line,
    parse_params,
    parse_request,
    result_line,
)
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.messages import MAX_LINE_BYTES, ErrorWords, Hello, JobEvent, SetObject
from rotomatte_plugin.messages.errors import INTERNAL_ERROR, INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR


def lines_of(chunks: list[bytes], limit_bytes: int = 100) -> list[bytes]:
    buffer = LineBuffer(limit_bytes, 5.0, 0.0)
    found = []
    for chunk in chunks:
        buffer.feed(chunk, 0.0)
        while (line := buffer.take(0.0)) is not None:
            found.append(line)
    return found


@given(st.lists(st.binary(max_size=30).map(lambda data: data.replace(b"\n", b""))), st.data())
def test_lines_are_the_same_however_they_are_cut(lines: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    chunks = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert lines_of(chunks) == lines


def test_a_line_may_have_the_limit_and_no_byte_more() -> None:
    assert lines_of([b"x" * 99 + b"\n"]) == [b"x" * 99]
    with pytest.raises(LineTooLongError):
        lines_of([b"x" * 100 + b"\n"])
    with pytest.raises(LineTooLongError):
        lines_of([b"x" * 100])


def test_time_runs_from_the_first_byte_and_trickling_gains_none() -> None:
    buffer = LineBuffer(100, 5.0, 10.0)
    assert buffer.seconds_left(12.0) == 3.0, "the first line is awaited from the start"
    buffer.feed(b"a", 12.0)
    buffer.feed(b"b", 14.0)
    assert buffer.seconds_left(14.0) == 1.0
    assert buffer.seconds_left(16.0) == 0.0
    buffer.feed(b"\nc", 14.5)
    assert buffer.take(14.5) == b"ab"
    assert buffer.seconds_left(14.5) == 5.0, "the next line has begun"
    buffer.restart(30.0)
    assert buffer.seconds_left(30.0) == 5.0
    buffer.feed(b"\n", 15.0)
    assert buffer.take(15.0) == b"c"
    buffer.restart(31.0)
    assert buffer.seconds_left(99.0) is None, "between messages there is all the time in the world"


def test_a_call_is_read() -> None:
    line = b'{"jsonrpc":"2.0","id":7,"method":"clip/open","params":{"a":1},"more":2}'
    assert parse_request(line) == Request(7, "clip/open", b'{"a":1}')
    assert parse_request(b'{"jsonrpc":"2.0","method":"x"}') == Request(None, "x", b"{}")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"GET / HTTP/1.1", PARSE_ERROR),
        (b"", PARSE_ERROR),
        (b"\xff\xfe", PARSE_ERROR),
        (b"[" * 100_000, PARSE_ERROR),
        (b'{"jsonrpc":"2.0","id":1,"method":"x","params":' + b"[" * 50_000 + b"]" * 50_000 + b"}", PARSE_ERROR),
        (b"[]", INVALID_REQUEST),
        (b"null", INVALID_REQUEST),
        (b'{"jsonrpc":"1.0","id":1,"method":"x"}', INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":null,"method":"x"}', INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":{},"method":"x"}', INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1,"method":5}', INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1}', INVALID_REQUEST),
    ],
)
def test_what_is_no_call_is_refused_by_its_code(line: bytes, code: int) -> None:
    with pytest.raises(RefusedError) as refused:
        parse_request(line)
    assert refused.value.words.code == code


def test_params_keep_the_class_of_their_error() -> None:
    box = {"frame": 3, "x0": 9, "y0": 0, "x1": 1, "y1": 5}
    params = {"clip_id": "c", "object": {"name": "car", "prompts": {"boxes": [box]}}}
    with pytest.raises(PromptError, match="inverted") as error:
        parse_params(Request(1, "clip/set_object", json.dumps(params).encode()), SetObject)
    assert error.value.frame == 3


def test_params_of_the_wrong_kind_are_told_with_their_place() -> None:
    params = {"clip_id": "c", "object": {"name": "car", "prompts": {"points": [{"frame": 1, "x": "?", "y": 2}]}}}
    with pytest.raises(RefusedError, match=r"\$\.object\.prompts\.points\[0\]\.x") as refused:
        parse_params(Request(1, "clip/set_object", json.dumps(params).encode()), SetObject)
    assert refused.value.words.code == INVALID_PARAMS


def test_params_may_have_what_a_later_version_adds() -> None:
    line = b'{"token":"t","protocol":{"major":1,"minor":9,"patch":3},"mood":"good"}'
    assert parse_params(Request(1, "session/hello", line), Hello).protocol.minor == 9


def test_an_answer_that_is_too_long_becomes_an_error() -> None:
    line = result_line(3, "x" * MAX_LINE_BYTES)
    assert len(line) < 1000
    assert json.loads(line)["error"]["code"] == INTERNAL_ERROR
    error = error_line(3, ErrorWords(200, "x" * MAX_LINE_BYTES, "y" * MAX_LINE_BYTES))
    assert len(error) < MAX_LINE_BYTES
    assert json.loads(error)["error"]["code"] == 200


def test_an_event_that_is_too_long_goes_without_its_outline() -> None:
    outline_xy = (tuple((float(n), 0.123456789) for n in range(MAX_LINE_BYTES // 20)),)
    line = event_line(JobEvent("j", "running", frame=1001, outline_xy=outline_xy))
    assert len(line) < MAX_LINE_BYTES
    params = json.loads(line)["params"]
    assert (params["frame"], params["outline_xy"]) == (1001, [])
    kept = event_line(JobEvent("j", "running", outline_xy=(((1.0, 2.0), (3.0, 4.0)),)))
    assert json.loads(kept)["params"]["outline_xy"] == [[[1.0, 2.0], [3.0, 4.0]]]
