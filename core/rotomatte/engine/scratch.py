"""The engine's own temporary folder, for pictures and for what tracking keeps of open clips."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rotomatte_plugin.errors import EngineError

_PREFIX = "rotomatte-engine-"
_NOTE_NAME = "scratch"


@contextmanager
def scratch_folder(runtime: Path) -> Iterator[Path]:
    """A new folder of mode 0700 for the time of a ``with`` block; what an engine that was killed left goes first.

    It lies where the system keeps temporary files, which is on a disk more often than ``runtime`` is; a file there
    says where. Only the engine that has its place in ``runtime`` may call this.

    Raises:
        EngineError: no folder can be made.
    """
    note = runtime / _NOTE_NAME
    _remove_noted(note)
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
        note.write_text(str(folder), encoding="utf-8")
    except OSError as error:
        raise EngineError(
            f"The engine has no place for temporary files: {error.strerror}.",
            remedy="Make space there, or set TMPDIR to a folder of yours before the engine starts.",
            path=str(note),
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        note.unlink(missing_ok=True)


def _remove_noted(note: Path) -> None:
    with suppress(OSError, ValueError):
        folder = Path(note.read_text(encoding="utf-8"))
        # Whatever became of the note, nothing else is ever removed.
        if folder.is_absolute() and folder.name.startswith(_PREFIX) and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
