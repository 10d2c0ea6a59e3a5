"""A tracker without a network, for tests of everything around one: it follows a disc by its colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.tracker.base import FrameSource, KeyFrame, Pass, TrackedFrame
from rotomatte.tracker.schedule import Key, schedule
from rotomatte_plugin.model import ModelUsed

FloatArray = NDArray[np.float32]

_GRID_SIZE = 64
_COLOUR_REACH = 0.15
_NOTHING = np.float32(-16)


class DiscTracker:
    """Finds, on each frame, the blob of the colour that the prompts point at; good for flat discs on flat grounds.

    Deterministic, memoryless from frame to frame and quick. Where no such colour is left, the object is absent.
    """

    model = ModelUsed("disc", "0" * 64, "Apache-2.0", 4 * _GRID_SIZE)
    device = "cpu"
    grid_size = _GRID_SIZE

    def track(
        self,
        passes: Sequence[Pass],
        keys: Mapping[str, Mapping[int, KeyFrame]],
        frames: FrameSource,
    ) -> Iterator[TrackedFrame]:
        """See ``Tracker.track``. Passes run together, in the order of ``schedule``."""
        colours: dict[Key, FloatArray] = {}
        for visit in schedule(passes):
            for name, key in visit.answers:
                colours[name, key] = _pointed_at(frames(key), keys[name][key])
            for one in visit.passes:
                nearest = min((abs(key - visit.frame), key) for key in one.keys)[1]
                logits_hw = _logits(frames(visit.frame), colours[one.object, nearest])
                present = bool((logits_hw > 0).any())
                yield TrackedFrame(
                    one.object, visit.frame, logits_hw, 8.0 if present else -8.0, 0.9 if present else 0.0
                )


def _pointed_at(seen_hwc: FloatArray, key: KeyFrame) -> FloatArray:
    """The colour under the first include point, else in the middle of the mask or box."""
    height, width = seen_hwc.shape[:2]
    included = key.points_xy_norm[key.include_n]
    if len(included):
        x_norm, y_norm = included[0]
    elif key.mask_hw is not None:
        rows, columns = np.nonzero(key.mask_hw)
        x_norm, y_norm = columns.mean() / key.mask_hw.shape[1], rows.mean() / key.mask_hw.shape[0]
    elif key.box_xyxy_norm is not None:
        x_norm, y_norm = key.box_xyxy_norm.reshape(2, 2).mean(axis=0)
    else:
        return np.full(3, -1, np.float32)
    column, row = min(int(x_norm * width), width - 1), min(int(y_norm * height), height - 1)
    rgb: FloatArray = seen_hwc[row, column]
    return rgb


def _logits(seen_hwc: FloatArray, rgb: FloatArray) -> FloatArray:
    """Signed distance, in cells, to the edge of what has that colour."""
    small_hwc = cv2.resize(seen_hwc, (_GRID_SIZE, _GRID_SIZE), interpolation=cv2.INTER_AREA)
    like_hw = (np.abs(small_hwc - rgb).max(axis=2) < _COLOUR_REACH).astype(np.uint8)
    if not like_hw.any():
        return np.full((_GRID_SIZE, _GRID_SIZE), _NOTHING, np.float32)
    inside_hw = cv2.distanceTransform(like_hw, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    outside_hw = cv2.distanceTransform(1 - like_hw, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(inside_hw - outside_hw, np.float32)
