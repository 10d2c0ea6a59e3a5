"""Profile ``nuke``: one object a file, alpha alone, cropped to what is not empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rotomatte.half import to_half
from rotomatte.mattes.exr import snapped, window_attribute, write_exr
from rotomatte.mattes.header import MatteHeader, provenance
from rotomatte.mattes.profiles import check_compression
from rotomatte.plate.base import FloatArray, PlateInfo, Window
from rotomatte_plugin.model import Compression

PAD_PX = 8
"""Empty border around the matte, so that a filter that looks beyond the data window finds it."""


def write_nuke(
    path: Path, matte_hw: FloatArray, info: PlateInfo, header: MatteHeader, compression: Compression = "zips"
) -> None:
    """One frame: half float, ``A`` only, data window = the padded box of what is not zero.

    ``matte_hw`` lies in 0..1 over ``info.canvas``. The canvas stands in the header as ``originalDataWindow``.

    Raises:
        JobError: the compression would change the matte.
        OutputError, DiskFullError: see ``write_atomically``.
    """
    check_compression("nuke", compression)
    solid_hw = snapped(matte_hw)
    window = filled_window(solid_hw > 0, info)
    left, top = window.left - info.canvas.left, window.top - info.canvas.top
    cropped_hw = to_half(solid_hw[top : top + window.height, left : left + window.width])
    attributes: dict[str, Any] = {
        **provenance(header),
        "originalDataWindow": window_attribute(info.canvas, info),
    }
    write_exr(path, {"A": cropped_hw}, window, info, header, attributes, compression)


def filled_window(filled_hw: np.typing.NDArray[np.bool_], info: PlateInfo) -> Window:
    """The box of what is filled, padded within the canvas; one pixel at the display window's corner for nothing.

    OpenEXR has no empty window.
    """
    rows, columns = np.flatnonzero(filled_hw.any(axis=1)), np.flatnonzero(filled_hw.any(axis=0))
    if rows.size == 0:
        return Window(0, 0, 1, 1)
    canvas = info.canvas
    return Window(
        max(canvas.left, canvas.left + int(columns[0]) - PAD_PX),
        max(canvas.top, canvas.top + int(rows[0]) - PAD_PX),
        min(canvas.right, canvas.left + int(columns[-1]) + 1 + PAD_PX),
        min(canvas.bottom, canvas.top + int(rows[-1]) + 1 + PAD_PX),
    )
