from __future__ import annotations

import pytest

from rotomatte.page.record_times import record_time
from rotomatte.timeline.edit_report import EditReport
from rotomatte_plugin.model import FrameRange, FrameRate


# Labels as any editor counts them; drop-frame by the rule of SMPTE ST 12-1: 107892 frames an hour.
@pytest.mark.parametrize(
    ("rate", "is_drop_frame", "record", "said"),
    [
        (FrameRate(24), False, FrameRange(86400, 86423), "01:00:00:00 to 01:00:00:23"),
        (FrameRate(24000, 1001), False, FrameRange(86424, 86424), "01:00:01:00 to 01:00:01:00"),
        (FrameRate(25), False, FrameRange(0, 1499), "00:00:00:00 to 00:00:59:24"),
        (FrameRate(30000, 1001), True, FrameRange(107892, 107892 + 1800), "01:00:00;00 to 01:01:00;02"),
        (FrameRate(30000, 1001), False, FrameRange(107892, 107892 + 1800), "00:59:56:12 to 01:00:56:12"),
    ],
)
def test_record_frames_have_their_labels(rate: FrameRate, is_drop_frame: bool, record: FrameRange, said: str) -> None:
    edit = EditReport("reel", "reel.otio", rate, 86400, is_drop_frame, (), ())
    assert record_time(edit, record) == said
