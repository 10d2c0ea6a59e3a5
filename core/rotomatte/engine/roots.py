"""Where mattes may go: below allowed folders, however a path is spelled and whatever links lie on the way."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePath, PureWindowsPath

from rotomatte.engine.windows_paths import folded, plain_windows_path
from rotomatte_plugin.errors import JobError, OutputError

_OPTION = "--allow-output"


class AllowedRoots:
    """Folders below which output may go; links among them are resolved once, here.

    Raises:
        JobError: a root is no folder.
    """

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = tuple(_resolved_root(root) for root in roots)

    def resolved(self, out: Path) -> Path:
        """The folder that ``out`` really is, for the caller to write to in its place.

        Its nearest existing ancestor counts, with every link resolved; so does each link in what is there already,
        since a job's files go into folders below ``out``. Ask again right before writing: another user of the same
        root could put a link there in between, and nothing here can keep them from it afterwards.

        Raises:
            OutputError: it is not below a root, leads out of them by a link, or cannot be looked into.
        """
        real = _resolved(out)
        if not self._allows(real):
            raise self._refusal(f"{out} is not below an allowed folder", out)
        try:
            for link in _links_below(real):
                if not self._allows(link.resolve()):
                    raise self._refusal(f"{link} is a link that leads out of the allowed folders", link)
        except (OSError, RuntimeError) as error:
            raise OutputError(
                f"{out} cannot be searched for links: {error}.",
                remedy="Correct the permissions below it, or choose another folder.",
                path=str(out),
            ) from error
        return real

    def _allows(self, real: PurePath) -> bool:
        return any(is_below(real, root) for root in self._roots)

    def _refusal(self, sentence: str, path: Path) -> OutputError:
        listed = ", ".join(str(root) for root in self._roots)
        remedy = f"Choose a folder below {listed}, or have this one allowed with {_OPTION}."
        return OutputError(f"{sentence}.", remedy=remedy, path=str(path))


def is_below(path: PurePath, root: PurePath) -> bool:
    """Whether ``path`` is ``root`` or below it; both absolute and without ``..``. Pure.

    On Windows A to Z count as a to z. Other letters must agree: which of them NTFS takes for the same depends on the
    volume, and a refusal is the safe mistake.
    """
    if isinstance(path, PureWindowsPath):
        return folded(path)[: len(root.parts)] == folded(root)
    return path.parts[: len(root.parts)] == root.parts


def _resolved_root(root: Path) -> Path:
    try:
        real = _resolved(root.absolute())
    except OutputError as error:
        raise JobError(error.message, remedy=f"Give {_OPTION} the full path of a folder.", path=str(root)) from error
    if not real.is_dir():
        raise JobError(
            f"{root} is no folder, so nothing can be allowed below it.",
            remedy=f"Make it or mount it, or correct {_OPTION}.",
            path=str(root),
        )
    return real


def _resolved(path: Path) -> Path:
    plain = Path(plain_windows_path(str(path))) if sys.platform == "win32" else path
    if not plain.is_absolute():
        raise OutputError(f"{path} is not a full path.", remedy="Give the folder's full path.", path=str(path))
    try:
        return plain.resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise OutputError(
            f"{str(path)!r} cannot be a folder: {error}.", remedy="Choose another folder.", path=str(path)
        ) from error


def _links_below(folder: Path) -> Iterator[Path]:
    """Every link in a folder and in the folders below it, those behind links included."""
    waiting = [folder] if folder.is_dir() else []
    seen = set(waiting)
    while waiting:
        # Another job may be tidying up there.
        with suppress(FileNotFoundError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                path = Path(entry.path)
                if _is_link(entry):
                    yield path
                    path = path.resolve()
                    if path.is_dir() and path not in seen:
                        waiting.append(path)
                        seen.add(path)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(path)


def _is_link(entry: os.DirEntry[str]) -> bool:
    if sys.platform == "win32":
        # A junction is no symbolic link there, and leads away as well.
        return bool(entry.stat(follow_symlinks=False).st_file_attributes & stat.FILE_ATTRIBUTE_REPARSE_POINT)
    return entry.is_symlink()
