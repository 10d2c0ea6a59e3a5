"""Mode ``exact`` against the stock predictor: same weights, same frames, same prompts."""

from __future__ import annotations

import numpy as np
import pytest
from tests.tracker.conftest import (
    FIRST,
    MakeClip,
    assert_same,
    by_frame,
    clicks,
    drawn,
    stock_logits,
    tracked,
)

from rotomatte.roto.plan import Keys, plan_passes
from rotomatte.tracker.base import ENDLESS, KeyFrame, Pass
from rotomatte.tracker.sam2_memory import PassMemory
from rotomatte.tracker.sam2_predictor import RotoPredictor
from rotomatte.tracker.sam2_tracker import Sam2Tracker
from rotomatte.tracker.schedule import looks
from rotomatte_plugin.model import FrameRange, TrackSettings

EXACT = TrackSettings(direction="forward", mode="exact")


def prompts() -> dict[str, dict[int, KeyFrame]]:
    both = clicks((0.3, 0.5), (0.8, 0.9), exclude={1}, box=(0.1, 0.3, 0.5, 0.7))
    return {
        "clicked": {1001: clicks((0.25, 0.5)), 1009: clicks((0.5, 0.5)), 1014: both},
        "drawn": {1001: drawn()},
    }


@pytest.mark.parametrize("last", [1019, 1010], ids=["19 frames", "10 frames"])
def test_mode_exact_equals_the_stock_predictor(tracker: Sam2Tracker, make_clip: MakeClip, last: int) -> None:
    frames = FrameRange(FIRST, last)
    keys = {
        name: {frame: key for frame, key in of_object.items() if frame in frames}
        for name, of_object in prompts().items()
    }
    passes = [
        one for name, of_object in keys.items() for one in plan_passes(name, Keys(tuple(of_object), ()), frames, EXACT)
    ]
    answers = tracked(tracker.track(passes, keys, make_clip(memory_bytes=1 << 30)))
    expected = stock_logits(tracker, keys, range(FIRST, last + 1))
    assert {(one.object, one.frame) for one in answers} == set(expected)
    for one in answers:
        np.testing.assert_allclose(one.logits_hw, expected[one.object, one.frame], atol=1e-4, rtol=0)
    assert np.ptp(answers[-1].logits_hw) > 1e-3, "a flat answer would make any comparison pass"


def test_a_correction_is_seen_by_later_frames(small: Sam2Tracker, make_clip: MakeClip) -> None:
    frames = FrameRange(FIRST, 1012)
    answers = []
    for keys in ({1001: clicks((0.25, 0.5))}, {1001: clicks((0.25, 0.5)), 1006: clicks((0.8, 0.8))}):
        passes = plan_passes("a", Keys(tuple(keys), ()), frames, EXACT)
        answers.append(by_frame(tracked(small.track(passes, {"a": keys}, make_clip())), "a"))
    assert not np.array_equal(answers[0][1010].logits_hw, answers[1][1010].logits_hw)


def test_forgetting_is_exact_in_both_directions(
    small: Sam2Tracker, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {"a": {1022: clicks((0.9, 0.5))}, "b": {1001: clicks((0.25, 0.5))}}
    passes = [Pass("a", (1022,), range(1022, 1000, -1), ENDLESS), Pass("b", (1001,), range(1001, 1025), ENDLESS)]
    pruned = tracked(small.track(passes, keys, make_clip()))
    monkeypatch.setattr(PassMemory, "_forget", lambda _: None)
    monkeypatch.setattr(RotoPredictor, "reach_frames", 1000)
    assert_same(pruned, tracked(small.track(passes, keys, make_clip())))


def test_objects_do_not_touch_each_other(small: Sam2Tracker, make_clip: MakeClip) -> None:
    keys = {
        name: {frame: key for frame, key in of_object.items() if frame <= 1009} for name, of_object in prompts().items()
    }
    frames = FrameRange(FIRST, 1012)
    planned = {
        name: plan_passes(name, Keys(tuple(of_object), ()), frames, TrackSettings()) for name, of_object in keys.items()
    }
    together = tracked(small.track([*planned["clicked"], *planned["drawn"]], keys, make_clip()))
    for name, passes in planned.items():
        alone = tracked(small.track(passes, keys, make_clip()))
        assert_same([one for one in together if one.object == name], alone)


def test_each_frame_is_looked_at_once_in_a_direction(small: Sam2Tracker, make_clip: MakeClip) -> None:
    keys = {"a": {1005: clicks((0.3, 0.5))}, "b": {1005: clicks((0.4, 0.5))}}
    frames = FrameRange(FIRST, 1010)
    passes = [one for name in keys for one in plan_passes(name, Keys((1005,), ()), frames, TrackSettings())]
    clip = make_clip()
    answers = tracked(small.track(passes, keys, clip))
    assert {(one.object, one.frame) for one in answers} == {(name, frame) for name in keys for frame in frames}
    assert clip.looked == list(looks(passes)) == [*range(1005, 1011), *range(1005, 1000, -1)]
