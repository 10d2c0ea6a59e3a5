"""Timecodes of the fake, frame by frame as the clock counts; drop-frame drops numbers, not frames."""

from __future__ import annotations

import re

_FORM = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})[:;](\d{2,3})")


def rate_of(text: str) -> tuple[float, bool]:
    """A setting such as ``29.97 DF`` as frames a second, and whether it drops frames."""
    words = str(text).split()
    return float(words[0]), len(words) > 1 and words[1].upper() == "DF"


def exact_rate(rate: float) -> float:
    """23.976 is 24000/1001."""
    whole = round(rate)
    return whole * 1000 / 1001 if abs(rate - whole * 1000 / 1001) < 0.005 and rate != whole else rate


def to_frame(timecode: object, fps: str) -> int | None:
    """The frame that a timecode counts; None where it is none."""
    rate, drops = rate_of(fps)
    nominal = round(rate)
    match = _FORM.fullmatch(timecode) if isinstance(timecode, str) else None
    if match is None:
        return None
    hours, minutes, seconds, frames = (int(part) for part in match.groups())
    if minutes > 59 or seconds > 59 or frames >= nominal:
        return None
    count = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames
    if drops:
        total = hours * 60 + minutes
        count -= nominal // 15 * (total - total // 10)
    return count


def to_timecode(frame: int, fps: str) -> str:
    """The timecode of a frame."""
    rate, drops = rate_of(fps)
    nominal = round(rate)
    if drops:
        lost = nominal // 15
        ten_minutes = nominal * 600 - 9 * lost
        tens, rest = divmod(frame, ten_minutes)
        frame += 9 * lost * tens
        if rest >= lost:
            frame += lost * ((rest - lost) // (nominal * 60 - lost))
    seconds, frames = divmod(frame, nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{';' if drops else ':'}{frames:02}"
