"""Where memory runs out, reliefs change how long tracking takes, and not one bit of what comes out."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from tests.tracker.conftest import BlobClip, MakeClip, assert_same, clicks, drawn, tracked
from torch._subclasses.fake_tensor import FakeTensorMode

from rotomatte.models.store import resolve_model
from rotomatte.roto.plan import Keys, plan_passes
from rotomatte.tracker import sam2_room
from rotomatte.tracker.base import ENDLESS, Pass, TrackedFrame
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte.tracker.ladder import Ladder, Relief, Store
from rotomatte.tracker.sam2_device import what_ran_out
from rotomatte.tracker.sam2_predictor import Output, RotoPredictor
from rotomatte.tracker.sam2_room import Room
from rotomatte.tracker.sam2_tracker import Sam2Tracker, load_tracker
from rotomatte_plugin.errors import OutOfMemoryError
from rotomatte_plugin.model import FrameRange, TrackSettings

KEYS = {"a": {1002: clicks((0.3, 0.5)), 1006: drawn()}, "b": {1007: clicks((0.45, 0.5))}}
PASSES = [
    one
    for name, keys in KEYS.items()
    for one in plan_passes(name, Keys(tuple(keys), ()), FrameRange(1001, 1010), TrackSettings())
]
PLENTY = 1 << 30
GPU_FULL = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
RAM_FULL = MemoryError("Unable to allocate 2.00 GiB")


class FullError(Exception):
    """A double of an error that is about memory."""


def ladder(said: list[str]) -> Ladder:
    rungs = Ladder(lambda error: "GPU" if isinstance(error, FullError) else None)
    rungs.tell(said.append)
    return rungs


def failing(times: int, calls: list[str], error: Exception | None = None) -> Callable[[], str]:
    def step() -> str:
        calls.append("step")
        if calls.count("step") <= times:
            raise error or FullError
        return "done"

    return step


def relief(name: str, calls: list[str], *, helps: bool = True) -> Relief:
    def make_room(store: Store) -> bool:
        calls.append(name)
        return helps

    return Relief(name, make_room)


def test_reliefs_come_in_their_order_and_each_is_said_once() -> None:
    said: list[str] = []
    rungs = ladder(said)
    for times, expected in [
        (0, ["step"]),
        (1, ["step", "first", "step"]),
        (2, ["step", "first", "step", "second", "step"]),
        (1, ["step", "first", "step"]),
    ]:
        calls: list[str] = []
        assert rungs.run(7, failing(times, calls), [relief("first", calls), relief("second", calls)]) == "done"
        assert calls == expected
    assert [sentence.partition(":")[2].split(".")[0].strip() for sentence in said] == ["first", "second"]
    assert all(sentence.startswith("The device ran out of memory on frame 7:") for sentence in said)


def test_a_new_listener_hears_of_a_relief_again() -> None:
    first: list[str] = []
    second: list[str] = []
    rungs = ladder(first)
    for _ in range(2):
        rungs.run(1, failing(1, []), [relief("yes", [])])
    rungs.tell(second.append)
    rungs.run(2, failing(1, []), [relief("yes", [])])
    assert (len(first), len(second)) == (1, 1)


def test_after_the_last_relief_the_remedy_is_said() -> None:
    calls: list[str] = []
    with pytest.raises(OutOfMemoryError, match=r"^The device ran out of memory\. Use a smaller --size") as caught:
        ladder([]).run(1007, failing(9, calls), [relief("first", calls), relief("second", calls)])
    assert calls.count("step") == 3
    assert caught.value.frame == 1007
    assert "--allow-degrade" in caught.value.remedy
    assert isinstance(caught.value.__cause__, FullError)


def test_a_relief_that_lets_go_of_nothing_is_not_tried_out() -> None:
    calls: list[str] = []
    said: list[str] = []
    assert ladder(said).run(1, failing(1, calls), [relief("no", calls, helps=False), relief("yes", calls)]) == "done"
    assert calls == ["step", "no", "yes", "step"]
    assert len(said) == 1


def test_a_relief_that_needs_memory_itself_is_none() -> None:
    def fails(store: Store) -> bool:
        raise FullError

    with pytest.raises(OutOfMemoryError):
        ladder([]).run(1, failing(1, []), [Relief("none", fails)])


def test_other_errors_are_left_alone() -> None:
    calls: list[str] = []
    with pytest.raises(ValueError, match="something else"):
        ladder([]).run(1, failing(1, calls, ValueError("something else")), [relief("first", calls)])
    assert calls == ["step"]


def test_what_a_failed_step_had_made_is_gone_before_room_is_made() -> None:
    class Large:
        pass

    made: list[weakref.ref[Large]] = []

    def step() -> str:
        large = Large()
        made.append(weakref.ref(large))
        if len(made) < 2:
            raise FullError
        return "done"

    seen: list[Large | None] = []

    def make_room(store: Store) -> bool:
        seen.append(made[0]())
        return True

    assert ladder([]).run(1, step, [Relief("caches", make_room)]) == "done"
    assert seen == [None]


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda: torch.empty(1 << 50, dtype=torch.uint8), "RAM"),
        (lambda: np.empty(1 << 60, np.uint8), "RAM"),
        (lambda: cv2.resize(np.zeros((4, 4, 3), np.float32), (1 << 20, 1 << 20)), "RAM"),
        (lambda: torch.zeros(2) @ torch.zeros(3), None),
        (lambda: cv2.resize(np.zeros((4, 4, 3), np.float32), (0, 0)), None),
        (lambda: int("x"), None),
    ],
)
def test_libraries_say_that_memory_ran_out_in_their_own_ways(ask: Callable[[], object], expected: Store | None) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        ask()
    assert what_ran_out(caught.value) == expected


@pytest.mark.parametrize(
    "error",
    [
        GPU_FULL,
        RuntimeError("MPS backend out of memory (MPS allocated: 8.97 GB, max allowed: 9.07 GB)."),
        RuntimeError("CUDA error: out of memory"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    ],
)
def test_a_gpu_says_it_in_several_sentences(error: Exception) -> None:
    assert what_ran_out(error) == "GPU"


class Faults:
    """Has a method of the predictor fail, after it did its work, on the calls given; counts calls."""

    def __init__(
        self, tracker: Sam2Tracker, monkeypatch: pytest.MonkeyPatch, where: str, on: Collection[int], error: Exception
    ) -> None:
        self.count = 0
        works = getattr(tracker._predictor, where)

        def faulty(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            made = works(*args, **kwargs)
            if self.count in on:
                raise error.with_traceback(None)
            return made

        monkeypatch.setattr(tracker._predictor, where, faulty)


@pytest.fixture
def said(small: Sam2Tracker, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the small tracker says."""
    sentences: list[str] = []
    monkeypatch.setattr(small, "_ladder", Ladder(what_ran_out))
    small.tell(sentences.append)
    return sentences


