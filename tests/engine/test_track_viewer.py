"""What was tracked of an open clip, as a viewer shows it: never tracked for it, and the same that is written."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.engine.test_clips import DISC, PATIENCE_S, Desk, Held, agreement, disc_object
from tests.job.test_run_job import two_shots

from rotomatte.job import run_job
from rotomatte.roto.lasting_log import LastingLog
from rotomatte.tracker.disc import DiscTracker
from rotomatte_plugin.errors import JobError, PromptError
from rotomatte_plugin.messages import (
    CLIP_MATTE,
    CLIP_OPEN,
    CLIP_PROPAGATE,
    CLIP_REMOVE_OBJECT,
    CLIP_SET_OBJECT,
    CLIP_TRACKED,
    CanvasWindow,
    ClipAsked,
    MatteAsked,
    MatteMade,
    OpenClip,
    Propagate,
    RemoveObject,
    SetObject,
    TrackedObject,
    TrackedObjects,
)
from rotomatte_plugin.model import (
    CleanUp,
    Clip,
    FrameRange,
    Holdout,
    MaskPrompt,
    MatteJob,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    RefineSettings,
    ShapePoint,
    ShapePrompt,
    StateRange,
    TrackSettings,
)
from rotomatte_plugin.plain import from_plain

ALL = FrameRange(1001, 1008)
CORE = Holdout("core", shapes=(ShapePrompt(1001, (ShapePoint(1, 1), ShapePoint(9, 1), ShapePoint(9, 9))),))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "scratch").mkdir()
    made = Desk(tmp_path / "scratch")
    yield made
    made.queue.stop()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    made = Held(monkeypatch)
    yield made
    made.goes_on.set()


def no_more_tracking(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        pytest.fail("something is tracked")

    monkeypatch.setattr(DiscTracker, "track", refused)
    monkeypatch.setattr(DiscTracker, "answer", refused)


def track(desk: Desk, clip: str, *items: MatteObject, **asked: Any) -> None:
    for item in items:
        desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    ended = desk.ended(desk.call(CLIP_PROPAGATE, Propagate(clip, **asked)).job_id)
    assert ended.state == "done", ended


def matte(desk: Desk, clip: str, item: MatteObject, frame: int, **more: Any) -> MatteMade:
    made: MatteMade = desk.call(CLIP_MATTE, MatteAsked(clip, item, frame, **more))
    return made


def shown(made: MatteMade) -> Any:
    assert made.path is not None
    assert Path(made.path).read_bytes().startswith(f"P5\n{made.width_px} {made.height_px}\n255\n".encode())
    return cv2.imread(made.path, cv2.IMREAD_UNCHANGED) / 255.0  # type: ignore[operator]


def tracked(desk: Desk, clip: str) -> dict[str, TrackedObject]:
    path = desk.call(CLIP_TRACKED, ClipAsked(clip)).path
    told = from_plain(TrackedObjects, json.loads(Path(path).read_bytes()))
    return {one.object: one for one in told.objects}


def written(plate: Path, out: Path, *items: MatteObject, **settings: Any) -> Path:
    run_job(MatteJob(Clip(Plate(str(plate))), items, **{"track": DISC, **settings}), out)
    return out


def written_matte(out: Path, name: str, frame: int) -> Any:
    return alpha_of(next((out / name).glob(f"*{frame}.exr")))


@pytest.mark.parametrize("edges", ["none", "guided"])
def test_a_matte_is_the_one_that_is_written(
    desk: Desk, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edges: Any
) -> None:
    plate, item = disc_plate(), disc_object(1003)
    clip = desk.open(plate)
    track(desk, clip, item)
    no_more_tracking(monkeypatch)
    # As sliders leave it, and not as the clip has it.
    refine = RefineSettings(edges=edges, band_px=9)
    changed = replace(item, clean_up=(CleanUp(grow_px=3.0, feather_px=2.0), CleanUp(holdouts=(CORE,))))
    made = {frame: matte(desk, clip, changed, frame, refine=refine) for frame in ALL}
    monkeypatch.undo()
    out = written(plate, tmp_path / "out", changed, refine=refine)
    for frame, one in made.items():
        expected_hw = written_matte(out, "disc", frame)
        assert np.abs(shown(one) - expected_hw).max() < 0.003
        assert one.canvas == CanvasWindow(0, 0, 160, 90)
        assert (one.is_whole, one.beyond_cut) == (True, False)
        assert one.score is not None
        assert one.score.area_px == pytest.approx(expected_hw.sum(), rel=1e-4)
    plain = shown(matte(desk, clip, item, 1003))
    assert np.abs(plain - shown(made[1003])).max() > 0.9, "without clean-up it is another"


def test_a_matte_may_be_smaller(desk: Desk, disc_plate: DiscPlate) -> None:
    clip, item = desk.open(disc_plate()), disc_object(1001)
    track(desk, clip, item)
    whole, half = matte(desk, clip, item, 1004), matte(desk, clip, item, 1004, width_px=80)
    assert (half.width_px, half.height_px) == (80, 45)
    assert np.abs(shown(half) - shown(whole).reshape(45, 2, 80, 2).mean(axis=(1, 3))).max() < 0.005
    assert half.score == whole.score
    with pytest.raises(JobError, match="0 pixels wide"):
        MatteAsked(clip, item, 1004, width_px=0)


def test_what_is_not_tracked_is_told_and_not_tracked(
    desk: Desk, disc_plate: DiscPlate, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, item = desk.open(disc_plate()), disc_object(1001)
    desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    with monkeypatch.context() as meanwhile:
        no_more_tracking(meanwhile)
        assert matte(desk, clip, item, 1001).path is None
    track(desk, clip, item, frames=FrameRange(1001, 1004))
    no_more_tracking(monkeypatch)
    assert [matte(desk, clip, item, frame).path is None for frame in ALL] == [False] * 4 + [True] * 4
    moved = MatteObject("disc", PromptSet((replace(item.prompts.points[0], x=31.0),)))
    assert matte(desk, clip, moved, 1002).path is None, "other prompts"
    assert matte(desk, clip, replace(item, name="other"), 1002).path is not None, "a name decides no pixel"
    assert matte(desk, clip, item, 1002).path is not None, "the first ones are still known"
    with pytest.raises(JobError, match="1009"):
        matte(desk, clip, item, 1009)
    with pytest.raises(PromptError, match="has no prompts"):
        matte(desk, clip, MatteObject("disc", PromptSet()), 1001)


def test_a_mask_that_changes_on_the_disk_is_another_prompt(desk: Desk, disc_plate: DiscPlate, tmp_path: Path) -> None:
    path = tmp_path / "mask.png"

    def draw(radius: int) -> None:
        mask_hw = np.zeros((90, 160), np.uint8)
        cv2.circle(mask_hw, disc_centre(1001, 1001), radius, 255, -1)
        cv2.imwrite(str(path), mask_hw)

    draw(12)
    clip, item = desk.open(disc_plate()), MatteObject("disc", PromptSet(masks=(MaskPrompt(1001, str(path)),)))
    track(desk, clip, item)
    made = matte(desk, clip, item, 1001)
    assert shown(made).sum() == pytest.approx(cv2.imread(str(path), 0).sum() / 255), "what was drawn is shown as it is"  # type: ignore[union-attr]
    assert made.score is not None
    assert made.score.predicted_iou is None
    assert tracked(desk, clip)["disc"].scores[0].predicted_iou is None
    draw(5)
    assert matte(desk, clip, item, 1001).path is None


def test_one_side_stands_in_until_the_other_is_tracked(desk: Desk, disc_plate: DiscPlate, tmp_path: Path) -> None:
    plate, item = disc_plate(), disc_object(1001, 1008)
    clip = desk.open(plate)
    track(desk, clip, item, direction="forward")
    forward = {frame: matte(desk, clip, item, frame) for frame in ALL}
    assert {frame for frame, made in forward.items() if made.is_whole} == {1001, 1008}, "key frames have one side"
    assert all(shown(made).sum() > 300 for made in forward.values())
    known = tracked(desk, clip)["disc"]
    assert (known.tracked, known.one_sided) == ((ALL,), (FrameRange(1002, 1007),))
    assert {score.passes_iou for score in known.scores} == {None}
    track(desk, clip)
    both = {frame: matte(desk, clip, item, frame) for frame in ALL}
    assert all(made.is_whole for made in both.values())
    assert both[1004].score is not None
    assert both[1004].score.passes_iou is not None
    known = tracked(desk, clip)["disc"]
    assert (known.tracked, known.one_sided) == ((ALL,), ())
    out = written(plate, tmp_path / "out", item)
    assert np.abs(shown(both[1004]) - written_matte(out, "disc", 1004)).max() < 0.003


def test_against_the_direction_there_is_nothing_but_what_is_held_out(desk: Desk, disc_plate: DiscPlate) -> None:
    clip, item = desk.open(disc_plate(), track=replace(DISC, direction="forward")), disc_object(1004)
    track(desk, clip, item)
    before = matte(desk, clip, replace(item, clean_up=(CleanUp(holdouts=(CORE,)),)), 1002)
    assert (before.score, before.beyond_cut, before.is_whole) == (None, False, True)
    assert 20 < shown(before).sum() < 60
    assert tracked(desk, clip)["disc"].tracked == (FrameRange(1004, 1008),)
    track(desk, clip, direction="backward")
    there = matte(desk, clip, item, 1002)
    assert there.score is not None
    assert (there.is_whole, shown(there).sum() > 300) == (False, True), "what the artist had tracked is shown"


def test_beyond_a_cut_nothing_is_tracked_and_the_lanes_say_so(desk: Desk, disc_plate: DiscPlate) -> None:
    clip, item = desk.open(two_shots(disc_plate)), disc_object(1003)
    assert matte(desk, clip, item, 1008).path is None
    track(desk, clip, item)
    made = matte(desk, clip, item, 1008)
    assert (made.score, made.beyond_cut, made.is_whole) == (None, True, True)
    assert shown(made).max() == 0
    known = tracked(desk, clip)["disc"]
    assert known.tracked == (FrameRange(1001, 1006),)
    assert known.states == (StateRange("present", FrameRange(1001, 1006)), StateRange("cut", FrameRange(1007, 1012)))


def test_objects_that_must_not_overlap(desk: Desk, disc_plate: DiscPlate, tmp_path: Path) -> None:
    plate, refine = disc_plate(), RefineSettings(exclusive=True)
    items = (disc_object(1001), disc_object(1004, name="other"))
    clip = desk.open(plate)
    track(desk, clip, items[0])
    alone = matte(desk, clip, items[0], 1004, refine=refine)
    desk.call(CLIP_SET_OBJECT, SetObject(clip, items[1]))
    waiting = matte(desk, clip, items[0], 1004, refine=refine)
    assert (alone.is_whole, waiting.is_whole) == (True, False), "the other one is not tracked yet"
    assert np.array_equal(shown(alone), shown(waiting))
    track(desk, clip)
    out = written(plate, tmp_path / "out", *items, refine=refine)
    for item in items:
        made = matte(desk, clip, item, 1004, refine=refine)
        assert made.is_whole
        assert np.abs(shown(made) - written_matte(out, item.name, 1004)).max() < 0.003
        assert np.abs(shown(made) - shown(alone)).max() > 0.2, "they share it"
        assert shown(matte(desk, clip, item, 1004)).max() > 0.99, "unless nobody asks for that"


def test_tracks_are_told_without_tracking_as_the_report_tells_them(
    desk: Desk, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disc is away on two frames."""
    plate = disc_plate(count=16, without=(1009, 1010))
    items = (disc_object(1003), disc_object(1001, 1014, name="other"))
    clip = desk.open(plate)
    for item in items:
        desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    before = tracked(desk, clip)
    assert list(before) == ["disc", "other"]
    assert {(one.tracked, one.one_sided, one.scores) for one in before.values()} == {((), (), ())}
    assert before["disc"].states == (StateRange("untracked", FrameRange(1001, 1016)),)
    track(desk, clip)
    no_more_tracking(monkeypatch)
    known = tracked(desk, clip)
    monkeypatch.undo()
    report = run_job(MatteJob(Clip(Plate(str(plate))), items, track=DISC), tmp_path / "out")
    assert any(state.state == "lost" for state in known["disc"].states)
    for told in report.tracks:
        one = known[told.object]
        assert one.tracked == (FrameRange(1001, 1016),)
        assert one.states == told.states
        assert one.suggestions == told.suggestions
        for mine, theirs in zip(one.scores, told.scores, strict=True):
            assert mine == replace(theirs, area_px=mine.area_px, centroid_xy=mine.centroid_xy)
            assert mine.area_px == pytest.approx(theirs.area_px, rel=0.1)
            assert (mine.centroid_xy is None) == (theirs.centroid_xy is None)
            if mine.centroid_xy is not None:
                assert mine.centroid_xy == pytest.approx(theirs.centroid_xy, abs=0.5)


