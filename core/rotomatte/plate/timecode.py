"""Time code arithmetic, counting and not measuring (SMPTE ST 12-1, ST 12-3 for rates above 30).

A label counts frames at the nominal rate (30 at 30000/1001). Drop-frame labels keep up with the clock at 30000/1001
and its multiples by leaving out the first two labels a second of every minute but each tenth (four at 60 a second).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Optional

from rotomatte.plate.base import Timecode
from rotomatte_plugin.model import FrameRate

_LABEL = re.compile(r"(\d\d):(\d\d):(\d\d)([:;.,])(\d\d+)")
_DROP_FRAME_SIGNS = ";.,"

_DROPPED_OF_THIRTY = 2
_MINUTES_A_DAY = 24 * 60

_NTSC = Fraction(1000, 1001)
_ROUNDING_OF_RATES = Fraction(1, 5000)
"""Half the relative distance of the closest two rates, n and n * 1000/1001: 23.98 and 59.94 still find theirs."""


def nominal_rate(rate: FrameRate) -> int:
    """Labels a second: the frame rate, rounded to a whole number."""
    return round(Fraction(rate.numerator, rate.denominator))


def exact_rate(written: Fraction) -> Fraction:
    """The rate of film and video (n or n * 1000/1001) that a rounded one such as 23.976 means, itself where none is."""
    whole = round(written)
    for rate in (Fraction(whole), whole * _NTSC):
        if rate and abs(written / rate - 1) <= _ROUNDING_OF_RATES:
            return rate
    return written


def parse_timecode(text: str, labels_a_second: int) -> Optional[Timecode]:
    """The label ``hh:mm:ss:ff`` (``;``, ``.`` or ``,`` before the frames says drop-frame), None for anything else.

    A label that counting at this rate never reaches is none either.
    """
    found = _LABEL.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds, frames = (int(found[place]) for place in (1, 2, 3, 5))
    label = Timecode(hours, minutes, seconds, frames, drop_frame=found[4] in _DROP_FRAME_SIGNS)
    return label if is_label(label, labels_a_second) else None


def unpack_timecode(packed: int, *, counts_pairs: bool = False) -> Optional[Timecode]:
    """The label in 32 bits of binary coded decimals, as OpenEXR (``timeAndFlags``) and DPX have it.

    With ``counts_pairs`` the digits count pairs of frames and the field mark tells the second of a pair, as above
    30 frames a second (ST 12-1, "frame pairs").
    """
    digits = (packed >> 24 & 0x3F, packed >> 16 & 0x7F, packed >> 8 & 0x7F, packed & 0x3F)
    if any(pair & 0xF > 9 for pair in digits):
        return None
    hours, minutes, seconds, frames = (10 * (pair >> 4) + (pair & 0xF) for pair in digits)
    if hours >= 24 or minutes >= 60 or seconds >= 60:
        return None
    if counts_pairs:
        frames = 2 * frames + (packed >> 15 & 1)
    return Timecode(hours, minutes, seconds, frames, drop_frame=bool(packed & 0x40))


def is_label(label: Timecode, labels_a_second: int) -> bool:
    """Whether counting at this rate ever says the label."""
    if label.hours >= 24 or label.minutes >= 60 or label.seconds >= 60 or label.frames >= labels_a_second:
        return False
    if not label.drop_frame:
        return True
    dropped = _dropped_a_minute(labels_a_second)
    return dropped > 0 and (label.seconds > 0 or label.minutes % 10 == 0 or label.frames >= dropped)


def frame_number(label: Timecode, labels_a_second: int) -> int:
    """How many frames come before the one of that label, counted from 00:00:00:00."""
    minutes = label.hours * 60 + label.minutes
    count = (minutes * 60 + label.seconds) * labels_a_second + label.frames
    if not label.drop_frame:
        return count
    return count - (minutes - minutes // 10) * _dropped_a_minute(labels_a_second)


def advance(label: Timecode, frames: int, labels_a_second: int) -> Timecode:
    """The label that many frames later (earlier where negative), past midnight beginning at zero again."""
    dropped = _dropped_a_minute(labels_a_second) if label.drop_frame else 0
    count = frame_number(label, labels_a_second)
    labels_a_day = 60 * _MINUTES_A_DAY * labels_a_second - dropped * (_MINUTES_A_DAY - _MINUTES_A_DAY // 10)
    return _nth_label((count + frames) % labels_a_day, labels_a_second, dropped)


def _nth_label(count: int, labels_a_second: int, dropped: int) -> Timecode:
    labels_a_minute = 60 * labels_a_second - dropped
    tens, rest = divmod(count, 10 * labels_a_minute + dropped)
    # The first minute of each ten is the long one.
    minute = max(0, rest - dropped) // labels_a_minute
    with_dropped = count + dropped * (9 * tens + minute)
    seconds, frame = divmod(with_dropped, labels_a_second)
    return Timecode(seconds // 3600, seconds // 60 % 60, seconds % 60, frame, drop_frame=dropped > 0)


def _dropped_a_minute(labels_a_second: int) -> int:
    return _DROPPED_OF_THIRTY * labels_a_second // 30 if labels_a_second % 30 == 0 else 0
