"""Pixels of ordinary EXR files through OpenEXR's own module, in half the time that OpenImageIO's build takes.

The module decodes every channel, allocates whatever a header claims, puts up with a damaged table of offsets, and
prints about what it cannot unpack. Hence only files that ``exr_layout`` found whole get here, and what it prints about
a damaged block is held back.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Optional

import numpy as np
import OpenEXR

from rotomatte.half import from_half
from rotomatte.plate.base import FloatArray
from rotomatte.plate.exr_layout import is_ordinary
from rotomatte.plate.hushed import hushed

_REMARKS = re.compile(rb".*\(EXR_ERR_")

_REFUSALS = (ArithmeticError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError)
"""What the module raises of a header or a block that it cannot take."""


def read_ordinary(path: Path, size_px: tuple[int, int]) -> Optional[FloatArray]:
    """R, G and B as ``rgb_hwc`` float32 over the data window, which must be of that width and height.

    None where the file is not ordinary or is damaged: then OpenImageIO reads it, or says what is wrong with it.
    """
    try:
        with path.open("rb", buffering=0) as file:
            if not is_ordinary(file, size_px):
                return None
        with hushed(_REMARKS), OpenEXR.File(str(path)) as opened:
            # "RGB" or "RGBA", made of the only channels that an ordinary file has.
            (channel,) = opened.channels().values()
            rgb_hwc = np.ascontiguousarray(channel.pixels[:, :, :3])
    except _REFUSALS:
        return None
    width, height = size_px
    if rgb_hwc.shape != (height, width, 3):
        return None
    return from_half(rgb_hwc) if rgb_hwc.dtype == np.float16 else np.asarray(rgb_hwc, np.float32)
