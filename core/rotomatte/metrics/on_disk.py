"""Sequences of mattes as they lie on disk, ours or anybody's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rotomatte.plate.base import FloatArray
from rotomatte.plate.locate import FoundMovie, locate
from rotomatte.plate.still import StillUnreadableError, read_matte_channel
from rotomatte_plugin.errors import FrameUnreadableError, JobError


def matte_files(location: str) -> Mapping[int, Path]:
    """The files of one sequence by frame number, ascending; ``location`` as for a plate.

    Raises:
        PlateNotFoundError: nothing is there, or several sequences.
        PlateError: not images.
        JobError: a movie.
    """
    found = locate(location)
    if isinstance(found, FoundMovie):
        raise JobError(
            f"{location} is a movie, whose compression would be measured as an error of the matte.",
            remedy="Give an image sequence, such as matte.%04d.exr.",
            path=location,
        )
    return found.files


def read_matte(path: Path, frame: int) -> FloatArray:
    """One frame's alpha, else its first channel, as ``matte_hw`` over the union of data and display window.

    Integer codes are scaled to 0..1; pixels outside the data window are 0.

    Raises:
        FrameUnreadableError: the file cannot be decoded.
    """
    try:
        header, data_hw = read_matte_channel(path)
    except StillUnreadableError as error:
        raise FrameUnreadableError(
            f"Frame {frame}, {path}, cannot be read: {error}.",
            remedy="Write that frame again, then repeat the measurement.",
            frame=frame,
            path=str(path),
        ) from error
    whole, data = header.display.union(header.data), header.data
    above_below = (data.top - whole.top, whole.bottom - data.bottom)
    left_right = (data.left - whole.left, whole.right - data.right)
    return np.pad(data_hw, (above_below, left_right))
