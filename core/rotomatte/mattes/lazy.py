"""Mattes of many objects, of which one at a time is in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from rotomatte.plate.base import FloatArray


class LazyMattes(Mapping[str, FloatArray]):
    """The ``matte_hw`` of each of ``names``, made anew whenever it is asked for."""

    def __init__(self, names: Collection[str], matte_of: Callable[[str], FloatArray]) -> None:
        self._names = names
        self._matte_of = matte_of

    def __getitem__(self, name: str) -> FloatArray:
        if name not in self._names:
            raise KeyError(name)
        return self._matte_of(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
