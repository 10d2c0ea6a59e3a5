"""Finding over the engine: everything on a frame, picking from it, and the best frames."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import pytest
from tests.conftest import DiscPlate, disc_centre

from rotomatte.engine.clip_handlers import ClipDesk
from rotomatte.engine.queue import JobQueue
from rotomatte.engine.roots import AllowedRoots
from rotomatte.engine.runner import run_matte_job
from rotomatte.engine.trackers import WarmTrackers
from rotomatte_plugin.errors import JobError, OutputError, PromptError, RotomatteError
from rotomatte_plugin.messages import (
    CLIP_BEST_FRAME,
    CLIP_CLOSE,
    CLIP_FIND_EVERYTHING,
    CLIP_FIND_WORDS,
    CLIP_FINDS,
    CLIP_OPEN,
    CLIP_PICK_FOUND,
    CLIP_SET_OBJECT,
    BestFrameAsked,
    ClipAsked,
    FindEverything,
    Finds,
    FindWords,
    FrameFinds,
    JobStarted,
    Method,
    OpenClip,
    PickFound,
    SetObject,
)
from rotomatte_plugin.model import (
    Clip,
    FrameRange,
    MaskPrompt,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    TrackSettings,
)


class Desk:
    """An engine's clips in this process; mattes go below ``roots`` only."""

    def __init__(self, folder: Path, roots: AllowedRoots) -> None:
        trackers = WarmTrackers()
        self.queue = JobQueue(partial(run_matte_job, trackers=trackers), roots=roots)
        self._handlers = ClipDesk(trackers, self.queue, folder).handlers()

    def call(self, method: Method[object, object], params: object) -> object:
        return self._handlers[method.name](params)

    def open(self, plate: Path) -> str:
        track = TrackSettings(model="disc")
        return self.call(CLIP_OPEN, OpenClip(Clip(Plate(str(plate))), track=track)).clip_id  # type: ignore[arg-type, attr-defined]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    for name in ("scratch", "allowed"):
        (tmp_path / name).mkdir()
    made = Desk(tmp_path / "scratch", AllowedRoots([tmp_path / "allowed"]))
    yield made
    made.queue.stop()


def search(desk: Desk, method: Method[object, object], params: object) -> Finds:
    """What a search found."""
    started = desk.call(method, params)
    assert isinstance(started, JobStarted)
    event = desk.queue.wait(started.job_id, 60)
    assert event.state == "done", event.error
    assert event.done == event.total > 0
    finds = desk.call(CLIP_FINDS, ClipAsked(params.clip_id))  # type: ignore[attr-defined]
    assert isinstance(finds, Finds)
    return finds


def everything(desk: Desk, clip_id: str, **rest: object) -> FrameFinds:
    finds = search(desk, CLIP_FIND_EVERYTHING, FindEverything(clip_id, 1002, **rest))  # type: ignore[arg-type]
    (found,) = finds.on_frames
    assert found.frame == 1002
    return found


def test_a_find_becomes_an_objects_mask(desk: Desk, disc_plate: DiscPlate, tmp_path: Path) -> None:
    clip_id = desk.open(disc_plate())
    found = everything(desk, clip_id)
    (disc,) = found.objects
    x, y = disc_centre(1002, 1001)
    x0, y0, x1, y1 = disc.box_xyxy_px
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((x, y), abs=2)
    labels_hw = cv2.imread(found.labels, cv2.IMREAD_UNCHANGED)
    assert labels_hw is not None
    assert labels_hw[y, x] == disc.id == 1
    assert cv2.imread(found.picture) is not None
    mask = tmp_path / "allowed" / "mask.png"
    desk.call(CLIP_PICK_FOUND, PickFound(clip_id, 1002, disc.id, str(mask)))
    item = MatteObject(disc.name, PromptSet(masks=(MaskPrompt(1002, str(mask)),)))
    desk.call(CLIP_SET_OBJECT, SetObject(clip_id, item))
    matte_hw = cv2.imread(str(mask), cv2.IMREAD_UNCHANGED)
    assert matte_hw is not None
    assert float(matte_hw.sum()) / 255 == pytest.approx(disc.area_px, abs=5)


def test_what_is_asked_for_bounds_the_finds(desk: Desk, disc_plate: DiscPlate) -> None:
    clip_id = desk.open(disc_plate())
    assert everything(desk, clip_id, min_area_px=5000.0).objects == ()
    with pytest.raises(JobError, match="cannot be kept"):
        everything(desk, clip_id, max_count=0)
    with pytest.raises(JobError, match="not one of the clip's frames"):
        desk.call(CLIP_FIND_EVERYTHING, FindEverything(clip_id, 2000))


