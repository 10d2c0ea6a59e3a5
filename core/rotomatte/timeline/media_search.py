"""Looking for media by name below folders."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from fileseq.constants import PAD_STYLE_HASH1
from fileseq.exceptions import FileSeqException
from fileseq.filesequence import FileSequence

from rotomatte.plate.locate import MOVIE_SUFFIXES
from rotomatte.plate.numbered import Numbered, numbered_files
from rotomatte.plate.still import STILL_SUFFIXES

MOST_ENTRIES = 200_000
"""Files and folders that are looked at, all folders together."""

_SUFFIXES = STILL_SUFFIXES + MOVIE_SUFFIXES


class SearchFolders:
    """What is below some folders, links followed. Nothing is read before it is asked for, and then once.

    Names are the same whatever their capitals, and however accents are written.
    """

    def __init__(self, folders: Sequence[Path], most_entries: int = MOST_ENTRIES) -> None:
        self._folders = tuple(folder.absolute() for folder in folders)
        self._most_entries = most_entries

    def __bool__(self) -> bool:
        return bool(self._folders)

    @property
    def ended_early(self) -> bool:
        """Whether there is more than is looked at."""
        return self._walked[1]

    def files(self, name: str) -> tuple[Path, ...]:
        """Every file of that name; the same file by several ways counts once."""
        return _distinct(folder / own for own, folder in self._walked[0].get(_folded(name), ()))

    def sequences(self, pattern: str, numbers: Collection[int]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """Every sequence of a pattern's name (``shot.%04d.exr``): those with all of the numbers, and the others."""
        try:
            wanted = FileSequence(pattern, pad_style=PAD_STYLE_HASH1)
        except FileSeqException:
            return (), ()
        basename, extension = _folded(wanted.basename()), _folded(wanted.extension())
        folders = {
            folder
            for name, places in self._walked[0].items()
            if name.startswith(basename) and name.endswith(extension)
            for _, folder in places
        }
        whole: list[Path] = []
        others: list[Path] = []
        for item in _sequences(sorted(folders)):
            if (_folded(item.basename), _folded(item.extension)) == (basename, extension):
                has_all = bool(np.isin(np.array([*numbers], np.int64), item.numbers).all())
                path = item.folder / f"{item.basename}%0{item.digits}d{item.extension}"
                (whole if has_all else others).append(path)
        return tuple(whole), tuple(others)

    @cached_property
    def _walked(self) -> tuple[dict[str, list[tuple[str, Path]]], bool]:
        """Folded names of plates, each with its own name and its folder, and whether the walk ended early."""
        index: defaultdict[str, list[tuple[str, Path]]] = defaultdict(list)
        seen: set[str] = set()
        waiting = list(reversed(self._folders))
        left = self._most_entries
        while waiting:
            folder = waiting.pop()
            real = os.path.realpath(folder)
            if real in seen:
                continue
            seen.add(real)
            below: list[Path] = []
            for entry in _entries(folder):
                if not left:
                    return index, True
                left -= 1
                if entry.name.startswith("."):
                    continue
                if _is_folder(entry):
                    below.append(Path(entry.path))
                elif entry.name.lower().endswith(_SUFFIXES):
                    index[_folded(entry.name)].append((entry.name, folder))
            waiting += sorted(below, reverse=True)
        return index, False


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What is in a folder; one that may not be read is left out."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _sequences(folders: Iterable[Path]) -> Iterator[Numbered]:
    """The numbered images of folders, each folder once, by whatever way it was reached."""
    for folder in _distinct(folders):
        try:
            found = numbered_files(folder, STILL_SUFFIXES)
        except OSError:
            continue
        yield from (item for item in found if item.digits)


def _distinct(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Each file or folder once, by the first of the ways that lead to it."""
    found: dict[str, Path] = {}
    for path in paths:
        found.setdefault(os.path.realpath(path), path)
    return tuple(found.values())


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
