"""The image of a mask prompt, laid over the plate."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import numpy as np

from rotomatte.plate.base import FloatArray, PlateInfo, Window
from rotomatte.plate.sequence import place
from rotomatte.plate.still import StillHeader, StillUnreadableError, read_matte_channel
from rotomatte_plugin.errors import PromptError

_PRESENT = 0.5


def read_mask(path: str, info: PlateInfo, frame: int) -> FloatArray:
    """A matte painted by an artist, as ``matte_hw`` float32 in 0..1 over ``info.canvas``.

    The image's alpha counts, else its first channel. It has the size of the plate's display window, and then is
    zero around it, or the size of the canvas, or is an EXR whose data window says where it lies.

    Raises:
        PromptError: no such file, unreadable, another size than the plate, or empty.
    """
    if not Path(path).is_file():
        raise _error(f"The mask of frame {frame} is not there: {path}.", "Check its path.", path, frame)
    try:
        header, data_hw = read_matte_channel(Path(path))
    except StillUnreadableError as why:
        raise _error(
            f"The mask of frame {frame} cannot be read from {path}: {why}.", "Save the mask again.", path, frame
        ) from why
    window = window_on_plate(header, info)
    if window is None:
        raise _error(
            f"The mask {path} of frame {frame} is {header.display.width}x{header.display.height} pixels, "
            f"the plate {info.display.width}x{info.display.height}.",
            "Save the mask at the plate's size.",
            path,
            frame,
        )
    matte_hw = place(data_hw, window, info.canvas).clip(0.0, 1.0)
    if not (matte_hw >= _PRESENT).any():
        raise _error(
            f"The mask of frame {frame} is empty: {path} has no value of 0.5 or more inside the plate.",
            "Paint the object white, or remove the mask.",
            path,
            frame,
        )
    return np.ascontiguousarray(matte_hw, dtype=np.float32)


def window_on_plate(header: StillHeader, info: PlateInfo) -> Optional[Window]:
    """Where an image of a matte lies on a plate: by its windows, or over the canvas; None where its size fits neither."""
    if header.display == info.display:
        return header.data
    if (header.data.width, header.data.height) == (info.canvas.width, info.canvas.height):
        return info.canvas
    return None


def _error(message: str, remedy: str, path: str, frame: int) -> PromptError:
    return PromptError(message, remedy=remedy, frame=frame, path=path)
