"""Timecodes of a timeline, in exact numbers.

Drop-frame timecode leaves out numbers and no frames: the first two of every minute (four at 59.94) except every tenth.
Source: SMPTE ST 12-1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from rotomatte_plugin.errors import JobError

_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*(DF)?", re.IGNORECASE)
_TIMECODE = re.compile(r"(\d+):(\d\d):(\d\d)([:;.,])(\d\d+)")
_DROPPING = (30, 60, 120)


@dataclass(frozen=True)
class Rate:
    """Frames a second, exact, the whole number that timecode counts by, and whether it drops numbers."""

    exact: Fraction
    nominal: int
    drops: bool = False

    @property
    def dropped(self) -> int:
        """How many numbers are left out at the start of nearly every minute."""
        return self.nominal // 15 if self.drops else 0


def rate_of(text: str) -> Rate:
    """A rate as Resolve writes it, such as ``24``, ``24.0``, ``23.976`` and ``29.97 DF``.

    Raises:
        JobError: it is none.
    """
    found = _RATE.fullmatch(text.strip())
    said = Fraction(found[1]) if found else Fraction(0)
    if found is None or said < 1:
        raise JobError(
            f"{text!r} is no frame rate.", remedy="Set the frame rate of the timeline and of the clip in Resolve."
        )
    nominal = -(-said.numerator // said.denominator)
    pulled_down = Fraction(nominal * 1000, 1001)
    exact = pulled_down if said != nominal and abs(said - pulled_down) < Fraction(1, 100) else said
    return Rate(exact, nominal, found[2] is not None and nominal in _DROPPING)


def to_frame(timecode: str, rate: str) -> int:
    """The frame that a timecode counts, 0 at 00:00:00:00; a ``;`` before the frames means drop-frame as well.

    Raises:
        JobError: it is no timecode at that rate, such as a number that drop-frame leaves out.
    """
    found = _TIMECODE.fullmatch(timecode.strip())
    by = rate_of(rate)
    if found is not None:
        if found[4] in ";," and by.nominal in _DROPPING:
            by = Rate(by.exact, by.nominal, drops=True)
        hours, minutes, seconds, frames = (int(found[place]) for place in (1, 2, 3, 5))
        is_left_out = seconds == 0 and minutes % 10 != 0 and frames < by.dropped
        if minutes < 60 and seconds < 60 and frames < by.nominal and not is_left_out:
            total = hours * 60 + minutes
            return (total * 60 + seconds) * by.nominal + frames - by.dropped * (total - total // 10)
    raise JobError(
        f"{timecode!r} is no timecode at {rate} frames a second.",
        remedy="Open the Edit page in Resolve, and try again there.",
    )


def to_timecode(frame: int, rate: str) -> str:
    """The timecode of a frame, with ``;`` before the frames where the rate is drop-frame.

    Raises:
        JobError: that is no rate.
    """
    by = rate_of(rate)
    number = frame
    if by.drops:
        a_minute = by.nominal * 60 - by.dropped
        tens, rest = divmod(frame, a_minute * 10 + by.dropped)
        # The first of ten minutes has all its numbers.
        minutes = 0 if rest < by.nominal * 60 else 1 + (rest - by.nominal * 60) // a_minute
        number += by.dropped * (9 * tens + minutes)
    seconds, frames = divmod(number, by.nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    digits = len(str(by.nominal - 1))
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{';' if by.drops else ':'}{frames:0{digits}d}"
