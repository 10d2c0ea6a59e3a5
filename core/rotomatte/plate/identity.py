"""Knowing a plate again, whatever folder it lies in."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rotomatte.plate.base import Window

_HEAD_BYTES = 1 << 20


def plate_id(pattern: str, display: Window, first_file: Path) -> str:
    """SHA-256 in hex over what a plate is: its file name, its size, and the head and length of its first file.

    ``pattern`` is the name without folder, frame numbers written as ``#``. The first MiB is enough to tell
    two renders apart and is read in no time; a later frame that changes leaves the id as it is.
    """
    with first_file.open("rb") as file:
        head_sha256 = hashlib.sha256(file.read(_HEAD_BYTES)).hexdigest()
    facts = (pattern, f"{display.width}x{display.height}", head_sha256, str(first_file.stat().st_size))
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()
