"""When files were last changed, without asking the disk again and again: editors are drawn many times a second."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path
from typing import Optional

_LOOK_S = 3.0
"""How old what is known of a file may be."""


def changed_ns(file: Path) -> Optional[int]:
    """When a file was changed, in nanoseconds of the system's clock; None where it is not there."""
    return _changed_ns(file, int(time.monotonic() / _LOOK_S))


@lru_cache(maxsize=1 << 16)
def _changed_ns(file: Path, look: int) -> Optional[int]:
    del look  # only there so that what was seen before is forgotten
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return None
