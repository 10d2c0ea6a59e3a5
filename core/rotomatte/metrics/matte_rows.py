"""Some rows of EXR mattes, for measures that need no more of them than that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import OpenImageIO as oiio

from rotomatte.half import from_half
from rotomatte.plate.base import FloatArray, Window
from rotomatte_plugin.errors import FrameUnreadableError

WindowedMatte = tuple[int, Window, FloatArray]
"""A frame, and its ``matte_hw`` over a data window, outside of which it is 0."""

_ENOUGH_ROWS = 270
_ALPHA = "A"


def row_step(height_px: int) -> int:
    """Which rows count of a picture that high: every so many-th, so that there are 270 or a few less.

    Files have a block a row by default (ZIPS), so an eighth of the rows takes an eighth of the time.
    """
    return -(-height_px // _ENOUGH_ROWS)


def read_rows(files: Mapping[int, Path], frames: Iterable[int]) -> Iterator[WindowedMatte]:
    """Every ``row_step``-th row of the alpha of ``frames``, counted from the display window's top.

    The windows count such rows, and columns as ever.

    Raises:
        FrameUnreadableError: a file is absent, damaged, or no EXR with alpha.
    """
    for frame in frames:
        if frame not in files:
            raise FrameUnreadableError(
                f"The matte of frame {frame} is not there any more.",
                remedy="Run the job again: it writes what is missing.",
                frame=frame,
            )
        yield frame, *_read(files[frame], frame)


def _read(path: Path, frame: int) -> tuple[Window, FloatArray]:
    file = oiio.ImageInput.open(str(path))
    if file is None:
        raise _unreadable(path, frame, oiio.geterror())
    try:
        spec = file.spec()
        step = row_step(spec.full_height)
        rows = range(-(-(spec.y - spec.full_y) // step), -(-(spec.y - spec.full_y + spec.height) // step))
        left = spec.x - spec.full_x
        alpha = spec.channelindex(_ALPHA)
        if alpha < 0:
            raise _unreadable(path, frame, "it has no alpha")
        stored_hw = np.zeros((len(rows), spec.width), np.float16)
        for place, row in enumerate(rows):
            y = row * step + spec.full_y
            line = file.read_scanlines(0, 0, y, y + 1, 0, alpha, alpha + 1, "half")
            if line is None:
                raise _unreadable(path, frame, file.geterror())
            stored_hw[place] = line[0, :, 0]
    finally:
        file.close()
    # A small window may lie between two rows.
    matte_hw = from_half(stored_hw) if rows else stored_hw.astype(np.float32)
    return Window(left, rows.start, left + spec.width, rows.stop), matte_hw


def _unreadable(path: Path, frame: int, why: str) -> FrameUnreadableError:
    return FrameUnreadableError(
        f"The matte of frame {frame}, {path}, cannot be read: {why}.",
        remedy="Delete that file and run the job again.",
        frame=frame,
        path=str(path),
    )
