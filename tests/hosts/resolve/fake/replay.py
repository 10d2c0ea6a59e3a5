"""A Resolve that answers from a cassette, to whoever asks what was asked when it was recorded.

The same object comes back under many handles in a cassette. Here it is one: known by its unique id where it was asked
for it, else by the way to it from ``resolve``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rotomatte_hosts.resolve.remote import RemoteObject, Seam
from rotomatte_hosts.resolve.worker import METHOD

_PASSES = 4
"""An id that is learnt late names what was found on the way to it, so that naming is done again."""


class NotRecordedError(LookupError):
    """The cassette has no answer to this."""


def replay(path: Path) -> RemoteObject:
    """The ``resolve`` of a cassette.

    Raises:
        NotRecordedError: by each of its calls that the cassette does not have.
    """
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    head, calls = lines[0], lines[1:]
    if head.get("cassette") != 1:
        raise ValueError(f"{path} is no cassette of version 1.")
    seam = Replay(calls, head["root"])
    return RemoteObject(seam, seam.handle("resolve"), head["kind"], set())


class Replay(Seam):
    """The calls of a cassette; where one was made several times, its answers come in that order, the last one for good."""

    def __init__(self, calls: list[dict[str, Any]], root: int) -> None:
        names = _names(calls, root)
        self._handles: dict[str, int] = {}
        self._answers: dict[tuple[str, ...], list[Any]] = {}
        self._told: dict[tuple[str, ...], int] = {}
        self._methods: set[tuple[str, str]] = set()
        self._listed: dict[str, Any] = {}
        for call in calls:
            if call["do"] == "call" or call.get("answer") == METHOD:
                self._methods.add((call["kind"], call["name"]))
            if call["do"] == "names":
                self._listed[call["kind"]] = call["answer"]
            if "answer" in call:
                answer = self._renamed(call["answer"], names)
                arguments = self._renamed(call["arguments"], names)
                self._answers.setdefault(self._key(call, names[call["handle"]], arguments), []).append(answer)

    def handle(self, name: str) -> int:
        """The one handle of an object here."""
        return self._handles.setdefault(name, len(self._handles) + 1)

    def ask(self, do: str, handle: int, kind: str, name: str = "", arguments: list[Any] | None = None) -> Any:
        if do == "names" and kind in self._listed:
            return self._listed[kind]
        if do == "get" and (kind, name) in self._methods:
            return METHOD
        target = next(known for known, number in self._handles.items() if number == handle)
        key = self._key({"do": do, "name": name}, target, arguments or [])
        answers = self._answers.get(key)
        if answers is None:
            if do == "get" and kind in self._listed and name not in self._listed[kind]:
                return None
            raise NotRecordedError(f"{do} {kind}.{name}{tuple(arguments or ())} of {target}")
        at = self._told.get(key, 0)
        self._told[key] = at + 1
        return answers[min(at, len(answers) - 1)]

    def release(self, handle: int) -> None:
        """Handles here are for good."""

    @staticmethod
    def _key(call: dict[str, Any], target: str, arguments: list[Any]) -> tuple[str, ...]:
        plain = [{"object": {"handle": item["object"]["handle"]}} if _is_object(item) else item for item in arguments]
        return (call["do"], target, call["name"], json.dumps(plain))

    def _renamed(self, value: Any, names: dict[int, str]) -> Any:
        if _is_object(value):
            named = value["object"]
            return {"object": {**named, "handle": self.handle(names[named["handle"]])}}
        if isinstance(value, list):
            return [self._renamed(item, names) for item in value]
        if isinstance(value, dict):
            return {key: self._renamed(item, names) for key, item in value.items()}
        return value


def _names(calls: list[dict[str, Any]], root: int) -> dict[int, str]:
    """By handle, what its object is called here."""
    ids = {
        call["handle"]: f"#{call['answer']}"
        for call in calls
        if call["name"] == "GetUniqueId" and call["do"] == "call" and isinstance(call.get("answer"), str)
    }
    aliases: dict[str, str] = {}
    names: dict[int, str] = {}
    for _ in range(_PASSES):
        names = {root: "resolve"}
        for call in calls:
            for place, handle in _objects(call.get("answer")):
                way = f"{names[call['handle']]}.{call['name']}({json.dumps(_named(call['arguments'], names))}){place}"
                if handle in ids:
                    aliases[way] = ids[handle]
                names[handle] = aliases.get(way, way)
    return names


def _named(value: Any, names: dict[int, str]) -> Any:
    if _is_object(value):
        return names[value["object"]["handle"]]
    return [_named(item, names) for item in value] if isinstance(value, list) else value


def _objects(value: Any, place: str = "") -> Iterator[tuple[str, int]]:
    if _is_object(value):
        yield place, value["object"]["handle"]
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _objects(item, f"{place}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _objects(item, f"{place}.{key}")


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and "object" in value
