"""Encoder features that are kept change how long tracking takes, and not one bit of what comes out."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
import torch
from tests.tracker.conftest import BlobClip, FloatArray, MakeClip, assert_same, clicks, drawn, tracked

from rotomatte.roto.plan import Keys, plan_passes
from rotomatte.tracker.base import KeyFrame, Pass
from rotomatte.tracker.sam2_tracker import Sam2Tracker
from rotomatte.tracker.schedule import looks
from rotomatte_plugin.errors import DeviceError
from rotomatte_plugin.model import FrameRange, TrackSettings

FRAMES = FrameRange(1001, 1010)
KEYS = {"a": {1002: clicks((0.3, 0.5)), 1006: drawn()}, "b": {1008: clicks((0.45, 0.5))}}
FRAME_BYTES = 2 * 128 * (32 * 32 // 8 + 16 * 16 // 4 + 8 * 8)
"""What the small network's features of a frame take up."""


def plan(keys: dict[str, dict[int, KeyFrame]]) -> list[Pass]:
    return [
        one
        for name, of_object in keys.items()
        for one in plan_passes(name, Keys(tuple(of_object), ()), FRAMES, TrackSettings())
    ]


class EncoderRuns:
    """Counts how often the image encoder runs."""

    def __init__(self, tracker: Sam2Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        encode = tracker._predictor.forward_image

        def counting(image_bchw: torch.Tensor) -> object:
            self.count += 1
            return encode(image_bchw)

        monkeypatch.setattr(tracker._predictor, "forward_image", counting)


@pytest.mark.parametrize(
    ("memory_frames", "disk_frames"), [(100, 0), (3, 0), (1, 3), (0, 100)], ids=["memory", "little", "both", "disk"]
)
def test_the_cache_changes_nothing(
    small: Sam2Tracker, make_clip: MakeClip, memory_frames: int, disk_frames: int
) -> None:
    without = tracked(small.track(plan(KEYS), KEYS, make_clip()))
    clip = make_clip(memory_frames * FRAME_BYTES, disk_frames * FRAME_BYTES)
    assert_same(tracked(small.track(plan(KEYS), KEYS, clip)), without)
    kept = [found for frame in FRAMES if (found := clip.features.get(frame)) is not None]
    assert {level.dtype for found in kept for level in found} == {np.dtype(np.float16)}
    assert_same(tracked(small.track(plan(KEYS), KEYS, clip)), without)


def test_the_encoder_runs_once_a_frame_for_all_directions_objects_and_runs(
    small: Sam2Tracker, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = EncoderRuns(small, monkeypatch)
    keys = {f"object_{place}": {1003 + place % 5: clicks((0.3, 0.05 * place))} for place in range(10)}
    clip = make_clip(memory_bytes=1 << 30)
    passes = plan(keys)
    assert {one.frames.step for one in passes} == {1, -1}
    assert len(tracked(small.track(passes, keys, clip))) == 10 * len(FRAMES)
    assert runs.count == len(FRAMES) == len(clip.looked)
    corrected = {"object_1": {**keys["object_1"], 1007: clicks((0.4, 0.4))}}
    tracked(small.track(plan(corrected), corrected, clip))
    small.answer(1001, clicks((0.2, 0.2)), clip)
    assert runs.count == len(FRAMES) == len(clip.looked)


def test_without_a_cache_objects_share_the_encoder(
    small: Sam2Tracker, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = EncoderRuns(small, monkeypatch)
    keys = {f"object_{place}": {1001: clicks((0.3, 0.05 * place))} for place in range(3)}
    tracked(small.track(plan(keys), keys, make_clip()))
    assert runs.count == len(FRAMES)


def test_mode_exact_leaves_the_cache_alone(small: Sam2Tracker, make_clip: MakeClip) -> None:
    clip = make_clip(memory_bytes=1 << 30)
    passes = plan_passes("b", Keys((1008,), ()), FRAMES, TrackSettings(direction="forward", mode="exact"))
    for _ in range(2):
        exact = tracked(small.track(passes, KEYS, clip))
    assert not any(frame in clip.features for frame in FRAMES)
    rounded = tracked(
        small.track(plan_passes("b", Keys((1008,), ()), FRAMES, TrackSettings(direction="forward")), KEYS, clip)
    )
    assert (exact[0].logits_hw != rounded[0].logits_hw).any()


class AheadClip(BlobClip):
    """Has pictures made in the order of ``looks``, a few ahead of what is asked for."""

    def prepare(self, passes: list[Pass]) -> None:
        self._order = looks(passes, self.features)
        self._upcoming: deque[int] = deque()
        self._top_up()

    def picture(self, frame: int) -> FloatArray:
        assert self._upcoming.popleft() == frame
        self._top_up()
        return super().picture(frame)

    def _top_up(self) -> None:
        while len(self._upcoming) < 4:
            frame = next(self._order, None)
            if frame is None:
                return
            self._upcoming.append(frame)


@pytest.mark.parametrize("memory_frames", [0, 100])
def test_looks_are_foretold(small: Sam2Tracker, make_clip: MakeClip, memory_frames: int) -> None:
    clip = AheadClip(make_clip(memory_frames * FRAME_BYTES).features)
    clip.prepare(plan(KEYS))
    tracked(small.track(plan(KEYS), KEYS, clip))
    assert not clip._upcoming


@pytest.mark.parametrize("where", ["forward_image", "_run_single_frame_inference"])
def test_running_out_of_memory_is_a_sentence(
    small: Sam2Tracker, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    monkeypatch.setattr(small._predictor, where, full)
    with pytest.raises(DeviceError, match=r"^The device ran out of memory\. Use a smaller"):
        tracked(small.track(plan(KEYS), KEYS, make_clip()))
    with pytest.raises(DeviceError, match=r"^The device ran out of memory\. Use a smaller"):
        small.answer(1001, KEYS["a"][1002], make_clip())
