"""One image file, read through OpenImageIO: EXR, DPX, Cineon, TIFF, PNG, JPEG.

OpenImageIO and not the OpenEXR module, also for EXR: it decodes only the channels asked for (files of a
renderer carry dozens), refuses headers that claim more than the file can hold, and keeps its messages to
itself where the other prints to standard output. Only the pixels of the most common kind of EXR come through that
module (``exr_pixels``), as they take half the time there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Optional, Union

import numpy as np
import OpenImageIO

from rotomatte.half import from_half
from rotomatte.plate.base import FloatArray, FrameFacts, Window
from rotomatte.plate.channels import choose_matte, choose_picture
from rotomatte.plate.exr_pixels import read_ordinary
from rotomatte.plate.still_facts import still_facts, still_rate, text_attribute
from rotomatte_plugin.model import FrameRate

STILL_SUFFIXES = (".exr", ".dpx", ".cin", ".tif", ".tiff", ".png", ".jpg", ".jpeg")

MAX_PIXELS = 16384 * 16384
"""Larger images are refused: as float RGB this one fills 3 GiB, and the largest cameras make half of it."""

_FLOATS = {OpenImageIO.HALF, OpenImageIO.FLOAT, OpenImageIO.DOUBLE}

_CINEON_DATA_AT = 4
_CINEON_FILE_SIZE_AT = 20
"""Offsets of two big-endian numbers in a Cineon header: where the picture starts, and the size of the file."""


class StillUnreadableError(Exception):
    """Why a file cannot be decoded, in a few words; callers add the frame or the prompt it stands for."""


@dataclass(frozen=True)
class StillHeader:
    """What a file says of its picture.

    Windows are relative to the display window's top-left corner, which lies at ``display_origin_xy`` in the
    file's own coordinates. ``part`` and ``rgb`` are where the picture is, grey having one channel thrice.
    Decoded samples times ``code_scale`` have white at 1. ``encoded_space`` is the colour space that the file itself
    names.
    """

    display: Window
    display_origin_xy: tuple[int, int]
    data: Window
    pixel_aspect: float
    part: int
    rgb: tuple[int, int, int]
    matte: int
    float_samples: bool
    code_scale: float
    encoded_space: Optional[str]
    turned: bool
    rate: Optional[FrameRate]
    facts: FrameFacts


def read_header(path: Path) -> StillHeader:
    """Read the header of an image file.

    Raises:
        StillUnreadableError: not an image, a damaged header, too large, or without a picture.
    """
    with _opened(path) as still:
        return _parse_header(still)


def read_picture(path: Path) -> tuple[StillHeader, FloatArray]:
    """The header, and the picture as ``rgb_hwc`` float32 over its data window.

    Integer codes are scaled to 0..1; values that are not finite become 0; alpha is not looked at.

    Raises:
        StillUnreadableError: damaged, too large, or without a picture.
    """
    with _opened(path) as still:
        header = _parse_header(still)
        _require_whole(path, still.spec())
        quick_hwc = None
        if still.format_name() == "openexr":
            quick_hwc = read_ordinary(path, (header.data.width, header.data.height))
        return header, _settled(_decode_picture(still, header) if quick_hwc is None else quick_hwc, header)


def read_matte_channel(path: Path) -> tuple[StillHeader, FloatArray]:
    """The header, and the matte of an image (its alpha, else its first channel) as ``matte_hw`` over its data window.

    Raises:
        StillUnreadableError: damaged or too large.
    """
    with _opened(path) as still:
        header = _parse_header(still, as_matte=True)
        _require_whole(path, still.spec())
        channels_hwc = _decode(still, header.part, header.matte, header.matte + 1)
        return header, _settled(channels_hwc, header)[:, :, 0]


@contextmanager
def _opened(path: Path) -> Iterator[OpenImageIO.ImageInput]:
    hints = OpenImageIO.ImageSpec()
    # Else OpenImageIO multiplies the colours of PNG and TIFF by their alpha.
    hints.attribute("oiio:UnassociatedAlpha", 1)
    still = OpenImageIO.ImageInput.open(str(path), hints)
    if still is None:
        raise StillUnreadableError(_reason(_complaint(OpenImageIO), path))
    try:
        yield still
    finally:
        still.close()


def _parse_header(still: OpenImageIO.ImageInput, *, as_matte: bool = False) -> StillHeader:
    specs = _specs(still)
    try:
        names = [list(spec.channelnames) for spec in specs]
        views = specs[0].getattribute("multiView") or ("left",)
    except UnicodeDecodeError as why:
        raise StillUnreadableError("the names of its channels are damaged") from why
    picture = None if as_matte else choose_picture(names, str(views[0]))
    if picture is None and not as_matte:
        listed = ", ".join(name for part in names for name in part) or "no channels"
        raise StillUnreadableError(f"no R, G and B among its channels: {listed}")
    part = picture.part if picture else 0
    spec = specs[part]
    if spec.deep:
        raise StillUnreadableError("it holds deep samples instead of a flat picture")
    for width, height in ((spec.width, spec.height), (spec.full_width, spec.full_height)):
        if width * height > MAX_PIXELS:
            raise StillUnreadableError(f"its header claims {width}x{height} pixels")
    left, top = spec.x - spec.full_x, spec.y - spec.full_y
    return StillHeader(
        display=Window(0, 0, spec.full_width, spec.full_height),
        display_origin_xy=(spec.full_x, spec.full_y),
        data=Window(left, top, left + spec.width, top + spec.height),
        pixel_aspect=spec.get_float_attribute("PixelAspectRatio", 1.0) or 1.0,
        part=part,
        rgb=picture.rgb if picture else (0, 0, 0),
        matte=choose_matte(names[part]),
        float_samples=spec.format.basetype in _FLOATS,
        code_scale=_code_scale(spec),
        encoded_space=_encoded_space(specs[0], spec),
        turned=spec.get_int_attribute("Orientation", 1) not in {0, 1},
        rate=still_rate((spec, *specs)),
        facts=still_facts(still.format_name(), (spec, *specs)),
    )


def _specs(still: OpenImageIO.ImageInput) -> list[OpenImageIO.ImageSpec]:
    specs = []
    # TIFF pages and thumbnails are further images; only the parts of an EXR belong to one picture.
    parts = max(1, still.spec().get_int_attribute("oiio:subimages", 1)) if still.format_name() == "openexr" else 1
    for part in range(parts):
        if not still.seek_subimage(part, 0):
            raise StillUnreadableError(_reason(_complaint(still), None))
        specs.append(still.spec())
    return specs


def _code_scale(spec: OpenImageIO.ImageSpec) -> float:
    """OpenImageIO reads 12-bit DPX in 16-bit words as those words, whose lowest four bits are empty; others it widens."""
    in_words = text_attribute(spec, "dpx:Packing") == "Filled, method A"
    return 0xFFFF / 0xFFF0 if in_words and spec.get_int_attribute("oiio:BitsPerSample") == 12 else 1.0


def _encoded_space(first: OpenImageIO.ImageSpec, picture: OpenImageIO.ImageSpec) -> Optional[str]:
    """ASWF Color Interop Forum, recommendation 4: the ACES flag, then the first part's id; a part may only add "data"."""
    if first.get_int_attribute("acesImageContainerFlag") == 1:
        return "lin_ap0_scene"
    if text_attribute(picture, "colorInteropID") == "data":
        return "data"
    named = text_attribute(first, "colorInteropID")
    return None if named in {"", "unknown"} else named


