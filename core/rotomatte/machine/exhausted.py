"""How libraries say that the machine's own memory ran out."""

from __future__ import annotations

import cv2

_TORCH_ON_THE_CPU = "DefaultCPUAllocator"


def ram_ran_out(error: BaseException) -> bool:
    """Whether that is what an error of Python, NumPy, OpenCV or torch says."""
    if isinstance(error, cv2.error):
        return bool(error.code == cv2.Error.StsNoMem)
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and _TORCH_ON_THE_CPU in str(error))
