"""Prompts on frames that are not matted: the object is followed from there, and only the asked frames are written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from tests.conftest import DiscPlate, alpha_of, disc_centre

from rotomatte.job import run_job
from rotomatte.mattes.exr import read_matte_header
from rotomatte_plugin.errors import FrameMissingError, PromptError
from rotomatte_plugin.model import (
    CleanUp,
    Clip,
    FrameRange,
    MatteJob,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    TrackSettings,
)

FIRST, LAST = 1001, 1012


def job(folder: Path, frames: FrameRange | None, *prompted: int, clean_up: tuple[CleanUp, ...] = ()) -> MatteJob:
    points = tuple(PointPrompt(frame, *disc_centre(frame, FIRST)) for frame in prompted)
    item = MatteObject("disc", PromptSet(points=points), clean_up)
    return MatteJob(Clip(Plate(str(folder)), frames), (item,), track=TrackSettings(model="disc"))


def matte(out: Path, frame: int) -> Path:
    return out / "disc" / f"disc.{frame}.exr"


@pytest.mark.parametrize("clean_up", [(), (CleanUp(smooth_frames=1),)])
def test_a_part_of_a_clip_has_the_mattes_of_the_whole(
    disc_plate: DiscPlate, tmp_path: Path, clean_up: tuple[CleanUp, ...]
) -> None:
    folder = disc_plate(count=LAST - FIRST + 1)
    run_job(job(folder, None, 1003, 1010, clean_up=clean_up), tmp_path / "whole")
    for frames in (FrameRange(1005, 1007), FrameRange(1009, 1009)):
        out = tmp_path / str(frames)
        report = run_job(job(folder, frames, 1003, 1010, clean_up=clean_up), out)
        assert report.frames == report.job.clip.frames == frames
        assert sorted(path.name for path in out.rglob("*.exr")) == [f"disc.{frame}.exr" for frame in frames]
        for frame in frames:
            assert np.array_equal(alpha_of(matte(out, frame)), alpha_of(matte(tmp_path / "whole", frame)))
            headers = [read_matte_header(matte(folder, frame)) for folder in (out, tmp_path / "whole")]
            assert len({header.recipe for header in headers if header is not None}) == 1
        assert alpha_of(matte(out, frames.first)).any()
        with av.open(out / "overlay.mp4") as movie:
            assert sum(1 for _ in movie.decode(video=0)) == len(frames)


def test_an_object_that_is_prompted_after_the_part_is_followed_back(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate(count=LAST - FIRST + 1)
    run_job(job(folder, FrameRange(1001, 1002), 1012), tmp_path)
    x, y = disc_centre(1001, FIRST)
    assert alpha_of(matte(tmp_path, 1001))[y, x] == 1


def test_a_prompt_on_a_frame_that_the_plate_has_not_is_refused(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate(count=LAST - FIRST + 1)
    with pytest.raises(PromptError, match=r"A prompt is on frame 1013, and .* has 1001-1012"):
        run_job(job(folder, FrameRange(1001, 1002), 1001, 1013), tmp_path / "out")


def test_frames_that_miss_on_the_way_to_a_prompt_are_told(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate(count=LAST - FIRST + 1)
    asked = job(folder, FrameRange(1001, 1004), 1003, 1010)
    (gap,) = folder.glob("*1007*")
    gap.unlink()
    with pytest.raises(FrameMissingError, match="has no frame 1007") as caught:
        run_job(asked, tmp_path / "out")
    assert "move the prompts into the range" in caught.value.remedy
    run_job(replace(asked, objects=job(folder, None, 1003).objects), tmp_path / "out")
