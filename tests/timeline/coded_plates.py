"""Plates of which every frame says which one it is, in its own pixels and in those of its matte.

The ground's grey is the number of the frame, and so is the place of an orange disc, which the disc tracker mattes. What
is read back from pixels therefore owes nothing to any number in a file's name or header.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import OpenImageIO as oiio
from numpy.typing import NDArray

WIDTH, HEIGHT = 160, 90
MOST_FRAMES = 80
"""Codes 0 to 79: as many as there are places for the disc."""

_RADIUS_PX = 8
_COLUMNS, _STEP_PX, _EDGE_PX = 16, 9, 12
_ROW_STEP_PX = 16
_GREY_OF_ZERO, _GREY_STEP = 40, 2
_ORANGE_RGB = (240, 140, 20)


def disc_xy(code: int) -> tuple[int, int]:
    """Where the disc of a frame is, in pixels."""
    return _EDGE_PX + _STEP_PX * (code % _COLUMNS), _EDGE_PX + _ROW_STEP_PX * (code // _COLUMNS)


def coded(code: int) -> NDArray[np.uint8]:
    """The picture of one frame, ``rgb_hwc``."""
    image_hwc = np.full((HEIGHT, WIDTH, 3), _GREY_OF_ZERO + _GREY_STEP * code, np.uint8)
    cv2.circle(image_hwc, disc_xy(code), _RADIUS_PX, _ORANGE_RGB, -1)
    return image_hwc


def code_of_plate(rgb_hwc: NDArray[np.uint8]) -> int:
    """The code in the ground's grey, from the corners: no disc reaches into all of them."""
    corners = [int(rgb_hwc[row, column].mean()) for row in (0, -1) for column in (0, -1)]
    code = (np.median(corners) - _GREY_OF_ZERO) / _GREY_STEP
    assert code == int(code), corners
    return int(code)


def code_of_matte(alpha_hw: NDArray[np.float32]) -> int:
    """The code that a matte's centre of gravity says."""
    rows, columns = np.indices(alpha_hw.shape)
    weight = float(alpha_hw.sum())
    assert weight > 50, "the matte is empty"
    x, y = float((columns * alpha_hw).sum() / weight), float((rows * alpha_hw).sum() / weight)
    distances = [np.hypot(x - cx, y - cy) for cx, cy in map(disc_xy, range(MOST_FRAMES))]
    assert min(distances) < _STEP_PX / 3, (x, y)
    return int(np.argmin(distances))


def write_stills(folder: Path, name: str, first: int, count: int, *, suffix: str = ".png", step: int = 1) -> str:
    """A sequence ``name.%04d.png`` whose first frame has code 0; gives its pattern."""
    folder.mkdir(parents=True, exist_ok=True)
    for code in range(count):
        path = folder / f"{name}.{first + step * code:04d}{suffix}"
        assert oiio.ImageBuf(coded(code)).write(str(path))
    return f"{name}.%04d{suffix}"


def write_movie(path: Path, rate: Fraction, count: int) -> Path:
    """A movie without loss whose first frame has code 0."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("qtrle", rate=rate)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "rgb24"
        for code in range(count):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(coded(code), format="rgb24")))
        container.mux(stream.encode())
    return path


def still_code(path: Path) -> int:
    """The code of a still."""
    image_hwc = cv2.imread(str(path))
    assert image_hwc is not None, path
    return code_of_plate(np.ascontiguousarray(image_hwc[..., ::-1]).astype(np.uint8))


def movie_code(path: Path, index: int) -> int:
    """The code of a movie's frame, counted from 0 in the order in which they are shown."""
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number == index:
                return code_of_plate(frame.to_ndarray(format="rgb24"))
    raise IndexError(index)
