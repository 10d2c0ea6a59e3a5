"""Messages from what JSON has, for the host side; the engine checks the same classes with msgspec."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from rotomatte_plugin.errors import ProtocolError

_Message = TypeVar("_Message")


def from_plain(kind: type[_Message], raw: object) -> _Message:
    """A message of ``kind``; fields that it does not have are ignored, since a newer engine may send more.

    Raises:
        ProtocolError: a field is missing or of the wrong kind, or the message refuses its values.
    """
    message: _Message = _build(kind, raw, "$")
    return message


def _build(kind: Any, raw: Any, where: str) -> Any:  # noqa: PLR0911 - one return a kind
    origin, arguments = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _build_message(kind, raw, where)
    if origin is Union:
        return _build_one_of(arguments, raw, where)
    if origin is tuple and isinstance(raw, list):
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_build(arguments[0], item, f"{where}[{at}]") for at, item in enumerate(raw))
        if len(arguments) == len(raw):
            return tuple(
                _build(item_kind, item, f"{where}[{at}]") for at, (item_kind, item) in enumerate(zip(arguments, raw))
            )
    if origin is dict and arguments[0] is str and isinstance(raw, dict):
        return {name: _build(arguments[1], item, f"{where}.{name}") for name, item in raw.items()}
    if origin is Literal and raw in arguments:
        return raw
    if kind is float and isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return float(raw)
    if isinstance(kind, type) and type(raw) is kind:
        return raw
    raise _wrong(where)


def _build_message(kind: type, raw: Any, where: str) -> Any:
    if not isinstance(raw, dict):
        raise _wrong(where)
    hints = _hints(kind)
    given = {
        field.name: _build(hints[field.name], raw[field.name], f"{where}.{field.name}")
        for field in dataclasses.fields(kind)
        if field.name in raw
    }
    try:
        return kind(**given)
    except (TypeError, ValueError) as error:
        raise _wrong(where) from error


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _build_one_of(kinds: tuple[Any, ...], raw: Any, where: str) -> Any:
    if raw is None and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            return _build(kind, raw, where)
        except ProtocolError:
            continue
    raise _wrong(where)


def _wrong(where: str) -> ProtocolError:
    return ProtocolError(
        f"The engine's answer has something unexpected at {where}.",
        remedy="Update the plug-in in the host, so that it is as new as the engine.",
    )
