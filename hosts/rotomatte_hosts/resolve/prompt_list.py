"""The macro's list of prompts: lines of JSON with a version, in fractions of the picture; pure.

    {"v":1,"t":12,"obj":1,"kind":"include","x":0.5,"y":0.5}
    {"v":1,"t":12,"obj":1,"kind":"box","x0":0.1,"y0":0.2,"x1":0.4,"y1":0.6}

``t`` is the comp's time. Fractions are of the picture's whole width and height from its bottom-left corner, as Fusion
has them (Fuse SDK, "Coordinates").
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Optional, Union

from rotomatte_plugin.errors import PromptError

VERSION = 1

_POINTS = ("include", "exclude")


@dataclass(frozen=True)
class PointLine:
    """A click of object ``number`` at ``time``, None where the line does not say."""

    number: int
    time: Optional[float]
    x: float
    y: float
    include: bool


@dataclass(frozen=True)
class BoxLine:
    """A box from its bottom-left to its top-right corner, whichever way it was pulled."""

    number: int
    time: Optional[float]
    x0: float
    y0: float
    x1: float
    y1: float


Line = Union[PointLine, BoxLine]


def read_lines(text: str, where: str) -> Iterator[Line]:
    """The prompts of a list; empty lines count for nothing.

    Args:
        text: the list.
        where: what has it, for the sentence of an error.

    Raises:
        PromptError: a line is of a later version or makes no sense; the sentence has its number.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield _read(line, f"Line {number} of {where}")


def _read(line: str, what: str) -> Line:
    try:
        raw = json.loads(line)
    except ValueError:
        raw = None
    if not isinstance(raw, dict):
        raise _broken(what, "is not JSON of an object")
    version = raw.get("v")
    if isinstance(version, int) and version > VERSION:
        raise PromptError(
            f"{what} is of version {version}, and this Rotomatte reads version {VERSION}.", remedy="Update Rotomatte."
        )
    if version != VERSION:
        raise _broken(what, "has no version")
    kind, number, time = raw.get("kind"), raw.get("obj", 1), raw.get("t")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise _broken(what, "has no object's number as obj")
    at = None if time is None else _number(raw, "t", what)
    if kind in _POINTS:
        return PointLine(number, at, _number(raw, "x", what), _number(raw, "y", what), kind == "include")
    if kind == "box":
        x0, y0, x1, y1 = (_number(raw, name, what) for name in ("x0", "y0", "x1", "y1"))
        if x0 == x1 or y0 == y1:
            raise _broken(what, "is a box without a size")
        return BoxLine(number, at, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    raise _broken(what, f"is of the kind {kind!r}, not include, exclude or box")


def _number(raw: dict[str, Any], name: str, what: str) -> float:
    value = raw.get(name)
    # JSON has whole numbers that no float can be.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= sys.float_info.max:
        raise _broken(what, f"has no number as {name}")
    return float(value)


def _broken(what: str, why: str) -> PromptError:
    return PromptError(f"{what} {why}.", remedy="Remove that line, or press Undo until it is gone.")
