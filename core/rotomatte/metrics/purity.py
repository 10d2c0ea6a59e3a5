"""How clean a matte is away from the edge: a core that is 1, a background that is 0."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.metrics.region import INSIDE_FROM
from rotomatte.plate.base import FloatArray

BoolArray = NDArray[np.bool_]


def core_purity(matte_hw: FloatArray, truth_hw: FloatArray, margin_px: float) -> float:
    """The part of the truth's core that the matte makes exactly 1, in [0, 1]; 1 where there is no core.

    The core is what lies ``margin_px`` pixels or more inside the line where the truth crosses 0.5 and is 1 in the
    truth.
    """
    return _purity(matte_hw == 1, (truth_hw == 1) & _deep(truth_hw >= INSIDE_FROM, margin_px))


def background_purity(matte_hw: FloatArray, truth_hw: FloatArray, margin_px: float) -> float:
    """The part of the background that the matte makes exactly 0, in [0, 1]; 1 where there is none.

    The background is what lies ``margin_px`` pixels or more outside the line where the truth crosses 0.5 and is 0
    in the truth.
    """
    return _purity(matte_hw == 0, (truth_hw == 0) & _deep(truth_hw < INSIDE_FROM, margin_px))


def _deep(part_hw: BoolArray, margin_px: float) -> BoolArray:
    """Pixels whose nearest pixel outside ``part_hw`` is farther than ``margin_px``; all where there is none."""
    distance_hw = cv2.distanceTransform(part_hw.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance_hw > margin_px)


def _purity(is_pure_hw: BoolArray, wanted_hw: BoolArray) -> float:
    count = int(np.count_nonzero(wanted_hw))
    return int(np.count_nonzero(is_pure_hw & wanted_hw)) / count if count else 1.0
