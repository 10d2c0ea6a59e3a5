"""What DaVinci Resolve wrote, frame by frame, worked out here from the numbers in its files."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rotomatte.timeline.edit import Edit
from rotomatte.timeline.open_edit import open_edit

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "media" / "timelines" / "resolve21"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared test media are not on this machine")

FIRST = 1_800_000
RECORD = 180_000


def opened(name: str) -> Edit:
    """One of the exports: ten hours of time code at 50, an hour on the record."""
    edit = open_edit(FOLDER / f"{name}.otio")
    assert (edit.rate, edit.start, edit.warnings, edit.is_drop_frame) == (50, RECORD, (), False)
    for use in edit:
        assert use.media.path == "E:\\SHOWREEL\\NBC UNIVERSAL\\more 13th st\\1128797.mxf"
        assert (use.media.rate, use.problem, use.held) == (50, "", 0)
    return edit


def test_a_plain_clip() -> None:
    """Every frame once."""
    (use,) = opened("base")
    assert (use.record_first, use.media_frames) == (RECORD, tuple(range(FIRST, FIRST + 1500)))


@pytest.mark.parametrize(("name", "times"), [("ref4_retime_50pct", 2), ("mut_retime25", 4)])
def test_constant_retimes(name: str, times: int) -> None:
    """Every frame twice or four times, and as long on the record as before."""
    (use,) = opened(name)
    assert use.media_frames == tuple(frame for frame in range(FIRST, FIRST + 1500 // times) for _ in range(times))


@pytest.mark.parametrize("name", ["mut_dissolve20", "T20_AAFimport_duck"])
def test_a_dissolve(name: str) -> None:
    """Ten frames to either side of the cut, on which both clips are seen."""
    before, after = opened(name)
    assert (before.record_frames, before.tail) == (range(RECORD, RECORD + 606), 10)
    assert before.media_frames == tuple(range(FIRST, FIRST + 606))
    assert (after.record_frames, after.head) == (range(RECORD + 586, RECORD + 1500), 10)
    assert after.media_frames == tuple(range(FIRST + 586, FIRST + 1500))
    assert len(set(before.record_frames) & set(after.record_frames)) == 20


def keys_of(name: str) -> list[list[Any]]:
    """The key frames of the ramp, from the file itself."""
    document = json.loads((FOLDER / f"{name}.otio").read_text())
    (video, _audio) = document["tracks"]["children"]
    effects = video["children"][0]["effects"]
    (ramp,) = [effect for effect in effects if effect["OTIO_SCHEMA"] == "TimeEffect.1"]
    rows: list[list[Any]] = ramp["metadata"]["Resolve_OTIO"]["Key Frames"]
    return rows


def on_curve(rows: list[list[Any]], time_s: float) -> float:
    """Source seconds: halving the stretch of the curve around a time by de Casteljau, to a thousand millionth."""
    for (t0, s0, _, _, _, out_t, out_s), (t3, s3, _, in_t, in_s, _, _) in pairwise(rows):
        if t0 <= time_s <= t3:
            points = [
                np.array(point) for point in ((t0, s0), (t0 + out_t, s0 + out_s), (t3 + in_t, s3 + in_s), (t3, s3))
            ]
            while points[3][0] - points[0][0] > 1e-9:
                p01, p12, p23 = ((a + b) / 2 for a, b in pairwise(points))
                p012, p123 = (p01 + p12) / 2, (p12 + p23) / 2
                middle = (p012 + p123) / 2
                is_left = time_s < middle[0]
                points = [points[0], p01, p012, middle] if is_left else [middle, p123, p23, points[3]]
            return float(points[0][1])
    raise AssertionError(time_s)


def test_an_eased_speed_ramp() -> None:
    """All 3000 frames of five speeds with smooth changes, from 10 % to 90 %."""
    (use,) = opened("ref6_speedramp_eased")
    rows = keys_of("ref6_speedramp_eased")
    exact = [50 * on_curve(rows, k / 50) for k in range(3000)]
    # Where a frame begins within a millionth of a record frame, either neighbour is right.
    expected = [{int(at - 1e-6), int(at + 1e-6)} for at in exact]
    assert len(use.media_frames) == 3000
    wrong = [k for k, frame in enumerate(use.media_frames) if frame - FIRST not in expected[k]]
    assert wrong == []
    assert sum(len(either) > 1 for either in expected) < 10
    assert (use.media_frames[0], use.media_frames[-1]) == (FIRST, FIRST + 1499)
    assert list(use.media_frames) == sorted(use.media_frames)
    speeds = np.diff([use.media_frames[600 * n] for n in range(5)]) / 600
    np.testing.assert_allclose(speeds, (0.1, 0.3, 0.5, 0.7), atol=0.002)
