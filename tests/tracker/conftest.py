"""A tiny SAM 2 with random weights, a clip for it, and the stock predictor's own loop over the same clip."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import sam2
import torch
from numpy.typing import NDArray

from rotomatte.models import bundled
from rotomatte.models.store import ModelFiles
from rotomatte.tracker.base import KeyFrame, PassCut, SeenClip, Step, TrackedFrame
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte.tracker.sam2_predictor import RotoPredictor, normalise
from rotomatte.tracker.sam2_tracker import Sam2Tracker, load_tracker

FloatArray = NDArray[np.float32]

IMAGE_SIZE = 128
FIRST, LAST = 1001, 1024
EVERYTHING = range(-(10**6), 10**6)
NO_POINTS = np.zeros((0, 2), np.float32)
NOBODY = np.zeros(0, np.bool_)


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Networks this small gain nothing from more threads, which wait for each other where cores are taken.

    Set back after each file: torch counts for the thread that sets it, and other tests compare what threads compute.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def tracker() -> Sam2Tracker:
    """SAM 2.1 tiny with random weights."""
    return _random(Path(sam2.__file__).parent / "configs/sam2.1/sam2.1_hiera_t.yaml")


@pytest.fixture(scope="session")
def small() -> Sam2Tracker:
    """The bundled network with random weights, where one that is several times quicker shows as much."""
    return _random(Path(bundled.__file__).with_name("model.yaml"))


def _random(config: Path) -> Sam2Tracker:
    """It calls every object present and well seen, as random weights would not."""
    loaded = load_tracker(ModelFiles("random", None, config, "", "", 1024, is_preview=False), "cpu", IMAGE_SIZE)
    # The stock predictor's own loop, which it is compared with, runs so on every machine.
    loaded._in_bf16 = False
    decoder = loaded._predictor.sam_mask_decoder
    with torch.no_grad():
        decoder.pred_obj_score_head.layers[-1].bias.fill_(4.0)
        decoder.iou_prediction_head.layers[-1].bias.fill_(2.0)
    return loaded


def seen(frame: int) -> FloatArray:
    """A blob that moves over stripes."""
    image_hwc = np.zeros((IMAGE_SIZE, IMAGE_SIZE, 3), np.float32)
    image_hwc[:, :: 5 + frame % 3] = 0.4
    cv2.circle(image_hwc, (30 + 3 * (frame - FIRST), 60), 18, (0.9, 0.5, 0.2), -1)
    return image_hwc


class BlobClip(SeenClip):
    """The moving blob, with ``cuts`` before the frames given; notes which pictures were asked for."""

    def __init__(self, features: FeatureCache, cuts: Collection[int] = ()) -> None:
        self._features = features
        self._cuts = cuts
        self.looked: list[int] = []

    @property
    def features(self) -> FeatureCache:
        return self._features

    def picture(self, frame: int) -> FloatArray:
        self.looked.append(frame)
        return seen(frame)

    def is_cut(self, frame: int, neighbour: int) -> bool:
        assert abs(frame - neighbour) == 1
        return max(frame, neighbour) in self._cuts


MakeClip = Callable[..., BlobClip]


@pytest.fixture
def make_clip(tmp_path: Path) -> MakeClip:
    """Makes clips whose features are kept within a budget, which is none unless given."""

    def make(memory_bytes: int = 0, disk_bytes: int = 0, cuts: Collection[int] = ()) -> BlobClip:
        return BlobClip(FeatureCache(CacheBudget(memory_bytes, disk_bytes), tmp_path, EVERYTHING), cuts)

    return make


def clicks(*points: tuple[float, float], exclude: Collection[int] = (), box: Any = None) -> KeyFrame:
    """A key frame with points in canvas units, all on the object but those excluded by their place."""
    include_n = np.array([place not in exclude for place in range(len(points))], np.bool_)
    box_xyxy_norm = None if box is None else np.array(box, np.float32)
    return KeyFrame(np.array(points, np.float32).reshape(-1, 2), include_n, box_xyxy_norm)


def drawn() -> KeyFrame:
    """A key frame with a mask of another shape than the model's."""
    mask_hw = np.zeros((90, 160), np.bool_)
    mask_hw[30:60, 60:100] = True
    return KeyFrame(NO_POINTS, NOBODY, mask_hw=mask_hw)


def stock_state(frames: Collection[int]) -> dict[str, Any]:
    """The stock predictor's state of a clip, everything in memory."""
    tables = ("point_inputs_per_obj", "mask_inputs_per_obj", "cached_features", "constants")
    outputs = ("output_dict_per_obj", "temp_output_dict_per_obj", "frames_tracked_per_obj")
    return {
        "images": [normalise(seen(frame)) for frame in frames],
        "num_frames": len(frames),
        "offload_video_to_cpu": False,
        "offload_state_to_cpu": False,
        "video_height": IMAGE_SIZE // 4,
        "video_width": IMAGE_SIZE // 4,
        "device": torch.device("cpu"),
        "storage_device": torch.device("cpu"),
        **{name: {} for name in (*tables, *outputs)},
        "obj_id_to_idx": OrderedDict(),
        "obj_idx_to_id": OrderedDict(),
        "obj_ids": [],
    }


def add_key(predictor: RotoPredictor, state: dict[str, Any], index: int, key: KeyFrame, name: str = "a") -> FloatArray:
    """The stock predictor's answer to prompts on a frame."""
    if key.mask_hw is not None:
        masks = predictor.add_new_mask(state, index, name, torch.from_numpy(key.mask_hw))[2]
    else:
        scale = IMAGE_SIZE // 4
        masks = predictor.add_new_points_or_box(
            state,
            index,
            name,
            points=key.points_xy_norm * scale,
            labels=key.include_n.astype(np.int32),
            box=None if key.box_xyxy_norm is None else key.box_xyxy_norm * scale,
        )[2]
    logits_hw: FloatArray = masks[state["obj_ids"].index(name), 0].numpy()
    return logits_hw


def stock_logits(
    tracker: Sam2Tracker, keys: Mapping[str, Mapping[int, KeyFrame]], frames: range
) -> dict[tuple[str, int], FloatArray]:
    """The stock predictor's own loop over the clip, nothing forgotten."""
    predictor = tracker._predictor
    state = stock_state(frames)
    for name, of_object in keys.items():
        for frame, key in of_object.items():
            add_key(predictor, state, frame - frames[0], key, name)
    return {
        (name, index + frames[0]): masks[place, 0].numpy()
        for index, names, masks in predictor.propagate_in_video(state)
        for place, name in enumerate(names)
    }


def tracked(steps: Iterator[Step]) -> list[TrackedFrame]:
    """The answers of a run without cuts."""
    found = []
    for step in steps:
        assert not isinstance(step, PassCut)
        found.append(step)
    return found


def by_frame(answers: list[TrackedFrame], name: str) -> dict[int, TrackedFrame]:
    return {one.frame: one for one in answers if one.object == name}


def assert_same(ours: list[TrackedFrame], theirs: list[TrackedFrame]) -> None:
    """Equal, bit for bit, whatever the extent of their passes."""
    assert [(one.object, one.frame) for one in ours] == [(one.object, one.frame) for one in theirs]
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one.logits_hw, other.logits_hw)
        assert (one.object_score, one.predicted_iou) == (other.object_score, other.predicted_iou)
