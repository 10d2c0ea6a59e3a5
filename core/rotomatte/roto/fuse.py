"""Two tracks of one frame, from the key frames on either side, become one. Pure code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

_LIMIT = 16.0
"""Logits beyond this are sure; SAM 2 says -1024 for an absent object, which would win over any other track."""

_LEAST_TRUST = 1e-3


@dataclass(frozen=True)
class Sighting:
    """What is known of one object on one frame.

    ``logits_hw`` on the model's grid, positive inside; ``object_score`` a logit; ``start_iou`` as in ``TrackedFrame``,
    the others as in ``FrameScore``.
    """

    logits_hw: FloatArray
    object_score: float
    predicted_iou: float
    start_iou: float = 1.0
    neighbour_iou: Optional[float] = None
    passes_iou: Optional[float] = None


def halved(sighting: Sighting) -> Sighting:
    """The sighting as a log gives it back: its logits in half precision."""
    return replace(sighting, logits_hw=sighting.logits_hw.astype(np.float16).astype(np.float32))


def fuse(earlier: Sighting, later: Sighting, place: float) -> Sighting:
    """The track from the key before and the one from the key after, as one.

    ``place`` is where the frame lies between its keys, 0 at the earlier one. Each track weighs as much as it is near
    its key and sure of itself (probability of presence times predicted IoU), and as its key was: so close to a key the
    track from there is all there is, a track that has lost the object gives way to one that has not, and one from a
    click that the model hardly understood to one from a drawn matte.
    """
    weight_earlier, weight_later = (1 - place) * _trust(earlier), place * _trust(later)
    share = weight_later / (weight_earlier + weight_later)
    stronger = earlier if share < 0.5 else later
    return replace(
        stronger,
        logits_hw=_mix(earlier.logits_hw.clip(-_LIMIT, _LIMIT), later.logits_hw.clip(-_LIMIT, _LIMIT), share),
        object_score=(1 - share) * earlier.object_score + share * later.object_score,
        predicted_iou=(1 - share) * earlier.predicted_iou + share * later.predicted_iou,
        passes_iou=overlap(earlier.logits_hw > 0, later.logits_hw > 0),
    )


def overlap(one_hw: BoolArray, other_hw: BoolArray) -> float:
    """Intersection over union of two masks; 1 where both are empty."""
    union, common = int(np.count_nonzero(one_hw | other_hw)), int(np.count_nonzero(one_hw & other_hw))
    return round(common / union, 6) if union else 1.0


def _trust(sighting: Sighting) -> float:
    present = 1 / (1 + np.exp(-np.clip(sighting.object_score, -30, 30)))
    return max(_LEAST_TRUST, float(present) * sighting.predicted_iou * sighting.start_iou**2)


def _mix(one_hw: FloatArray, other_hw: FloatArray, share: float) -> FloatArray:
    return np.asarray(one_hw * np.float32(1 - share) + other_hw * np.float32(share), np.float32)
