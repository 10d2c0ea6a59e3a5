"""Answers to prompts, against the stock predictor's own interactive calls."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.tracker.conftest import (
    FIRST,
    FloatArray,
    MakeClip,
    add_key,
    clicks,
    drawn,
    seen,
    stock_state,
    tracked,
)

from rotomatte.tracker.base import ENDLESS, KeyFrame, Pass
from rotomatte.tracker.clicks import local_correction
from rotomatte.tracker.sam2_tracker import Sam2Tracker

MANY = clicks(*((0.05 * place, 0.5 - 0.02 * place) for place in range(19)), exclude={2, 5, 6, 11, 17})
BOX = (0.1, 0.3, 0.5, 0.7)


def stock_answer(tracker: Sam2Tracker, *calls: KeyFrame) -> FloatArray:
    """What the stock predictor makes of calls on the same frame, one after the other."""
    state = stock_state(range(FIRST, FIRST + 1))
    for key in calls:
        logits_hw = add_key(tracker._predictor, state, 0, key)
    return logits_hw


def our_answer(tracker: Sam2Tracker, make_clip: MakeClip, key: KeyFrame, clip_length: int = 24) -> FloatArray:
    """What a pass gives on a key, by default of mode ``exact``, which does not round features."""
    one = Pass("a", (FIRST,), range(FIRST, FIRST + 1), clip_length)
    return tracked(tracker.track([one], {"a": {FIRST: key}}, make_clip()))[0].logits_hw


def only(key: KeyFrame, places: slice | list[int]) -> KeyFrame:
    return replace(key, points_xy_norm=key.points_xy_norm[places], include_n=key.include_n[places])


def test_clicks_correct_the_hint(small: Sam2Tracker, make_clip: MakeClip) -> None:
    first, second = clicks((0.25, 0.5)), clicks((0.3, 0.4), (0.8, 0.8), exclude={1})
    before_hw, after_hw = stock_answer(small, first), stock_answer(small, first, second)
    assert not np.array_equal(after_hw, stock_answer(small, second))
    expected_hw = local_correction(before_hw, after_hw, second.points_xy_norm, second.include_n)
    np.testing.assert_array_equal(our_answer(small, make_clip, replace(second, hint_hw=before_hw)), expected_hw)


def test_hints_are_clamped(small: Sam2Tracker, make_clip: MakeClip) -> None:
    hint_hw = np.where(stock_answer(small, clicks((0.25, 0.5))) > 0, 1024, -1024).astype(np.float32)
    second = clicks((0.3, 0.4), (0.8, 0.8))
    np.testing.assert_array_equal(
        our_answer(small, make_clip, replace(second, hint_hw=hint_hw)),
        our_answer(small, make_clip, replace(second, hint_hw=hint_hw.clip(-32, 32))),
    )


def test_many_clicks_are_given_a_few_at_a_time(small: Sam2Tracker, make_clip: MakeClip) -> None:
    expected_hw = stock_answer(small, only(MANY, slice(0, 8)), only(MANY, slice(8, 16)), only(MANY, slice(16, 19)))
    np.testing.assert_array_equal(our_answer(small, make_clip, MANY), expected_hw)
    assert not np.array_equal(expected_hw, stock_answer(small, MANY))


def test_the_box_and_an_include_are_in_the_first_call(small: Sam2Tracker, make_clip: MakeClip) -> None:
    late = clicks(*((0.1 * place, 0.2) for place in range(10)), exclude=range(9), box=BOX)
    first = only(late, [9, *range(7)])
    second = replace(only(late, [7, 8]), box_xyxy_norm=None)
    np.testing.assert_array_equal(our_answer(small, make_clip, late), stock_answer(small, first, second))


KEYS = {
    "click": clicks((0.25, 0.5)),
    "box": clicks(box=BOX),
    "box and clicks": clicks((0.3, 0.5), (0.8, 0.9), exclude={1}, box=BOX),
    "many clicks": MANY,
    "mask": drawn(),
    "mask and click": replace(drawn(), points_xy_norm=np.array([[0.2, 0.2]], np.float32), include_n=np.array([False])),
    "hint": replace(clicks((0.25, 0.5)), hint_hw=np.linspace(-4, 4, 32 * 32, dtype=np.float32).reshape(32, 32)),
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_an_answer_is_what_the_pass_gives_and_needs_no_memory(
    small: Sam2Tracker, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch, key: KeyFrame
) -> None:
    one = Pass("a", (FIRST,), range(FIRST, FIRST + 1), ENDLESS)
    in_pass = tracked(small.track([one], {"a": {FIRST: key}}, make_clip()))[0]

    def unwanted(**_: object) -> None:
        raise AssertionError("the memory encoder ran")

    monkeypatch.setattr(small._predictor, "_encode_new_memory", unwanted)
    clip = make_clip(memory_bytes=1 << 30)
    for _ in range(2):
        alone = small.answer(FIRST, key, clip)
        np.testing.assert_array_equal(alone.logits_hw, in_pass.logits_hw)
        assert (alone.object_score, alone.predicted_iou) == (in_pass.object_score, in_pass.predicted_iou)
    assert clip.looked == [FIRST], "the second time, its features are there"
    assert np.ptp(alone.logits_hw) > 0


def test_prompts_leave_the_caller_s_arrays_alone(small: Sam2Tracker, make_clip: MakeClip) -> None:
    key = replace(KEYS["many clicks"], hint_hw=np.full((32, 32), 100, np.float32))
    assert key.hint_hw is not None
    before = [array.copy() for array in (key.points_xy_norm, key.include_n, key.hint_hw)]
    small.answer(FIRST, key, make_clip())
    for array, copied in zip((key.points_xy_norm, key.include_n, key.hint_hw), before, strict=True):
        np.testing.assert_array_equal(array, copied)
    assert seen(FIRST).shape == (128, 128, 3)
