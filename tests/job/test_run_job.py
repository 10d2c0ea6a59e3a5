"""Jobs end to end, with the disc tracker in place of a network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from tests.conftest import DiscPlate, alpha_of

from rotomatte.document import decode
from rotomatte.job import run_job
from rotomatte.mattes.exr import read_matte_header
from rotomatte.work import Progress
from rotomatte_plugin.errors import ForeignMattesError, FrameMissingError, PromptError
from rotomatte_plugin.model import (
    Clip,
    FrameRange,
    JobReport,
    MaskPrompt,
    MatteJob,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    RefineSettings,
    ShapePoint,
    ShapePrompt,
    TrackSettings,
)

CLICK = PromptSet(points=(PointPrompt(1003, 38, 40),))


def job(folder: Path, prompts: PromptSet = CLICK, **changes: object) -> MatteJob:
    made = MatteJob(Clip(Plate(str(folder))), (MatteObject("disc", prompts),), track=TrackSettings(model="disc"))
    return replace(made, **changes)  # type: ignore[arg-type]


def written(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.rglob("*.exr"))}


def run(asked: MatteJob, out: Path, *, overwrite: bool = False) -> list[tuple[str, int]]:
    """The mattes that the run made."""
    made: list[Progress] = []
    run_job(asked, out, overwrite=overwrite, on_progress=made.append)
    return [(one.object, one.frame) for one in made]


def test_a_matte_for_every_frame_under_the_plates_numbers(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = run(job(disc_plate()), out)
    assert sorted(frame for _, frame in made) == list(range(1001, 1009))
    assert list(written(out)) == [f"disc.{frame}.exr" for frame in range(1001, 1009)]
    for frame in range(1001, 1009):
        matte_hw = alpha_of(out / "disc" / f"disc.{frame}.exr")
        rows, columns = np.nonzero(matte_hw > 0.5)
        assert columns.mean() == pytest.approx(30 + 4 * (frame - 1001), abs=1.5)
        assert rows.mean() == pytest.approx(40, abs=1.5)
    assert (out / "overlay.mp4").stat().st_size > 0


def test_the_report_tells_what_was_done(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = run_job(job(disc_plate(without=(1006, 1007))), out)
    assert decode((out / "rotomatte.json").read_bytes(), JobReport, "r") == report
    (track,) = report.tracks
    assert track.pattern == "disc/disc.%04d.exr"
    assert track.ranges("lost") == (FrameRange(1006, 1007),)
    assert [score.frame for score in track.scores] == list(range(1001, 1009))
    assert track.scores[0].area_px == pytest.approx(np.pi * 12**2, rel=0.2)
    assert track.scores[5].area_px == 0
    assert report.job.clip.frames == report.frames == FrameRange(1001, 1008)
    assert (out / "disc" / "disc.1006.exr").exists(), "a frame without the object has a file too"


def test_a_second_run_writes_what_is_missing_and_nothing_else(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out, asked = tmp_path / "out", job(disc_plate())
    run(asked, out)
    before = written(out)
    assert run(asked, out) == []
    (out / "disc" / "disc.1006.exr").unlink()
    assert run(asked, out) == [("disc", 1006)]
    assert written(out) == before


def test_a_prompt_changes_the_frames_of_its_own_span_only(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out, folder = tmp_path / "out", disc_plate()
    keys = (PointPrompt(1002, 34, 40), PointPrompt(1007, 54, 40))
    run(job(folder, PromptSet(points=keys)), out)
    made = run(job(folder, PromptSet(points=(*keys, PointPrompt(1005, 46, 40)))), out)
    assert sorted(frame for _, frame in made) == [1003, 1004, 1005, 1006]


def test_a_longer_range_keeps_what_is_there(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out, folder = tmp_path / "out", disc_plate()
    run(job(folder, clip=Clip(Plate(str(folder)), FrameRange(1002, 1005))), out)
    made = run(job(folder), out)
    assert sorted(frame for _, frame in made) == [1001, 1006, 1007, 1008]


def test_another_object_leaves_the_first_alone(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out, folder = tmp_path / "out", disc_plate()
    run(job(folder), out)
    both = (MatteObject("disc", CLICK), MatteObject("ground", PromptSet(points=(PointPrompt(1001, 5, 5),))))
    assert {name for name, _ in run(job(folder, objects=both), out)} == {"ground"}


def test_mattes_of_another_plate_are_refused(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(job(disc_plate()), out)
    before = written(out)
    other = job(disc_plate("other", ground=120))
    with pytest.raises(ForeignMattesError, match="--overwrite"):
        run(other, out)
    assert written(out) == before
    assert len(run(other, out, overwrite=True)) == 8
    assert written(out) != before


def test_a_file_of_somebody_else_is_refused(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "disc").mkdir(parents=True)
    (out / "disc" / "disc.1004.exr").write_text("a note")
    with pytest.raises(ForeignMattesError, match="not written by Rotomatte"):
        run(job(disc_plate()), out)
    assert list(written(out)) == ["disc.1004.exr"]


def test_a_plate_that_moved_is_the_same_plate(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out, folder = tmp_path / "out", disc_plate()
    run(job(folder), out)
    moved = folder.rename(tmp_path / "moved")
    assert run(job(moved), out) == []


def test_forward_leaves_empty_mattes_before_the_first_key(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = run_job(job(disc_plate(), track=TrackSettings(model="disc", direction="forward")), out)
    (track,) = report.tracks
    assert track.ranges("untracked") == (FrameRange(1001, 1002),)
    assert [score.frame for score in track.scores] == list(range(1003, 1009))
    assert alpha_of(out / "disc" / "disc.1001.exr").max() == 0


def test_the_artists_matte_comes_back_untouched_on_its_frame(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out = tmp_path / "out"
    soft_hw = np.zeros((90, 160), np.uint8)
    cv2.circle(soft_hw, (38, 40), 10, (255,), -1)
    soft_hw = cv2.GaussianBlur(soft_hw, (0, 0), 3).astype(np.uint8)
    cv2.imwrite(str(tmp_path / "m.png"), soft_hw)
    run(job(disc_plate(), PromptSet(masks=(MaskPrompt(1003, str(tmp_path / "m.png")),))), out)
    np.testing.assert_allclose(alpha_of(out / "disc" / "disc.1003.exr"), soft_hw / 255, atol=5e-4)
    header = read_matte_header(out / "disc" / "disc.1003.exr")
    assert header is not None
    assert header.score is not None
    assert header.score.predicted_iou is None


def test_a_shape_is_a_matte_on_its_frame(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out = tmp_path / "out"
    corners = ((30.0, 30.0), (46.0, 30.0), (46.0, 50.0), (30.0, 50.0))
    shape = ShapePrompt(1003, tuple(ShapePoint(x, y) for x, y in corners))
    run(job(disc_plate(), PromptSet(shapes=(shape,))), out)
    matte_hw = alpha_of(out / "disc" / "disc.1003.exr")
    assert matte_hw[30:50, 30:46].min() == 1
    assert matte_hw.sum() == 20 * 16


def test_a_changed_mask_under_the_same_name_is_noticed(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out, mask = tmp_path / "out", tmp_path / "m.png"
    asked = job(disc_plate(), PromptSet(masks=(MaskPrompt(1003, str(mask)),)))
    for radius, expected in ((10, 8), (7, 8)):
        mask_hw = np.zeros((90, 160), np.uint8)
        cv2.circle(mask_hw, (38, 40), radius, (255,), -1)
        cv2.imwrite(str(mask), mask_hw)
        assert len(run(asked, out)) == expected


def test_a_gap_is_refused_and_named(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate()
    (folder / "plate.1004.png").unlink()
    with pytest.raises(FrameMissingError, match="no frame 1004"):
        run(job(folder), tmp_path / "out")
    assert len(run(job(folder, clip=Clip(Plate(str(folder)), FrameRange(1001, 1003))), tmp_path / "out")) == 3


def test_excludes_alone_say_nothing_of_the_object(disc_plate: DiscPlate, tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="only exclude"):
        run(job(disc_plate(), PromptSet(points=(PointPrompt(1003, 1, 1, include=False),))), tmp_path / "out")


def test_frame_numbers_keep_their_digits(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate(first=99_998, count=4)
    out = tmp_path / "out"
    run(job(folder, PromptSet(points=(PointPrompt(99_998, 30, 40),))), out)
    assert list(written(out)) == ["disc.100000.exr", "disc.100001.exr", "disc.99998.exr", "disc.99999.exr"]


def movie_frames(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_the_overlay_follows_a_shorter_range_without_tracking(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out, folder = tmp_path / "out", disc_plate()
    run(job(folder), out)
    assert movie_frames(out / "overlay.mp4") == 8
    assert run(job(folder, clip=Clip(Plate(str(folder)), FrameRange(1001, 1005))), out) == []
    assert movie_frames(out / "overlay.mp4") == 5


def test_an_overlay_of_other_mattes_is_drawn_again(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out, asked = tmp_path / "out", job(disc_plate())
    run(asked, out)
    other = job(disc_plate("b"), PromptSet(points=(PointPrompt(1001, 150, 80),)))
    run(other, tmp_path / "b-out")
    (out / "overlay.mp4").write_bytes((tmp_path / "b-out" / "overlay.mp4").read_bytes())
    assert run(asked, out) == []
    assert movie_frames(out / "overlay.mp4") == 8
    assert (out / "overlay.mp4").read_bytes() != (tmp_path / "b-out" / "overlay.mp4").read_bytes()


def test_another_network_for_the_same_weights_makes_the_mattes_anew(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out, folder, yaml = tmp_path / "out", disc_plate(), tmp_path / "net.yaml"
    asked = job(folder, track=TrackSettings(model="disc", config=str(yaml)))
    yaml.write_text("num_maskmem: 7")
    assert len(run(asked, out)) == 8
    assert run(asked, out) == []
    yaml.write_text("num_maskmem: 3")
    assert len(run(asked, out)) == 8


def test_what_tracking_kept_is_gone_when_the_job_is_done(disc_plate: DiscPlate, tmp_path: Path) -> None:
    keys = (PointPrompt(1002, 34, 40), PointPrompt(1007, 54, 40))
    run(job(disc_plate(), PromptSet(points=keys)), tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["disc", "overlay.mp4", "rotomatte.json"]


def test_objects_that_must_not_overlap_share_the_frame(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder, out = disc_plate(), tmp_path / "out"
    both = (MatteObject("disc", CLICK), MatteObject("same", PromptSet(points=(PointPrompt(1006, 50, 40),))))
    apart = job(folder, objects=both, refine=RefineSettings(exclusive=True))
    assert len(run(job(folder, objects=both), out)) == 16
    assert len(run(apart, out)) == 16
    for frame in range(1001, 1009):
        mattes = [alpha_of(out / name / f"{name}.{frame}.exr") for name in ("disc", "same")]
        assert np.sum(mattes, axis=0).max() <= 1.001
        assert mattes[0].max() > 0.4
    one_only = replace(apart, objects=both[:1])
    assert len(run(one_only, out)) == 8, "without the other, each frame is the first object's own"


def test_a_cut_is_reported(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = two_shots(disc_plate)
    report = run_job(job(folder, PromptSet(points=(PointPrompt(1003, 38, 40),))), tmp_path / "out")
    (track,) = report.tracks
    assert track.ranges("cut") == (FrameRange(1007, 1012),)
    assert alpha_of(tmp_path / "out" / "disc" / "disc.1008.exr").max() == 0
    across = TrackSettings(model="disc", stops_at_cuts=False)
    report = run_job(job(folder, track=across), tmp_path / "across")
    assert not report.tracks[0].ranges("cut")


def two_shots(disc_plate: DiscPlate) -> Path:
    """The disc before two grounds that have nothing in common; the second shot begins with 1007."""
    folder = disc_plate(count=12)
    for path in folder.iterdir():
        frame = int(path.name.split(".")[1])
        image_hwc = cv2.imread(str(path))
        assert image_hwc is not None
        is_ground = (image_hwc == 90).all(axis=2)
        step_px = 7 if frame < 1007 else 11
        stripes_hw = (np.add.outer(np.arange(90) * (frame < 1007), np.arange(160)) // step_px) % 2
        shades = ((60, 20, 20), (120, 60, 40)) if frame < 1007 else ((30, 160, 60), (90, 240, 150))
        ground_hwc = np.where(stripes_hw[..., None] == 1, *(np.uint8(shade) for shade in shades))
        cv2.imwrite(str(path), np.where(is_ground[..., None], ground_hwc, image_hwc))
    return folder
