"""The time code of an edit's record frames. Pure code."""

from __future__ import annotations

from rotomatte.plate.base import Timecode
from rotomatte.plate.timecode import advance, nominal_rate
from rotomatte.timeline.edit_report import EditReport
from rotomatte_plugin.model import FrameRange


def record_time(edit: EditReport, record: FrameRange) -> str:
    """The labels of the first and the last record frame: ``01:00:04:00 to 01:00:05:23``."""
    return " to ".join(_label(edit, frame) for frame in (record.first, record.last))


def _label(edit: EditReport, frame: int) -> str:
    midnight = Timecode(0, 0, 0, 0, drop_frame=edit.is_drop_frame)
    return str(advance(midnight, frame, nominal_rate(edit.rate)))
