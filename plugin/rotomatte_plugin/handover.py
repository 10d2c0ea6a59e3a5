"""A clip that a host hands over to the panel, and what comes back: files in a folder that both sides look at.

The host writes ``job.json`` and starts the panel as a program of its own. Whenever the artist adds the mattes to the host,
the panel writes ``result.json`` in place of the one before, and the host notes in ``taken.json`` which it has. Each file
has one writer and is never half written, so either side may end at any moment: what was not taken is found at the next
call. The panel keeps its autosaves there as well, and holds a lock for as long as it runs.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Optional, TypeVar

from rotomatte_plugin.adapter import HostClip, HostInfo
from rotomatte_plugin.connection import require_private_folder
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.errors import JobError, OutputError, ProtocolError
from rotomatte_plugin.locate import setting_path
from rotomatte_plugin.model import FrameRange, MatteObject, MatteTrack, Profile
from rotomatte_plugin.panel_lock import PanelLock
from rotomatte_plugin.plain import from_plain

SCHEMA_VERSION = 1

_Document = TypeVar("_Document")


@dataclass(frozen=True)
class PanelJob:
    """What is to be worked on.

    ``clip`` is one that can be read, so never one that ``must_render``. ``frame`` is where the playhead is, ``folder`` where
    mattes go, empty where the artist is to choose. ``profiles`` are those that the host can place.
    """

    host: HostInfo
    clip: HostClip
    frame: int
    objects: tuple[MatteObject, ...] = ()
    settings: DeskSettings = field(default_factory=DeskSettings)
    folder: str = ""
    profiles: tuple[Profile, ...] = ("universal",)


@dataclass(frozen=True)
class PanelResult:
    """What the artist added to the host, whole: a later one takes its place.

    ``number`` ascends. ``edited`` names those of ``objects`` that are not as they were handed over, ``removed`` those that
    are gone. ``frames`` are those of the files of ``tracks``, which lie below ``folder`` and come without their scores.
    """

    number: int
    objects: tuple[MatteObject, ...]
    edited: tuple[str, ...]
    removed: tuple[str, ...]
    folder: str
    frames: FrameRange
    tracks: tuple[MatteTrack, ...]


@dataclass(frozen=True)
class _Taken:
    number: int


class Handover:
    """The folder of one clip of one host, for both sides."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def job_path(self) -> Path:
        """What the host wants; the panel opens it."""
        return self.folder / "job.json"

    @property
    def log_path(self) -> Path:
        """What the panel says as a program."""
        return self.folder / "panel.log"

    @property
    def autosaves(self) -> Path:
        """Where the panel keeps what is not added yet."""
        return self.folder / "autosaves"

    @property
    def lock(self) -> PanelLock:
        """Held by the panel of this clip."""
        return PanelLock(self.folder / "panel.lock")

    def make(self) -> None:
        """Make the folder, for this user alone.

        Raises:
            OutputError: it cannot be made.
            EngineError: others could change what is in it.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            require_private_folder(self.folder)
        except OSError as error:
            raise _refused(self.folder, error) from error

    def write_job(self, job: PanelJob) -> None:
        """Say what is to be worked on.

        Raises:
            OutputError: it cannot be written.
        """
        self.make()
        _write(self.job_path, job)

    def read_job(self) -> PanelJob:
        """What is to be worked on.

        Raises:
            JobError: it is not there, or damaged, or of a later Rotomatte.
        """
        found = _read(self.job_path, PanelJob)
        if found is None:
            raise JobError(
                f"No host has left a clip in {self.folder}.",
                remedy="Open the panel from within the host.",
                path=str(self.folder),
            )
        return found

    def write_result(self, result: PanelResult) -> None:
        """Hand mattes and prompts back.

        Raises:
            OutputError: they cannot be written.
        """
        _write(self.folder / "result.json", result)

    def read_result(self) -> Optional[PanelResult]:
        """What was handed back last; None where nothing was.

        Raises:
            JobError: it is damaged, or of a later Rotomatte.
        """
        return _read(self.folder / "result.json", PanelResult)

    def new_result(self) -> Optional[PanelResult]:
        """What was handed back and not taken yet.

        Raises:
            JobError: it is damaged, or of a later Rotomatte.
        """
        result = self.read_result()
        return None if result is None or result.number <= self._taken() else result

    def next_number(self) -> int:
        """The number of the next result."""
        result = self.read_result()
        return max(self._taken(), 0 if result is None else result.number) + 1

    def mark_taken(self, number: int) -> None:
        """The host has everything of that result.

        Raises:
            OutputError: that cannot be noted.
        """
        _write(self.folder / "taken.json", _Taken(number))

    def _taken(self) -> int:
        taken = _read(self.folder / "taken.json", _Taken)
        return 0 if taken is None else taken.number


def handover_of(host: HostInfo, *names: str, environ: Mapping[str, str] = os.environ) -> Handover:
    """The folder of a clip; ``names`` are what tells it from the host's others, such as its project and its id."""
    key = hashlib.sha256("\n".join((host.name, *names)).encode()).hexdigest()[:20]
    return Handover(setting_path(environ).parent / "panel" / key)


def _write(path: Path, document: object) -> None:
    text = json.dumps({"schema": SCHEMA_VERSION, "document": asdict(document)}, indent=1)  # type: ignore[call-overload]
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise _refused(path, error) from error


def _read(path: Path, kind: type[_Document]) -> Optional[_Document]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        schema = raw["schema"]
        document = from_plain(kind, raw["document"]) if schema == SCHEMA_VERSION else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, ProtocolError) as error:
        raise JobError(
            f"{path} cannot be read: {error}",
            remedy="Delete it, and open the panel from the host again.",
            path=str(path),
        ) from error
    if document is None:
        raise JobError(
            f"{path} has schema {schema}, and this Rotomatte reads schema {SCHEMA_VERSION}.",
            remedy="Install the same Rotomatte in the host and in the engine's Python.",
            path=str(path),
        )
    return document


def _refused(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path} cannot be written: {error.strerror}.", remedy="Check the disk and its permissions.", path=str(path)
    )