def test_only_known_finds_are_picked_and_only_where_it_is_allowed(
    desk: Desk, disc_plate: DiscPlate, tmp_path: Path
) -> None:
    clip_id = desk.open(disc_plate())
    mask = str(tmp_path / "allowed" / "mask.png")
    with pytest.raises(PromptError, match="not known any more"):
        desk.call(CLIP_PICK_FOUND, PickFound(clip_id, 1002, 1, mask))
    everything(desk, clip_id)
    with pytest.raises(PromptError, match="not known any more"):
        desk.call(CLIP_PICK_FOUND, PickFound(clip_id, 1003, 1, mask))
    with pytest.raises(PromptError, match="no find 7"):
        desk.call(CLIP_PICK_FOUND, PickFound(clip_id, 1002, 7, mask))
    with pytest.raises(OutputError):
        desk.call(CLIP_PICK_FOUND, PickFound(clip_id, 1002, 1, str(tmp_path / "elsewhere.png")))
    desk.call(CLIP_CLOSE, ClipAsked(clip_id))
    with pytest.raises(JobError, match="No clip"):
        everything(desk, clip_id)


def test_best_frames_of_an_object(desk: Desk, disc_plate: DiscPlate) -> None:
    clip_id = desk.open(disc_plate(count=20))
    x, y = disc_centre(1010, 1001)
    item = MatteObject("disc", PromptSet(points=(PointPrompt(1010, float(x), float(y)),)))
    finds = search(desk, CLIP_BEST_FRAME, BestFrameAsked(clip_id, item))
    assert 2 <= len(finds.best) <= 3
    assert [one.score for one in finds.best] == sorted((one.score for one in finds.best), reverse=True)
    assert str(finds.best[0].frame) in finds.message
    asked = BestFrameAsked(clip_id, item, FrameRange(1008, 1011))
    assert [one.frame in range(1008, 1012) for one in search(desk, CLIP_BEST_FRAME, asked).best] == [True]
    with pytest.raises(PromptError, match="has no prompts"):
        desk.call(CLIP_BEST_FRAME, BestFrameAsked(clip_id, MatteObject("disc", PromptSet())))


def test_words_are_looked_for_on_frames(desk: Desk, disc_plate: DiscPlate) -> None:
    clip_id = desk.open(disc_plate())
    frames = (1001, 1003)
    finds = search(desk, CLIP_FIND_WORDS, FindWords(clip_id, "unicorn, orange", frames, 0.3, "colours"))
    assert tuple(one.frame for one in finds.on_frames) == frames
    for one in finds.on_frames:
        (disc,) = one.objects
        x, y = disc_centre(one.frame, 1001)
        x0, y0, x1, y1 = disc.box_xyxy_px
        assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((x, y), abs=2)
        assert disc.name == "orange_01"
        assert cv2.imread(one.picture) is not None
        assert one.labels == ""
    assert [one.frame for one in finds.best] != []
    assert f"frame {finds.best[0].frame}" in finds.message


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (FindWords("", " ", (1001,), None, "colours"), "No words were given"),
        (FindWords("", "red", (), None, "colours"), "No frames were given"),
        (FindWords("", "red", (2000,), None, "colours"), "not one of the clip's frames"),
        (FindWords("", "red", (1001,), 7.0, "colours"), "No score is 7"),
        (FindWords("", "red", (1001,), None, "nobody"), "No detector is named 'nobody'"),
    ],
)
def test_a_search_that_cannot_be_is_refused_at_once(
    desk: Desk, disc_plate: DiscPlate, asked: FindWords, sentence: str
) -> None:
    clip_id = desk.open(disc_plate())
    with pytest.raises(RotomatteError, match=sentence):
        desk.call(CLIP_FIND_WORDS, replace(asked, clip_id=clip_id))


def test_nothing_is_found_before_the_first_search(desk: Desk, disc_plate: DiscPlate) -> None:
    assert desk.call(CLIP_FINDS, ClipAsked(desk.open(disc_plate()))) == Finds()


def test_a_search_that_is_cancelled_leaves_what_was_found_before(desk: Desk, disc_plate: DiscPlate) -> None:
    clip_id = desk.open(disc_plate())
    before = everything(desk, clip_id)
    begun, goes_on = threading.Event(), threading.Event()

    def hold(_watch: object) -> str:
        begun.set()
        goes_on.wait(60)
        return ""

    desk.queue.put(hold)
    assert begun.wait(60)
    started = desk.call(CLIP_FIND_EVERYTHING, FindEverything(clip_id, 1003))
    assert isinstance(started, JobStarted)
    desk.queue.cancel(started.job_id)
    goes_on.set()
    assert desk.queue.wait(started.job_id, 60).state == "cancelled"
    finds = desk.call(CLIP_FINDS, ClipAsked(clip_id))
    assert isinstance(finds, Finds)
    assert finds.on_frames == (before,)
