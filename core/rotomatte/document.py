"""Documents: JSON in and out, checked against frozen dataclasses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import JobReport, MatteJob, MatteObject, PromptSet

_Document = TypeVar("_Document")

_MAX_BYTES = 64 << 20


def read_job(path: Path) -> MatteJob:
    """The job in a file; see ``decode``."""
    return read_document(path, MatteJob)


def read_report(path: Path) -> JobReport:
    """The report in a file; see ``decode``."""
    return read_document(path, JobReport)


def read_document(path: Path, kind: type[_Document]) -> _Document:
    """The document of ``kind`` in a file; see ``decode``.

    Raises:
        JobError: the file is unreadable, not JSON, or has a wrong field.
    """
    return decode(_read(path), kind, str(path))


def read_objects(path: Path, default_name: str) -> tuple[MatteObject, ...]:
    """The objects of a prompt file.

    The file is a ``PromptSet``, which belongs to the object ``default_name``, or a document with a list
    ``objects`` as a job has it.

    Raises:
        JobError: the file is unreadable, not JSON, or has a wrong field.
    """
    data = _read(path)
    raw = _parse(data, str(path))
    if isinstance(raw, dict) and "objects" in raw:
        listed = raw["objects"]
        if not isinstance(listed, list) or set(raw) != {"objects"}:
            raise JobError(
                f"{path} is neither a prompt set nor a list of objects.",
                remedy='Give {"objects": [{"name": …, "prompts": {…}}]} or one prompt set with points, boxes and so on.',
                path=str(path),
            )
        return tuple(_convert(item, MatteObject, str(path), f"$.objects[{index}]") for index, item in enumerate(listed))
    return (MatteObject(default_name, decode(data, PromptSet, str(path))),)


def decode(data: bytes, kind: type[_Document], path: str) -> _Document:
    """A document of ``kind`` from JSON.

    Raises:
        JobError: not JSON, a field of the wrong type or value, an unknown field; the sentence names the
            field's path in the document, such as ``$.objects[0].prompts.points[0].x``.
    """
    return _convert(_parse(data, path), kind, path, "$")


def encode(document: object) -> bytes:
    """The document, a dataclass, as indented JSON in UTF-8 with a final newline; equal ones give equal bytes."""
    return b"".join(encoded(document))


def encoded(document: object) -> Iterator[bytes]:
    """What ``encode`` gives, in small pieces: the report of a long clip need not be in memory as a whole."""
    yield from _indented(document, b"\n")
    yield b"\n"


def normal(job: MatteJob) -> MatteJob:
    """The job as it comes out of its whole document, where 46 and 46.0 are the same: equal jobs, equal hashes."""
    return msgspec.convert(_whole(job), MatteJob)


def _whole(value: Any) -> Any:
    """A document as plain values, with every field.

    msgspec leaves those out that were not in the document from which it made the dataclass itself.
    """
    if is_dataclass(value):
        return {field.name: _whole(getattr(value, field.name)) for field in fields(value)}
    return [_whole(item) for item in value] if isinstance(value, tuple) else value


def canonical(value: object) -> bytes:
    """Compact JSON with sorted keys, for hashing."""
    return msgspec.json.encode(value, order="sorted")


def _indented(value: Any, newline: bytes) -> Iterator[bytes]:
    """``value`` as msgspec indents it, where lines begin with ``newline``."""
    if isinstance(value, tuple) and value:
        brackets, items = (b"[", b"]"), ((b"", item) for item in value)
    elif is_dataclass(value) and fields(value):
        named = ((field.name.encode(), getattr(value, field.name)) for field in fields(value))
        brackets, items = (b"{", b"}"), ((b'"%b": ' % name, item) for name, item in named)
    else:
        yield msgspec.json.format(msgspec.json.encode(value), indent=2).replace(b"\n", newline)
        return
    before = brackets[0]
    for name, item in items:
        yield before + newline + b"  " + name
        yield from _indented(item, newline + b"  ")
        before = b","
    yield newline + brackets[1]


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise JobError(
                f"{path} is too large to be a document of Rotomatte's.",
                remedy="Give a JSON file that Rotomatte or a host has written.",
                path=str(path),
            )
        return path.read_bytes()
    except OSError as error:
        raise JobError(
            f"{path} cannot be read: {error.strerror}.", remedy="Check the path and its permissions.", path=str(path)
        ) from error


def _parse(data: bytes, path: str) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JobError(
            f"{path} is not a JSON document: {error}.",
            remedy="Give a file that Rotomatte or a host has written.",
            path=path,
        ) from error


def _convert(raw: Any, kind: type[_Document], path: str, root: str) -> _Document:
    try:
        document = msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        sentence = str(error).replace("`$", f"`{root}")
        raise JobError(
            f"{path} is wrong: {sentence if '`$' in str(error) else f'{sentence} - at `{root}`'}.",
            remedy="Correct that field and run again.",
            path=path,
        ) from error
    unknown = _unknown_field(raw, msgspec.to_builtins(document), root)
    if unknown:
        raise JobError(
            f"{path} has a field that means nothing here: {unknown}.",
            remedy="Correct its name or remove it.",
            path=path,
        )
    return document


def _unknown_field(raw: Any, known: Any, where: str) -> str | None:
    """Path of the first field in ``raw`` that the document's class does not have."""
    if isinstance(raw, dict) and isinstance(known, dict):
        for name, value in raw.items():
            if name not in known:
                return f"{where}.{name}"
            found = _unknown_field(value, known[name], f"{where}.{name}")
            if found:
                return found
    elif isinstance(raw, list) and isinstance(known, (list, tuple)):
        for index, (value, known_value) in enumerate(zip(raw, known, strict=False)):
            found = _unknown_field(value, known_value, f"{where}[{index}]")
            if found:
                return found
    return None
