"""Mode ``exact`` against the stock predictor: same weights, same frames, same prompts."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import sam2
import torch
from numpy.typing import NDArray

from rotomatte.models.store import ModelFiles
from rotomatte.plan import ENDLESS, plan_passes
from rotomatte.tracker.base import KeyFrame, Pass, TrackedFrame
from rotomatte.tracker.sam2_tracker import Sam2Tracker, load_tracker, normalise
from rotomatte.tracker.schedule import looks
from rotomatte_plugin.model import FrameRange, TrackSettings

FloatArray = NDArray[np.float32]

IMAGE_SIZE = 128
FIRST, LAST = 1001, 1024
TINY_YAML = Path(sam2.__file__).parent / "configs/sam2.1/sam2.1_hiera_t.yaml"


def files(weights_path: Path | None = None) -> ModelFiles:
    return ModelFiles("random", weights_path, TINY_YAML, "", "Apache-2.0", 1024, is_preview=False)


@pytest.fixture(scope="module")
def tracker() -> Sam2Tracker:
    loaded = load_tracker(files(), "cpu", IMAGE_SIZE)
    # Random weights call every object absent, which would blank the masks that are to be compared.
    last = loaded._predictor.sam_mask_decoder.pred_obj_score_head.layers[-1]
    with torch.no_grad():
        last.bias.fill_(4.0)
    return loaded


def seen(frame: int) -> FloatArray:
    """A blob that moves over stripes."""
    image_hwc = np.zeros((IMAGE_SIZE, IMAGE_SIZE, 3), np.float32)
    image_hwc[:, :: 5 + frame % 3] = 0.4
    cv2.circle(image_hwc, (30 + 3 * (frame - FIRST), 60), 18, (0.9, 0.5, 0.2), -1)
    return image_hwc


def click(x: float, y: float) -> KeyFrame:
    return KeyFrame(np.array([[x, y]], np.float32), np.array([True]))


def prompts() -> dict[str, dict[int, KeyFrame]]:
    mask_hw = np.zeros((90, 160), np.bool_)
    mask_hw[30:60, 60:100] = True
    both = KeyFrame(
        np.array([[0.3, 0.5], [0.8, 0.9]], np.float32),
        np.array([True, False]),
        box_xyxy_norm=np.array([0.1, 0.3, 0.5, 0.7], np.float32),
    )
    nothing = np.zeros((0, 2), np.float32)
    return {
        "clicked": {1001: click(0.25, 0.5), 1009: click(0.5, 0.5), 1017: both},
        "drawn": {1001: KeyFrame(nothing, np.zeros(0, np.bool_), mask_hw=mask_hw)},
    }


def stock_logits(tracker: Sam2Tracker, keys: dict[int, KeyFrame], frames: FrameRange) -> dict[int, FloatArray]:
    """The stock predictor's own loop over the clip, unpruned, everything in memory."""
    predictor = tracker._predictor
    state: dict[str, Any] = {
        "images": [normalise(seen(frame)) for frame in frames],
        "num_frames": len(frames),
        "offload_video_to_cpu": False,
        "offload_state_to_cpu": False,
        "video_height": IMAGE_SIZE // 4,
        "video_width": IMAGE_SIZE // 4,
        "device": torch.device("cpu"),
        "storage_device": torch.device("cpu"),
        **{name: {} for name in ("point_inputs_per_obj", "mask_inputs_per_obj", "cached_features", "constants")},
        **{name: {} for name in ("output_dict_per_obj", "temp_output_dict_per_obj", "frames_tracked_per_obj")},
        "obj_id_to_idx": OrderedDict(),
        "obj_idx_to_id": OrderedDict(),
        "obj_ids": [],
    }
    for frame, key in keys.items():
        index = frame - frames.first
        if key.mask_hw is not None:
            predictor.add_new_mask(state, index, 7, torch.from_numpy(key.mask_hw))
        else:
            scale = IMAGE_SIZE // 4
            predictor.add_new_points_or_box(
                state,
                index,
                7,
                points=key.points_xy_norm * scale,
                labels=key.include_n.astype(np.int32),
                box=None if key.box_xyxy_norm is None else key.box_xyxy_norm * scale,
            )
    return {index + frames.first: masks[0, 0].numpy() for index, _, masks in predictor.propagate_in_video(state)}


