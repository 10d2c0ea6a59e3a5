"""Which of the frames already tracked a pass looks back at. Pure code.

Policies: "stock", the latest frames, as SAM 2 does (Ravi et al., 2024); "visible", the latest ones on which the
object was well seen, after the selection of memories in SAMURAI (Yang et al., 2024) and SAM2Long (Ding et al., 2024);
"distractor", these and a few anchors from where something else looked like the object, after DAM4SAM (Videnovic,
Lukezic and Kristan, 2025).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte_plugin.model import MemoryPolicy

BoolArray = NDArray[np.bool_]

WELL_SEEN_IOU = 0.3
"""Below, the mask has little of the object. Small models expect 0.3 to 0.5 of true tracks of fine or changing things:
with a limit of 0.5 they would remember nothing of those, with 0.1 they remember what hides the object."""

MOST_ANCHORS = 3
_ANCHOR_IOU = 0.8
_ANCHOR_AREA_CHANGE = 0.2
_ANCHOR_AREAS = 10
_ANCHOR_APART_FRAMES = 5
_ANCHOR_OVERLAP = 0.7


@dataclass(frozen=True)
class Sighting:
    """How the object was seen on a frame.

    ``object_score`` is a logit, ``predicted_iou`` lies in [0, 1]; ``candidates_khw`` are the decoder's masks, of which
    ``chosen`` is the answer.
    """

    frame: int
    object_score: float
    predicted_iou: float
    candidates_khw: BoolArray
    chosen: int

    @property
    def is_good(self) -> bool:
        """Whether the object was well seen."""
        return self.object_score > 0 and self.predicted_iou > WELL_SEEN_IOU


@dataclass
class LookBack:
    """The frames that one pass looks back at; it grows no further than ``reach_frames``.

    ``recent`` are those that count, oldest first. Key frames that the pass came through take a place among them, as
    they do in the stock predictor, which finds nothing there and sees them elsewhere. ``anchors`` are kept beyond;
    ``areas_cells`` are those of the last frames on which the object was well seen, ``anchored`` the latest anchor or
    key frame.
    """

    policy: MemoryPolicy
    reach_frames: int
    anchored: int
    recent: list[int] = field(default_factory=list)
    anchors: list[int] = field(default_factory=list)
    areas_cells: list[int] = field(default_factory=list)

    def back(self, steps: int) -> Optional[int]:
        """The frame that counts as ``steps`` (1 or more) before the next one, None where there is none."""
        return self.recent[-steps] if 0 < steps <= len(self.recent) else None

    def pass_key(self, frame: int) -> None:
        """The pass came through a key frame."""
        self.anchored = frame
        self._append(frame)

    def pass_frame(self, seen: Sighting) -> None:
        """The pass made a step."""
        if self.policy == "stock":
            self._append(seen.frame)
            return
        if not seen.is_good:
            return
        self._append(seen.frame)
        if self.policy == "distractor":
            self._consider_anchor(seen)

    def shown_anchors(self, keys: int, most: int) -> tuple[int, ...]:
        """The anchors that fit beside so many ``keys``, of ``most`` frames (-1: no limit) that the model attends to.

        Past its limit the model would take the nearest frames and leave out what the artist said.
        """
        room = MOST_ANCHORS if most < 0 else max(0, most - keys)
        return tuple(self.anchors[-room:]) if room else ()

    def _append(self, frame: int) -> None:
        self.recent = [*self.recent, frame][-self.reach_frames :]

    def _consider_anchor(self, seen: Sighting) -> None:
        area_cells = int(seen.candidates_khw[seen.chosen].sum())
        usual_cells = median(self.areas_cells) if self.areas_cells else 0
        self.areas_cells = [*self.areas_cells, area_cells][-_ANCHOR_AREAS:]
        if (
            seen.predicted_iou > _ANCHOR_IOU
            and abs(area_cells - usual_cells) <= _ANCHOR_AREA_CHANGE * usual_cells
            and abs(seen.frame - self.anchored) > _ANCHOR_APART_FRAMES
            and something_alike(seen.candidates_khw, seen.chosen)
        ):
            self.anchored = seen.frame
            self.anchors = [*self.anchors, seen.frame][-MOST_ANCHORS:]


def something_alike(candidates_khw: BoolArray, chosen: int) -> bool:
    """Whether another of the decoder's masks lies elsewhere, which is how something that looks alike shows.

    Compared are the boxes of the largest part of each: that of both together must be a good deal larger.
    """
    box_xyxy = _largest_box(candidates_khw[chosen])
    if box_xyxy is None:
        return False
    for other, mask_hw in enumerate(candidates_khw):
        other_xyxy = _largest_box(mask_hw) if other != chosen else None
        if other_xyxy is None:
            continue
        union_xyxy = (*np.minimum(box_xyxy[:2], other_xyxy[:2]), *np.maximum(box_xyxy[2:], other_xyxy[2:]))
        if _area(box_xyxy) <= _ANCHOR_OVERLAP * _area(np.array(union_xyxy)):
            return True
    return False


def _largest_box(mask_hw: BoolArray) -> Optional[NDArray[np.int32]]:
    """The box of the largest connected part, None where there is nothing."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask_hw.astype(np.uint8))
    if count < 2:
        return None
    left, top, width, height, _ = stats[1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))]
    return np.array([left, top, left + width, top + height], np.int32)


def _area(box_xyxy: NDArray[np.int32]) -> int:
    return int((box_xyxy[2] - box_xyxy[0]) * (box_xyxy[3] - box_xyxy[1]))
