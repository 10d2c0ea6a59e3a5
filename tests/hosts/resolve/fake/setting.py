"""The text of ``.setting`` and ``.comp`` files: one table as Lua writes it, with Fusion's constructors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"""\s+|--[^\n]*
    |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<long>\[(?P<level>=*)\[.*?\](?P=level)\])
    |(?P<number>-?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>[{}\[\]()=,;])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class SettingError(ValueError):
    """The text is no table."""


@dataclass
class Table:
    """A table; ``kind`` is its constructor, such as ``Loader`` or ``ordered``, ``listed`` has what has no key."""

    kind: str = ""
    named: dict[Any, Any] = field(default_factory=dict)
    listed: list[Any] = field(default_factory=list)

    def get(self, key: Any, default: Any = None) -> Any:
        return self.named.get(key, default)


def parse(text: str) -> Table:
    """The table of a file; raises :class:`SettingError`."""
    tokens = list(_tokens(text))
    reader = _Reader(tokens)
    if reader.peek() == "return":
        reader.take()
    found = reader.value()
    if not isinstance(found, Table) or reader.peek() is not None:
        raise SettingError("A file is one table.")
    return found


@dataclass(frozen=True)
class _String:
    text: str


def _tokens(text: str) -> Any:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise SettingError(f"Cannot read {text[at : at + 20]!r}.")
        at = match.end()
        if match["string"] is not None:
            yield _String(_unescape(match["string"][1:-1]))
        elif match["long"] is not None:
            inner = match["long"][len(match["level"]) + 2 : -len(match["level"]) - 2]
            yield _String(inner.removeprefix("\n"))
        elif match["number"] is not None:
            yield float(match["number"]) if not match["number"].lower().startswith("0x") else int(match["number"], 16)
        elif match["name"] is not None or match["sign"] is not None:
            yield match["name"] or match["sign"]


def _unescape(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code)) if code.isdigit() else _ESCAPES.get(code, code)

    return re.sub(r"\\(\d{1,3}|.)", replace, text, flags=re.DOTALL)


class _Reader:
    def __init__(self, tokens: list[Any]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self, ahead: int = 0) -> Any:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else None

    def take(self, wanted: Any = None) -> Any:
        part = self.peek()
        if part is None or (wanted is not None and part != wanted):
            raise SettingError(f"Expected {wanted or 'more'}, found {part!r}.")
        self.at += 1
        return part

    def value(self) -> Any:
        part = self.peek()
        if part == "{":
            return self.table("")
        if isinstance(part, _String):
            return self.take().text
        if isinstance(part, (int, float)):
            return self.take()
        if part in {"true", "false", "nil"}:
            return {"true": True, "false": False, "nil": None}[self.take()]
        if not isinstance(part, str) or not part.isidentifier():
            raise SettingError(f"No value: {part!r}.")
        kind = self.take()
        if self.peek() == "(":
            self.take()
            self.take(")")
        return self.table(kind)

    def table(self, kind: str) -> Table:
        made = Table(kind)
        self.take("{")
        while self.peek() != "}":
            if self.peek() == "[":
                self.take()
                key = self.value()
                self.take("]")
                self.take("=")
                made.named[key] = self.value()
            elif isinstance(self.peek(), str) and self.peek(1) == "=":
                key = self.take()
                self.take("=")
                made.named[key] = self.value()
            else:
                made.listed.append(self.value())
            if self.peek() in {",", ";"}:
                self.take()
            elif self.peek() != "}":
                raise SettingError(f"Expected a comma, found {self.peek()!r}.")
        self.take("}")
        return made


def write(value: Any) -> str:
    """A value as text that :func:`parse` reads."""
    if isinstance(value, Table):
        parts = [write(item) for item in value.listed]
        parts += [f"{_key(key)} = {write(item)}" for key, item in value.named.items()]
        kind = "ordered()" if value.kind == "ordered" else value.kind
        return f"{kind} {{ {', '.join(parts)} }}".strip()
    if isinstance(value, dict):
        return write(Table("", value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nil"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
        return f'"{escaped}"'
    return f"{value:.17g}"


def _key(key: Any) -> str:
    if isinstance(key, str) and key.isidentifier() and key not in {"true", "false", "nil", "end", "return"}:
        return key
    return f"[{write(key)}]"
