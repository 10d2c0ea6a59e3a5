"""Jobs that run out of memory, with the disc tracker in place of a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import DiscPlate

from rotomatte.engine.trackers import WarmTrackers
from rotomatte.job import run_job
from rotomatte.mattes.exr import read_matte_header
from rotomatte.network import Network
from rotomatte.tracker.base import Step
from rotomatte.tracker.disc import DiscTracker
from rotomatte_plugin.errors import OutOfMemoryError
from rotomatte_plugin.model import (
    Clip,
    JobReport,
    MatteJob,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    RefineSettings,
    TrackSettings,
)

DISC = MatteObject("disc", PromptSet(points=(PointPrompt(1001, 30, 40),)))
GROUND = MatteObject("ground", PromptSet(points=(PointPrompt(1001, 5, 5),)))
ENOUGH_UP_TO_PX = 768


class HungryTracker(DiscTracker):
    """Runs out of memory in the middle of a clip where it is to look at pictures larger than it has memory for."""

    def __init__(self, image_size: int, error: type[BaseException] | None) -> None:
        self.model = replace(DiscTracker.model, image_size=image_size)
        self._error = error

    def track(self, passes: Any, keys: Any, clip: Any, **options: Any) -> Iterator[Step]:
        for count, step in enumerate(super().track(passes, keys, clip, **options)):
            if count == 5 and self._error is not None and self.model.image_size > ENOUGH_UP_TO_PX:
                raise self._error("Full.", **({"remedy": "Wait."} if self._error is OutOfMemoryError else {}))
            yield step


class Machine:
    """A machine whose memory suffices for ``ENOUGH_UP_TO_PX`` from ``fill`` on; notes which sizes were loaded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.loaded: list[int] = []
        self._error: type[BaseException] | None = None

        def load(one: Network) -> HungryTracker:
            return self._load(one)

        monkeypatch.setattr(Network, "load", load)

    def fill(self, error: type[BaseException] = OutOfMemoryError) -> None:
        self._error = error

    def _load(self, one: Network) -> HungryTracker:
        self.loaded.append(one.image_size)
        return HungryTracker(one.image_size, self._error)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def job(folder: Path, *objects: MatteObject, allow_degrade: bool = True, exclusive: bool = False) -> MatteJob:
    return MatteJob(
        Clip(Plate(str(folder))),
        objects,
        track=TrackSettings(model="disc", image_size=1024, allow_degrade=allow_degrade),
        refine=RefineSettings(exclusive=exclusive),
    )


def files(out: Path, name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((out / name).glob("*.exr"))}


def test_without_leave_the_job_stops_and_keeps_its_frames(
    disc_plate: DiscPlate, tmp_path: Path, machine: Machine
) -> None:
    machine.fill()
    out, folder = tmp_path / "out", disc_plate()
    with pytest.raises(OutOfMemoryError):
        run_job(job(folder, DISC, allow_degrade=False), out)
    assert machine.loaded == [1024]
    kept = files(out, "disc")
    assert 0 < len(kept) < 8
    assert not (out / "rotomatte.json").exists()


@pytest.mark.parametrize("error", [OutOfMemoryError, MemoryError])
def test_with_leave_unfinished_objects_start_again_smaller(
    disc_plate: DiscPlate, tmp_path: Path, machine: Machine, error: type[BaseException]
) -> None:
    folder, said = disc_plate(), []
    small = replace(job(folder, DISC), track=TrackSettings(model="disc", image_size=ENOUGH_UP_TO_PX))
    run_job(small, tmp_path / "small")
    machine.loaded.clear()
    machine.fill(error)
    report = run_job(job(folder, DISC), tmp_path / "out", on_warning=said.append)
    assert machine.loaded == [1024, 768]
    assert report.model.image_size == 768
    assert report.job.track.image_size == 1024, "what was asked for"
    degraded = [sentence for sentence in said if "start again from their key frames" in sentence]
    assert len(degraded) == 1
    assert degraded[0] in report.warnings
    mine, theirs = (recipes(tmp_path / name, report) for name in ("out", "small"))
    assert mine == theirs
    assert (tmp_path / "out" / "overlay.mp4").stat().st_size > 0


def recipes(out: Path, report: JobReport) -> list[str]:
    found = []
    for frame in report.frames:
        header = read_matte_header(out / "disc" / f"disc.{frame}.exr")
        assert header is not None
        found.append(header.recipe)
    return found


@pytest.mark.parametrize("overwrite", [False, True])
def test_finished_objects_keep_their_mattes(
    disc_plate: DiscPlate, tmp_path: Path, machine: Machine, overwrite: bool
) -> None:
    folder, out = disc_plate(), tmp_path / "out"
    run_job(job(folder, DISC), out)
    before = files(out, "disc")
    machine.fill()
    report = run_job(job(folder, DISC, GROUND), out, overwrite=overwrite)
    assert machine.loaded == [1024, 1024, 768]
    assert [track.object for track in report.tracks] == ["disc", "ground"]
    assert {name: len(files(out, name)) for name in ("disc", "ground")} == {"disc": 8, "ground": 8}
    if not overwrite:
        assert files(out, "disc") == before


def test_objects_that_share_the_frame_start_again_together(
    disc_plate: DiscPlate, tmp_path: Path, machine: Machine
) -> None:
    folder, out = disc_plate(), tmp_path / "out"
    machine.fill()
    run_job(job(folder, DISC, GROUND, exclusive=True), out)
    headers = [read_matte_header(path) for path in out.rglob("*.exr")]
    assert len(headers) == 16
    alone = tmp_path / "alone"
    small = replace(job(folder, DISC, GROUND, exclusive=True), track=TrackSettings(model="disc", image_size=768))
    run_job(small, alone)
    for name in ("disc", "ground"):
        assert files(out, name).keys() == files(alone, name).keys()
    assert {header.recipe for header in headers if header} == {
        header.recipe for header in map(read_matte_header, alone.rglob("*.exr")) if header
    }


def test_nothing_smaller_is_left_at_the_end(
    disc_plate: DiscPlate, tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.job.test_less_memory.ENOUGH_UP_TO_PX", 0)
    machine.fill()
    with pytest.raises(OutOfMemoryError):
        run_job(job(disc_plate(), DISC), tmp_path / "out")
    assert machine.loaded == [1024, 768, 512]


def test_what_memory_is_needed_is_said_first(disc_plate: DiscPlate, tmp_path: Path, machine: Machine) -> None:
    notes: list[str] = []
    run_job(job(disc_plate(), DISC), tmp_path / "out", on_note=notes.append)
    assert len(notes) == 1
    assert notes[0].startswith("The job needs about ")


class TalkingTracker(DiscTracker):
    """Lets something go whenever it tracks, and says so."""

    say: Callable[[str], None]

    def tell(self, say: Callable[[str], None]) -> None:
        self.say = say

    def track(self, passes: Any, keys: Any, clip: Any, **options: Any) -> Iterator[Step]:
        self.say("Room was made.")
        yield from super().track(passes, keys, clip, **options)


def test_every_job_of_a_warm_tracker_reports_what_was_let_go_of(
    disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker, warm, asked = TalkingTracker(), WarmTrackers(), job(disc_plate(), DISC)
    monkeypatch.setattr(Network, "load", lambda one: tracker)
    for number in range(2):
        said: list[str] = []
        report = run_job(asked, tmp_path / str(number), tracker_of=warm.get, on_warning=said.append)
        assert said.count("Room was made.") == report.warnings.count("Room was made.") == 1
        tracker.say("Somebody else's.")
        assert "Somebody else's." not in said
