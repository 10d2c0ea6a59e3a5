"""What is known of every object on every frame, held so that ten thousand frames weigh no more than a hundred."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableSet
from typing import TypeVar

from rotomatte_plugin.model import FrameRange

Place = tuple[str, int]
"""An object's name and a frame."""

_Value = TypeVar("_Value")

_PAGE_FRAMES = 512


class Places(MutableSet[Place]):
    """A set of places that takes a bit for each."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._pages: dict[tuple[str, int], int] = {}
        for place in places:
            self.add(place)

    def __contains__(self, place: object) -> bool:
        if not isinstance(place, tuple):
            return False
        name, frame = place
        page, bit = divmod(frame, _PAGE_FRAMES)
        return bool(self._pages.get((name, page), 0) >> bit & 1)

    def __iter__(self) -> Iterator[Place]:
        for (name, page), bits in self._pages.items():
            for bit in range(_PAGE_FRAMES):
                if bits >> bit & 1:
                    yield name, page * _PAGE_FRAMES + bit

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self._pages.values())

    def add(self, place: Place) -> None:
        """Put a place in."""
        page, bit = divmod(place[1], _PAGE_FRAMES)
        at = (place[0], page)
        self._pages[at] = self._pages.get(at, 0) | 1 << bit

    def discard(self, place: Place) -> None:
        """Take a place out, if it is in."""
        if place in self:
            page, bit = divmod(place[1], _PAGE_FRAMES)
            self._pages[place[0], page] ^= 1 << bit


class PerPlace(Mapping[Place, _Value]):
    """A value for each of ``names`` on each of ``frames``, made anew whenever it is asked for."""

    def __init__(self, names: Collection[str], frames: FrameRange, value_of: Callable[[str, int], _Value]) -> None:
        self.names = names
        self.frames = frames
        self._value_of = value_of

    def __getitem__(self, place: Place) -> _Value:
        name, frame = place
        if name not in self.names or frame not in self.frames:
            raise KeyError(place)
        return self._value_of(name, frame)

    def __iter__(self) -> Iterator[Place]:
        return ((name, frame) for name in self.names for frame in self.frames)

    def __len__(self) -> int:
        return len(self.names) * len(self.frames)


class PerFrame(Mapping[int, _Value]):
    """A value for each of ``frames``; neighbours of equal values share one."""

    def __init__(self, frames: FrameRange, values: Iterable[_Value]) -> None:
        self._frames = frames
        self._firsts: list[int] = []
        self._values: list[_Value] = []
        for frame, value in zip(frames, values, strict=True):
            if not self._values or self._values[-1] != value:
                self._firsts.append(frame)
                self._values.append(value)

    def __getitem__(self, frame: int) -> _Value:
        if frame not in self._frames:
            raise KeyError(frame)
        return self._values[bisect_right(self._firsts, frame) - 1]

    def __iter__(self) -> Iterator[int]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)
