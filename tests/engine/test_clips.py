"""Open clips: what hosts see of them, what is tracked, and what is written."""

from __future__ import annotations

import gc
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import ref

import cv2
import numpy as np
import pytest
from filelock import FileLock
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.engine.conftest import wait_until

from rotomatte import device_lock
from rotomatte.document import encode, read_job
from rotomatte.engine import clips
from rotomatte.engine.clip_handlers import ClipDesk
from rotomatte.engine.handlers import job_handlers
from rotomatte.engine.queue import JobQueue
from rotomatte.engine.roots import AllowedRoots
from rotomatte.engine.runner import run_matte_job
from rotomatte.engine.scratch import scratch_folder
from rotomatte.engine.shared_tracker import SharedTracker, network_of
from rotomatte.engine.trackers import WarmTrackers
from rotomatte.job import run_job
from rotomatte.tracker.base import TrackedFrame
from rotomatte.tracker.disc import DiscTracker
from rotomatte.tracker.features import FeatureCache
from rotomatte_plugin.errors import EngineBusyError, JobError, OutputError, PlateNotFoundError, PromptError
from rotomatte_plugin.messages import (
    CLIP_CLOSE,
    CLIP_LOAD,
    CLIP_MATTES,
    CLIP_OPEN,
    CLIP_PICTURE,
    CLIP_PREVIEW,
    CLIP_PROPAGATE,
    CLIP_REMOVE_OBJECT,
    CLIP_SAVE,
    CLIP_SET_OBJECT,
    JOB_LIST,
    CanvasWindow,
    ClipAsked,
    ClipOpened,
    JobEvent,
    LoadClip,
    Method,
    Nothing,
    OpenClip,
    PictureAsked,
    PreviewAsked,
    Propagate,
    RemoveObject,
    SaveClip,
    SetObject,
    WriteMattes,
)
from rotomatte_plugin.model import (
    Clip,
    FrameRange,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    PointPrompt,
    PromptSet,
    RefineSettings,
    TrackSettings,
)

DISC = TrackSettings(model="disc")
PATIENCE_S = 60.0


def disc_object(*frames: int, name: str = "disc", include: bool = True) -> MatteObject:
    centres = [(frame, *disc_centre(frame, 1001)) for frame in frames]
    points = tuple(PointPrompt(frame, float(x), float(y), include=include) for frame, x, y in centres)
    return MatteObject(name, PromptSet(points=points))


class Desk:
    """An engine's clips, jobs and models in this process."""

    def __init__(self, folder: Path, roots: AllowedRoots | None = None) -> None:
        self.events: list[JobEvent] = []
        self.folder = folder
        self.trackers = WarmTrackers()
        run = partial(run_matte_job, trackers=self.trackers)
        self.queue = JobQueue(run, roots=roots, on_event=self.events.append)
        self.clips = ClipDesk(self.trackers, self.queue, folder)
        self._handlers = self.clips.handlers()

    def call(self, method: Method[Any, Any], params: Any) -> Any:
        return self._handlers[method.name](params)

    def open(self, plate: Path, **rest: Any) -> str:
        opened: ClipOpened = self.call(CLIP_OPEN, OpenClip(Clip(Plate(str(plate))), **{"track": DISC, **rest}))
        return opened.clip_id

    def ended(self, job_id: str) -> JobEvent:
        return self.queue.wait(job_id, PATIENCE_S)

    def found(self, job_id: str) -> dict[tuple[str, int], JobEvent]:
        """The events that tell of a frame."""
        self.queue.stop()
        of_job = [event for event in self.events if event.job_id == job_id and event.frame and event.state == "running"]
        return {(event.object or "", event.frame or 0): event for event in of_job}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "scratch").mkdir()
    made = Desk(tmp_path / "scratch")
    yield made
    made.queue.stop()


