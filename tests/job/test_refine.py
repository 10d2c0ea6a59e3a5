"""The stages behind the model in a whole job: edges, crop, clean-up, smoothing and fill."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import OpenEXR
import pytest
from numpy.typing import NDArray
from tests.conftest import DiscPlate

from rotomatte.job import run_job
from rotomatte.mattes.exr import read_matte
from rotomatte.plate.base import PlateInfo
from rotomatte.plate.open import open_plate
from rotomatte.work import Progress
from rotomatte_plugin.errors import CancelledError
from rotomatte_plugin.model import (
    CleanUp,
    Clip,
    FrameRange,
    Holdout,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    PointPrompt,
    PromptSet,
    RefineSettings,
    ShapePoint,
    ShapePrompt,
    TrackSettings,
)

FRAMES = range(1001, 1007)
CORNER = ShapePrompt(1001, (ShapePoint(0, 0), ShapePoint(9, 0), ShapePoint(9, 9), ShapePoint(0, 9)))
AROUND_DISC = ShapePrompt(1003, (ShapePoint(20, 20), ShapePoint(60, 20), ShapePoint(60, 60), ShapePoint(20, 60)))

PLAIN = RefineSettings()

Mattes = dict[int, NDArray[np.float32]]


def job(folder: Path, *clean_up: CleanUp, refine: RefineSettings = PLAIN, fill: bool = False) -> MatteJob:
    disc = MatteObject("disc", PromptSet(points=(PointPrompt(1001, 30, 40),)), clean_up)
    return MatteJob(
        Clip(Plate(str(folder))),
        (disc,),
        track=TrackSettings(model="disc"),
        refine=refine,
        output=MatteOutput(fill="straight" if fill else None),
    )


def run(asked: MatteJob, out: Path) -> list[int]:
    """The frames whose mattes were made."""
    made: list[Progress] = []
    run_job(asked, out, on_progress=made.append)
    return sorted(progress.frame for progress in made)


def info_of(asked: MatteJob) -> PlateInfo:
    reader = open_plate(asked.clip.plate)
    reader.close()
    return reader.info


def mattes(asked: MatteJob, out: Path) -> Mattes:
    info = info_of(asked)
    return {frame: read_matte(out / "disc" / f"disc.{frame}.exr", info) for frame in FRAMES}


def changed(before: Mattes, after: Mattes) -> list[int]:
    return [frame for frame in FRAMES if not np.array_equal(before[frame], after[frame])]


@pytest.fixture
def folder(disc_plate: DiscPlate) -> Path:
    return disc_plate(count=len(FRAMES))


class TestCleanUp:
    def test_off_is_the_same_and_makes_nothing_anew(self, folder: Path, tmp_path: Path) -> None:
        run(job(folder), tmp_path)
        before = mattes(job(folder), tmp_path)
        asked = job(folder, CleanUp(), CleanUp(FrameRange(1001, 1002)))
        assert run(asked, tmp_path) == []
        assert changed(before, mattes(asked, tmp_path)) == []

    def test_touches_its_own_frames_alone(self, folder: Path, tmp_path: Path) -> None:
        run(job(folder), tmp_path)
        before = mattes(job(folder), tmp_path)
        asked = job(folder, CleanUp(FrameRange(1003, 1004), grow_px=2.0))
        assert run(asked, tmp_path) == [1003, 1004]
        after = mattes(asked, tmp_path)
        assert changed(before, after) == [1003, 1004]
        assert after[1003].sum() > before[1003].sum() + 50
        assert run(asked, tmp_path) == []

    def test_an_empty_frame_gets_the_core_and_loses_the_garbage(self, folder: Path, tmp_path: Path) -> None:
        core = CleanUp(holdouts=(Holdout("core", shapes=(CORNER,)), Holdout("garbage", shapes=(AROUND_DISC,))))
        asked = job(folder, core)
        late = replace(asked.objects[0], prompts=PromptSet(points=(PointPrompt(1003, 38, 40),)))
        asked = replace(asked, objects=(late,), track=replace(asked.track, direction="forward"))
        run(asked, tmp_path)
        made = mattes(asked, tmp_path)
        assert made[1001][:9, :9].min() == 1
        assert made[1001].sum() == 81
        assert made[1003][20:60, 20:60].max() == 0

    def test_a_drawn_matte_is_cleaned_up_too(self, folder: Path, tmp_path: Path) -> None:
        drawn = MatteObject("disc", PromptSet(shapes=(AROUND_DISC,)), (CleanUp(grow_px=3.0),))
        asked = replace(job(folder), objects=(drawn,))
        run(asked, tmp_path)
        made = mattes(asked, tmp_path)[1003]
        assert made[18, 40] == 1
        assert made[15, 40] == 0


def test_exclusive_objects_do_not_overlap_however_they_grow(folder: Path, tmp_path: Path) -> None:
    grown = (CleanUp(grow_px=6.0),)
    disc = MatteObject("disc", PromptSet(points=(PointPrompt(1001, 30, 40),)), grown)
    ground = MatteObject("ground", PromptSet(points=(PointPrompt(1001, 150, 80),)), grown)
    asked = replace(job(folder), objects=(disc, ground), refine=RefineSettings(exclusive=True))
    run(asked, tmp_path)
    info = info_of(asked)
    for frame in FRAMES:
        both = sum(read_matte(tmp_path / name / f"{name}.{frame}.exr", info) for name in ("disc", "ground"))
        assert both.max() <= 1.001


class TestSmoothing:
    asked = CleanUp(FrameRange(1003, 1004), smooth_frames=2)

    def test_touches_its_own_frames_alone(self, folder: Path, tmp_path: Path) -> None:
        run(job(folder), tmp_path)
        before = mattes(job(folder), tmp_path)
        assert run(job(folder, self.asked), tmp_path) == [1003, 1004]
        assert changed(before, mattes(job(folder), tmp_path)) == [1003, 1004]

    def test_a_frame_alone_is_what_it_is_among_all(self, folder: Path, tmp_path: Path) -> None:
        asked = job(folder, CleanUp(smooth_frames=2))
        run(asked, tmp_path)
        before = mattes(asked, tmp_path)
        (tmp_path / "disc" / "disc.1004.exr").unlink()
        assert run(asked, tmp_path) == [1004]
        assert changed(before, mattes(asked, tmp_path)) == []

    def test_a_prompt_changes_the_neighbours_as_well(self, folder: Path, tmp_path: Path) -> None:
        asked = job(folder, CleanUp(smooth_frames=1))
        run(asked, tmp_path)
        points = (PointPrompt(1001, 30, 40), PointPrompt(1005, 46, 40))
        corrected = replace(asked.objects[0], prompts=PromptSet(points=points))
        assert run(replace(asked, objects=(corrected,)), tmp_path) == list(FRAMES)


class TestCrop:
    def test_a_stopped_job_goes_on_to_the_same_mattes(self, folder: Path, tmp_path: Path) -> None:
        asked = job(folder, refine=RefineSettings(crop=True))
        run(asked, tmp_path / "whole")
        told: list[Progress] = []
        with pytest.raises(CancelledError):
            run_job(asked, tmp_path / "out", on_progress=told.append, cancelled=lambda: len(told) >= 2)
        run(asked, tmp_path / "out")
        assert changed(mattes(asked, tmp_path / "whole"), mattes(asked, tmp_path / "out")) == []

    def test_asked_for_later_it_makes_all_mattes_anew(self, folder: Path, tmp_path: Path) -> None:
        run(job(folder), tmp_path)
        assert run(job(folder, refine=RefineSettings(crop=True)), tmp_path) == list(FRAMES)

    def test_a_closer_look_gives_a_finer_edge(self, disc_plate: DiscPlate, tmp_path: Path) -> None:
        folder = disc_plate(count=len(FRAMES), size=(960, 540))
        run(job(folder), tmp_path / "plain")
        asked = job(folder, refine=RefineSettings(crop=True))
        run(asked, tmp_path / "close")
        plain, close = mattes(asked, tmp_path / "plain")[1003], mattes(asked, tmp_path / "close")[1003]
        assert 0 < np.count_nonzero((close > 0) & (close < 1)) < np.count_nonzero((plain > 0) & (plain < 1))


class TestEdges:
    def test_a_guided_edge_stays_in_its_band_and_leaves_what_was_drawn(self, folder: Path, tmp_path: Path) -> None:
        asked = job(folder, refine=RefineSettings(edges="guided", band_px=4.0))
        shape = MatteObject("disc", PromptSet(shapes=(AROUND_DISC,)))
        asked = replace(asked, objects=(shape,))
        plain = replace(asked, refine=RefineSettings())
        run(plain, tmp_path)
        before = mattes(plain, tmp_path)
        made = run(asked, tmp_path)
        after = mattes(asked, tmp_path)
        assert made == list(FRAMES)
        assert 1003 not in changed(before, after)
        assert run(asked, tmp_path) == []


class TestFill:
    def test_is_the_plate_where_the_matte_is_solid(self, folder: Path, tmp_path: Path) -> None:
        asked = job(folder, fill=True)
        report = run_job(asked, tmp_path)
        assert report.tracks[0].fill_pattern == "disc/disc_fill.%04d.exr"
        reader = open_plate(asked.clip.plate)
        plate_hwc = reader.read(1003)
        reader.close()
        with OpenEXR.File(str(tmp_path / "disc" / "disc_fill.1003.exr"), separate_channels=True) as file:
            pixels = {name: np.asarray(channel.pixels, np.float32) for name, channel in file.channels().items()}
            header = dict(file.header())
        solid = pixels["A"] == 1
        assert solid.sum() > 100
        for place, name in enumerate("RGB"):
            np.testing.assert_allclose(pixels[name][solid], plate_hwc[..., place][solid], rtol=1e-3)
        assert header["rotomatte/fill"] == "straight"
        assert header.get("colorInteropID") != "data"

    def test_is_written_once(self, folder: Path, tmp_path: Path) -> None:
        asked = job(folder, fill=True)
        run(asked, tmp_path)
        fills = sorted((tmp_path / "disc").glob("disc_fill.*"))
        times = [path.stat().st_mtime_ns for path in fills]
        assert len(fills) == len(FRAMES)
        assert run(asked, tmp_path) == []
        assert [path.stat().st_mtime_ns for path in fills] == times
