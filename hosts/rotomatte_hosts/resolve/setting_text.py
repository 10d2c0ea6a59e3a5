"""The text of Fusion's ``.setting`` and ``.comp`` files: one table as Lua writes it, with Fusion's constructors; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Union

from rotomatte_plugin.errors import JobError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = frozenset(
    [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while",
    ]
)  # fmt: skip
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')
_INDENT = "\t"


@dataclass(frozen=True)
class Table:
    """A table; ``kind`` is the constructor before it, such as ``Input`` or ``ordered()``, empty for a plain one.

    ``listed`` comes first, without keys; ``named`` in its order, each with its key.
    """

    kind: str = ""
    listed: tuple[Setting, ...] = ()
    named: tuple[tuple[Union[str, int, float], Setting], ...] = ()


Setting = Union[str, bool, int, float, Table]


def table(kind: str = "", named: Mapping[str, Setting] | None = None, listed: Sequence[Setting] = ()) -> Table:
    """A table of that kind."""
    return Table(kind, tuple(listed), tuple((named or {}).items()))


def ordered(named: Mapping[str, Setting]) -> Table:
    """A table whose order means something, such as that of tools, or of controls on a page."""
    return table("ordered()", named)


def value(setting: Setting) -> Table:
    """What an input is set to."""
    return table("Input", {"Value": setting})


def name_id(name: str) -> Table:
    """One of the choices that Fusion knows by name."""
    return table("FuID", listed=(name,))


def point(x: float, y: float) -> Table:
    """A place in the image, as fractions of its width and height, y up."""
    return table(listed=(x, y))


def source(tool: str, output: str = "Output") -> Table:
    """What an input is connected to."""
    return table("Input", {"SourceOp": tool, "Source": output})


def position(x: float, y: float) -> Table:
    """Where a tool is in the flow."""
    return table("OperatorInfo", {"Pos": point(x, y)})


def setting_text(setting: Setting, indent: str = "") -> str:
    """A value as a file has it.

    Raises:
        JobError: a number is infinite, or none.
    """
    if isinstance(setting, Table):
        return _table_text(setting, indent)
    if isinstance(setting, bool):
        return "true" if setting else "false"
    if isinstance(setting, str):
        return f'"{_ESCAPED.sub(_escape, setting)}"'
    if not math.isfinite(setting):
        raise JobError(f"{setting} cannot be written for Fusion.", remedy="Check the clip's frames and coordinates.")
    return repr(int(setting)) if float(setting).is_integer() else repr(float(setting))


def _table_text(made: Table, indent: str) -> str:
    items = [setting_text(item, indent + _INDENT) for item in made.listed]
    items += [f"{_key_text(key)} = {setting_text(item, indent + _INDENT)}" for key, item in made.named]
    kind = f"{made.kind} " if made.kind else ""
    line = f"{kind}{{ {', '.join(items)} }}" if items else f"{kind}{{}}"
    if "\n" not in line and not any(isinstance(item, Table) for _, item in made.named):
        return line
    lines = "".join(f"{indent}{_INDENT}{item},\n" for item in items)
    return f"{kind}{{\n{lines}{indent}}}"


def _key_text(key: Union[str, int, float]) -> str:
    if isinstance(key, str) and _NAME.fullmatch(key) and key not in _WORDS:
        return key
    return f"[{setting_text(key)}]"


def _escape(found: re.Match[str]) -> str:
    # A decimal escape of three digits ends by itself, whatever follows.
    return _ESCAPES.get(found[0]) or f"\\{ord(found[0]):03d}"
