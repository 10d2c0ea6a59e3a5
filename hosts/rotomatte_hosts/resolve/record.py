"""A cassette: every call to a live Resolve with its answer, so that a double of Resolve can be held to it elsewhere.

A cassette is JSON lines. The first says what it is and whose answers these are, the others are calls in their order:

    {"cassette": 1, "product": …, "version": …, "system": …, "root": 1, "kind": "Resolve", "anonymous": true}
    {"do": "call", "handle": 1, "kind": "Resolve", "name": "GetVersion", "arguments": [], "answer": …, "seconds": 0.001}

Values are as ``worker`` has them. Instead of an answer there is ``"error"`` where the call failed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from rotomatte_hosts.resolve.anonymous import Anonymous
from rotomatte_hosts.resolve.remote import RemoteObject, Seam, by_way_of
from rotomatte_plugin.errors import HostError, OutputError

SCHEMA_VERSION = 1


@dataclass
class Recorder(Seam):
    """A seam that writes down what passes through it; ``calls`` are the lines of a cassette."""

    seam: Seam
    clock: Callable[[], float] = time.monotonic
    calls: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, do: str, handle: int, kind: str, name: str = "", arguments: Optional[list[Any]] = None) -> Any:
        """See :class:`Seam`."""
        call: dict[str, Any] = {"do": do, "handle": handle, "kind": kind, "name": name, "arguments": arguments or []}
        self.calls.append(call)
        began_s = self.clock()
        try:
            call["answer"] = self.seam.ask(do, handle, kind, name, arguments)
        except HostError as error:
            call["error"] = error.message
            raise
        finally:
            call["seconds"] = round(self.clock() - began_s, 6)
        return call["answer"]

    def release(self, handle: int) -> None:
        """Every object stays: those of the session itself have the same handles."""


def record(resolve: Any, seam: Seam, tour: Callable[[Any], object]) -> list[dict[str, Any]]:
    """The lines of a cassette of a tour.

    Args:
        resolve: what a ``Session`` has.
        seam: its bridge.
        tour: makes the calls; see ``tour``. Where it fails the cassette has all up to there.
    """
    if not isinstance(resolve, RemoteObject):
        raise TypeError("Only what comes through a worker can be recorded.")
    head = {
        "cassette": SCHEMA_VERSION,
        "product": resolve.GetProductName(),
        "version": resolve.GetVersionString(),
        "system": sys.platform,
        "root": 1,
        "kind": "Resolve",
        "anonymous": False,
    }
    recorder = Recorder(seam)
    root = by_way_of(recorder, resolve)
    try:
        tour(root)
    except HostError as error:
        head["ended"] = error.message
    return [head, *recorder.calls]


def write_cassette(path: Path, lines: list[dict[str, Any]], *, is_anonymous: bool) -> Optional[Path]:
    """Write a cassette; with ``is_anonymous`` names and paths are words of ours, and the table of them lies beside it.

    Returns:
        the table, which stays at home; None where everything is as it was.

    Raises:
        OutputError: it cannot be written.
    """
    table = path.with_name(f"{path.name}.names.json") if is_anonymous else None
    anonymous = Anonymous()
    try:
        if is_anonymous:
            lines = [{**lines[0], "anonymous": True}, *anonymous.calls(lines[1:])]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        if table is not None:
            table.write_text(json.dumps(anonymous.words, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror}.",
            remedy="Name a file in a folder that is there.",
            path=str(path),
        ) from error
    return table
