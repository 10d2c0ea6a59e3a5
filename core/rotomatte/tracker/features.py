"""What the encoder made of frames, kept within a budget: in memory first, then on the disk."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

HalfArray = NDArray[np.float16]


@dataclass(frozen=True)
class CacheBudget:
    """How much of what was made of frames is kept, in memory and then on the disk."""

    memory_bytes: int = 1 << 30
    disk_bytes: int = 8 << 30


class FeatureCache:
    """Arrays in half precision by frame.

    What is in the cache is a convenience: any frame may be gone at any time, the longest unused ones first. Whoever
    puts arrays in must go on with the rounded values, so that a frame taken from here and one made anew are the same,
    bit for bit.

    Args:
        budget: how much is kept; what memory has no room for goes to the disk.
        folder: below which the files lie.
        worth: the frames that are worth keeping; others are not taken.
    """

    def __init__(self, budget: CacheBudget, folder: Path, worth: Container[int]) -> None:
        self._budget = budget
        self._folder = folder
        self._worth = worth
        self._in_memory: OrderedDict[int, tuple[HalfArray, ...]] = OrderedDict()
        self._on_disk: OrderedDict[int, int] = OrderedDict()
        self._memory_used = 0
        self._disk_used = 0

    def __contains__(self, frame: int) -> bool:
        return frame in self._in_memory or frame in self._on_disk

    def takes(self, frame: int) -> bool:
        """Whether a frame that is put in stays."""
        return frame in self._worth and (self._budget.memory_bytes > 0 or self._budget.disk_bytes > 0)

    def put(self, frame: int, arrays: Sequence[HalfArray]) -> None:
        """Keep a frame's arrays, if they are worth it and fit."""
        if not self.takes(frame) or frame in self:
            return
        self._remember(frame, tuple(arrays))

    def get(self, frame: int) -> Optional[tuple[HalfArray, ...]]:
        """A frame's arrays, None where they are not there."""
        if frame in self._in_memory:
            self._in_memory.move_to_end(frame)
            return self._in_memory[frame]
        if frame not in self._on_disk:
            return None
        arrays = self._read(frame)
        self._drop_file(frame)
        if arrays is not None:
            self._remember(frame, arrays)
        return arrays

    def leave_memory(self) -> None:
        """Keep nothing in memory from now on; what was there goes to the disk, as far as that has room."""
        self._budget = replace(self._budget, memory_bytes=0)
        self._keep_to_budget()

    def clear(self) -> None:
        """Forget everything; the files are removed."""
        self._in_memory.clear()
        self._memory_used = 0
        for frame in list(self._on_disk):
            self._drop_file(frame)

    def _remember(self, frame: int, arrays: tuple[HalfArray, ...]) -> None:
        self._in_memory[frame] = arrays
        self._memory_used += _bytes(arrays)
        self._keep_to_budget()

    def _keep_to_budget(self) -> None:
        while self._memory_used > self._budget.memory_bytes:
            oldest, out = self._in_memory.popitem(last=False)
            self._memory_used -= _bytes(out)
            self._write(oldest, out)

    def _write(self, frame: int, arrays: tuple[HalfArray, ...]) -> None:
        size = _bytes(arrays)
        if size > self._budget.disk_bytes:
            return
        while self._disk_used + size > self._budget.disk_bytes:
            self._drop_file(next(iter(self._on_disk)))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            np.savez(self._path(frame), *arrays)
        except (OSError, MemoryError):
            # A full disk, or memory, makes tracking slower, not wrong.
            with suppress(OSError):
                self._path(frame).unlink(missing_ok=True)
            return
        self._on_disk[frame] = size
        self._disk_used += size

    def _read(self, frame: int) -> Optional[tuple[HalfArray, ...]]:
        try:
            with np.load(io.BytesIO(self._path(frame).read_bytes())) as stored:
                return tuple(stored[name] for name in stored.files)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None

    def _drop_file(self, frame: int) -> None:
        self._disk_used -= self._on_disk.pop(frame)
        with suppress(OSError):
            self._path(frame).unlink(missing_ok=True)

    def _path(self, frame: int) -> Path:
        return self._folder / f"{frame}.npz"


def _bytes(arrays: Sequence[HalfArray]) -> int:
    return sum(array.nbytes for array in arrays)
