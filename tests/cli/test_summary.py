"""What the command line says when a job is done, and the settings that its options make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from tests.conftest import DiscPlate

from rotomatte.cli import running
from rotomatte.cli.app import main
from rotomatte.document import decode, read_job
from rotomatte_plugin.model import (
    Clip,
    FrameRange,
    JobReport,
    MatteJob,
    MatteObject,
    MatteTrack,
    ModelUsed,
    Plate,
    PointPrompt,
    PromptSet,
    PromptSuggestion,
    StateRange,
    TrackState,
)

Summary = Callable[..., str]
CAR = MatteObject("car", PromptSet(points=(PointPrompt(1001, 30, 40),)))


@pytest.fixture
def summary(capsys: pytest.CaptureFixture[str]) -> Summary:
    """What is said of a track with such states and suggestions."""

    def said(*states: tuple[TrackState, int, int], suggested: tuple[int, ...] = ()) -> str:
        ranges = tuple(StateRange(state, FrameRange(first, last)) for state, first, last in states)
        found = tuple(PromptSuggestion(frame, "") for frame in suggested)
        report = JobReport(
            *(
                MatteJob(Clip(Plate("a.mov")), (CAR,)),
                "",
                "",
                ModelUsed("m", "", "", 64),
                "cpu",
                FrameRange(1001, 1060),
            ),
            (MatteTrack("car", "car/car.%04d.exr", (), ranges, found),),
            *((), (), 0.0),
        )
        running.summarise(report, Path("out"))
        return capsys.readouterr().err

    return said


def test_a_good_track_is_one_short_line(summary: Summary) -> None:
    assert summary(("present", 1001, 1060)) == "car: 60 frames 1001-1060 in out/car/car.%04d.exr\n"


def test_every_state_has_its_words_and_suggestions_come_last(summary: Summary) -> None:
    said = summary(
        ("untracked", 1001, 1003),
        ("present", 1004, 1010),
        ("lost", 1011, 1020),
        ("returned", 1021, 1023),
        ("uncertain", 1024, 1030),
        ("lost", 1031, 1031),
        ("cut", 1050, 1060),
        suggested=(1021, 1050),
    )
    assert said == (
        "car: 60 frames 1001-1060 in out/car/car.%04d.exr; not seen on 1011-1020, 1031; back on 1021-1023; "
        "doubtful on 1024-1030; beyond a cut on 1050-1060; not tracked on 1001-1003. "
        "A prompt would help most on 1021, 1050.\n"
    )


def test_many_ranges_do_not_flood_the_line(summary: Summary) -> None:
    said = summary(*(("lost", frame, frame) for frame in range(1002, 1020, 2)))
    assert "not seen on 1002, 1004, 1006, 1008, 1010, 1012 and 3 more" in said


def rotomatte(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr("sys.argv", ["rotomatte", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None)


def test_a_lost_object_is_said_in_the_summary_and_the_report(
    disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plate = disc_plate(count=12, without=(1004, 1005))
    out = tmp_path / "out"
    rotomatte(monkeypatch, "matte", plate, "-o", out, "--model", "disc", "--include", "1001:30,40")
    said = capsys.readouterr().err
    assert "not seen on 1004-1005; back on 1006-1008." in said
    assert "A prompt would help most on 1006." in said
    (track,) = decode((out / "rotomatte.json").read_bytes(), JobReport, "rotomatte.json").tracks
    assert [(item.state, str(item.frames)) for item in track.states] == [
        ("present", "1001-1003"),
        ("lost", "1004-1005"),
        ("returned", "1006-1008"),
        ("present", "1009-1012"),
    ]
    assert [item.frame for item in track.suggestions] == [1006]
    with av.open(str(out / "overlay.mp4")) as movie:
        corners = [frame.to_ndarray(format="gray")[:14, :60] for frame in movie.decode(video=0)]
    noted = [1001 + index for index, corner_hw in enumerate(corners) if np.ptp(corner_hw) > 60]
    assert noted == [1001, 1004, 1005], "the prompt's frame and those on which the object is lost"


def test_options_become_settings_of_the_job(
    disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def job(*options: str) -> MatteJob:
        saved = tmp_path / "job.json"
        command = ("matte", disc_plate(f"plate{len(options)}", count=2), "-o", tmp_path / "out", "--model", "disc")
        rotomatte(monkeypatch, *command, "--include", "1001:30,40", "--save-job", saved, "--overwrite", *options)
        return read_job(saved)

    plain = job()
    assert (plain.track.memory, plain.track.stops_at_cuts, plain.refine.exclusive) == (None, True, False)
    changed = job("--memory", "distractor", "--across-cuts", "--exclusive")
    assert (changed.track.memory, changed.track.stops_at_cuts, changed.refine.exclusive) == ("distractor", False, True)
