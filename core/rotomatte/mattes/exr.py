"""Matte frames as OpenEXR files: what all EXR profiles share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

import cv2
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from rotomatte.mattes.exr_file import Box, exr_bytes
from rotomatte.mattes.files import write_atomically
from rotomatte.mattes.header import MatteHeader, header_of, origin_attributes
from rotomatte.plate.base import FloatArray, PlateInfo, Window
from rotomatte_plugin.errors import OutputError
from rotomatte_plugin.model import Compression

_SNAP = 2e-4


def snapped(matte_hw: FloatArray) -> FloatArray:
    """The matte with values below 2e-4 as 0 and values above 1 - 2e-4 as 1.

    Without it a core of 0.99999 is no longer solid to a compositor's tools, and lossless files of it are several
    times as large.
    """
    # The threshold itself stays: TOZERO keeps what is greater than the number before it.
    below = float(np.nextafter(np.float32(_SNAP), np.float32(0)))
    solid_hw = np.asarray(cv2.threshold(matte_hw, below, 0, cv2.THRESH_TOZERO)[1], np.float32)
    solid_hw[solid_hw > 1 - _SNAP] = 1
    return solid_hw


def write_exr(
    path: Path,
    channels: Mapping[str, NDArray[np.float16] | FloatArray],
    window: Window,
    info: PlateInfo,
    header: MatteHeader,
    attributes: Mapping[str, Any],
    compression: Compression,
    colour_id: Optional[str] = "data",
) -> None:
    """Write one scan-line part whole or not at all.

    ``channels`` maps full names to ``_hw`` arrays that fill ``window``, the data window, which like every
    ``Window`` is relative to the display window's corner. Display window and pixel aspect ratio are the plate's.
    ``attributes`` come on top of those that say where the frame comes from. ``colour_id`` goes out as
    ``colorInteropID`` and there are no chromaticities, as the Color Interop Forum recommends for what is no colour
    (ColorInterop, Recommendations/04_OpenEXRFiles); None leaves the file untagged.

    Raises:
        OutputError, DiskFullError: see ``write_atomically``.
    """
    written: dict[str, Any] = {
        "displayWindow": window_attribute(info.display, info),
        "pixelAspectRatio": float(info.pixel_aspect),
        **({} if colour_id is None else {"colorInteropID": colour_id}),
        **origin_attributes(info, header),
        **attributes,
    }
    write_atomically(path, exr_bytes(written, channels, window_attribute(window, info), compression))


def window_attribute(window: Window, info: PlateInfo) -> Box:
    """A window in the file's own coordinates, both corners included."""
    x, y = info.display_origin_xy
    first_xy = np.array([x + window.left, y + window.top], np.int32)
    return first_xy, first_xy + np.array([window.width - 1, window.height - 1], np.int32)


def read_attributes(path: Path) -> dict[str, Any]:
    """The first part's header, empty where the file is no EXR or a damaged one."""
    try:
        with OpenEXR.File(str(path), header_only=True) as file:
            # Leaving the block empties the file's own header.
            return dict(file.header())
    except (RuntimeError, OSError, ValueError):
        return {}


def read_matte_header(path: Path) -> MatteHeader | None:
    """The header of one object's EXR matte that Rotomatte wrote, None for any other or damaged file."""
    return header_of(read_attributes(path))


def read_matte(path: Path, info: PlateInfo) -> FloatArray:
    """The alpha of one object's EXR matte that Rotomatte wrote for that plate, as ``matte_hw`` over ``info.canvas``.

    Raises:
        OutputError: the file is not such a matte or is damaged.
    """
    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            first_xy = np.asarray(file.header()["dataWindow"][0]) - info.display_origin_xy
            stored_hw = np.asarray(file.channels()["A"].pixels, np.float32)
    except (RuntimeError, OSError, ValueError, KeyError) as error:
        raise _unreadable(path, str(error)) from error
    canvas = info.canvas
    left, top = int(first_xy[0]) - canvas.left, int(first_xy[1]) - canvas.top
    height, width = stored_hw.shape
    if left < 0 or top < 0 or left + width > canvas.width or top + height > canvas.height:
        raise _unreadable(path, "it lies outside the plate")
    if (height, width) == (canvas.height, canvas.width):
        return stored_hw
    matte_hw = np.zeros((canvas.height, canvas.width), np.float32)
    matte_hw[top : top + height, left : left + width] = stored_hw
    return matte_hw


def _unreadable(path: Path, why: str) -> OutputError:
    return OutputError(
        f"The matte {path} cannot be read back: {why}.",
        remedy="Delete it and run the same command again.",
        path=str(path),
    )
