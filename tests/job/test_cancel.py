"""Cancelling a job: within a frame, wherever it is, with everything kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import DiscPlate

from rotomatte.background import Background
from rotomatte.job import run_job
from rotomatte.mattes.overlay import OverlayFrame
from rotomatte.mattes.profiles.png import write_png
from rotomatte.tracker.disc import DiscTracker
from rotomatte.work import Progress
from rotomatte_plugin.errors import CancelledError
from rotomatte_plugin.model import (
    Clip,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    PointPrompt,
    Profile,
    PromptSet,
    TrackSettings,
)

FRAMES = 16


def job(folder: Path, *frames: int, profile: Profile = "universal") -> MatteJob:
    points = tuple(PointPrompt(frame, 30 + 4 * (frame - 1001) % 100, 40) for frame in frames)
    objects = (MatteObject("disc", PromptSet(points=points)),)
    return MatteJob(Clip(Plate(str(folder))), objects, track=TrackSettings(model="disc"), output=MatteOutput(profile))


def mattes(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("disc/*")}


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The frames that the tracker answered, as it did so."""
    frames: list[int] = []
    track = DiscTracker.track

    def noted(self: DiscTracker, *arguments: Any, **rest: Any) -> Any:
        for step in track(self, *arguments, **rest):
            frames.append(step.frame)
            yield step

    monkeypatch.setattr(DiscTracker, "track", noted)
    return frames


@pytest.mark.parametrize("after", [0, 1, 9, 15, 17, 24])
def test_a_pass_stops_at_its_next_frame_even_where_it_makes_no_matte(
    disc_plate: DiscPlate, tmp_path: Path, looked_at: list[int], after: int
) -> None:
    # Between keys at either end no matte is whole until both passes meet.
    asked, whole, out = job(disc_plate(count=FRAMES), 1001, 1016), tmp_path / "whole", tmp_path / "out"
    run_job(asked, whole)
    total = len(looked_at)
    looked_at.clear()
    with pytest.raises(CancelledError, match="was stopped") as stopped:
        run_job(asked, out, cancelled=lambda: len(looked_at) >= after)
    assert len(looked_at) == after
    assert stopped.value.path == str(out)
    assert mattes(out).items() <= mattes(whole).items()
    assert not list(out.rglob(".*.part"))
    run_job(asked, out)
    assert mattes(out) == mattes(whole)
    assert len(looked_at) == total, "what passes remembered is kept, so nothing is tracked twice"


def test_an_orderly_end_drops_nothing_that_waits_to_be_written() -> None:
    written: list[int] = []

    def work() -> None:
        with Background[int](9, written.append) as background:
            for number in range(5):
                background.submit(partial(int, number))
            raise CancelledError("Stopped.", remedy="Go on.")

    with pytest.raises(CancelledError):
        work()
    assert written == [0, 1, 2, 3, 4]


def test_drawing_the_overlay_stops_at_its_next_frame(
    disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, out = job(disc_plate(count=FRAMES), 1003), tmp_path / "out"
    drawn: list[OverlayFrame] = []
    run_job(asked, out)
    (out / "overlay.mp4").unlink()

    def write(path: Path, frames: Iterable[OverlayFrame], *rest: Any, **more: Any) -> None:
        drawn.extend(islice(frames, 3))
        more_frames = list(frames)
        raise AssertionError(f"{len(more_frames)} frames after the job was cancelled")

    monkeypatch.setattr("rotomatte.work.write_overlay", write)
    with pytest.raises(CancelledError):
        run_job(asked, out, cancelled=lambda: len(drawn) == 3)


def test_a_delivery_stops_at_its_next_file(
    disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = job(disc_plate(count=FRAMES), 1003, profile="png")
    written: list[Path] = []

    def write(path: Path, *rest: Any) -> None:
        written.append(path)
        write_png(path, *rest)

    monkeypatch.setattr("rotomatte.delivery.write_png", write)
    with pytest.raises(CancelledError):
        run_job(asked, tmp_path / "out", cancelled=lambda: len(written) >= 7)
    assert len(written) == len(mattes(tmp_path / "out")) == 7
    run_job(asked, tmp_path / "out")
    assert len(written) == FRAMES


def test_mattes_that_no_pass_leads_to_stop_too(disc_plate: DiscPlate, tmp_path: Path) -> None:
    asked = job(disc_plate(count=FRAMES), 1016)
    forward = replace(asked, track=replace(asked.track, direction="forward"))
    told: list[Progress] = []
    with pytest.raises(CancelledError):
        run_job(forward, tmp_path / "out", on_progress=told.append, cancelled=lambda: len(told) >= 3)
    # Those that waited to be written, four at most, and the one in hand.
    assert 3 <= len(told) == len(mattes(tmp_path / "out")) <= 3 + 5


def test_a_job_holds_its_device_from_before_the_model_loads_until_it_is_done(
    disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []

    @contextmanager
    def hold(device: str, *, on_wait: Callable[[str], None], cancelled: Callable[[], bool]) -> Iterator[None]:
        on_wait(f"waits for {device}")
        events.append("held")
        yield
        events.append("free")

    def load() -> DiscTracker:
        events.append("loads")
        return DiscTracker()

    monkeypatch.setattr("rotomatte.job.hold_device", hold)
    monkeypatch.setattr("rotomatte.network.Network.load", lambda one: load())
    asked = job(disc_plate(count=FRAMES), 1003)
    run_job(asked, tmp_path / "out", on_warning=events.append, on_progress=lambda step: events.append(str(step.frame)))
    order = ["waits for cpu", "held", "loads"]
    assert [event for event in events if event in order] == order
    assert events[-1] == "free"
    assert events.count("free") == 1