def test_a_new_prompt_leaves_the_runs_that_it_does_not_touch(
    desk: Desk, disc_plate: DiscPlate, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = desk.open(disc_plate(count=30))
    track(desk, clip, disc_object(1005, 1015))
    whole = tracked(desk, clip)["disc"]
    read: list[int] = []
    really = LastingLog.get

    def noted(self: LastingLog, pass_id: str, frame: int) -> Any:
        read.append(frame)
        return really(self, pass_id, frame)

    monkeypatch.setattr(LastingLog, "get", noted)
    assert tracked(desk, clip)["disc"] == whole
    assert read == [], "what was read once is remembered"
    desk.call(CLIP_SET_OBJECT, SetObject(clip, disc_object(1005, 1015, 1025)))
    after = tracked(desk, clip)["disc"]
    assert after.tracked == (FrameRange(1001, 1024),), "what comes from 1025 is not tracked yet"
    assert after.one_sided == (FrameRange(1016, 1024),), "and would change the run before it"
    assert {score.frame: score for score in whole.scores}[1010] in after.scores
    desk.call(CLIP_REMOVE_OBJECT, RemoveObject(clip, "disc"))
    assert tracked(desk, clip) == {}


def test_mode_exact_shows_what_it_found_too(desk: Desk, disc_plate: DiscPlate, tmp_path: Path) -> None:
    exact = TrackSettings(model="disc", mode="exact", direction="forward", memory="stock")
    plate, item = disc_plate(), disc_object(1003)
    clip = desk.call(CLIP_OPEN, OpenClip(Clip(Plate(str(plate))), track=exact)).clip_id
    track(desk, clip, item)
    out = written(plate, tmp_path / "out", item, track=exact)
    for frame in range(1003, 1009):
        made = matte(desk, clip, item, frame)
        assert made.is_whole
        assert np.abs(shown(made) - written_matte(out, "disc", frame)).max() < 0.003
    assert tracked(desk, clip)["disc"].tracked == (FrameRange(1003, 1008),)
    assert matte(desk, clip, disc_object(1004), 1005).path is None


def test_what_is_tracked_so_far_waits_for_nobody(desk: Desk, disc_plate: DiscPlate, held: Held) -> None:
    """Neither for a preview, which has the clip's lock, nor for a job that stands still on its fifth frame."""
    clip, item = desk.open(disc_plate()), disc_object(1001)
    desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    job_id = desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id
    assert held.is_there.wait(PATIENCE_S)
    came: list[Any] = []

    def look() -> None:
        came.extend(matte(desk, clip, item, frame, refine=RefineSettings(edges="guided")) for frame in ALL)
        came.append(tracked(desk, clip)["disc"].tracked)

    with desk.clips._open_clips().find(clip)._lock:
        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        looking.join(PATIENCE_S)
        assert [made.path is not None for made in came[:8]] == [True] * 4 + [False] * 4
        assert came[8] == (FrameRange(1001, 1004),)
    held.goes_on.set()
    assert desk.ended(job_id).state == "done"
    assert matte(desk, clip, item, 1008).path is not None


def test_the_outline_of_tracking_is_that_of_the_matte(desk: Desk, disc_plate: DiscPlate) -> None:
    clip, item = desk.open(disc_plate()), disc_object(1003)
    for one in (item, MatteObject("other", PromptSet((PointPrompt(1001, 5.0, 5.0),)))):
        desk.call(CLIP_SET_OBJECT, SetObject(clip, one))
    job_id = desk.call(CLIP_PROPAGATE, Propagate(clip, ("disc",))).job_id
    assert desk.ended(job_id).state == "done"
    for (_, frame), event in desk.found(job_id).items():
        made = matte(desk, clip, item, frame)
        assert agreement(event.outline_xy, shown(made)) > 0.98
        assert made.score == event.score
    assert tracked(desk, clip)["other"].tracked == ()
