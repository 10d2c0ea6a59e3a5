"""The second look, with the disc tracker on a generated plate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Optional

import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.colour.choice import SpaceSource
from rotomatte.colour.view import ColourChoice, ModelView
from rotomatte.mattes.alpha import alpha_from_logits
from rotomatte.mattes.blend import blend
from rotomatte.plate.base import FrameFacts, PlateInfo, Window
from rotomatte.plate.cuts import CutFinder
from rotomatte.roto.clip import WatchedClip
from rotomatte.roto.close_up import CloseUps
from rotomatte.roto.fuse import overlap
from rotomatte.roto.kept_answers import KeptAnswers
from rotomatte.roto.objects import planned
from rotomatte.roto.plan import plan_object, sort_keys
from rotomatte.roto.recipes import Recipes
from rotomatte.roto.run import Answer, Run
from rotomatte.roto.stretches import close_up_sources
from rotomatte.roto.track_log import TrackLog
from rotomatte.tracker.base import KeyFrame, Pass, PassCut, SeenClip, Step, Tracker
from rotomatte.tracker.disc import DiscTracker
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte_plugin.errors import OutputError
from rotomatte_plugin.model import (
    BoxPrompt,
    FrameRange,
    MatteObject,
    PointPrompt,
    PromptSet,
    RefineSettings,
    ShapePoint,
    ShapePrompt,
    TrackSettings,
)

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

CANVAS = Window(-20, 0, 620, 360)
FRAMES = FrameRange(1001, 1016)
NAME = "ball"
NO_CACHE = CacheBudget(0, 0)
_SOURCE: SpaceSource = "guess"


class Plate:
    """A flat orange disc that moves over grey; ``radius_px`` 0 where it is not to be seen."""

    radius_px = 15

    info = PlateInfo("plate", "plate", "sequence", FRAMES, (), None, CANVAS, (0, 0), CANVAS, 1.0, 4, None, "id")

    def centre(self, frame: int) -> tuple[float, float]:
        return 150 + 8.7 * (frame - FRAMES.first), 175 - 1.9 * (frame - FRAMES.first)

    def ground(self, frame: int) -> tuple[float, float, float]:
        return (0.35, 0.35, 0.35)

    def radius(self, frame: int) -> float:
        return self.radius_px

    def read(self, frame: int) -> FloatArray:
        rgb_hwc = np.empty((CANVAS.height, CANVAS.width, 3), np.float32)
        rgb_hwc[:] = self.ground(frame)
        rgb_hwc[self.truth(frame)] = (0.9, 0.5, 0.1)
        return rgb_hwc

    def truth(self, frame: int) -> BoolArray:
        x, y = self.centre(frame)
        down = np.arange(CANVAS.height)[:, None] + 0.5 + CANVAS.top - y
        across = np.arange(CANVAS.width)[None, :] + 0.5 + CANVAS.left - x
        inside_hw: BoolArray = down**2 + across**2 <= self.radius(frame) ** 2
        return inside_hw

    def facts(self, frame: int) -> FrameFacts:
        return FrameFacts()

    def close(self) -> None:
        """Nothing to release."""


class Desk:
    """First and second look at one plate, as a job takes them."""

    def __init__(
        self,
        folder: Path,
        prompts: PromptSet,
        *others: MatteObject,
        plate: Plate | None = None,
        tracker: Tracker | None = None,
        track: TrackSettings | None = None,
        exclusive: bool = False,
        frames: FrameRange = FRAMES,
    ) -> None:
        self.plate = plate or Plate()
        self.tracker = tracker or DiscTracker()
        self.track = track or TrackSettings()
        self.view = ModelView(ColourChoice("none", "sRGB", "", "plain", _SOURCE, ()), None)
        self.looked: list[int] = []
        self.log = TrackLog(folder / "log")
        recipes = Recipes(self.plate.info, "seen", self.tracker.model, self.track, RefineSettings())
        self.objects = {}
        for item in (MatteObject(NAME, prompts), *others):
            keys = sort_keys(item.prompts, self.track)
            assert keys
            self.objects[item.name] = planned(item, plan_object(item.name, keys, frames, self.track), recipes)
        self.exclusive = exclusive
        self.close_ups = CloseUps(
            self.tracker,
            self.objects,
            self.log,
            KeptAnswers(folder / "first"),
            self.plate,
            self._see,
            folder / "features",
            NO_CACHE,
            exclusive=exclusive,
        )
        self.wanted = {(name, frame) for name in self.objects for frame in frames}

    def first_look(self, most: Optional[int] = None) -> int:
        """Take the first look, at no more than ``most`` answers; how many there were."""
        run = Run(
            self.tracker,
            self.objects,
            self.close_ups.first_wanted(self.wanted),
            self.log,
            self.plate.info,
            lambda _name, _frame: False,
            exclusive=self.exclusive,
        )
        clip = WatchedClip(self._look, FeatureCache(NO_CACHE, Path(), ()), CutFinder())
        answers = run.answers(clip)
        count = 0
        for answer in islice(answers, most):
            self.close_ups.note(answer)
            count += 1
        answers.close()  # type: ignore[attr-defined]
        return count

    def _see(self, rgb_hwc: FloatArray, window: Window) -> FloatArray:
        return self.view.see(np.ascontiguousarray(window.cut(rgb_hwc, CANVAS)), self.tracker.model.image_size)

    def _look(self, frame: int) -> FloatArray:
        self.looked.append(frame)
        return self._see(self.plate.read(frame), CANVAS)

    def seen(self) -> dict[int, Answer]:
        """What both looks found of the ball, by frame."""
        self.first_look()
        return {answer.frame: answer for answer in self.close_ups.answers(self.wanted) if answer.object == NAME}


def click(frame: int, plate: Plate | None = None) -> PointPrompt:
    return PointPrompt(frame, *(plate or Plate()).centre(frame))


def box(frame: int, plate: Plate | None = None) -> BoxPrompt:
    x, y = (plate or Plate()).centre(frame)
    return BoxPrompt(frame, x - 16, y - 16, x + 16, y + 16)


def first_matte(answer: Answer) -> FloatArray:
    assert answer.sighting
    return alpha_from_logits(answer.sighting.logits_hw, CANVAS.width, CANVAS.height, 1.0)


def matte(answer: Answer) -> FloatArray:
    close = answer.close_up
    if close is None:
        return first_matte(answer)
    close_hw = alpha_from_logits(close.logits_hw, close.window.width, close.window.height, 1.0)
    return blend(first_matte(answer), close_hw, CANVAS, close.window)


def fit(alpha_hw: FloatArray, plate: Plate, frame: int) -> float:
    return overlap(alpha_hw >= 0.5, plate.truth(frame))


def same(one: Mapping[int, Answer], other: Mapping[int, Answer]) -> None:
    """Both looks are the same on all frames, bit for bit."""
    assert one.keys() == other.keys()
    for frame, answer in one.items():
        again = other[frame]
        close, again_close = answer.close_up, again.close_up
        assert (answer.sighting is None) == (again.sighting is None)
        assert (close is None) == (again_close is None)
        if answer.sighting and again.sighting:
            assert np.array_equal(answer.sighting.logits_hw, again.sighting.logits_hw)
        if close and again_close:
            assert close.window == again_close.window
            assert np.array_equal(close.logits_hw, again_close.logits_hw)


@pytest.mark.parametrize(
    "prompts",
    [
        PromptSet(points=(click(1001),)),
        PromptSet(points=(click(1008),)),
        PromptSet(boxes=(box(1003), box(1012))),
        PromptSet(boxes=(box(1003),), points=(click(1012),)),
    ],
    ids=["one key", "key in the middle", "two keys", "a correction"],
)
def test_edges_are_finer_on_every_frame(tmp_path: Path, prompts: PromptSet) -> None:
    desk = Desk(tmp_path, prompts)
    seen = desk.seen()
    assert set(seen) == set(FRAMES)
    for frame in FRAMES:
        assert seen[frame].close_up is not None
        error = 1 - fit(matte(seen[frame]), desk.plate, frame)
        assert error < 0.5 * (1 - fit(first_matte(seen[frame]), desk.plate, frame))
        assert error < 0.1


def test_edges_of_the_bundled_model_are_finer(tmp_path: Path, bundled: Tracker) -> None:
    """All that a real network is told and asked: keys from clicks, boxes and shapes, tracks from either side."""
    x, y = Plate().centre(1006)
    corners = ((x, y - 15), (x + 15, y), (x, y + 15), (x - 15, y))
    drawn = ShapePrompt(1006, tuple(ShapePoint(*corner) for corner in corners))
    prompts = PromptSet(boxes=(box(1003),), points=(click(1003), click(1001)), shapes=(drawn,))
    desk = Desk(tmp_path, prompts, tracker=bundled, frames=FrameRange(1001, 1008))
    seen = desk.seen()
    assert {frame for frame, answer in seen.items() if answer.close_up} == set(seen)
    before, after = (
        sum(fit(look(answer), desk.plate, frame) for frame, answer in seen.items() if frame != 1006)
        for look in (first_matte, matte)
    )
    assert after > before


def test_between_two_keys_all_windows_are_of_one_size_and_follow_the_object(tmp_path: Path) -> None:
    desk = Desk(tmp_path, PromptSet(boxes=(box(1003), box(1012))))
    seen = desk.seen()
    windows = [close.window for frame in range(1003, 1012) if (close := seen[frame].close_up)]
    assert len(windows) == 9
    assert len({(window.width, window.height) for window in windows}) == 1
    for frame, window in zip(range(1003, 1012), windows, strict=True):
        x, y = desk.plate.centre(frame)
        # The first look knows to a cell of 10 by 6 pixels where it is.
        assert (window.left + window.right) / 2 == pytest.approx(x, abs=10)
        assert (window.top + window.bottom) / 2 == pytest.approx(y, abs=6)


@pytest.mark.parametrize("stop_after", [1, 7, 15])
def test_a_first_look_that_was_stopped_goes_on(tmp_path: Path, stop_after: int) -> None:
    prompts = PromptSet(boxes=(box(1003), box(1012)))
    whole = Desk(tmp_path / "whole", prompts).seen()
    stopped = Desk(tmp_path / "stopped", prompts)
    assert stopped.first_look(most=stop_after) == stop_after
    going_on = Desk(tmp_path / "stopped", prompts)
    assert len(going_on.close_ups.first_wanted(going_on.wanted)) == len(FRAMES) - stop_after
    same(going_on.seen(), whole)


def test_a_second_look_that_was_stopped_goes_on_and_looks_at_nothing_a_first_time_again(tmp_path: Path) -> None:
    prompts = PromptSet(boxes=(box(1003), box(1012)))
    whole = Desk(tmp_path / "whole", prompts).seen()
    stopped = Desk(tmp_path / "stopped", prompts)
    stopped.first_look()
    answers = stopped.close_ups.answers(stopped.wanted)
    done = {answer.frame: answer for answer in islice(answers, 6)}
    answers.close()  # type: ignore[attr-defined]
    going_on = Desk(tmp_path / "stopped", prompts)
    going_on.wanted -= {(NAME, frame) for frame in done}
    same({**going_on.seen(), **done}, whole)
    assert going_on.looked == []


def test_a_correction_changes_close_ups_between_its_neighbours_only(tmp_path: Path) -> None:
    keys = (box(1003), box(1008), box(1013))
    before = Desk(tmp_path / "before", PromptSet(boxes=keys))
    after = Desk(tmp_path / "after", PromptSet(boxes=keys, points=(click(1010),)))
    changed = {
        frame
        for frame in FRAMES
        if close_up_sources(before.objects[NAME], frame) != close_up_sources(after.objects[NAME], frame)
    }
    assert changed == set(range(1008, 1013))
    seen_before, seen_after = before.seen(), after.seen()
    untouched = set(FRAMES) - changed
    same({frame: seen_before[frame] for frame in untouched}, {frame: seen_after[frame] for frame in untouched})


def test_what_decides_a_close_up_is_how_far_its_stretch_goes(tmp_path: Path) -> None:
    """Windows follow the object to the end of the job's frames, so that more frames are other windows."""
    prompts = PromptSet(boxes=(box(1003), box(1008)))
    short, long = (Desk(tmp_path, prompts, frames=FrameRange(1001, last)).objects[NAME] for last in (1012, 1016))
    assert close_up_sources(short, 1005) == close_up_sources(long, 1005)
    assert close_up_sources(short, 1010) != close_up_sources(long, 1010)


