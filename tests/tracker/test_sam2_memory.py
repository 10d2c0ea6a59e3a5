"""What passes look back at, by policy, against the stock predictor's own step; and going on where a run stopped."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import torch
from tests.tracker.conftest import BlobClip, FloatArray, MakeClip, assert_same, clicks, tracked

from rotomatte.tracker.base import ENDLESS, Pass, TrackedFrame
from rotomatte.tracker.features import CacheBudget, FeatureCache, HalfArray
from rotomatte.tracker.sam2_features import FrameFeatures
from rotomatte.tracker.sam2_tracker import Sam2Tracker
from rotomatte_plugin.errors import OutputError
from rotomatte_plugin.model import MemoryPolicy

START = 1001
KEYS = {"a": {START: clicks((0.25, 0.5)), 1024: clicks((0.8, 0.5))}}
POLICIES: list[MemoryPolicy] = ["stock", "visible", "distractor"]


def following(policy: MemoryPolicy, frames: range, keys: tuple[int, ...] = (START,)) -> Pass:
    return Pass("a", keys, frames, ENDLESS, policy)


class Staged:
    """A predictor that is told on which steps the object is badly seen, and on which something looks like it.

    Keeps every step's output, by the predictor's own index.
    """

    def __init__(
        self,
        tracker: Sam2Tracker,
        monkeypatch: pytest.MonkeyPatch,
        unseen: Collection[int] = (),
        alike: Collection[int] = (),
    ) -> None:
        self.outputs: dict[int, dict[str, Any]] = {}
        self._infer = tracker._predictor._run_single_frame_inference
        self._unseen, self._alike = unseen, alike
        monkeypatch.setattr(tracker._predictor, "_run_single_frame_inference", self._staged)

    def _staged(self, **asked: Any) -> Any:
        output, masks = self._infer(**asked)
        index = asked["frame_idx"]
        if not asked["is_init_cond_frame"]:
            masks_khw = np.zeros((3, 32, 32), np.bool_)
            masks_khw[:, 4:12, 4:12] = True
            if index in self._alike:
                masks_khw[1:] = np.roll(masks_khw[1:], 16, (1, 2))
            output["candidates"] = torch.from_numpy(masks_khw[None]).float()
            output["predicted_ious"] = torch.tensor([[0.9, 0.1, 0.1]]) * (0.1 if index in self._unseen else 1)
        self.outputs[index] = output
        return output, masks

    def stock_step(
        self, frame: int, features: FrameFeatures, cond: list[int], back: dict[int, int], *, reverse: bool = False
    ) -> FloatArray:
        """The stock predictor's step where so many steps ``back`` lie the outputs of the indices given."""
        index = frame - START
        state = features.state(frame, index, {}, rounded=True)
        state["num_frames"] = ENDLESS
        output, _ = self._infer(
            inference_state=state,
            output_dict={
                "cond_frame_outputs": {at: self.outputs[at] for at in cond},
                "non_cond_frame_outputs": {
                    index + (steps if reverse else -steps): self.outputs[at] for steps, at in back.items()
                },
            },
            frame_idx=index,
            batch_size=1,
            is_init_cond_frame=False,
            point_inputs=None,
            mask_inputs=None,
            reverse=reverse,
            run_mem_encoder=True,
        )
        logits_hw: FloatArray = output["pred_masks"][0, 0].numpy()
        return logits_hw


@pytest.fixture
def clip(make_clip: MakeClip) -> BlobClip:
    return make_clip(memory_bytes=1 << 30)


@pytest.mark.parametrize("frames", [range(START, 1024), range(1023, START, -1)], ids=["forward", "backward"])
def test_policies_are_one_while_the_object_is_well_seen(small: Sam2Tracker, clip: BlobClip, frames: range) -> None:
    stock, *others = (
        tracked(small.track([following(policy, frames, (START, 1024))], KEYS, clip)) for policy in POLICIES[:2]
    )
    assert all(one.predicted_iou > 0.5 and one.object_score > 0 for one in stock)
    for other in others:
        assert_same(other, stock)


