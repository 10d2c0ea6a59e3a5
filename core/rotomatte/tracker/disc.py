"""A tracker without a network, for tests of everything around one: it follows a disc by its colour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.tracker.base import KeepMemory, KeyFrame, Pass, SeenClip, Step, TrackedFrame
from rotomatte.tracker.lockstep import run_together
from rotomatte.tracker.proposals import Proposal, Proposing
from rotomatte.tracker.schedule import lone_pass
from rotomatte_plugin.model import ModelUsed

FloatArray = NDArray[np.float32]

_GRID_SIZE = 64
_COLOUR_REACH = 0.15
_NOTHING = np.float32(-16)
_SURE = 0.9
_MOST_OF_PICTURE = 0.5


class DiscTracker:
    """Finds, on each frame, the blob of the colour that the prompts point at; good for flat discs on flat grounds.

    Deterministic and quick; what it remembers from frame to frame is nothing. Where no such colour is left, the
    object is absent.
    """

    model = ModelUsed("disc", "0" * 64, "Apache-2.0", 4 * _GRID_SIZE)
    device = "cpu"
    grid_size = _GRID_SIZE

    def tell(self, say: Callable[[str], None]) -> None:
        """See ``Tracker.tell``; there is nothing that it could let go of."""

    def answer(self, frame: int, key: KeyFrame, clip: SeenClip) -> TrackedFrame:
        """See ``Tracker.answer``."""
        return _Eye(clip).answer(frame, key).tracked(lone_pass(frame), frame)

    def propose(self, seen_hwc: FloatArray, how: Proposing) -> list[Proposal]:
        """See ``Proposer.propose``: what has the colour of a point of the grid and less than half of the picture."""
        found: dict[bytes, Proposal] = {}
        side = seen_hwc.shape[0]
        places = ((np.arange(how.points_per_side) + 0.5) * side / how.points_per_side).astype(int)
        for row in places:
            for column in places:
                logits_hw = _logits(seen_hwc, seen_hwc[row, column])
                # What is one cell thin is the edge of something else.
                if logits_hw.max() > 1 and (logits_hw > 0).mean() < _MOST_OF_PICTURE:
                    found.setdefault(logits_hw.tobytes(), Proposal(logits_hw.astype(np.float16), _SURE, 1.0))
        return list(found.values())

    def track(
        self,
        passes: Sequence[Pass],
        keys: Mapping[str, Mapping[int, KeyFrame]],
        clip: SeenClip,
        *,
        memories: Mapping[Pass, bytes] = {},  # noqa: ARG002
        keep_memory: Optional[KeepMemory] = None,
    ) -> Iterator[Step]:
        """See ``Tracker.track``. Passes run together, in the order of ``schedule``."""
        eye = _Eye(clip)

        def answer(name: str, frame: int) -> _Found:
            return eye.answer(frame, keys[name][frame])

        def follow(one: Pass, answered: Mapping[int, _Found]) -> _Follower:
            return _Follower(one, answered, eye)

        yield from run_together(passes, clip, keep_memory, answer, follow)


@dataclass(frozen=True)
class _Found:
    """What has the colour ``rgb`` on a frame."""

    rgb: FloatArray
    logits_hw: FloatArray

    def tracked(self, one: Pass, frame: int) -> TrackedFrame:
        present = bool((self.logits_hw > 0).any())
        return TrackedFrame(one, frame, self.logits_hw, 8.0 if present else -8.0, _SURE if present else 0.0)


class _Eye:
    """Looks at a clip, and keeps the picture that it looked at last."""

    def __init__(self, clip: SeenClip) -> None:
        self._clip = clip
        self._last: Optional[tuple[int, FloatArray]] = None

    def answer(self, frame: int, key: KeyFrame) -> _Found:
        return self.find(frame, _pointed_at(self._picture(frame), key))

    def find(self, frame: int, rgb: FloatArray) -> _Found:
        return _Found(rgb, _logits(self._picture(frame), rgb))

    def _picture(self, frame: int) -> FloatArray:
        if self._last is None or self._last[0] != frame:
            self._last = (frame, self._clip.picture(frame))
        return self._last[1]


class _Follower:
    """One pass under way: on each frame it looks for the colour of the nearest key, the earlier of two as near."""

    def __init__(self, one: Pass, answered: Mapping[int, _Found], eye: _Eye) -> None:
        self._pass = one
        self._answered = answered
        self._eye = eye

    def step(self, frame: int) -> TrackedFrame:
        nearest = min((abs(key - frame), key) for key in self._answered)[1]
        found = self._answered[nearest]
        return (found if nearest == frame else self._eye.find(frame, found.rgb)).tracked(self._pass, frame)

    def memory(self) -> bytes:
        return b""


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
    return _distance(like_hw) - _distance(1 - like_hw)


def _distance(mask_hw: NDArray[np.uint8]) -> FloatArray:
    """How far, in cells, it is from each cell of the mask to the nearest outside; the same bits every time.

    OpenCV's last digits depend on where in memory the picture lies; the squares are whole numbers.
    """
    squares_hw = np.rint(cv2.distanceTransform(mask_hw, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) ** 2)
    return np.asarray(np.sqrt(squares_hw), np.float32)
