"""One frame of a plate as finding looks at it: windows of it, what the model proposes there, and a second look."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Optional, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.colour.view import ModelView
from rotomatte.finding.candidates import Candidate
from rotomatte.plate.base import FloatArray, Window
from rotomatte.tracker.base import ENDLESS, KeyFrame, Pass, SeenClip, TrackedFrame
from rotomatte.tracker.features import CacheBudget, FeatureCache, HalfArray
from rotomatte.tracker.proposals import Proposer, Proposing

BoolArray = NDArray[np.bool_]

_NO_POINTS = np.zeros((0, 2), np.float32)
_NOBODY = np.zeros(0, np.bool_)
_FIRST = 0
_NAME = "find"
_NOWHERE = Path()


class FoundFrame:
    """A frame, ``rgb_hwc`` over the canvas, as ``view`` shows it to ``tracker``."""

    def __init__(self, rgb_hwc: FloatArray, canvas: Window, view: ModelView, tracker: Proposer) -> None:
        self._rgb_hwc = rgb_hwc
        self._view = view
        self._tracker = tracker
        self.canvas = canvas

    def seen(self, window: Window) -> FloatArray:
        """A window as the model sees it."""
        part_hwc = np.ascontiguousarray(window.cut(self._rgb_hwc, self.canvas))
        return self._view.see(part_hwc, self._tracker.model.image_size)

    def seen_full(self) -> FloatArray:
        """The whole canvas at its own size, as the model's view shows it."""
        return self._view.see_full(self._rgb_hwc)

    def proposals(self, window: Window, how: Proposing) -> list[Candidate]:
        """What the model proposes in a window.

        Raises:
            OutOfMemoryError: see ``Proposer.propose``.
        """
        return [
            Candidate(window, one.logits_hw, one.predicted_iou * one.stability)
            for one in self._tracker.propose(self.seen(window), how)
        ]

    def looked_at_again(self, candidate: Candidate, window: Window) -> Candidate:
        """What the model makes of the same picture, in ``window``, once it was told that the candidate is the object.

        The memory by which it follows an object from frame to frame looks for the likes of the object's cells, and of
        those outside: so what a click left out comes in, and what it took in by mistake goes.

        Raises:
            OutOfMemoryError: the device ran out of memory.
        """
        seen_hwc = self.seen(window)
        mask_hw = part_of(candidate, window, len(seen_hwc))
        if not mask_hw.any():
            return candidate
        key = KeyFrame(_NO_POINTS, _NOBODY, mask_hw=mask_hw)
        once = Pass(_NAME, (_FIRST,), range(_FIRST, _FIRST + 2), ENDLESS)
        steps = list(self._tracker.track((once,), {_NAME: {_FIRST: key}}, _StillClip(seen_hwc)))
        last = cast(TrackedFrame, steps[-1])
        return Candidate(window, last.logits_hw.astype(np.float16), last.predicted_iou)


def part_of(candidate: Candidate, window: Window, side: int) -> BoolArray:
    """A candidate's mask in a window, on a square of ``side`` cells over it; empty where the two do not meet."""
    own, (height, width) = candidate.window, candidate.logits_hw.shape
    # The centre of each cell of the window, in cells of the candidate's own grid.
    centres = (np.arange(side) + 0.5) / side
    x = (window.left + centres * window.width - own.left) * width / own.width - 0.5
    y = (window.top + centres * window.height - own.top) * height / own.height - 0.5
    map_x, map_y = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    logits_hw = cv2.remap(
        candidate.logits_hw.astype(np.float32), map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    within_hw = (map_x >= -0.5) & (map_x < width - 0.5) & (map_y >= -0.5) & (map_y < height - 0.5)
    return np.asarray((logits_hw > 0) & within_hw)


class _OnePicture(FeatureCache):
    """What the encoder made of a picture, whatever frame it is asked for."""

    def __init__(self) -> None:
        super().__init__(CacheBudget(disk_bytes=0), _NOWHERE, worth=(_FIRST,))

    def __contains__(self, frame: int) -> bool:
        return super().__contains__(_FIRST)

    def takes(self, frame: int) -> bool:  # noqa: ARG002
        return super().takes(_FIRST)

    def put(self, frame: int, arrays: Sequence[HalfArray]) -> None:  # noqa: ARG002
        super().put(_FIRST, arrays)

    def get(self, frame: int) -> Optional[tuple[HalfArray, ...]]:  # noqa: ARG002
        return super().get(_FIRST)


class _StillClip(SeenClip):
    """A clip that shows the same picture on every frame."""

    def __init__(self, seen_hwc: FloatArray) -> None:
        self._seen_hwc = seen_hwc
        self._features = _OnePicture()

    @property
    def features(self) -> FeatureCache:
        return self._features

    def picture(self, frame: int) -> FloatArray:  # noqa: ARG002  the same on every frame
        return self._seen_hwc

    def is_cut(self, frame: int, neighbour: int) -> bool:  # noqa: ARG002  no shot ends here
        return False
