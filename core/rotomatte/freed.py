"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back_freed() -> None:
    """Give back what the C library keeps of memory that was freed; nothing where it keeps none or cannot be asked.

    glibc keeps some for each thread that ever asked for any, see malloc_trim(3).
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
