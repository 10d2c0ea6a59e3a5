"""What a user's path means on this disk: an image sequence, a single still, or a movie."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Union

from fileseq import findSequencesOnDisk
from fileseq.constants import PAD_STYLE_HASH1
from fileseq.exceptions import FileSeqException
from fileseq.filesequence import FileSequence

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

    def __init__(self, item: FileSequence, frames: Sequence[int]) -> None:
        self._item = item
        self._first = frames[0]
        self._offsets = array("l", (frame - self._first for frame in frames))

    def __getitem__(self, frame: int) -> Path:
        offset = frame - self._first
        place = bisect_left(self._offsets, offset)
        if place == len(self._offsets) or self._offsets[place] != offset:
            raise KeyError(frame)
        return Path(str(self._item.frame(frame)))

    def __iter__(self) -> Iterator[int]:
        return (self._first + offset for offset in self._offsets)

    def __len__(self) -> int:
        return len(self._offsets)


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
    matching = [item for item in siblings if _holds(item, given)] if given.is_file() else _by_pattern(given, siblings)
    if len(matching) != 1:
        raise _not_found(given)
    return _found(matching[0], unnumbered_frame)


def _sequences(folder: Path) -> list[FileSequence]:
    if not folder.is_dir():
        return []
    try:
        # Sorted, so that lists in messages do not depend on the file system.
        found = sorted(findSequencesOnDisk(str(folder), pad_style=PAD_STYLE_HASH1), key=str)
    except (FileSeqException, OSError):
        return []
    return [item for item in found if item.extension().lower() in STILL_SUFFIXES]


def _only_sequence(folder: Path) -> FileSequence:
    found = _sequences(folder)
    if len(found) == 1:
        return found[0]
    listed = _listed(_pattern(item) for item in found)
    raise PlateNotFoundError(
        f"The folder {folder} holds {len(found)} image sequences{': ' + listed if listed else ''}.",
        remedy="Name one of them, such as shot.####.exr." if found else "Give a folder of images or a movie file.",
        path=str(folder),
    )


def _holds(item: FileSequence, file: Path) -> bool:
    numbers = item.frameSet()
    if numbers is None:
        return bool(_pattern(item) == file.name)
    return any(Path(str(item.frame(number))).name == file.name for number in numbers)


def _by_pattern(pattern: Path, siblings: list[FileSequence]) -> list[FileSequence]:
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
        if item.frameSet() is not None
        and item.basename() == wanted.basename()
        and item.extension() == wanted.extension()
    ]
    return named if len(named) == 1 else [item for item in named if item.zfill() == wanted.zfill()]


def _found(item: FileSequence, unnumbered_frame: int) -> FoundSequence:
    folder, pattern = Path(item.dirname()), _pattern(item)
    numbers = item.frameSet()
    name = str(item.basename()).rstrip("._- ") or folder.resolve().name
    if numbers is None:
        return FoundSequence(
            str(folder / pattern), pattern, name, _NO_NUMBER_PADDING, {unnumbered_frame: folder / pattern}
        )
    frames = sorted(int(number) for number in numbers)
    if frames[-1] - frames[0] >= MAX_FRAME_SPAN:
        raise PlateError(
            f"The numbers of {folder / pattern} run from {frames[0]} to {frames[-1]}, too far apart for frames.",
            remedy="Rename the files, numbering them one by one.",
            path=str(folder / pattern),
        )
    return FoundSequence(str(folder / pattern), pattern, name, item.zfill(), _NumberedFiles(item, frames))


def _pattern(item: FileSequence) -> str:
    digits = "#" * item.zfill() if item.frameSet() is not None else ""
    return f"{item.basename()}{digits}{item.extension()}"


def _not_found(given: Path) -> PlateNotFoundError:
    nearby = [_pattern(item) for item in _sequences(given.parent)]
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