def test_visible_looks_back_past_an_occlusion(
    small: Sam2Tracker, clip: BlobClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = Staged(small, monkeypatch, unseen=range(4, 13))
    with torch.inference_mode():
        answers = tracked(small.track([following("visible", range(START, START + 14))], KEYS, clip))
        staged.outputs[0] = _key_memory(small, clip)
        features = FrameFeatures(small._predictor, clip, {})
        expected_hw = staged.stock_step(START + 13, features, cond=[0], back={1: 3, 2: 2, 3: 1})
        flushed_hw = staged.stock_step(START + 13, features, cond=[0], back={back: 13 - back for back in range(1, 13)})
    np.testing.assert_array_equal(answers[13].logits_hw, expected_hw)
    assert not np.array_equal(expected_hw, flushed_hw)


def test_an_anchor_is_attended_to_like_a_key(
    small: Sam2Tracker, clip: BlobClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = Staged(small, monkeypatch, alike={7})
    with torch.inference_mode():
        answers = tracked(small.track([following("distractor", range(START, START + 12))], KEYS, clip))
        staged.outputs[0] = _key_memory(small, clip)
        features = FrameFeatures(small._predictor, clip, {})
        back = {steps: 11 - steps for steps in range(1, 11)}
        expected_hw = staged.stock_step(START + 11, features, cond=[0, 7], back=back)
        without_hw = staged.stock_step(START + 11, features, cond=[0], back=back)
    np.testing.assert_array_equal(answers[11].logits_hw, expected_hw)
    assert not np.array_equal(expected_hw, without_hw)


@pytest.mark.parametrize("frames", [range(1024, 1036), range(1023, START + 11, -1)], ids=["forward", "backward"])
def test_a_key_that_fades_is_looked_back_at_for_a_while(
    small: Sam2Tracker, clip: BlobClip, monkeypatch: pytest.MonkeyPatch, frames: range
) -> None:
    staged = Staged(small, monkeypatch)
    one = Pass("a", (START, 1024), frames, ENDLESS, "visible", fades=True)
    with torch.inference_mode():
        answers = {step.frame: step for step in tracked(small.track([one], KEYS, clip))}
        # Both first: the predictor's own means count as frame 0 too.
        first, second = _key_memory(small, clip), _key_memory(small, clip, 1024)
        staged.outputs.update({0: first, 23: second})
        features = FrameFeatures(small._predictor, clip, {})
        for steps in (1, 4):
            frame = 1024 + steps * frames.step
            back = {way: frame - START - way * frames.step for way in range(1, steps + 1)}
            expected_hw = staged.stock_step(frame, features, cond=[0], back=back, reverse=frames.step < 0)
            np.testing.assert_array_equal(answers[frame].logits_hw, expected_hw)
            ever_hw = staged.stock_step(frame, features, cond=[0, 23], back=back, reverse=frames.step < 0)
            assert not np.array_equal(expected_hw, ever_hw)
    before, memory = stopped_after(3, small, one, clip)
    rest = replace(one, frames=frames[3:])
    assert_same([*before, *tracked(small.track([rest], KEYS, clip, memories={rest: memory}))], [*answers.values()])


def _key_memory(tracker: Sam2Tracker, clip: BlobClip, frame: int = START) -> dict[str, Any]:
    """What the predictor remembers of a key, encoded by its own means."""
    predictor = tracker._predictor
    state = FrameFeatures(predictor, clip, {}).state(frame, 0, {}, rounded=True)
    key = KEYS["a"][frame]
    points, labels = torch.from_numpy(key.points_xy_norm), torch.from_numpy(key.include_n.astype(np.int32))
    predictor.add_new_points_or_box(state, 0, 1, points=points, labels=labels)
    predictor.propagate_in_video_preflight(state)
    output: dict[str, Any] = state["output_dict_per_obj"][0]["cond_frame_outputs"][0]
    return output


def stopped_after(done: int, tracker: Sam2Tracker, one: Pass, clip: BlobClip) -> tuple[list[TrackedFrame], bytes]:
    """The first answers of a pass, and what it remembers where it is stopped."""
    kept: dict[int, bytes] = {}
    steps = tracker.track([one], KEYS, clip, keep_memory=lambda _, at, blob: kept.update({at: blob}))
    before = tracked(next(steps) for _ in range(done))
    steps.close()  # type: ignore[attr-defined]
    assert list(kept) == [one.frames[done - 1]]
    return before, kept[one.frames[done - 1]]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("frames", [range(START, 1024), range(1023, START, -1)], ids=["forward", "backward"])
def test_a_run_goes_on_where_it_stopped(
    small: Sam2Tracker, clip: BlobClip, monkeypatch: pytest.MonkeyPatch, policy: MemoryPolicy, frames: range
) -> None:
    # By the predictor's index, which counts from the earlier key: some of it bad, and a look-alike twice.
    Staged(small, monkeypatch, unseen={5, 11, 12}, alike={8, 16})
    keys = (START, 1024)
    whole = tracked(small.track([following(policy, frames, keys)], KEYS, clip))
    for done in (1, 9, 20):
        before, memory = stopped_after(done, small, following(policy, frames, keys), clip)
        rest = following(policy, frames[done:], keys)
        after = tracked(small.track([rest], KEYS, clip, memories={rest: memory}))
        assert_same(before + after, whole)
    blank = tracked(small.track([following(policy, frames[9:], keys)], KEYS, clip))
    assert any((one.logits_hw != other.logits_hw).any() for one, other in zip(blank, whole[9:], strict=True))


@pytest.mark.parametrize("damage", ["nothing", "noise", "cut", "other"])
def test_memory_that_cannot_be_read_is_said_so(small: Sam2Tracker, clip: BlobClip, damage: str) -> None:
    _, memory = stopped_after(3, small, following("stock", range(START, 1010)), clip)
    broken = {"nothing": b"", "noise": b"noise" * 100, "cut": memory[:-500], "other": _saved([1, 2])}[damage]
    rest = following("stock", range(START + 3, 1010))
    with pytest.raises(OutputError, match="tracking a cannot be read") as caught:
        tracked(small.track([rest], KEYS, clip, memories={rest: broken}))
    assert caught.value.remedy
    assert caught.value.frame == START + 3


def _saved(thing: object) -> bytes:
    into = BytesIO()
    torch.save(thing, into)
    return into.getvalue()


class Rounds(FeatureCache):
    """Few frames that come round and round."""

    def get(self, frame: int) -> tuple[HalfArray, ...] | None:
        return super().get(START + frame % 4)

    def put(self, frame: int, arrays: Any) -> None:
        super().put(START + frame % 4, arrays)


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_remembered_does_not_grow(
    small: Sam2Tracker, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, policy: MemoryPolicy
) -> None:
    Staged(small, monkeypatch, alike=range(20, 200, 7))
    clip = BlobClip(Rounds(CacheBudget(1 << 30, 0), tmp_path, range(START, START + 4)))
    sizes: dict[int, int] = {}
    steps: Iterator[Any] = small.track(
        [following(policy, range(START, START + 101))],
        KEYS,
        clip,
        keep_memory=lambda _, at, blob: sizes.update({at - START + 1: len(blob)}),
    )
    assert all(isinstance(step, TrackedFrame) for step in steps)
    assert list(sizes) == [25, 50, 75, 100]
    assert max(sizes.values()) - sizes[50] < 2000, "frame numbers take more or less room, a memory takes 32 KB"