def by_frame(tracked: list[TrackedFrame], name: str) -> dict[int, TrackedFrame]:
    return {one.frame: one for one in tracked if one.object == name}


@pytest.mark.parametrize("last", [LAST, 1010], ids=["24 frames", "10 frames"])
def test_mode_exact_equals_the_stock_predictor(tracker: Sam2Tracker, last: int) -> None:
    frames = FrameRange(FIRST, last)
    keys = {
        name: {frame: key for frame, key in of_object.items() if frame in frames}
        for name, of_object in prompts().items()
    }
    settings = TrackSettings(direction="forward", mode="exact")
    passes = [one for name, of_object in keys.items() for one in plan_passes(name, tuple(of_object), frames, settings)]
    tracked = list(tracker.track(passes, keys, seen))
    for name, of_object in keys.items():
        expected = stock_logits(tracker, of_object, frames)
        ours = by_frame(tracked, name)
        assert list(ours) == list(expected) == list(frames)
        for frame, logits_hw in expected.items():
            np.testing.assert_allclose(ours[frame].logits_hw, logits_hw, atol=1e-4, rtol=0)
    some = by_frame(tracked, "clicked")
    assert np.ptp(some[last].logits_hw) > 1e-3, "a flat answer would make any comparison pass"


def test_a_correction_is_seen_by_later_frames(tracker: Sam2Tracker) -> None:
    frames = FrameRange(FIRST, 1012)
    settings = TrackSettings(direction="forward", mode="exact")
    answers = []
    for keys in ({1001: click(0.25, 0.5)}, {1001: click(0.25, 0.5), 1006: click(0.8, 0.8)}):
        passes = plan_passes("a", tuple(keys), frames, settings)
        answers.append(by_frame(list(tracker.track(passes, {"a": keys}, seen)), "a"))
    assert not np.array_equal(answers[0][1010].logits_hw, answers[1][1010].logits_hw)


def test_forgetting_is_exact_in_both_directions(tracker: Sam2Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {"a": {1022: click(0.9, 0.5)}, "b": {1001: click(0.25, 0.5)}}
    passes = [Pass("a", (1022,), range(1022, 1000, -1), ENDLESS), Pass("b", (1001,), range(1001, 1025), ENDLESS)]
    pruned = list(tracker.track(passes, keys, seen))

    def keep_all(_: Sam2Tracker, outputs: dict[int, Any], index: int, output: Any, *, reverse: bool) -> None:
        outputs[index] = output

    monkeypatch.setattr(Sam2Tracker, "_remember", keep_all)
    whole = list(tracker.track(passes, keys, seen))
    assert [(one.object, one.frame) for one in pruned] == [(one.object, one.frame) for one in whole]
    for ours, theirs in zip(pruned, whole, strict=True):
        np.testing.assert_array_equal(ours.logits_hw, theirs.logits_hw)


def test_objects_do_not_touch_each_other(tracker: Sam2Tracker) -> None:
    keys = {
        name: {frame: key for frame, key in of_object.items() if frame <= 1009} for name, of_object in prompts().items()
    }
    frames = FrameRange(FIRST, 1012)
    settings = TrackSettings()
    planned = {name: plan_passes(name, tuple(of_object), frames, settings) for name, of_object in keys.items()}
    together = list(tracker.track([*planned["clicked"], *planned["drawn"]], keys, seen))
    for name, passes in planned.items():
        alone = by_frame(list(tracker.track(passes, keys, seen)), name)
        for frame, one in by_frame(together, name).items():
            np.testing.assert_array_equal(one.logits_hw, alone[frame].logits_hw)


def test_each_frame_is_looked_at_once_in_a_direction(tracker: Sam2Tracker) -> None:
    looked: list[int] = []

    def counting(frame: int) -> FloatArray:
        looked.append(frame)
        return seen(frame)

    keys = {"a": {1005: click(0.3, 0.5)}, "b": {1005: click(0.4, 0.5)}}
    frames = FrameRange(FIRST, 1010)
    passes = [one for name in keys for one in plan_passes(name, (1005,), frames, TrackSettings())]
    tracked = list(tracker.track(passes, keys, counting))
    assert {(one.object, one.frame) for one in tracked} == {(name, frame) for name in keys for frame in frames}
    assert looked == list(looks(passes)) == [*range(1005, 1011), *range(1005, 1000, -1)]