@pytest.fixture(scope="module")
def undisturbed(small: Sam2Tracker, tmp_path_factory: pytest.TempPathFactory) -> list[TrackedFrame]:
    features = FeatureCache(CacheBudget(PLENTY, PLENTY), tmp_path_factory.mktemp("features"), range(2000))
    return tracked(small.track(PASSES, KEYS, BlobClip(features)))


@pytest.mark.parametrize(
    ("where", "calls"),
    [
        ("forward_image", {1, 5}),
        ("add_new_points_or_box", {1, 3}),
        ("add_new_mask", {1}),
        ("propagate_in_video_preflight", {2}),
        ("_run_single_frame_inference", {1, 4, 9, 14}),
    ],
)
@pytest.mark.parametrize(
    ("error", "disk_bytes"),
    [(GPU_FULL, PLENTY), (RAM_FULL, PLENTY), (RAM_FULL, 0)],
    ids=["GPU", "RAM to disk", "RAM without disk"],
)
def test_letting_caches_go_changes_nothing(
    small: Sam2Tracker,
    undisturbed: list[TrackedFrame],
    make_clip: MakeClip,
    monkeypatch: pytest.MonkeyPatch,
    said: list[str],
    where: str,
    calls: set[int],
    error: Exception,
    disk_bytes: int,
) -> None:
    faults = Faults(small, monkeypatch, where, calls, error)
    assert_same(tracked(small.track(PASSES, KEYS, make_clip(PLENTY, disk_bytes))), undisturbed)
    assert faults.count > max(calls)
    assert [sentence.partition(": ")[2].split(".")[0] for sentence in said] == ["caches were let go"]


