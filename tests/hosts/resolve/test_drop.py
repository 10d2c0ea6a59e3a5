"""A job through a watch folder, served by the real server's own reading of what is dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from rotomatte.document import encode
from rotomatte.serve_jobs.documents import done, encoded, failed, parse_job_file
from rotomatte_hosts.resolve.drop import drop_and_wait
from rotomatte_plugin.errors import CancelledError, JobError, PlateNotFoundError
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
    StateRange,
)

FRAMES = FrameRange(1001, 1002)
JOB = MatteJob(
    Clip(Plate("/plates/sh010.%04d.exr"), FRAMES, "sh010 [1001-1048].exr"),
    (MatteObject("car", PromptSet(points=(PointPrompt(1001, 3.5, 4.5),))),),
)


def report() -> JobReport:
    track = MatteTrack("car", "car/car.%04d.exr", (), (StateRange("present", FRAMES),), ())
    used = ModelUsed("bundled", "00", "MIT", 256)
    return JobReport(JOB, "id", "sRGB", used, "cpu", FRAMES, (track,), (), (), 1.0)


class Served:
    """A server that takes the job at the second look and answers at the third; ``states`` is what was told meanwhile."""

    def __init__(self, folder: Path, out: Path, *, fails: bool = False) -> None:
        self.folder, self.out, self.fails = folder, out, fails
        self.states: list[bool] = []

    def wait(self, is_taken: bool) -> None:
        self.states.append(is_taken)
        (path,) = [one for one in self.folder.iterdir() if one.name.endswith((".job.json", ".running.json"))]
        if not is_taken:
            dropped = parse_job_file(path.read_bytes(), str(path))
            assert (dropped.job, dropped.out) == (JOB, str(self.out))
            path.rename(path.with_name(path.name.replace(".job.json", ".farm-1.running.json")))
            return
        stem = path.name.split(".farm")[0]
        if self.fails:
            error = PlateNotFoundError("No plate is there.", remedy="Mount it.")
            (self.folder / f"{stem}.failed.json").write_bytes(encoded(failed(error, "farm")))
        else:
            (self.out / "rotomatte.json").write_bytes(encode(report()))
            (self.folder / f"{stem}.done.json").write_bytes(encoded(done(report(), self.out, "farm")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "jobs"
    made.mkdir()
    return made


def test_a_job_goes_to_a_server_and_comes_back(folder: Path, tmp_path: Path) -> None:
    server = Served(folder, tmp_path)
    assert drop_and_wait(JOB, str(tmp_path), folder, JOB.clip.name, server.wait) == report()
    assert server.states == [False, True]


def test_what_the_server_says_went_wrong_is_told_by_its_own_class(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PlateNotFoundError, match="No plate is there") as raised:
        drop_and_wait(JOB, str(tmp_path), folder, "sh010", Served(folder, tmp_path, fails=True).wait)
    assert raised.value.remedy == "Mount it."


def test_a_job_that_nobody_has_taken_is_withdrawn(folder: Path, tmp_path: Path) -> None:
    def stop(is_taken: bool) -> None:
        assert not is_taken
        assert len(list(folder.iterdir())) == 1
        raise CancelledError("Stopped.", remedy="Again.")

    with pytest.raises(CancelledError):
        drop_and_wait(JOB, str(tmp_path), folder, "sh010", stop)
    assert list(folder.iterdir()) == []


def test_two_jobs_of_one_clip_do_not_meet(folder: Path, tmp_path: Path) -> None:
    names: set[str] = set()

    def stop(is_taken: bool) -> None:
        names.update(path.name for path in folder.iterdir())
        raise CancelledError("Stopped.", remedy="Again.")

    for _ in range(2):
        with pytest.raises(CancelledError):
            drop_and_wait(JOB, str(tmp_path), folder, "sh010", stop)
    assert len(names) == 2


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="can be dropped"):
        drop_and_wait(JOB, str(tmp_path), tmp_path / "absent", "sh010", lambda _: None)
