"""What goes over the wire: JSON-RPC 2.0, one object a line, a line of at most 1 MiB. No sockets here.

Source: https://www.jsonrpc.org/specification. Batches are not part of this protocol.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import msgspec

from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.messages import JOB_EVENT, MAX_LINE_BYTES, ErrorWords, JobEvent
from rotomatte_plugin.messages.errors import INTERNAL_ERROR, INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR

_Params = TypeVar("_Params")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class LineTooLongError(Exception):
    """More bytes came without a line feed than a line may have."""


@dataclass(frozen=True)
class Request:
    """A call; ``id`` is None where no answer is wanted, ``params`` still JSON."""

    id: int | str | None
    method: str
    params: bytes


class RefusedError(Exception):
    """A message that has no result, with what the other side is told instead."""

    def __init__(self, words: ErrorWords) -> None:
        self.words = words
        super().__init__(words.message)


class LineBuffer:
    """Puts a stream of bytes together into lines, and knows since when one is unfinished.

    It counts as begun from ``now_s``, so that the first line too must be there within its time. Times are monotonic
    seconds, so that a jump of the clock changes nothing.
    """

    def __init__(self, limit_bytes: int, limit_s: float, now_s: float) -> None:
        self._limit_bytes = limit_bytes
        self._limit_s = limit_s
        self._rest = bytearray()
        self._begun_s: float | None = now_s

    def relax(self, limit_bytes: int, limit_s: float) -> None:
        """Other limits from now on."""
        self._limit_bytes = limit_bytes
        self._limit_s = limit_s

    def feed(self, data: bytes, now_s: float) -> None:
        """Take bytes in."""
        self._rest += data
        if self._begun_s is None:
            self._begun_s = now_s

    def take(self, now_s: float) -> bytes | None:
        """The next whole line without its line feed, None where there is none yet.

        Raises:
            LineTooLongError: a line is longer than the limit.
        """
        end = self._rest.find(b"\n", 0, self._limit_bytes)
        if end < 0:
            if len(self._rest) >= self._limit_bytes:
                raise LineTooLongError
            return None
        line = bytes(self._rest[:end])
        del self._rest[: end + 1]
        self._begun_s = now_s if self._rest else None
        return line

    def restart(self, now_s: float) -> None:
        """Give an unfinished line its whole time again, since nobody listened for a while."""
        if self._begun_s is not None:
            self._begun_s = now_s

    def seconds_left(self, now_s: float) -> float | None:
        """How long the unfinished line may still take, 0 where it is overdue, None where none has begun."""
        return None if self._begun_s is None else max(0.0, self._begun_s + self._limit_s - now_s)


class _Call(msgspec.Struct):
    """The envelope of JSON-RPC."""

    jsonrpc: str
    method: str
    params: msgspec.Raw = msgspec.Raw(b"{}")
    id: int | str | msgspec.UnsetType | None = msgspec.UNSET


def parse_request(line: bytes) -> Request:
    """The call in a line.

    Raises:
        RefusedError: it is not JSON, or not a call of JSON-RPC 2.0.
    """
    try:
        msgspec.json.decode(line)
    except _UNREADABLE as error:
        raise RefusedError(
            ErrorWords(PARSE_ERROR, f"The message is not JSON: {error}.", "Send one JSON object a line.")
        ) from error
    try:
        call = msgspec.json.decode(line, type=_Call)
    except _UNREADABLE as error:
        raise RefusedError(_invalid(f"The message is not a call: {error}.")) from error
    if call.jsonrpc != "2.0" or call.id is None:
        raise RefusedError(_invalid("The message is not a call of JSON-RPC 2.0 with a number or a text as its id."))
    return Request(None if isinstance(call.id, msgspec.UnsetType) else call.id, call.method, bytes(call.params))


def parse_params(request: Request, kind: type[_Params]) -> _Params:
    """The params of a call; fields that the class does not have are ignored.

    Raises:
        RotomatteError: the values contradict each other; the class's own error.
        RefusedError: a field is missing or of the wrong kind; the sentence says where.
    """
    try:
        return msgspec.json.decode(request.params, type=kind)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, RotomatteError):
            raise error.__cause__ from error
        words = ErrorWords(
            INVALID_PARAMS, f"The params of {request.method} are wrong: {error}.", "Correct that field and send again."
        )
        raise RefusedError(words) from error


def result_line(request_id: int | str, result: object) -> bytes:
    """The answer to a call; one that is too long becomes an error."""
    line = msgspec.json.encode({"jsonrpc": "2.0", "id": request_id, "result": result}) + b"\n"
    if len(line) <= MAX_LINE_BYTES:
        return line
    words = ErrorWords(INTERNAL_ERROR, "The answer is longer than a message may be.", "Ask for less at a time.")
    return error_line(request_id, words)


def error_line(request_id: int | str | None, words: ErrorWords) -> bytes:
    """The answer to a call that failed; where it is told goes into ``data``."""
    data = {"remedy": words.remedy, "clip": words.clip, "frame": words.frame, "path": words.path}
    error: dict[str, Any] = {"code": words.code, "message": words.message, "data": data}
    line = msgspec.json.encode({"jsonrpc": "2.0", "id": request_id, "error": error}) + b"\n"
    if len(line) <= MAX_LINE_BYTES:
        return line
    return error_line(request_id, ErrorWords(words.code, words.message[:1000], words.remedy[:1000]))


def event_line(event: JobEvent) -> bytes:
    """A notification; one that is too long goes without its outline."""
    line = msgspec.json.encode({"jsonrpc": "2.0", "method": JOB_EVENT, "params": event}) + b"\n"
    if len(line) <= MAX_LINE_BYTES:
        return line
    return event_line(replace(event, outline_xy=()))


def _invalid(sentence: str) -> ErrorWords:
    return ErrorWords(INVALID_REQUEST, sentence, 'Send {"jsonrpc": "2.0", "id": 1, "method": "…", "params": {…}}.')
