"""The images of a folder as sequences, by the numbers in their names.

Names are taken apart as fileseq does; its own listing keeps some 500 bytes a file, this one eight.
"""

from __future__ import annotations

import os
from array import array
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np
from fileseq.constants import DISK_RE
from numpy.typing import NDArray

_MOST_DIGITS = 18
"""Longer numbers name a file, and are no frames."""


@dataclass(frozen=True, eq=False)
class Numbered:
    """Files of one name in a folder: ``basename``, a number of at least ``digits`` signs, ``extension``.

    ``numbers`` ascend; there are none, nor digits, for a single file without a number.
    """

    folder: Path
    basename: str
    extension: str
    digits: int
    numbers: NDArray[np.int64]

    @property
    def pattern(self) -> str:
        """The name with ``#`` for each digit."""
        return f"{self.basename}{'#' * self.digits}{self.extension}"

    def file(self, number: int) -> Path:
        """The file of a number."""
        return self.folder / f"{self.basename}{str(number).zfill(self.digits)}{self.extension}"

    def holds(self, name: str) -> bool:
        """Whether a file of that name is one of these."""
        text = _taken_apart(name)[1]
        if text is None:
            return not self.digits and name == self.pattern
        number = int(text)
        return number in self.numbers and self.file(number).name == name


class _OfName:
    """The numbers in files of one name, by how many signs they are written with and whether zeros lead."""

    def __init__(self) -> None:
        self._written: defaultdict[tuple[int, bool], array[int]] = defaultdict(lambda: array("q"))

    def add(self, number: int, signs: int) -> None:
        """Take in a number written with so many signs."""
        self._written[signs, len(str(number)) < signs].append(number)

    def groups(self) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """The digits of each sequence and its numbers."""
        digits, numbers = 0, array("q")
        for (signs, is_padded), found in sorted(self._written.items()):
            if numbers and is_padded and signs > digits:
                yield digits, np.unique(np.array(numbers, np.int64))
                numbers = array("q")
            if not numbers:
                digits = signs
            numbers.extend(found)
        yield digits, np.unique(np.array(numbers, np.int64))


def numbered_files(folder: Path, extensions: tuple[str, ...]) -> list[Numbered]:
    """What a folder holds of those extensions, in any case, by name; hidden files and folders are left out.

    Numbers of one name belong together where one number of digits would write them all so.

    Raises:
        OSError: the folder cannot be read.
    """
    of_names: defaultdict[tuple[str, str], _OfName] = defaultdict(_OfName)
    single: list[Numbered] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            basename, text, extension = _taken_apart(entry.name)
            if extension.lower() not in extensions or entry.name.startswith(".") or _is_folder(entry):
                continue
            if text is None:
                single.append(Numbered(folder, basename, extension, 0, np.array([], np.int64)))
            else:
                number = int(text)
                of_names[basename, extension].add(number, len(text))
    sequences = [
        Numbered(folder, basename, extension, digits, numbers)
        for (basename, extension), of_name in of_names.items()
        for digits, numbers in of_name.groups()
    ]
    return sorted([*single, *sequences], key=lambda item: (item.basename, item.extension, item.digits))


def _taken_apart(name: str) -> tuple[str, Optional[str], str]:
    """What stands before the number, the number as it is written, and what follows."""
    found = DISK_RE.match(name)
    if found is None:
        return name, None, ""
    _, basename, text, extension = (part or "" for part in found.groups())
    if not text or len(text) > _MOST_DIGITS:
        return f"{basename}{text}", None, extension
    return basename, text, extension


def _is_folder(entry: os.DirEntry[str]) -> bool:
    with suppress(OSError):
        return entry.is_dir()
    return False
