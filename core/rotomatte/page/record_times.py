"""The time code of an edit's record frames. Pure code."""

from __future__ import annotations

from fractions import Fraction

from rotomatte.timeline.edit_report import EditReport
from rotomatte.timeline.labels import timecode
from rotomatte_plugin.model import FrameRange


def record_time(edit: EditReport, record: FrameRange) -> str:
    """The labels of the first and the last record frame: ``01:00:04:00 to 01:00:05:23``."""
    rate = Fraction(edit.rate.numerator, edit.rate.denominator)
    ends = (record.first, record.last)
    return " to ".join(str(timecode(frame, rate, is_drop_frame=edit.is_drop_frame)) for frame in ends)