def filled(outline_xy: Any, size: tuple[int, int], finer: int = 8) -> Any:
    """A polygon's inside on a finer grid of a plate."""
    inside_hw = np.zeros((size[1] * finer, size[0] * finer), np.uint8)
    # Coordinates to OpenCV's, which are those of pixel centres, in sixteenths.
    polygons = [np.rint((np.array(polygon) * finer - 0.5) * 16).astype(np.int32) for polygon in outline_xy]
    cv2.fillPoly(inside_hw, polygons, 1, shift=4)
    return inside_hw.astype(bool)


def agreement(outline_xy: Any, matte_hw: Any, finer: int = 8) -> float:
    height, width = matte_hw.shape
    seen_hw = filled(outline_xy, (width, height), finer)
    fine_hw = cv2.resize(matte_hw, None, fx=finer, fy=finer, interpolation=cv2.INTER_LINEAR) >= 0.5
    return float((seen_hw & fine_hw).sum() / (seen_hw | fine_hw).sum())


def mattes(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.exr"))}


def test_an_opened_clip_tells_of_its_plate(desk: Desk, disc_plate: DiscPlate) -> None:
    asked = OpenClip(Clip(Plate(str(disc_plate(count=8))), FrameRange(1002, 1006), "shot"), track=DISC)
    opened = desk.call(CLIP_OPEN, asked)
    assert (opened.name, opened.frames, opened.width_px, opened.height_px) == ("shot", FrameRange(1002, 1006), 160, 90)
    assert (opened.canvas, opened.pixel_aspect) == (CanvasWindow(0, 0, 160, 90), 1.0)
    assert any("test double" in warning for warning in opened.warnings)
    assert opened.objects == ()
    assert desk.call(CLIP_OPEN, asked).clip_id != opened.clip_id
    with pytest.raises(PlateNotFoundError):
        desk.open(Path("/none/at/all.mov"))


def test_a_picture_is_what_the_model_sees(desk: Desk, disc_plate: DiscPlate) -> None:
    clip = desk.open(disc_plate())
    path = Path(desk.call(CLIP_PICTURE, PictureAsked(clip, 1001, 320)).path)
    seen = cv2.imread(str(path))
    assert seen is not None
    assert seen.shape == (320, 320, 3)
    x, y = disc_centre(1001, 1001)
    assert np.abs(seen[y * 320 // 90, x * 320 // 160].astype(int) - (20, 140, 240)).max() <= 2
    own = cv2.imread(desk.call(CLIP_PICTURE, PictureAsked(clip, 1002)).path)
    assert own is not None
    assert own.shape == (256, 256, 3)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for frame, side in ((1001, 8), (1001, 100_000), (1009, 64), (1, 64)):
        with pytest.raises(JobError):
            desk.call(CLIP_PICTURE, PictureAsked(clip, frame, side))
    for _ in range(70):
        desk.call(CLIP_PICTURE, PictureAsked(clip, 1001, 16))
    assert not path.exists(), "only the latest pictures are kept"
    assert len(list(path.parent.glob("*.png"))) == 64
    desk.call(CLIP_CLOSE, ClipAsked(clip))
    assert not path.parent.exists()


def test_a_preview_outlines_what_a_run_gives_there(desk: Desk, disc_plate: DiscPlate, tmp_path: Path) -> None:
    plate, item = disc_plate(), disc_object(1003)
    clip = desk.open(plate)
    made = desk.call(CLIP_PREVIEW, PreviewAsked(clip, item, 1003))
    run_job(MatteJob(Clip(Plate(str(plate))), (item,), track=DISC), tmp_path / "out")
    matte_hw = alpha_of(next((tmp_path / "out").rglob("*.1003.exr")))
    assert agreement(made.outline_xy, matte_hw) > 0.98
    shown = cv2.imread(made.path, cv2.IMREAD_UNCHANGED)
    assert shown is not None
    assert np.abs(shown / 255 - matte_hw).max() < 0.003
    assert (made.object_score, made.predicted_iou) == (8.0, 0.9)
    assert made.area_px == pytest.approx(matte_hw.sum(), rel=1e-4)
    with pytest.raises(PromptError, match="no prompt on frame 1004"):
        desk.call(CLIP_PREVIEW, PreviewAsked(clip, item, 1004))
    with pytest.raises(PromptError, match="has no prompts"):
        desk.call(CLIP_PREVIEW, PreviewAsked(clip, MatteObject("none", PromptSet()), 1003))


def test_objects_are_set_replaced_and_removed(desk: Desk, disc_plate: DiscPlate, tmp_path: Path) -> None:
    clip, saved = desk.open(disc_plate()), tmp_path / "clip.json"
    with pytest.raises(JobError, match="no prompts"):
        desk.call(CLIP_SAVE, SaveClip(clip, str(saved)))
    for item in (disc_object(1001), disc_object(1002, name="other"), disc_object(1004)):
        desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    with pytest.raises(PromptError, match="A prompt is on frame"):
        desk.call(CLIP_SET_OBJECT, SetObject(clip, disc_object(1400)))
    with pytest.raises(PromptError, match="has no prompts"):
        desk.call(CLIP_SET_OBJECT, SetObject(clip, MatteObject("none", PromptSet())))
    desk.call(CLIP_SAVE, SaveClip(clip, str(saved)))
    assert read_job(saved).objects == (disc_object(1004), disc_object(1002, name="other"))
    desk.call(CLIP_REMOVE_OBJECT, RemoveObject(clip, "other"))
    with pytest.raises(JobError, match="no object 'other'") as told:
        desk.call(CLIP_REMOVE_OBJECT, RemoveObject(clip, "other"))
    assert "disc" in told.value.remedy
    desk.call(CLIP_SAVE, SaveClip(clip, str(saved)))
    assert read_job(saved).objects == (disc_object(1004),)


def test_propagation_tells_of_every_frame(desk: Desk, disc_plate: DiscPlate, tmp_path: Path) -> None:
    plate = disc_plate()
    clip = desk.open(plate)
    with pytest.raises(JobError, match="has no objects"):
        desk.call(CLIP_PROPAGATE, Propagate(clip))
    items = (disc_object(1003), disc_object(1001, name="other"))
    for item in items:
        desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    with pytest.raises(JobError, match="no object 'third'"):
        desk.call(CLIP_PROPAGATE, Propagate(clip, ("third",)))
    with pytest.raises(JobError, match="1009"):
        desk.call(CLIP_PROPAGATE, Propagate(clip, frames=FrameRange(1001, 1009)))
    whole = desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id
    part = desk.call(CLIP_PROPAGATE, Propagate(clip, ("disc",), FrameRange(1002, 1005), "backward")).job_id
    assert desk.ended(part).state == "done", desk.ended(part)
    assert "tracked on frames 1001-1008" in desk.queue.status(whole).message
    found = desk.found(whole)
    assert set(found) == {(item.name, frame) for item in items for frame in range(1001, 1009)}
    assert max(event.done for event in found.values()) == 16
    assert {event.total for event in found.values()} == {16}
    run_job(MatteJob(Clip(Plate(str(plate))), items, track=DISC), tmp_path / "out")
    for (name, frame), event in found.items():
        matte_hw = alpha_of(next((tmp_path / "out" / name).glob(f"*{frame}.exr")))
        assert agreement(event.outline_xy, matte_hw) > 0.98
        assert event.score is not None
        assert event.score.frame == frame
        assert event.score.area_px == pytest.approx(matte_hw.sum(), rel=1e-4)
    assert set(desk.found(part)) == {("disc", frame) for frame in range(1002, 1006)}
    untracked = [event for event in desk.found(part).values() if event.score is None]
    assert {event.frame for event in untracked} == {1004, 1005}
    assert {event.outline_xy for event in untracked} == {()}


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The objects and frames that the tracker answered, as it did so."""
    places: list[tuple[str, int]] = []
    track = DiscTracker.track

    def noted(self: DiscTracker, *arguments: Any, **rest: Any) -> Any:
        for step in track(self, *arguments, **rest):
            if isinstance(step, TrackedFrame):
                places.append((step.object, step.frame))
            yield step

    monkeypatch.setattr(DiscTracker, "track", noted)
    return places


@pytest.mark.parametrize(
    "items",
    [
        (disc_object(1003), disc_object(1001, 1012, name="other")),
        # A click that corrects: nothing of it is known before.
        (
            MatteObject(
                "disc", PromptSet((*disc_object(1001).prompts.points, PointPrompt(1010, 5.0, 5.0, include=False)))
            ),
        ),
    ],
)
@pytest.mark.parametrize("exclusive", [False, True])
def test_mattes_are_those_of_a_job_from_anywhere_and_nothing_is_tracked_twice(
    desk: Desk,
    disc_plate: DiscPlate,
    tmp_path: Path,
    looked_at: list[tuple[str, int]],
    items: tuple[MatteObject, ...],
    exclusive: bool,
) -> None:
    plate, refine = disc_plate(count=16), RefineSettings(exclusive=exclusive)
    clip, out = desk.open(plate, refine=refine), tmp_path / "clip"
    for item in items:
        desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    first = desk.call(CLIP_PROPAGATE, Propagate(clip, frames=FrameRange(1003, 1006))).job_id
    whole = desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id
    assert [desk.ended(job_id).state for job_id in (first, whole)] == ["done", "done"]
    assert desk.queue.status(whole).done == 16 * len(items), "each is told once, whatever was known"
    looked_at.clear()
    again = desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id
    written = desk.call(CLIP_MATTES, WriteMattes(clip, str(out))).job_id
    assert [desk.ended(job_id).state for job_id in (again, written)] == ["done", "done"]
    assert looked_at == []
    assert set(desk.found(again)) == {(item.name, frame) for item in items for frame in range(1001, 1017)}
    assert desk.queue.status(written).done == desk.queue.status(written).total == 16 * len(items)
    run_job(MatteJob(Clip(Plate(str(plate))), items, track=DISC, refine=refine), tmp_path / "plain")
    assert mattes(out) == mattes(tmp_path / "plain") != {}


def test_close_ups_are_those_of_a_job_too(
    desk: Desk, disc_plate: DiscPlate, tmp_path: Path, looked_at: list[tuple[str, int]]
) -> None:
    plate, item, refine = disc_plate(size=(640, 360)), disc_object(1003), RefineSettings(crop=True)
    clip = desk.open(plate, refine=refine)
    desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    run_job(MatteJob(Clip(Plate(str(plate))), (item,), track=DISC, refine=refine), tmp_path / "plain")
    desk.ended(desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id)
    for name in ("first", "second"):
        looked_at.clear()
        assert desk.ended(desk.call(CLIP_MATTES, WriteMattes(clip, str(tmp_path / name))).job_id).state == "done"
        assert mattes(tmp_path / name) == mattes(tmp_path / "plain") != {}
    assert [place for place in looked_at if place[0]] == [], "the closer look is kept as well, but for sharpened keys"


def test_changed_prompts_are_tracked_anew_and_the_other_object_is_not(
    desk: Desk, disc_plate: DiscPlate, looked_at: list[tuple[str, int]]
) -> None:
    clip = desk.open(disc_plate())
    for item in (disc_object(1001), disc_object(1001, name="other")):
        desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    desk.ended(desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id)
    looked_at.clear()
    desk.call(CLIP_SET_OBJECT, SetObject(clip, disc_object(1002, name="other")))
    assert desk.ended(desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id).state == "done"
    assert set(looked_at) == {("other", frame) for frame in range(1001, 1009)}


def test_a_click_corrects_what_was_tracked_before_it_was_made(
    desk: Desk, disc_plate: DiscPlate, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints: list[Any] = []
    answered = DiscTracker.answer

    def noted(self: DiscTracker, frame: int, key: Any, clip: Any) -> Any:
        hints.append(key.hint_hw)
        return answered(self, frame, key, clip)

    monkeypatch.setattr(DiscTracker, "answer", noted)
    clip = desk.open(disc_plate())
    corrected = disc_object(1001, 1005)
    desk.call(CLIP_SET_OBJECT, SetObject(clip, disc_object(1001)))
    desk.call(CLIP_PREVIEW, PreviewAsked(clip, corrected, 1005))
    desk.ended(desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id)
    desk.call(CLIP_PREVIEW, PreviewAsked(clip, corrected, 1005))
    assert hints[0] is None
    assert (hints[1] > 0).any()


class Held:
    """A tracker that stands still on its fifth frame until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.frames: list[int] = []
        self.is_there, self.goes_on = threading.Event(), threading.Event()
        track = DiscTracker.track

        def held(tracker: DiscTracker, *arguments: Any, **rest: Any) -> Any:
            for step in track(tracker, *arguments, **rest):
                self.frames.append(step.frame)
                if len(self.frames) == 5:
                    self.is_there.set()
                    assert self.goes_on.wait(PATIENCE_S)
                yield step

        monkeypatch.setattr(DiscTracker, "track", held)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    made = Held(monkeypatch)
    yield made
    made.goes_on.set()


@pytest.mark.parametrize("by", ["cancel", "close"])
def test_tracking_ends_within_a_frame(desk: Desk, disc_plate: DiscPlate, held: Held, by: str) -> None:
    clip = desk.open(disc_plate(count=40))
    desk.call(CLIP_SET_OBJECT, SetObject(clip, disc_object(1001)))
    # The fifth frame is on the way to the first that is wanted.
    job_id = desk.call(CLIP_PROPAGATE, Propagate(clip, frames=FrameRange(1020, 1040))).job_id
    assert held.is_there.wait(PATIENCE_S)
    if by == "close":
        desk.call(CLIP_CLOSE, ClipAsked(clip))
        assert [path.name for path in desk.folder.iterdir()] == [clip], "it is still in use"
    else:
        desk.queue.cancel(job_id)
    held.goes_on.set()
    ended = desk.ended(job_id)
    assert (ended.state, ended.error) == ("cancelled", None)
    assert len(held.frames) == 5, "the frame in hand is the last"
    if by == "close":
        assert not list(desk.folder.iterdir())
        with pytest.raises(JobError, match="No clip"):
            desk.call(CLIP_PROPAGATE, Propagate(clip))
    else:
        assert desk.ended(desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id).done == 40
        assert len(held.frames) == 40, "what was tracked is not tracked again"


def test_prompts_may_change_while_their_object_is_tracked(desk: Desk, disc_plate: DiscPlate, held: Held) -> None:
    clip = desk.open(disc_plate())
    desk.call(CLIP_SET_OBJECT, SetObject(clip, disc_object(1001)))
    job_id = desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id
    assert held.is_there.wait(PATIENCE_S)
    desk.call(CLIP_PICTURE, PictureAsked(clip, 1002))
    desk.call(CLIP_REMOVE_OBJECT, RemoveObject(clip, "disc"))
    held.goes_on.set()
    assert (desk.ended(job_id).state, desk.queue.status(job_id).done) == ("done", 8)


def test_a_preview_goes_before_the_next_frame_of_a_track() -> None:
    one = SharedTracker(network_of(DISC))
    order: list[str] = []
    began = threading.Event()

    def want(who: str, *, hurried: bool) -> None:
        began.set()
        with one.turn(hurried=hurried):
            order.append(who)

    with one.turn(hurried=False):
        threads = []
        for who, hurried in (("track", False), ("preview", True)):
            began.clear()
            threads.append(threading.Thread(target=partial(want, who, hurried=hurried)))
            threads[-1].start()
            assert began.wait(PATIENCE_S)
        # The second one may not have come as far as its turn.
        wait_until(lambda: bool(one._hurried))
    for thread in threads:
        thread.join(PATIENCE_S)
    assert order == ["preview", "track"]


def test_a_preview_does_not_wait_for_another_process(
    desk: Desk, disc_plate: DiscPlate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(SharedTracker, "device", "cuda")
    (tmp_path / "runtime").mkdir(mode=0o700)
    monkeypatch.setattr(device_lock, "runtime_folder", lambda: tmp_path / "runtime")
    clip, item = desk.open(disc_plate()), disc_object(1001)
    other = FileLock(tmp_path / "runtime" / "cuda-0.lock")
    with other, pytest.raises(EngineBusyError, match="Another Rotomatte job uses the GPU"):
        desk.call(CLIP_PREVIEW, PreviewAsked(clip, item, 1001))
    with device_lock.hold_device("cuda", on_wait=print, cancelled=lambda: True):
        assert desk.call(CLIP_PREVIEW, PreviewAsked(clip, item, 1001)).outline_xy, "a job of its own does not matter"
    with other.acquire(timeout=0):
        assert other.is_locked, "it was let go of"


def test_a_saved_clip_is_a_job_document_and_opens_again(desk: Desk, disc_plate: DiscPlate, tmp_path: Path) -> None:
    saved, again = tmp_path / "clip.json", tmp_path / "again.json"
    asked = OpenClip(
        Clip(Plate(str(disc_plate())), FrameRange(1002, 1005), "shot", "id"),
        track=replace(DISC, direction="forward"),
        refine=RefineSettings(ramp_cells=2.0, exclusive=True),
    )
    clip = desk.call(CLIP_OPEN, asked).clip_id
    desk.call(CLIP_SET_OBJECT, SetObject(clip, disc_object(1003)))
    desk.call(CLIP_SAVE, SaveClip(clip, str(saved)))
    job = read_job(saved)
    assert job == MatteJob(asked.clip, (disc_object(1003),), track=asked.track, refine=asked.refine)
    saved.write_bytes(encode(replace(job, output=MatteOutput("nuke"))))
    opened = desk.call(CLIP_LOAD, LoadClip(str(saved)))
    assert (opened.name, opened.frames, opened.objects) == ("shot", FrameRange(1002, 1005), job.objects)
    desk.call(CLIP_SAVE, SaveClip(opened.clip_id, str(again)))
    assert again.read_bytes() == saved.read_bytes(), "nothing of the document is lost"
    with pytest.raises(JobError, match="not a full path"):
        desk.call(CLIP_SAVE, SaveClip(clip, "clip.json"))
    bad = replace(job, objects=(disc_object(1001),))
    saved.write_bytes(encode(bad))
    count = len(list(desk.folder.iterdir()))
    with pytest.raises(PromptError, match="A prompt is on frame"):
        desk.call(CLIP_LOAD, LoadClip(str(saved)))
    assert len(list(desk.folder.iterdir())) == count, "nothing stays open"


def test_files_go_below_the_allowed_roots_only(disc_plate: DiscPlate, tmp_path: Path) -> None:
    root, scratch = tmp_path / "renders", tmp_path / "scratch"
    root.mkdir()
    scratch.mkdir()
    (root / "out").symlink_to(tmp_path)
    desk = Desk(scratch, AllowedRoots([root]))
    with desk.queue:
        clip = desk.open(disc_plate())
        desk.call(CLIP_SET_OBJECT, SetObject(clip, disc_object(1001)))
        for path in (tmp_path / "clip.json", root / ".." / "clip.json", root / "out" / "clip.json"):
            with pytest.raises(OutputError):
                desk.call(CLIP_SAVE, SaveClip(clip, str(path)))
            with pytest.raises(OutputError):
                desk.call(CLIP_MATTES, WriteMattes(clip, str(path)))
        assert not (tmp_path / "clip.json").exists()
        (root / "out").unlink()
        desk.call(CLIP_SAVE, SaveClip(clip, str(root / "clip.json")))
        assert read_job(root / "clip.json").objects


def test_freeing_drops_models_without_a_clip(desk: Desk, disc_plate: DiscPlate) -> None:
    clip = desk.open(disc_plate())
    desk.call(CLIP_SET_OBJECT, SetObject(clip, disc_object(1001)))
    assert desk.ended(desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id).state == "done"
    kept = ref(desk.trackers.get(DISC))
    assert desk.trackers.get(replace(DISC, direction="forward")) is kept(), "one tracker for all"
    gone = ref(desk.trackers.get(replace(DISC, image_size=512)))
    gc.collect()
    assert gone() is not None, "the one used last stays warm"
    desk.clips.free()
    assert (kept() is None, gone() is None) == (False, True)
    desk.call(CLIP_CLOSE, ClipAsked(clip))
    desk.clips.free()
    assert kept() is None, "whatever it was used for"


class Seen(FeatureCache):
    """A feature cache that counts how often it helped."""

    found = 0

    def get(self, frame: int) -> Any:
        arrays = super().get(frame)
        Seen.found += arrays is not None
        return arrays


def test_a_click_with_the_bundled_model(
    desk: Desk, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clips, "FeatureCache", Seen)
    plate, bundled = disc_plate(count=3), TrackSettings(device="cpu")
    clip = desk.open(plate, track=bundled)
    item = disc_object(1002)
    desk.call(CLIP_SET_OBJECT, SetObject(clip, item))
    first = desk.call(CLIP_PREVIEW, PreviewAsked(clip, item, 1002))
    Seen.found = 0
    again = desk.call(CLIP_PREVIEW, PreviewAsked(clip, item, 1002))
    assert Seen.found == 1, "the frame is encoded once"
    assert again == replace(first, path=again.path)
    desk.clips.free()
    assert desk.call(CLIP_PREVIEW, PreviewAsked(clip, item, 1002)).outline_xy == first.outline_xy
    assert Seen.found == 1, "features were let go of"
    job_id = desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id
    written = desk.call(CLIP_MATTES, WriteMattes(clip, str(tmp_path / "clip"))).job_id
    assert [desk.ended(one).state for one in (job_id, written)] == ["done", "done"]
    run_job(MatteJob(Clip(Plate(str(plate))), (item,), track=bundled), tmp_path / "plain")
    assert mattes(tmp_path / "clip") == mattes(tmp_path / "plain") != {}
    matte_hw = alpha_of(next((tmp_path / "plain").rglob("*.1002.exr")))
    assert agreement(first.outline_xy, matte_hw) > 0.98
    assert desk.found(job_id)["disc", 1002].outline_xy == first.outline_xy


def test_jobs_tell_outlines_and_scores_too(desk: Desk, disc_plate: DiscPlate, tmp_path: Path) -> None:
    plate = disc_plate()
    job_id = desk.queue.submit(MatteJob(Clip(Plate(str(plate))), (disc_object(1001),), track=DISC), tmp_path / "out")
    assert desk.ended(job_id).outline_xy
    (listed,) = job_handlers(desk.queue)[JOB_LIST.name](Nothing()).jobs  # type: ignore[attr-defined]
    assert (listed.state, listed.outline_xy) == ("done", ()), "many outlines are longer than a message may be"
    for (_, frame), event in desk.found(job_id).items():
        matte_hw = alpha_of(next((tmp_path / "out").rglob(f"*.{frame}.exr")))
        assert agreement(event.outline_xy, matte_hw) > 0.98
        assert event.score is not None
        assert event.score.area_px == pytest.approx(matte_hw.sum(), rel=1e-4)


def test_an_engine_clears_away_what_a_killed_one_left(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as left:
        assert stat.S_IMODE(left.stat().st_mode) == 0o700
        (left / "clip").mkdir()
        (left / "clip" / "1.png").touch()
        note = (tmp_path / "scratch").read_bytes()
        beside = tmp_path / "mine"
        beside.mkdir()
        with scratch_folder(tmp_path) as folder:
            assert not left.exists()
            assert folder.is_dir()
            (tmp_path / "scratch").write_text(str(beside))
            with scratch_folder(tmp_path):
                assert beside.is_dir(), "nothing is removed that is not an engine's"
        (tmp_path / "scratch").write_bytes(note)
    assert not folder.exists()
