"""Writing files so that nobody ever reads half of one."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from rotomatte_plugin.errors import DiskFullError, OutputError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def temporary_path(path: Path) -> Path:
    """Where a file lies while it is written: hidden, beside it, and of no name that a sequence pattern matches."""
    return path.with_name(f".{path.name}.part")


def write_atomically(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write ``data``, whole or in pieces, under a temporary name and rename it once it is whole and on the disk.

    Raises:
        DiskFullError: no space is left; the file under its final name is untouched.
        OutputError: the folder cannot be written to.

    Whatever making a piece raises goes on to the caller; nothing is left then.
    """
    temporary = temporary_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException as error:
        # Pieces that are made as they are written may fail in any way.
        temporary.unlink(missing_ok=True) if temporary.parent.is_dir() else None
        if isinstance(error, OSError):
            raise output_error(path, error) from error
        raise


def output_error(path: Path, error: OSError) -> OutputError:
    """The sentence for a failed write."""
    if error.errno in _NO_SPACE:
        return DiskFullError(
            f"The disk is full: {path} could not be written. Finished frames are whole.",
            remedy="Make space and run the same command again; it goes on where it stopped.",
            path=str(path),
        )
    return OutputError(
        f"{path} could not be written: {error.strerror}.",
        remedy="Choose another folder with -o, or change its permissions.",
        path=str(path),
    )
