"""Profile ``png``: one object a file, 16-bit grey."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np

from rotomatte.mattes.exr import snapped
from rotomatte.mattes.files import write_atomically
from rotomatte.mattes.header import RECIPE_KEY, MatteHeader, origin_texts, provenance
from rotomatte.mattes.window import display_part
from rotomatte.plate.base import FloatArray, PlateInfo

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_IHDR_END = len(_SIGNATURE) + 8 + 13 + 4
_MAX_TEXT_BYTES = 1 << 20


def write_png(path: Path, matte_hw: FloatArray, info: PlateInfo, header: MatteHeader) -> None:
    """One frame: 16-bit grey, code = round(alpha * 65535), over the plate's display window.

    ``matte_hw`` lies in 0..1 over ``info.canvas``; PNG knows no windows, so overscan is left out. The pixel
    aspect ratio stands in a ``pHYs`` chunk, our provenance and the frame's origin as text.
    The texts are ``iTXt`` chunks, as ``tEXt`` holds Latin-1 only and file names need not be (PNG specification,
    third edition, 11.3.3).

    Raises:
        OutputError, DiskFullError: see ``write_atomically``.
    """
    codes_hw = np.round(snapped(display_part(matte_hw, info)) * 65535).astype(np.uint16)
    encoded = cv2.imencode(".png", codes_hw)[1].tobytes()
    texts = {**provenance(header), **origin_texts(info, header)}
    chunks = [_aspect_chunk(info.pixel_aspect), *(_text_chunk(key, text) for key, text in texts.items())]
    write_atomically(path, encoded[:_IHDR_END] + b"".join(chunks) + encoded[_IHDR_END:])


def read_png_texts(path: Path) -> Mapping[str, str]:
    """The ``iTXt`` texts before the picture, by keyword; empty for what is no PNG or a damaged one."""
    try:
        with path.open("rb") as file:
            return dict(_texts(file))
    except (OSError, ValueError, struct.error):
        return {}


def read_png_recipe(path: Path) -> str | None:
    """The recipe of a PNG matte that Rotomatte wrote, None for any other file."""
    return read_png_texts(path).get(RECIPE_KEY)


def _texts(file: BinaryIO) -> Iterator[tuple[str, str]]:
    if file.read(len(_SIGNATURE)) != _SIGNATURE:
        return
    while True:
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind in {b"IDAT", b"IEND"} or length > _MAX_TEXT_BYTES:
            return
        body, crc = file.read(length), file.read(4)
        if kind == b"iTXt" and crc == _crc(kind, body):
            keyword, flags_and_rest = body.split(b"\0", 1)
            _language, _translated, text = flags_and_rest[2:].split(b"\0", 2)
            yield keyword.decode("latin-1"), text.decode("utf-8")


def _aspect_chunk(pixel_aspect: float) -> bytes:
    """Pixels per unit along x and y; without a unit only their ratio means something."""
    width_over_height = Fraction(pixel_aspect).limit_denominator(10_000)
    return _chunk(b"pHYs", struct.pack(">IIB", width_over_height.denominator, width_over_height.numerator, 0))


def _text_chunk(key: str, text: str) -> bytes:
    not_compressed, no_language, no_translation = b"\0\0", b"\0", b"\0"
    return _chunk(
        b"iTXt", key.encode("latin-1") + b"\0" + not_compressed + no_language + no_translation + text.encode()
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), kind) + body + _crc(kind, body)


def _crc(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(kind + body))
