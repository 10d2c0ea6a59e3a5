"""What a user's path means on this disk: an image sequence, a single still, or a movie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Union

import numpy as np
from fileseq.constants import PAD_STYLE_HASH1
from fileseq.exceptions import FileSeqException
from fileseq.filesequence import FileSequence

from rotomatte.plate.numbered import Numbered, numbered_files
from rotomatte.plate.still import STILL_SUFFIXES
from rotomatte_plugin.errors import PlateError, PlateNotFoundError

MOVIE_SUFFIXES = (
    ".mov", ".mp4", ".m4v", ".mxf", ".mkv", ".avi", ".webm", ".ts", ".m2ts", ".mts", ".mpg", ".mpeg", ".wmv",
)  # fmt: skip

MAX_FRAME_SPAN = 1_000_000
"""Eleven hours at 24 frames a second: numbers further apart are dates or serial numbers, not frames."""

_PATTERN_SIGNS = "#@%"
_NO_NUMBER_PADDING = 4
_LISTED = 8


@dataclass(frozen=True)
class FoundSequence:
    """Files of one sequence by frame number.

    ``pattern`` is the file name with ``#`` for each digit, ``path`` the same with its folder, ``name`` the
    pattern without number and suffix (the folder's name where nothing is left).
    """

    path: str
    pattern: str
    name: str
    padding: int
    files: Mapping[int, Path]


class _NumberedFiles(Mapping[int, Path]):
    """The files of a sequence by ascending frames, each path made when it is asked for."""

    def __init__(self, item: Numbered) -> None:
        self._item = item

    def __getitem__(self, frame: int) -> Path:
        place = int(np.searchsorted(self._item.numbers, frame))
        if place == len(self) or self._item.numbers[place] != frame:
            raise KeyError(frame)
        return self._item.file(frame)

    def __iter__(self) -> Iterator[int]:
        return map(int, self._item.numbers)

    def __len__(self) -> int:
        return len(self._item.numbers)


@dataclass(frozen=True)
class FoundMovie:
    """A movie file."""

    path: Path


def locate(path: str, unnumbered_frame: int = 1) -> Union[FoundSequence, FoundMovie]:
    """Find the plate that a path means.

    The path may be a pattern (``%04d``, ``####`` or ``@@@@``: one sign a digit, as in Nuke), a folder of exactly
    one sequence, any file of a sequence, a lone still (its frame is its number, else ``unnumbered_frame``), or
    a movie.

    Raises:
        PlateNotFoundError: nothing is there, or a folder holds none or several sequences.
        PlateError: a file of an unknown type, or numbers that cannot be frames.
    """
    given = Path(path)
    if given.is_dir():
        return _found(_only_sequence(given), unnumbered_frame)
    suffix = given.suffix.lower()
    if suffix not in STILL_SUFFIXES + MOVIE_SUFFIXES:
        raise PlateError(
            f"Files of type {suffix or 'without a suffix'} are not plates: {path}.",
            remedy=f"Give a sequence ({_listed(STILL_SUFFIXES)}) or a movie ({_listed(MOVIE_SUFFIXES)}).",
            path=path,
        )
    if suffix in MOVIE_SUFFIXES:
        if not given.is_file():
            raise _not_found(given)
        return FoundMovie(given)
    siblings = _sequences(given.parent)
    matching = (
        [item for item in siblings if item.holds(given.name)] if given.is_file() else _by_pattern(given, siblings)
    )
    if len(matching) != 1:
        raise _not_found(given)
    return _found(matching[0], unnumbered_frame)


def _sequences(folder: Path) -> list[Numbered]:
    try:
        return numbered_files(folder, STILL_SUFFIXES)
    except OSError:
        return []


def _only_sequence(folder: Path) -> Numbered:
    found = _sequences(folder)
    if len(found) == 1:
        return found[0]
    listed = _listed(item.pattern for item in found)
    raise PlateNotFoundError(
        f"The folder {folder} holds {len(found)} image sequences{': ' + listed if listed else ''}.",
        remedy="Name one of them, such as shot.####.exr." if found else "Give a folder of images or a movie file.",
        path=str(folder),
    )


def _by_pattern(pattern: Path, siblings: list[Numbered]) -> list[Numbered]:
    """Sequences of the pattern's name; its padding decides only between several, as %04d also means 10000."""
    if not any(sign in pattern.name for sign in _PATTERN_SIGNS):
        return []
    try:
        wanted = FileSequence(pattern.name, pad_style=PAD_STYLE_HASH1)
    except FileSeqException:
        return []
    named = [
        item
        for item in siblings
        if item.digits and item.basename == wanted.basename() and item.extension == wanted.extension()
    ]
    return named if len(named) == 1 else [item for item in named if item.digits == wanted.zfill()]


def _found(item: Numbered, unnumbered_frame: int) -> FoundSequence:
    path = str(item.folder / item.pattern)
    name = item.basename.rstrip("._- ") or item.folder.resolve().name
    if not item.digits:
        return FoundSequence(path, item.pattern, name, _NO_NUMBER_PADDING, {unnumbered_frame: Path(path)})
    first, last = int(item.numbers[0]), int(item.numbers[-1])
    if last - first >= MAX_FRAME_SPAN:
        raise PlateError(
            f"The numbers of {path} run from {first} to {last}, too far apart for frames.",
            remedy="Rename the files, numbering them one by one.",
            path=path,
        )
    return FoundSequence(path, item.pattern, name, item.digits, _NumberedFiles(item))


def _not_found(given: Path) -> PlateNotFoundError:
    nearby = [item.pattern for item in _sequences(given.parent)]
    if given.parent.is_dir():
        nearby += sorted(item.name for item in given.parent.iterdir() if item.suffix.lower() in MOVIE_SUFFIXES)
        help_there = f"give one of those in its folder: {_listed(nearby)}" if nearby else "its folder holds no plate"
    else:
        help_there = f"the folder {given.parent} does not exist"
    return PlateNotFoundError(f"There is no plate {given}.", remedy=f"Check the name; {help_there}.", path=str(given))


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - _LISTED} more" if len(every) > _LISTED else ""
    return ", ".join(every[:_LISTED]) + more
