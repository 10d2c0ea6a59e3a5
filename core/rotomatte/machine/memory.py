"""The memory of the machine."""

from __future__ import annotations

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class MemoryLeft:
    """What a memory has free, without swapping, and in all."""

    free_bytes: int
    total_bytes: int


def ram() -> MemoryLeft:
    """The machine's own memory; a limit that a container or a farm sets for this process is not seen."""
    found = psutil.virtual_memory()
    return MemoryLeft(int(found.available), int(found.total))