def _decode_picture(still: OpenImageIO.ImageInput, header: StillHeader) -> FloatArray:
    first, last = min(header.rgb), max(header.rgb)
    channels_hwc = _decode(still, header.part, first, last + 1)
    wanted = [index - first for index in header.rgb]
    if wanted == list(range(channels_hwc.shape[2])):
        return channels_hwc
    return np.ascontiguousarray(channels_hwc[:, :, wanted])


def _decode(still: OpenImageIO.ImageInput, part: int, first: int, end: int) -> FloatArray:
    # OpenImageIO is slow in making floats of halves.
    wanted = "half" if _are_halves(still.spec(part), first, end) else "float"
    try:
        pixels_hwc = still.read_image(part, 0, first, end, wanted)
        if wanted == "half" and pixels_hwc is not None:
            pixels_hwc = from_half(pixels_hwc)
    except MemoryError as why:
        raise StillUnreadableError("its picture does not fit into the memory") from why
    complaint = _complaint(still)
    # A truncated JPEG comes back filled with grey and a complaint.
    if pixels_hwc is None or complaint:
        raise StillUnreadableError(_reason(complaint, None))
    decoded_hwc: FloatArray = np.asarray(pixels_hwc, dtype=np.float32)
    return decoded_hwc if decoded_hwc.ndim == 3 else decoded_hwc[:, :, np.newaxis]


def _are_halves(spec: OpenImageIO.ImageSpec, first: int, end: int) -> bool:
    formats = spec.channelformats[first:end] or (spec.format,)
    return all(one.basetype == OpenImageIO.HALF for one in formats)


def _settled(pixels_hwc: FloatArray, header: StillHeader) -> FloatArray:
    if header.code_scale != 1:
        pixels_hwc *= np.float32(header.code_scale)
    # The sum says whether there is anything to mend, several times as fast as mending does.
    with np.errstate(over="ignore", invalid="ignore"):
        is_finite = not header.float_samples or np.isfinite(pixels_hwc.sum())
    if not is_finite:
        np.nan_to_num(pixels_hwc, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return pixels_hwc


def _require_whole(path: Path, spec: OpenImageIO.ImageSpec) -> None:
    """OpenImageIO fills the missing end of a Cineon file with black without a word."""
    if path.suffix.lower() != ".cin":
        return
    with path.open("rb") as file:
        header = file.read(_CINEON_FILE_SIZE_AT + 4)
    data_at, claimed = (struct.unpack_from(">I", header, at)[0] for at in (_CINEON_DATA_AT, _CINEON_FILE_SIZE_AT))
    bits = spec.width * spec.height * spec.nchannels * spec.get_int_attribute("oiio:BitsPerSample", 8)
    needed = max(claimed, data_at + bits // 8)
    if path.stat().st_size < needed:
        raise StillUnreadableError(f"it has {path.stat().st_size} of {needed} bytes")


def _complaint(of: Union[ModuleType, OpenImageIO.ImageInput]) -> str:
    """OpenImageIO's message, which may quote a damaged name."""
    try:
        return str(of.geterror())
    except UnicodeDecodeError:
        return "a name in it is damaged"


def _reason(complaint: str, path: Optional[Path]) -> str:
    first_line = complaint.strip().splitlines()[0] if complaint.strip() else "it is damaged"
    without_path = first_line.replace(f'"{path}"', "it").replace(f" ({path})", "") if path else first_line
    return without_path.rstrip(". ")