def test_whole_spans_are_wanted_at_first_with_the_keys_beside_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path, PromptSet(boxes=(box(1003), box(1008), box(1013))))
    assert set(desk.close_ups.first_wanted({(NAME, 1005)})) == {(NAME, frame) for frame in range(1003, 1009)}
    assert set(desk.close_ups.first_wanted({(NAME, 1015)})) == {(NAME, frame) for frame in range(1013, 1017)}


def test_one_frame_of_a_span_looks_the_same_alone(tmp_path: Path) -> None:
    prompts = PromptSet(boxes=(box(1003), box(1012)))
    whole = Desk(tmp_path / "whole", prompts).seen()
    alone = Desk(tmp_path / "alone", prompts)
    alone.wanted = {(NAME, 1006)}
    same(alone.seen(), {1006: whole[1006]})


class Large(Plate):
    radius_px = 65


def test_a_large_object_gets_no_second_look(tmp_path: Path) -> None:
    desk = Desk(tmp_path, PromptSet(points=(click(1001),)), plate=Large())
    assert all(answer.close_up is None for answer in desk.seen().values())


class Hides(Plate):
    def radius(self, frame: int) -> float:
        return 0 if 1006 <= frame <= 1009 else 15


def test_where_the_object_is_lost_there_is_no_close_up_and_after_that_there_is(tmp_path: Path) -> None:
    desk = Desk(tmp_path, PromptSet(points=(click(1001),)), plate=Hides(), track=TrackSettings(stops_at_cuts=False))
    seen = desk.seen()
    assert {frame for frame in FRAMES if seen[frame].close_up is None} == set(range(1006, 1010))
    assert fit(matte(seen[1012]), desk.plate, 1012) > 0.9


