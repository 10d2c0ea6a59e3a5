"""What the model is told on a key frame that it sees from close up: the artist's prompts and the first answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import Window
from rotomatte.roto.fuse import FloatArray, overlap
from rotomatte.roto.windows import cut_out
from rotomatte.tracker.base import ENDLESS, KeyFrame, Pass, SeenClip, TrackedFrame, Tracker
from rotomatte.tracker.features import CacheBudget, FeatureCache

BoolArray = NDArray[np.bool_]

_SECOND_LOOKS = 4
"""How often the model looks at a key frame again. Four bring most of what eight do."""

_SAME_OBJECT = 0.5
"""What overlaps the first answer by less than this is not the object, however sharp its edge is."""

_STILL_CACHE = CacheBudget(memory_bytes=1 << 28, disk_bytes=0)


def key_in_window(
    told: KeyFrame, first_hw: FloatArray, canvas: Window, window: Window, sharpen: Callable[[FloatArray], FloatArray]
) -> KeyFrame:
    """A key frame over the canvas as one over a window.

    What the artist drew is cut out. Otherwise the object is what the first answer, the logits ``first_hw`` over the
    canvas, says: it has heard the prompts already. ``sharpen`` makes the best of it when it is cut out. The clicks are
    told again as corrections of that, which holds them good. Where the first answer is empty, the object is not there.
    """
    corner = np.array([window.left - canvas.left, window.top - canvas.top])
    points_xy = told.points_xy_norm * (canvas.width, canvas.height) - corner
    points_xy_norm = np.asarray(points_xy / (window.width, window.height), np.float32)
    within_n = ((points_xy_norm >= 0) & (points_xy_norm <= 1)).all(axis=1)
    points_xy_norm, include_n = points_xy_norm[within_n], told.include_n[within_n]
    if told.mask_hw is not None:
        left, top = corner.tolist()
        mask_hw = told.mask_hw[top : top + window.height, left : left + window.width]
        return KeyFrame(points_xy_norm, include_n, mask_hw=np.ascontiguousarray(mask_hw))
    seed_hw = cut_out(first_hw, canvas, window)
    if not (seed_hw > 0).any():
        return KeyFrame(points_xy_norm[:0], include_n[:0], mask_hw=np.zeros((1, 1), np.bool_))
    logits_hw = sharpen(seed_hw)
    if len(include_n):
        return KeyFrame(points_xy_norm, include_n, hint_hw=logits_hw)
    return KeyFrame(points_xy_norm, include_n, mask_hw=_mask(logits_hw))


def sharpened(tracker: Tracker, seen_hwc: FloatArray, seed_hw: FloatArray) -> FloatArray:
    """A coarse answer, made to fit the picture that it is about.

    The model is told that the answer is a mask drawn on a picture, tracks it to the same picture again, and so on from
    what came of it: each time it looks at the edges anew, and keeps the object. ``seed_hw`` itself comes back where
    that ends up with something else.
    """
    clip = _Still(seen_hwc)
    still = Pass("", (0,), range(2), ENDLESS)
    nothing = (np.zeros((0, 2), np.float32), np.zeros(0, np.bool_))
    logits_hw = seed_hw
    for _ in range(_SECOND_LOOKS):
        key = KeyFrame(*nothing, mask_hw=_mask(logits_hw))
        steps = tracker.track([still], {"": {0: key}}, clip)
        again_hw = [step.logits_hw for step in steps if isinstance(step, TrackedFrame)][-1]
        if overlap(again_hw > 0, seed_hw > 0) < _SAME_OBJECT:
            return seed_hw
        logits_hw = again_hw
    return logits_hw


def _mask(logits_hw: FloatArray) -> BoolArray:
    """An answer as a mask four times as fine: as fine as the picture that the model sees."""
    height, width = logits_hw.shape
    return np.asarray(cv2.resize(logits_hw, (4 * width, 4 * height), interpolation=cv2.INTER_CUBIC) > 0)


class _Still(SeenClip):
    """One picture on every frame."""

    def __init__(self, seen_hwc: FloatArray) -> None:
        self._seen_hwc = seen_hwc
        self._features = FeatureCache(_STILL_CACHE, Path(), worth=range(2))

    @property
    def features(self) -> FeatureCache:
        return self._features

    def picture(self, frame: int) -> FloatArray:  # noqa: ARG002
        return self._seen_hwc

    def is_cut(self, frame: int, neighbour: int) -> bool:  # noqa: ARG002
        return False
