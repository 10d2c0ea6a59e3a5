from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import cv2
import msgspec
import numpy as np

from rotomatte.document import decode, encode, encoded
from rotomatte.job import run_job
from rotomatte.mattes.files import write_atomically
from rotomatte.mattes.header import MatteHeader
from rotomatte.plate.base import FrameFacts
from rotomatte.report import matte_track
from rotomatte.work import Progress
from rotomatte_plugin.model import (
    Clip,
    Direction,
    FrameRange,
    FrameScore,
    JobReport,
    MatteJob,
    MatteObject,
    ModelUsed,
    Plate,
    PointPrompt,
    PromptSet,
    StateRange,
    TrackSettings,
)

CLIP = FrameRange(1001, 1050)
CAR = MatteObject("car", PromptSet(points=(PointPrompt(1011, 30, 40),)))


def header(frame: int) -> MatteHeader:
    """Lost on 1021-1025; beyond a cut from 1041 on; not tracked before 1006."""
    score = FrameScore(frame, -5.0 if 1021 <= frame <= 1025 else 7.0, 0.9, 0.0 if 1021 <= frame <= 1025 else 80.0)
    is_tracked = 1006 <= frame <= 1040
    return MatteHeader(
        *("car", frame, "shot", "ab", "cd", "ef", "tiny", "01", "lin", "0"),
        score if is_tracked else None,
        FrameFacts(),
        beyond_cut=frame > 1040,
    )


def test_a_track_is_made_from_headers_in_any_order() -> None:
    track = matte_track("car/car.%04d.exr", CAR, CLIP, [header(frame) for frame in range(1050, 1000, -1)], "both")
    assert (track.object, track.pattern) == ("car", "car/car.%04d.exr")
    assert [score.frame for score in track.scores] == list(range(1006, 1041))
    assert track.states == (
        StateRange("untracked", FrameRange(1001, 1005)),
        StateRange("present", FrameRange(1006, 1020)),
        StateRange("lost", FrameRange(1021, 1025)),
        StateRange("returned", FrameRange(1026, 1028)),
        StateRange("present", FrameRange(1029, 1040)),
        StateRange("cut", FrameRange(1041, 1050)),
    )
    assert [item.frame for item in track.suggestions] == [1041, 1026]
    assert track.ranges("lost") == (FrameRange(1021, 1025),)


def test_the_direction_tells_on_which_side_the_object_comes_back() -> None:
    def returned(direction: Direction) -> tuple[FrameRange, ...]:
        last = MatteObject("car", PromptSet(points=(PointPrompt(1006, 30, 40), PointPrompt(1040, 30, 40))))
        return matte_track("m", last, CLIP, map(header, CLIP), direction).ranges("returned")

    assert returned("both") == (FrameRange(1026, 1028),)
    assert returned("backward") == (FrameRange(1018, 1020),)


def report_of(clip: FrameRange) -> JobReport:
    return JobReport(
        job=MatteJob(Clip(Plate('a "b".mov')), (CAR,)),
        plate_id="ab",
        colour="sRGB",
        model=ModelUsed("tiny", "01", "Apache-2.0", 512),
        device="cpu",
        frames=clip,
        tracks=(matte_track("m", CAR, clip, map(header, clip), "both"),),
        versions=(("python", "3.10"),),
        warnings=(),
        seconds=1.5,
    )


def test_a_report_with_tracks_survives_the_journey() -> None:
    report = report_of(CLIP)
    written = encode(report)
    assert decode(written, JobReport, "rotomatte.json") == report
    assert written == msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def test_a_long_report_is_written_piece_by_piece(tmp_path: Path) -> None:
    report = replace(report_of(CLIP), tracks=report_of(CLIP).tracks * 100)
    written = encode(report)
    tracemalloc.start()
    try:
        write_atomically(tmp_path / "rotomatte.json", encoded(report))
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / "rotomatte.json").read_bytes() == written
    assert peak_bytes < len(written) / 10


def write_two_shots(folder: Path) -> None:
    """An orange disc over blue texture on 1001-1006, then over green texture on 1007-1012."""
    folder.mkdir()
    generator = np.random.default_rng(5)
    for shot, dark_bgr in enumerate(((150, 30, 0), (0, 120, 20))):
        grain_hw = cv2.resize(generator.random((18, 32)).astype(np.float32), (160, 90), interpolation=cv2.INTER_CUBIC)
        texture_hwc = np.clip(grain_hw[..., None] * 1.6 * np.array(dark_bgr), 0, 255).astype(np.uint8)
        for frame in range(1001 + 6 * shot, 1007 + 6 * shot):
            image_hwc = texture_hwc.copy()
            cv2.circle(image_hwc, (80, 45), 14, (20, 140, 240), -1)
            cv2.imwrite(str(folder / f"shots.{frame}.png"), image_hwc)


def test_a_second_run_knows_from_the_mattes_what_is_beyond_a_cut(tmp_path: Path) -> None:
    write_two_shots(tmp_path / "shots")
    ball = MatteObject("ball", PromptSet(points=(PointPrompt(1003, 80, 45),)))
    job = MatteJob(Clip(Plate(str(tmp_path / "shots"))), (ball,), track=TrackSettings(model="disc"))
    (track,) = run_job(job, tmp_path / "out").tracks
    assert track.states == (StateRange("present", FrameRange(1001, 1006)), StateRange("cut", FrameRange(1007, 1012)))
    assert [item.frame for item in track.suggestions] == [1007]
    made: list[Progress] = []
    again = run_job(job, tmp_path / "out", on_progress=made.append)
    assert not made
    assert again.tracks == (track,)
    across = replace(job, track=TrackSettings(model="disc", stops_at_cuts=False))
    assert run_job(across, tmp_path / "out").tracks[0].states == (StateRange("present", FrameRange(1001, 1012)),)
