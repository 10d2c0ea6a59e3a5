"""Where an image file says it comes from, out of OpenImageIO's attributes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Optional

import OpenImageIO

from rotomatte.plate.base import FrameFacts, Timecode
from rotomatte.plate.timecode import exact_rate, nominal_rate, unpack_timecode
from rotomatte_plugin.model import FrameRate

_DATE = re.compile(r"(\d{4}:\d\d:\d\d)[ :T](\d\d:\d\d:\d\d)")
_UTC_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")

_CAPTURE_DATES = {"openexr": "DateTime", "dpx": "dpx:SourceDateTime"}
"""OpenImageIO calls OpenEXR's capDate "DateTime". That of other formats is when the file was saved."""


def still_facts(file_format: str, specs: Sequence[OpenImageIO.ImageSpec]) -> FrameFacts:
    """What a file says of its origin, its attributes taken from the first of ``specs`` that has them.

    ``file_format`` is OpenImageIO's name of it. OpenEXR's standard attributes, DPX's television header and input
    device; of photographs (TIFF, PNG, JPEG) only Exif's date of taking.
    """
    date = _text(specs, _CAPTURE_DATES.get(file_format, "Exif:DateTimeOriginal"))
    named = {"openexr": ("reelName", "Copyright"), "dpx": ("dpx:InputDevice", "Copyright")}
    reel, owner = named.get(file_format, ("", ""))
    return FrameFacts(
        timecode=_timecode(specs, counts_pairs=file_format == "openexr" and _above_30(still_rate(specs))),
        reel=_text(specs, reel),
        owner=_text(specs, owner),
        capture_date=_capture_date(date),
        utc_offset_s=_utc_offset_s(specs) if _capture_date(date) else None,
    )


def still_rate(specs: Sequence[OpenImageIO.ImageSpec]) -> Optional[FrameRate]:
    """Frames per second as the file has it (OpenEXR's framesPerSecond, DPX's frame rate), None where it says none."""
    for spec in specs:
        fraction = spec.getattribute("framesPerSecond")
        if fraction is not None:
            numerator, denominator = (int(part) for part in fraction)
            return _frame_rate(Fraction(numerator, denominator)) if denominator > 0 else None
        decimal = float(spec.get_float_attribute("dpx:FrameRate", 0.0))
        if math.isfinite(decimal) and decimal >= 1:
            return _frame_rate(exact_rate(Fraction(decimal).limit_denominator(1_000_000)))
    return None


def text_attribute(spec: OpenImageIO.ImageSpec, name: str) -> str:
    """An attribute as text, empty where there is none or it is in another encoding than UTF-8."""
    try:
        return str(spec.get_string_attribute(name))
    except UnicodeDecodeError:
        return ""


def _frame_rate(rate: Fraction) -> Optional[FrameRate]:
    return FrameRate(rate.numerator, rate.denominator) if rate > 0 else None


def _above_30(rate: Optional[FrameRate]) -> bool:
    return rate is not None and nominal_rate(rate) > 30


def _timecode(specs: Sequence[OpenImageIO.ImageSpec], *, counts_pairs: bool) -> Optional[Timecode]:
    for spec in specs:
        packed = spec.getattribute("smpte:TimeCode")
        if packed is not None:
            return unpack_timecode(int(packed[0]), counts_pairs=counts_pairs)
    return None


def _text(specs: Sequence[OpenImageIO.ImageSpec], name: str) -> Optional[str]:
    return next((text for spec in specs if (text := text_attribute(spec, name).strip())), None)


def _capture_date(text: Optional[str]) -> Optional[str]:
    found = _DATE.match(text or "")
    return f"{found[1]} {found[2]}" if found else None


def _utc_offset_s(specs: Sequence[OpenImageIO.ImageSpec]) -> Optional[float]:
    for spec in specs:
        seconds = spec.getattribute("utcOffset")
        if isinstance(seconds, float) and math.isfinite(seconds):
            return seconds
    found = _UTC_OFFSET.fullmatch(_text(specs, "Exif:OffsetTimeOriginal") or "")
    if found is None:
        return None
    # Exif counts east of Greenwich, OpenEXR west.
    seconds_east = 3600 * int(found[2]) + 60 * int(found[3])
    return float(-seconds_east if found[1] == "+" else seconds_east)
