"""Matte frames as OpenEXR files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from rotomatte.mattes.files import write_atomically
from rotomatte.plate.base import PlateInfo
from rotomatte_plugin.errors import OutputError
from rotomatte_plugin.model import FrameScore

FloatArray = NDArray[np.float32]

PREFIX = "rotomatte/"
"""Prefix of our own header attributes."""

_SNAP = 2e-4


@dataclass(frozen=True)
class MatteHeader:
    """What a matte says of itself, besides the standard attributes.

    ``recipe`` is a hash of all that went into this frame: the same recipe gives the same pixels. ``score`` is
    None on frames that were not tracked.
    """

    object: str
    frame: int
    source: str
    plate_id: str
    recipe: str
    model: str
    model_sha256: str
    colour: str
    engine: str
    score: FrameScore | None


def write_matte(path: Path, matte_hw: FloatArray, info: PlateInfo, header: MatteHeader) -> None:
    """One frame: half float, R=G=B=A=matte, ZIPS, the plate's display window, data window = the canvas.

    The same value in all four channels is what Nuke (alpha), Resolve (luminance or alpha) and Blender's
    sequencer (premultiplied white) each read correctly; the whole canvas is written because Blender ignores the
    display window. ``matte_hw`` lies in 0..1 over ``info.canvas``; values within 2e-4 of 0 and 1 become 0 and 1.
    ``colorInteropID`` is "data", as the Color Interop Forum recommends for what is no colour
    (ColorInterop, Recommendations/04_OpenEXRFiles).

    Raises:
        OutputError, DiskFullError: see ``write_atomically``.
    """
    matte_hw = np.where(matte_hw < _SNAP, 0, np.where(matte_hw > 1 - _SNAP, 1, matte_hw)).astype(np.float16)
    left, top = info.display_origin_xy
    canvas, display = info.canvas, info.display
    attributes: dict[str, Any] = {
        "compression": OpenEXR.ZIPS_COMPRESSION,
        "type": OpenEXR.scanlineimage,
        "dataWindow": _box(left + canvas.left, top + canvas.top, canvas.width, canvas.height),
        "displayWindow": _box(left + display.left, top + display.top, display.width, display.height),
        "pixelAspectRatio": float(info.pixel_aspect),
        "colorInteropID": "data",
        **{PREFIX + name: text for name, text in _texts(header).items()},
    }
    if info.rate is not None:
        attributes["framesPerSecond"] = Fraction(info.rate.numerator, info.rate.denominator)
    channels = {name: OpenEXR.Channel(name, matte_hw, 1, 1) for name in "RGBA"}
    buffer = io.BytesIO()
    OpenEXR.File(attributes, channels).write(buffer)
    write_atomically(path, buffer.getvalue())


def read_matte_header(path: Path) -> MatteHeader | None:
    """The header of a matte that Rotomatte wrote, None for any other or damaged file."""
    try:
        with OpenEXR.File(str(path), header_only=True) as file:
            # Leaving the block empties the file's own header.
            header = dict(file.header())
    except (RuntimeError, OSError, ValueError):
        return None
    texts = {name.removeprefix(PREFIX): value for name, value in header.items() if name.startswith(PREFIX)}
    try:
        raw: dict[str, Any] = {**texts, "frame": int(texts["frame"])}
        raw["score"] = msgspec.json.decode(texts["score"])
        return msgspec.convert(raw, MatteHeader)
    except (KeyError, ValueError, msgspec.MsgspecError):
        return None


def read_matte(path: Path) -> FloatArray:
    """The alpha of a matte that Rotomatte wrote, as ``matte_hw`` over its data window.

    Raises:
        OutputError: the file is not such a matte or is damaged.
    """
    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            return np.asarray(file.channels()["A"].pixels, np.float32)
    except (RuntimeError, OSError, ValueError, KeyError) as error:
        raise OutputError(
            f"The matte {path} cannot be read back: {error}.",
            remedy="Delete it and run the same command again.",
            path=str(path),
        ) from error


def _texts(header: MatteHeader) -> dict[str, str]:
    raw = msgspec.to_builtins(header)
    raw["score"] = msgspec.json.encode(raw["score"]).decode()
    return {name: str(value) for name, value in raw.items()}


def _box(left: int, top: int, width: int, height: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    return (np.array([left, top], np.int32), np.array([left + width - 1, top + height - 1], np.int32))
