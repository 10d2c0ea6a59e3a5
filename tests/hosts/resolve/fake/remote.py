"""What a script holds of Resolve: handles that are new at every call, and tell little about themselves."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.hosts.resolve.fake.session import FakeResolve


class HangsError(BaseException):
    """Resolve would never answer this call."""


class MisuseError(BaseException):
    """A call whose arguments Resolve's documentation does not know; what Resolve does then is not known."""


class Thing:
    """Something that Resolve keeps.

    Methods and properties that begin with a capital are what scripts see; the rest is for tests. ``answers`` has, by
    method, what is answered instead, a function of the arguments or a value; a thing that ``is_gone`` answers None to
    all.
    """

    HIDDEN: frozenset[str] = frozenset()
    """Methods that ``dir`` does not tell."""

    def __init__(self, app: FakeResolve) -> None:
        self.app = app
        self.is_gone = False
        self.answers: dict[str, Any] = {}
        self.uid = app.new_id()

    @classmethod
    def kind(cls) -> str:
        return cls.__name__

    def get_named(self, name: str) -> Any:
        """What a name that is no method means; None where it means nothing."""
        return None

    def set_named(self, name: str, value: Any) -> None:
        """An attribute is set by a script, which Resolve ignores."""

    def get_indexed(self, key: Any) -> Any:
        raise TypeError("'PyRemoteObject' object is not subscriptable")

    def set_indexed(self, key: Any, value: Any) -> None:
        raise TypeError("'PyRemoteObject' object does not support item assignment")


def methods_of(kind: type[Thing]) -> list[str]:
    return [name for name in dir(kind) if name[0].isupper() and name != "HIDDEN" and callable(getattr(kind, name))]


class PyRemoteObject:
    """A handle: equal to no other handle, not hashable, and with an answer for every name."""

    __slots__ = ("_thing",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, thing: Thing) -> None:
        object.__setattr__(self, "_thing", thing)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __repr__(self) -> str:
        return f"{self._thing.kind()} (0x0x{id(self._thing):x}) [App: 'Resolve' on 127.0.0.1, UUID: {self._thing.app.uuid}]"

    def __dir__(self) -> list[str]:
        thing = self._thing
        return [
            name for name in methods_of(type(thing)) if thing.app.has(thing.kind(), name) and name not in thing.HIDDEN
        ]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        thing: Thing = self._thing
        found = getattr(type(thing), name, None) if name[:1].isupper() and name != "HIDDEN" else None
        if isinstance(found, property):
            return to_handles(getattr(thing, name))
        if callable(found):
            return RemoteMethod(thing, name) if thing.app.has(thing.kind(), name) else None
        return to_handles(thing.get_named(name))

    def __setattr__(self, name: str, value: Any) -> None:
        self._thing.set_named(name, to_things(value))

    def __getitem__(self, key: Any) -> Any:
        return to_handles(self._thing.get_indexed(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._thing.set_indexed(key, to_things(value))


class RemoteMethod:
    """A method of a handle, which takes no named arguments."""

    __slots__ = ("_name", "_thing")

    def __init__(self, thing: Thing, name: str) -> None:
        self._thing = thing
        self._name = name

    def __call__(self, *arguments: Any) -> Any:
        return to_handles(self._thing.app.call(self._thing, self._name, [to_things(item) for item in arguments]))


def fits(thing: Thing, name: str, arguments: list[Any]) -> None:
    """Raise :class:`MisuseError` where a method takes no such number of arguments."""
    try:
        inspect.signature(getattr(thing, name)).bind(*arguments)
    except TypeError as error:
        raise MisuseError(f"{thing.kind()}.{name}: {error}") from None


def failure(thing: Thing, name: str) -> Any:
    """What a method answers when it fails."""
    return False if getattr(type(thing), name).__annotations__.get("return") == "bool" else None


def to_handles(value: Any) -> Any:
    """An answer as a script gets it: copies, with a new handle for every thing."""
    if isinstance(value, Thing):
        return PyRemoteObject(value)
    if isinstance(value, (list, tuple)):
        return [to_handles(item) for item in value]
    if isinstance(value, dict):
        return {key: to_handles(item) for key, item in value.items()}
    return value


def to_things(value: Any) -> Any:
    """An argument as the fake uses it."""
    if isinstance(value, PyRemoteObject):
        return value._thing
    if isinstance(value, (list, tuple)):
        return [to_things(item) for item in value]
    if isinstance(value, dict):
        return {key: to_things(item) for key, item in value.items()}
    return value


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