class FarMemory:
    """A machine's own memory that cannot be computed on: what is put by is no tensor there, and spoilt where it was."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.held = 0
        monkeypatch.setattr(sam2_room, "_put_by", self._put_by)
        monkeypatch.setattr(sam2_room, "_fetched", self._fetched)

    def _put_by(self, output: Output) -> Output:
        put_by = {}
        for name, value in output.items():
            put_by[name] = value
            if isinstance(value, torch.Tensor):
                put_by[name] = (value.clone(),)
                value.fill_(float("nan"))
                self.held += 1
        return put_by

    @staticmethod
    def _fetched(output: Output, device: torch.device) -> Output:
        return {name: value[0].clone() if isinstance(value, tuple) else value for name, value in output.items()}


@pytest.mark.parametrize(
    ("where", "first"),
    [
        ("propagate_in_video_preflight", 1),
        ("propagate_in_video_preflight", 3),
        ("_run_single_frame_inference", 1),
        ("_run_single_frame_inference", 3),
        ("_run_single_frame_inference", 8),
    ],
)
def test_moving_what_passes_remember_changes_nothing(
    small: Sam2Tracker,
    undisturbed: list[TrackedFrame],
    make_clip: MakeClip,
    monkeypatch: pytest.MonkeyPatch,
    said: list[str],
    where: str,
    first: int,
) -> None:
    far = FarMemory(monkeypatch)
    # Twice in a row, so that caches do not suffice, and once more later.
    Faults(small, monkeypatch, where, {first, first + 1, first + 4}, GPU_FULL)
    assert_same(tracked(small.track(PASSES, KEYS, make_clip(PLENTY))), undisturbed)
    assert far.held > 30, "every later key and frame is put by as well"
    assert [sentence.partition(": ")[2].split(".")[0] for sentence in said] == [
        "caches were let go",
        "what passes remember was moved to the machine's own memory",
    ]


def test_tensors_lie_where_the_room_says() -> None:
    with FakeTensorMode():
        gpu = torch.device("cuda", 0)
        room = Room(gpu, FeatureCache(CacheBudget(0, 0), Path(), ()), ladder([]))
        positions = [torch.empty(2, device=gpu)]

        def output() -> Output:
            return {"obj_ptr": torch.empty(2, device=gpu), "maskmem_pos_enc": positions, "maskmem_features": None}

        early = room.keep(output())
        assert early.stored["obj_ptr"].device == gpu
        assert room.run(1, failing(2, [])) == "done"
        for kept in (early, room.keep(output())):
            assert kept.stored["obj_ptr"].device.type == "cpu"
            assert kept.output()["obj_ptr"].device == gpu
            assert kept.output()["maskmem_pos_enc"][0].device == gpu, "one for all frames"


def test_memory_of_the_machine_is_not_relieved_by_filling_it(
    small: Sam2Tracker, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = FarMemory(monkeypatch)
    Faults(small, monkeypatch, "_run_single_frame_inference", {4, 5}, RAM_FULL)
    with pytest.raises(OutOfMemoryError, match="machine ran out of memory"):
        tracked(small.track(PASSES, KEYS, make_clip(PLENTY)))
    assert far.held == 0


@pytest.mark.parametrize("full", ["GPU", "RAM"])
def test_the_cache_goes_to_the_disk_where_it_takes_the_memory_that_ran_out(tmp_path: Path, full: Store) -> None:
    features = FeatureCache(CacheBudget(PLENTY, PLENTY), tmp_path, range(9))
    arrays = (np.arange(6, dtype=np.float16).reshape(2, 3),)
    features.put(1, arrays)
    room = Room(torch.device("cuda"), features, Ladder(lambda error: full))
    assert room.run(1, failing(1, [])) == "done"
    assert [path.name for path in tmp_path.iterdir()] == (["1.npz"] if full == "RAM" else [])
    features.put(2, arrays)
    for frame in (1, 2):
        found = features.get(frame)
        assert found is not None
        np.testing.assert_array_equal(found[0], arrays[0])
    assert len(list(tmp_path.iterdir())) == (2 if full == "RAM" else 0)


def test_a_job_that_stops_for_want_of_memory_goes_on_bit_for_bit(
    small: Sam2Tracker, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Pass("a", (1002,), range(1002, 1011), ENDLESS)
    whole = tracked(small.track([one], KEYS, make_clip()))
    kept: dict[int, bytes] = {}
    before: list[TrackedFrame] = []
    with monkeypatch.context() as broken:
        Faults(small, broken, "_run_single_frame_inference", {4, 5, 6}, GPU_FULL)
        steps = small.track([one], KEYS, make_clip(), keep_memory=lambda _, at, blob: kept.update({at: blob}))
        with pytest.raises(OutOfMemoryError) as caught:
            before.extend(steps)  # type: ignore[arg-type]
    assert caught.value.frame == 1005
    assert [answer.frame for answer in before] == [1002, 1003, 1004]
    rest = Pass("a", (1002,), range(1005, 1011), ENDLESS)
    after = tracked(small.track([rest], KEYS, make_clip(), memories={rest: kept[1004]}))
    assert_same(before + after, whole)


def test_a_model_that_the_device_has_no_room_for_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise GPU_FULL.with_traceback(None)

    monkeypatch.setattr(RotoPredictor, "to", full)
    with pytest.raises(OutOfMemoryError, match="no room for the model bundled") as caught:
        load_tracker(resolve_model("bundled", None), "cpu", None)
    assert "--model" in caught.value.remedy


@pytest.mark.gpu
def test_on_a_gpu_reliefs_change_nothing(make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = load_tracker(resolve_model("bundled", None), "auto", None)
    whole = tracked(tracker.track(PASSES, KEYS, make_clip()))
    Faults(tracker, monkeypatch, "_run_single_frame_inference", {3, 4, 9}, GPU_FULL)
    assert_same(tracked(tracker.track(PASSES, KEYS, make_clip())), whole)
