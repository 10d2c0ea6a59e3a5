"""The fill of an object: its own colours, beside its matte."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import numpy as np

from rotomatte.mattes.exr import snapped, write_exr
from rotomatte.mattes.header import PREFIX, RECIPE_KEY, MatteHeader, provenance
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.model import Compression, Fill

_LARGEST_HALF = 65504.0


def write_fill(
    path: Path,
    fill_hwc: FloatArray,
    matte_hw: FloatArray,
    info: PlateInfo,
    header: MatteHeader,
    recipe: str,
    *,
    kind: Fill,
    colour_id: Optional[str],
    compression: Compression = "zips",
) -> None:
    """One frame: half float, R, G, B in the plate's own colour space and A, data window = the canvas.

    ``fill_hwc`` are straight colours over ``info.canvas``, ``matte_hw`` lies in 0..1. An EXR is taken for premultiplied
    unless somebody says otherwise, so ``rotomatte/fill`` says which it is. ``colour_id`` is the interop id of the
    plate's space; without one the file is not tagged, and is what the plate is.

    Raises:
        OutputError, DiskFullError: see ``write_atomically``.
    """
    alpha_hw = snapped(matte_hw)
    colours_hwc = fill_hwc * alpha_hw[..., None] if kind == "premultiplied" else fill_hwc
    half_hwc = np.clip(colours_hwc, -_LARGEST_HALF, _LARGEST_HALF).astype(np.float16)
    channels = {name: np.ascontiguousarray(half_hwc[..., place]) for place, name in enumerate("RGB")}
    channels["A"] = alpha_hw.astype(np.float16)
    attributes = {**provenance(header), RECIPE_KEY: recipe, f"{PREFIX}fill": kind}
    write_exr(path, channels, info.canvas, info, header, attributes, compression, colour_id=colour_id)