class TwoShots(Plate):
    """Another place from 1007 on, with the disc somewhere else."""

    def centre(self, frame: int) -> tuple[float, float]:
        x, y = super().centre(frame)
        return (x, y) if frame < 1007 else (550 - x, 300.0)

    def read(self, frame: int) -> FloatArray:
        rgb_hwc = super().read(frame)
        rows, columns = np.mgrid[: CANVAS.height, : CANVAS.width]
        stripes_hw = ((columns // 45 + rows // 30) % 2 if frame < 1007 else (rows // 22) % 2)[..., None]
        shots = ((0.1, 0.2, 0.4), (0.2, 0.3, 0.6)) if frame < 1007 else ((0.2, 0.6, 0.3), (0.1, 0.3, 0.1))
        ground_hwc = np.where(stripes_hw == 1, shots[0], shots[1])
        return np.asarray(np.where(self.truth(frame)[..., None], rgb_hwc, ground_hwc), np.float32)


def test_beyond_a_cut_there_is_nothing(tmp_path: Path) -> None:
    plate = TwoShots()
    seen = Desk(tmp_path, PromptSet(points=(click(1003, plate),)), plate=plate).seen()
    for frame in FRAMES:
        assert seen[frame].beyond_cut == (frame >= 1007)
        assert (seen[frame].close_up is None) == (frame >= 1007)


def test_windows_do_not_run_through_a_cut(tmp_path: Path) -> None:
    plate = TwoShots()
    prompts = PromptSet(points=(click(1003, plate),), boxes=(box(1012, plate),))
    seen = Desk(tmp_path, prompts, plate=plate).seen()
    for frame in range(1003, 1013):
        close = seen[frame].close_up
        assert close is not None
        assert (close.window.left + close.window.right) / 2 == pytest.approx(plate.centre(frame)[0], abs=10)
        assert fit(matte(seen[frame]), plate, frame) > 0.9


class Distracted(DiscTracker):
    """Loses the disc in every picture but the whole canvas's on some frames, and is ``sure`` of what it says."""

    def __init__(self, sure: bool) -> None:
        self.sure = sure

    def track(
        self, passes: Sequence[Pass], keys: Mapping[str, Mapping[int, KeyFrame]], clip: SeenClip, **memory: object
    ) -> Iterator[Step]:
        for step in super().track(passes, keys, clip):
            if isinstance(step, PassCut) or isinstance(clip, WatchedClip) or step.frame not in (1005, 1006):
                yield step
                continue
            elsewhere_hw = np.full_like(step.logits_hw, -4)
            elsewhere_hw[:8, :8] = 4
            iou = 0.95 if self.sure else 0.3
            yield type(step)(step.by, step.frame, elsewhere_hw, 8.0 if self.sure else 1.0, iou)


def test_where_both_looks_disagree_the_surer_one_counts(tmp_path: Path) -> None:
    prompts = PromptSet(points=(click(1001),))
    doubtful, sure = (Desk(tmp_path / str(sure), prompts, tracker=Distracted(sure)).seen() for sure in (False, True))
    assert {frame for frame in FRAMES if doubtful[frame].close_up is None} == {1005, 1006}
    assert all(answer.close_up is not None for answer in sure.values())


def test_shares_of_objects_that_must_not_overlap_stay(tmp_path: Path) -> None:
    other = MatteObject("ground", PromptSet(points=(PointPrompt(1004, 50, 50),)))
    seen = Desk(tmp_path, PromptSet(points=(click(1001),)), other, exclusive=True).seen()
    for frame in FRAMES:
        share_hw = seen[frame].share_hw
        assert share_hw is not None
        x, y = Plate().centre(frame)
        cell = int((y - CANVAS.top) / CANVAS.height * 64), int((x - CANVAS.left) / CANVAS.width * 64)
        assert share_hw[cell] > 0.9
        assert share_hw[2, 2] < 0.1


def test_where_objects_share_a_first_answer_is_about_all_of_them(tmp_path: Path) -> None:
    first, second = (MatteObject("ground", PromptSet(points=(PointPrompt(frame, 50, 50),))) for frame in (1004, 1005))
    for exclusive in (False, True):
        folder = tmp_path / str(exclusive)
        Desk(folder, PromptSet(points=(click(1001),)), first, exclusive=exclusive).first_look()
        changed = Desk(folder, PromptSet(points=(click(1001),)), second, exclusive=exclusive)
        asked = {name for name, _ in changed.close_ups.first_wanted(changed.wanted)}
        assert asked == ({NAME, "ground"} if exclusive else {"ground"})


def test_a_first_answer_that_disappeared_is_said(tmp_path: Path) -> None:
    desk = Desk(tmp_path, PromptSet(points=(click(1001),)))
    desk.first_look()
    for path in (tmp_path / "first").rglob("1005.npz"):
        path.write_bytes(b"no archive")
    with pytest.raises(OutputError, match="ball") as error:
        list(desk.close_ups.answers(desk.wanted))
    assert error.value.frame == 1005
