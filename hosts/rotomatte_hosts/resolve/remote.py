"""Resolve's objects at the near end of a pipe, and what a pipe has to be able to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from functools import partial
from typing import Any, Optional

from rotomatte_hosts.resolve.worker import METHOD, from_wire, to_wire


class Seam(ABC):
    """What lies between :class:`RemoteObject` and Resolve; all values are as ``worker`` has them in JSON."""

    @abstractmethod
    def ask(self, do: str, handle: int, kind: str, name: str = "", arguments: Optional[list[Any]] = None) -> Any:
        """Do what a request of ``worker`` says to the object of ``handle``, a ``kind``, and give its answer.

        Raises:
            HostError: Resolve raised something, does not answer, or is gone.
        """

    @abstractmethod
    def release(self, handle: int) -> None:
        """The object of ``handle`` is needed no longer."""


class RemoteObject:
    """Behaves as an object of Resolve's own: a new one at every answer, equal to no other, and not hashable.

    A name in capitals is a constant's value, a name that Resolve does not know is None, and ``dir`` says what Resolve
    says. Attributes cannot be set, and nothing is indexed: these are Fusion's shortcuts for methods.
    """

    __slots__ = ("_handle", "_kind", "_methods", "_seam")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, seam: Seam, handle: int, kind: str, methods: set[tuple[str, str]]) -> None:
        self._seam = seam
        self._handle = handle
        self._kind = kind
        self._methods = methods

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        return f"{self._kind or 'object'} {self._handle} of Resolve"

    def __dir__(self) -> list[str]:
        names: list[str] = self._seam.ask("names", self._handle, self._kind)
        return names

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._kind and (self._kind, name) in self._methods:
            return partial(self._call, name)
        value = self._seam.ask("get", self._handle, self._kind, name)
        if value == METHOD:
            self._methods.add((self._kind, name))
            return partial(self._call, name)
        return self._near(value)

    def __del__(self) -> None:
        self._seam.release(self._handle)

    def _call(self, name: str, *arguments: Any) -> Any:
        sent = [to_wire(argument, self._name_object) for argument in arguments]
        return self._near(self._seam.ask("call", self._handle, self._kind, name, sent))

    def _name_object(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, RemoteObject) or value._seam is not self._seam:  # noqa: SLF001 - one of its own kind
            raise TypeError(f"{value!r} is nothing that Resolve takes")
        return {"handle": value._handle}  # noqa: SLF001

    def _near(self, raw: Any) -> Any:
        return near(self._seam, raw, self._methods)


def near(seam: Seam, raw: Any, methods: Optional[set[tuple[str, str]]] = None) -> Any:
    """An answer with its objects; ``methods`` remembers by kind what can be called, and starts empty where None."""
    known: set[tuple[str, str]] = set() if methods is None else methods
    return from_wire(raw, lambda named: RemoteObject(seam, named["handle"], named["kind"], known))


def by_way_of(seam: Seam, item: RemoteObject) -> RemoteObject:
    """The same object of Resolve's, reached through a seam that ends at the same worker."""
    return RemoteObject(seam, item._handle, item._kind, set())  # noqa: SLF001 - one of its own kind


class Released:
    """The handles that were let go of since the last request, from whichever thread."""

    def __init__(self) -> None:
        self._handles: deque[int] = deque()

    def add(self, handle: int) -> None:
        """Remember a handle."""
        self._handles.append(handle)

    def take(self) -> list[int]:
        """Every handle since the last time."""
        return [self._handles.popleft() for _ in range(len(self._handles))]
