"""An open clip under other settings, names and frames: its tracks stay, and everything is as in a job made so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import DiscPlate
from tests.engine.conftest import wait_until
from tests.engine.test_clips import DISC, PATIENCE_S, Desk, disc_object, mattes

from rotomatte.job import run_job
from rotomatte.tracker.disc import DiscTracker
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.messages import (
    CLIP_CHANGE,
    CLIP_MATTE,
    CLIP_MATTES,
    CLIP_PREVIEW,
    CLIP_PROPAGATE,
    CLIP_REMOVE_OBJECT,
    CLIP_SET_OBJECT,
    CLIP_TRACKED,
    ChangeClip,
    ClipAsked,
    JobEvent,
    MatteAsked,
    PreviewAsked,
    Propagate,
    RemoveObject,
    SetObject,
    WriteMattes,
)
from rotomatte_plugin.model import Clip, FrameRange, MatteJob, MatteObject, Plate, RefineSettings, TrackSettings

SOFT = RefineSettings(ramp_cells=3.0, edges="guided", band_px=6.0)
APART = RefineSettings(exclusive=True)
SOME = FrameRange(1002, 1005)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "scratch").mkdir()
    made = Desk(tmp_path / "scratch")
    yield made
    made.queue.stop()


def no_more_tracking(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: DiscTracker, passes: Any, *__: Any, **___: Any) -> Any:
        raise AssertionError(f"tracked again: {passes}")

    monkeypatch.setattr(DiscTracker, "track", refuse)


def opened(desk: Desk, plate: Path, *items: MatteObject, tracks: bool = True, **rest: Any) -> str:
    clip = desk.open(plate, **rest)
    for item in items:
        desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    if tracks:
        track(desk, clip)
    return clip


def track(desk: Desk, clip: str, **rest: Any) -> JobEvent:
    event = desk.ended(desk.call(CLIP_PROPAGATE, Propagate(clip, **rest)).job_id)
    assert event.state == "done", event
    return event


def areas_told(desk: Desk, job_id: str) -> dict[int, float]:
    """The area of the matte on each frame that a job tells of."""
    wait_until(lambda: any(event.job_id == job_id and event.state == "done" for event in desk.events))
    told = (event.score for event in desk.events if event.job_id == job_id)
    return {score.frame: score.area_px for score in told if score is not None}


def written(desk: Desk, clip: str, out: Path, **rest: Any) -> dict[str, bytes]:
    event = desk.queue.wait(desk.call(CLIP_MATTES, WriteMattes(clip, str(out), **rest)).job_id, PATIENCE_S)
    assert event.state == "done", event
    return mattes(out)


def fresh(plate: Path, items: tuple[MatteObject, ...], out: Path, frames: FrameRange | None = None, **rest: Any) -> Any:
    run_job(MatteJob(Clip(Plate(str(plate)), frames), items, **{"track": DISC, **rest}), out)
    return mattes(out)


@pytest.mark.parametrize("refine", [SOFT, APART], ids=["soft", "apart"])
def test_mattes_under_other_settings_are_those_of_a_fresh_job_and_nothing_is_tracked_again(
    desk: Desk, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refine: RefineSettings
) -> None:
    plate, items = disc_plate(), (disc_object(1001, 1006), disc_object(1003, name="other"))
    expected = fresh(plate, items, tmp_path / "plain", refine=refine)
    before = fresh(plate, items, tmp_path / "before")
    assert before != expected
    clip = opened(desk, plate, *items)
    no_more_tracking(monkeypatch)
    assert written(desk, clip, tmp_path / "first") == before
    desk.call(CLIP_CHANGE, ChangeClip(clip, refine))
    assert written(desk, clip, tmp_path / "out") == expected
    desk.call(CLIP_CHANGE, ChangeClip(clip, RefineSettings()))
    assert written(desk, clip, tmp_path / "back") == before


def test_what_is_looked_at_changes_at_once(desk: Desk, disc_plate: DiscPlate, monkeypatch: pytest.MonkeyPatch) -> None:
    plate, item = disc_plate(), disc_object(1001)
    changed = opened(desk, plate, item)
    straight = opened(desk, plate, item, refine=SOFT)
    no_more_tracking(monkeypatch)

    def seen(clip: str) -> tuple[Any, ...]:
        preview = desk.call(CLIP_PREVIEW, PreviewAsked(clip, item, 1001))
        matte = desk.call(CLIP_MATTE, MatteAsked(clip, item, 1004))
        tracked = desk.call(CLIP_TRACKED, ClipAsked(clip))
        files = tuple(Path(made.path).read_bytes() for made in (preview, matte, tracked))
        return replace(preview, path=""), replace(matte, path=""), files

    assert seen(changed) != seen(straight)
    desk.call(CLIP_CHANGE, ChangeClip(changed, SOFT))
    assert seen(changed) == seen(straight)


def test_another_direction_tracks_only_what_is_missing(
    desk: Desk, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plate, item = disc_plate(), disc_object(1003)
    forward = replace(DISC, direction="forward")
    expected = fresh(plate, (item,), tmp_path / "both")
    clip = opened(desk, plate, item, track=forward)
    ran: list[range] = []
    tracks = DiscTracker.track

    def note(self: DiscTracker, passes: Any, *words: Any, **more: Any) -> Any:
        ran.extend(one.frames for one in passes)
        return tracks(self, passes, *words, **more)

    monkeypatch.setattr(DiscTracker, "track", note)
    desk.call(CLIP_CHANGE, ChangeClip(clip, RefineSettings(), "both"))
    assert written(desk, clip, tmp_path / "out") == expected
    assert ran == [range(1002, 1000, -1)]


def test_a_mode_that_knows_one_direction_keeps_its_settings(desk: Desk, disc_plate: DiscPlate) -> None:
    exact = TrackSettings(model="disc", mode="exact", direction="forward")
    clip = opened(desk, disc_plate(), disc_object(1001), tracks=False, track=exact)
    with pytest.raises(JobError, match="exact"):
        desk.call(CLIP_CHANGE, ChangeClip(clip, SOFT, "both"))
    desk.call(CLIP_CHANGE, ChangeClip(clip, SOFT, "forward"))


def test_tracking_ends_with_the_settings_that_it_began_with(desk: Desk, disc_plate: DiscPlate) -> None:
    """Asked for first, changed before its turn has come."""
    plate, item = disc_plate(), disc_object(1001)
    plain = opened(desk, plate, item, tracks=False)
    areas = areas_told(desk, desk.call(CLIP_PROPAGATE, Propagate(plain)).job_id)
    assert len(areas) == 8
    clip = opened(desk, plate, item, tracks=False)
    blocker = desk.call(CLIP_PROPAGATE, Propagate(plain)).job_id
    job = desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id
    desk.call(CLIP_CHANGE, ChangeClip(clip, RefineSettings(ramp_cells=6.0)))
    assert areas_told(desk, blocker) == areas
    assert areas_told(desk, job) == areas


def test_mattes_of_some_frames_are_those_of_a_job_over_them(
    desk: Desk, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plate, item = disc_plate(), disc_object(1003)
    expected = fresh(plate, (item,), tmp_path / "plain", SOME)
    assert len(expected) == len(SOME)
    clip = opened(desk, plate, item)
    no_more_tracking(monkeypatch)
    assert written(desk, clip, tmp_path / "out", frames=SOME) == expected
    with pytest.raises(JobError, match="1009"):
        desk.call(CLIP_MATTES, WriteMattes(clip, str(tmp_path / "out"), frames=FrameRange(1002, 1009)))


def test_another_name_keeps_the_tracks(
    desk: Desk, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plate, item = disc_plate(), disc_object(1001, 1006)
    renamed = replace(item, name="sun")
    expected = fresh(plate, (renamed,), tmp_path / "plain")
    clip = opened(desk, plate, item)
    no_more_tracking(monkeypatch)
    desk.call(CLIP_REMOVE_OBJECT, RemoveObject(clip, item.name))
    desk.call(CLIP_SET_OBJECT, SetObject(clip, renamed))
    assert track(desk, clip).done == 8
    assert written(desk, clip, tmp_path / "out") == expected


@pytest.mark.parametrize("refine", [RefineSettings(), APART], ids=["each", "apart"])
def test_two_objects_with_the_same_prompts_have_mattes_of_their_own(
    desk: Desk, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refine: RefineSettings
) -> None:
    """On all frames, also where one of them is corrected and the other is not."""
    plate = disc_plate()
    items = (disc_object(1001, name="a"), disc_object(1001, name="b"), disc_object(1001, 1005, name="c"))
    clip = opened(desk, plate, *items, refine=refine)
    expected = fresh(plate, items, tmp_path / "plain", refine=refine)
    assert len(expected) == 3 * 8
    no_more_tracking(monkeypatch)
    assert written(desk, clip, tmp_path / "out") == expected
    desk.call(CLIP_REMOVE_OBJECT, RemoveObject(clip, "a"))
    left = written(desk, clip, tmp_path / "left")
    monkeypatch.undo()
    assert left == fresh(plate, items[1:], tmp_path / "plain left", refine=refine)
