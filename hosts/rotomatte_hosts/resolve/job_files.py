"""The files by which Lua and the engine's side tell each other of a clip.

Beside ``NAME.json`` with the facts, ``NAME.status.lua`` says how things stand while they run, and ``NAME.placing.lua``
what to bring into Resolve.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rotomatte_hosts.resolve.comp_setting import MatteSequence, comp_setting
from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_hosts.resolve.placing_text import Arriving
from rotomatte_hosts.resolve.placing_text import status_text as status_file_text
from rotomatte_hosts.resolve.read_clip import ResolveClip
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.status import sentences

ALIVE_S = 5.0
"""How often the status file is written where there is nothing new, so that Lua sees that the job lives."""


@dataclass(frozen=True)
class JobPaths:
    """The files of a job, by the path of its facts."""

    facts: Path

    @property
    def status(self) -> Path:
        """How it stands."""
        return self.facts.with_suffix(".status.lua")

    @property
    def placing(self) -> Path:
        """What Lua is to bring back."""
        return self.facts.with_suffix(".placing.lua")

    def comp(self, name: str) -> Path:
        """A comp with an object's matte."""
        return self.facts.with_suffix(f".{name}.setting")


def replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all, since Lua may look at it at any moment."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


class StatusFile:
    """Says how things stand whenever that is news, and now and then."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._said = ""
        self._due_s = 0.0

    def look(self, sentence: str) -> None:
        """Say what is going on."""
        now_s = time.monotonic()
        if sentence != self._said or now_s >= self._due_s:
            self._said, self._due_s = sentence, now_s + ALIVE_S
            self.write("running", sentence)

    def fail(self, error: RotomatteError) -> None:
        """Say what went wrong; where not even that can be written, the error itself is told."""
        with suppress(OSError):
            self.write("failed", sentences(error))

    def write(self, state: str, sentence: str) -> None:
        """Say it in any case."""
        replace_file(self._path, status_file_text(state, sentence, time.time()))


def arriving(found: ResolveClip, paths: JobPaths, bring_back: str, files: MatteFiles) -> Arriving:
    """A finished matte as Lua is to bring it back; writes a comp with it where one is wanted."""
    if bring_back != "comp":
        return Arriving(files)
    comp_time = found.frames.to_comp(files.first)
    path = paths.comp(files.object)
    text = comp_setting(MatteSequence(files.object, files.first_file, files.first, files.count, comp_time))
    replace_file(path, text)
    return Arriving(files, str(path), comp_time)
