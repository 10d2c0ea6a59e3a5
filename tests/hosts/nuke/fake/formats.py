"""Formats, and ranges of frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.hosts.nuke.fake.knobs import Final


class Format(Final):
    """Width, height, the box x, y, r, t, and the pixels' aspect."""

    __slots__ = ("_box", "_name", "_pixel_aspect", "_size")

    def __init__(self, width: int, height: int, x: int, y: int, r: int, t: int, pa: float) -> None:
        self._size = (width, height)
        self._box = (x, y, r, t)
        self._pixel_aspect = pa
        self._name = ""

    def width(self) -> int:
        return self._size[0]

    def height(self) -> int:
        return self._size[1]

    def x(self) -> int:
        return self._box[0]

    def y(self) -> int:
        return self._box[1]

    def r(self) -> int:
        return self._box[2]

    def t(self) -> int:
        return self._box[3]

    def pixelAspect(self) -> float:
        return self._pixel_aspect

    def name(self) -> str:
        return self._name

    def setName(self, name: str) -> None:
        self._name = name


def format_of(text: str) -> Format:
    """The format that a knob's text says: ``width height x y r t aspect name``."""
    parts = text.split()
    width, height, x, y, r, t = (int(part) for part in parts[:6])
    made = Format(width, height, x, y, r, t, float(parts[6]))
    made.setName(" ".join(parts[7:]))
    return made


def format_text(value: Any) -> str:
    if isinstance(value, Format):
        box = f"{value.x()} {value.y()} {value.r()} {value.t()}"
        return f"{value.width()} {value.height()} {box} {value.pixelAspect():g} {value.name()}"
    return str(value)


class FrameRange(Final):
    """First, last and every how many."""

    __slots__ = ("_first", "_increment", "_last")

    def __init__(self, first: int, last: int, increment: int = 1) -> None:
        self._first, self._last, self._increment = int(first), int(last), int(increment)

    def first(self) -> int:
        return self._first

    def last(self) -> int:
        return self._last

    def increment(self) -> int:
        return self._increment

    def frames(self) -> int:
        return (self._last - self._first) // self._increment + 1

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._first, self._last + 1, self._increment))


class FrameRanges(Final):
    __slots__ = ("_frames",)

    def __init__(self, *ranges: Any) -> None:
        self._frames: list[int] = []
        for item in ranges:
            if isinstance(item, str):
                for part in item.split():
                    first, _, last = part.partition("-")
                    self._frames += range(int(first), int(last or first) + 1)
            else:
                self._frames += list(item)

    def toFrameList(self) -> list[int]:
        return list(self._frames)

    def minFrame(self) -> int:
        return min(self._frames)

    def maxFrame(self) -> int:
        return max(self._frames)

    def __iter__(self) -> Iterator[Any]:
        return iter([FrameRange(frame, frame) for frame in self._frames])
