"""Frames of an edit and of its media, as people read them."""

from __future__ import annotations

from fractions import Fraction

from rotomatte.plate.base import Timecode
from rotomatte.plate.timecode import advance, nominal_rate
from rotomatte_plugin.model import FrameRate


def timecode(frame: int, rate: Fraction, *, is_drop_frame: bool = False) -> Timecode:
    """The time code of a frame counted from 00:00:00:00; before that and after midnight it goes round.

    Drop-frame counting is for 30000/1001 and its multiples only: see ``plate.timecode``.
    """
    zero = Timecode(0, 0, 0, 0, drop_frame=is_drop_frame)
    return advance(zero, frame, nominal_rate(FrameRate(rate.numerator, rate.denominator)))


def span(frames: range) -> str:
    """A run of frames, such as 1001-1048."""
    if not frames:
        return "none"
    return f"{frames[0]}-{frames[-1]}" if len(frames) > 1 else str(frames[0])
