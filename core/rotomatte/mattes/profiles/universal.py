"""Profile ``universal``: one object a file, the same value in all four channels."""

from __future__ import annotations

from pathlib import Path

from rotomatte.half import to_half
from rotomatte.mattes.exr import snapped, write_exr
from rotomatte.mattes.header import MatteHeader, provenance
from rotomatte.mattes.profiles import check_compression
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.model import Compression


def write_universal(
    path: Path, matte_hw: FloatArray, info: PlateInfo, header: MatteHeader, compression: Compression = "zips"
) -> None:
    """One frame: half float, R=G=B=A=matte, data window = the canvas.

    The same value in all four channels is what Nuke (alpha), Resolve (luminance or alpha) and Blender's
    sequencer (premultiplied white) each read correctly; the whole canvas is written because Blender ignores the
    display window. ``matte_hw`` lies in 0..1 over ``info.canvas``.

    Raises:
        JobError: the compression would change the matte.
        OutputError, DiskFullError: see ``write_atomically``.
    """
    check_compression("universal", compression)
    half_hw = to_half(snapped(matte_hw))
    write_exr(path, dict.fromkeys("RGBA", half_hw), info.canvas, info, header, provenance(header), compression)
