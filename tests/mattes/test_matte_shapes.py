"""Outlines of finished mattes, from the files that a job left."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import DiscPlate, disc_centre
from typer.testing import CliRunner

from rotomatte.cli.app import app
from rotomatte.document import read_objects
from rotomatte.job import run_job
from rotomatte.matte_shapes import write_shapes
from rotomatte_plugin.errors import JobError, OutputError
from rotomatte_plugin.model import (
    Clip,
    FrameRange,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    PointPrompt,
    Profile,
    PromptSet,
    TrackSettings,
)
from rotomatte_plugin.report_file import read_report, read_shapes

RADIUS_PX = 12


@pytest.fixture
def plate(disc_plate: DiscPlate) -> Path:
    return disc_plate(without=(1004, 1005))


def mattes(plate: Path, out: Path, profile: Profile = "universal") -> Path:
    x, y = disc_centre(1001, 1001)
    disc = MatteObject("disc", PromptSet(points=(PointPrompt(1001, x, y),)))
    run_job(MatteJob(Clip(Plate(str(plate))), (disc,), track=TrackSettings("disc"), output=MatteOutput(profile)), out)
    return out


def test_a_finished_job_gives_a_shape_a_frame(plate: Path, tmp_path: Path) -> None:
    out, file = mattes(plate, tmp_path / "out"), tmp_path / "disc.json"
    made = write_shapes(out, "disc", 24, file)
    assert (made.path, made.frames_without, made.message) == (str(file), (FrameRange(1004, 1005),), "")
    shapes = read_shapes(made.path)
    assert [shape.frame for shape in shapes] == [1001, 1002, 1003, 1006, 1007, 1008]
    for shape in shapes:
        points_xy = np.array([(point.x, point.y) for point in shape.points])
        assert len(points_xy) == 24
        # The middle of the pixel is half a pixel further.
        centre_xy = np.array(disc_centre(shape.frame, 1001)) + 0.5
        assert np.hypot(*(points_xy - centre_xy).T) == pytest.approx(RADIUS_PX, abs=1.6)
        steady_xy = points_xy - centre_xy - [(point.x, point.y) for point in shapes[0].points]
        assert np.abs(steady_xy + np.array(disc_centre(1001, 1001)) + 0.5).max() < 2, (
            "each point goes along, 3 pixels apart"
        )
    (again,) = read_objects(file, "disc")
    assert again.prompts.shapes == shapes, "the command line takes it as prompts"
    report = read_report(str(out))
    assert report.frames == FrameRange(1001, 1008)
    assert [track.object for track in report.tracks] == ["disc"]


@pytest.mark.parametrize("profile", ["nuke", "layers", "cryptomatte", "png", "prores"])
def test_every_profile_gives_the_same_outlines(plate: Path, tmp_path: Path, profile: Profile) -> None:
    texts = []
    for one in ("universal", profile):
        write_shapes(mattes(plate, tmp_path / one, one), "disc", 24, tmp_path / f"{one}.json")
        texts.append([(shape.frame, shape.points) for shape in read_shapes(str(tmp_path / f"{one}.json"))])
    for (frame, points), (other_frame, others) in zip(*texts, strict=True):
        assert frame == other_frame
        # Masters are float: the outline begins a step further where half rounds a value to one half.
        assert [p.x for p in points] == pytest.approx([p.x for p in others], abs=0.5)
        assert [p.y for p in points] == pytest.approx([p.y for p in others], abs=0.5)


def refusal(kind: type[Exception], *arguments: Any) -> Any:
    with pytest.raises(kind) as error:
        write_shapes(*arguments)
    return error.value


def test_what_cannot_be_outlined_is_refused_in_words(plate: Path, tmp_path: Path) -> None:
    out, file = mattes(plate, tmp_path / "out", "png"), tmp_path / "there" / "x.json"
    assert "No job has ended" in refusal(JobError, tmp_path, "disc", 48, file).message
    assert refusal(JobError, out, "dog", 48, file).remedy == "Use one of disc."
    assert "8 to 512" in refusal(JobError, out, "disc", 7, file).remedy
    matte = out / ".masters" / "disc" / "disc.1006.exr"
    matte.write_bytes(matte.read_bytes()[:400])
    error = refusal(OutputError, out, "disc", 48, file)
    assert (error.frame, error.path) == (1006, str(matte))
    assert list(file.parent.iterdir()) == [], "not even a part of the file is left"
    shutil.rmtree(out / ".masters")
    assert "delivered as png" in refusal(JobError, out, "disc", 48, file).message


def test_the_command_line_writes_them_too(plate: Path, tmp_path: Path) -> None:
    out, file = mattes(plate, tmp_path / "out"), tmp_path / "disc.json"
    result = CliRunner().invoke(app, ["shapes", str(out), "disc", "-o", str(file), "--points", "8"])
    assert result.exit_code == 0, result.output
    assert "none on 1004-1005" in result.output
    assert [len(shape["points"]) for shape in json.loads(file.read_text())["shapes"]] == [8] * 6


def test_an_object_that_is_never_there_gives_no_shapes(plate: Path, tmp_path: Path) -> None:
    out, file = mattes(plate, tmp_path / "out"), tmp_path / "disc.json"
    empty = (out / "disc" / "disc.1004.exr").read_bytes()
    for path in (out / "disc").glob("*.exr"):
        path.write_bytes(empty)
    made = write_shapes(out, "disc", 48, file)
    assert made.frames_without == (FrameRange(1001, 1008),)
    assert read_shapes(made.path) == ()
