"""The hidden master that the profiles of several objects and the profiles of other formats are made from."""

from __future__ import annotations

from pathlib import Path

from rotomatte.mattes.exr import snapped, write_exr
from rotomatte.mattes.header import MatteHeader, provenance
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.model import Compression


def write_master(
    path: Path, matte_hw: FloatArray, info: PlateInfo, header: MatteHeader, compression: Compression = "zips"
) -> None:
    """One frame of one object: float32, ``A`` only, data window = the canvas.

    Float32, so that Cryptomatte's coverage and 16-bit codes are rounded once and not twice.

    Raises:
        OutputError, DiskFullError: see ``write_atomically``.
    """
    write_exr(path, {"A": snapped(matte_hw)}, info.canvas, info, header, provenance(header), compression)
