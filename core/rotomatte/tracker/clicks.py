"""Clicks as SAM 2 takes them well: a few at a time, and corrections that stay where they were made. Pure code."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

CLICKS_A_CALL = 8
"""SAM 2 was trained with up to eight clicks on a frame (Ravi et al., 2024, appendix on training)."""

_OBEYED_CELLS = 2
_OBEYED_LOGIT = 4.0


def portions(include_n: NDArray[np.bool_]) -> Sequence[NDArray[np.intp]]:
    """The indices of the clicks for each call, in the artist's order; at least one call, which may have none.

    ``include_n`` says which clicks are on the object: the first of those is in the first call, for there is nothing
    yet to take away from. A click added at the end leaves the earlier calls as they were.
    """
    order = np.arange(len(include_n))
    if include_n.any() and not include_n[:CLICKS_A_CALL].any():
        first = int(np.argmax(include_n))
        order = np.concatenate([order[first : first + 1], np.delete(order, first)])
    return np.split(order, range(CLICKS_A_CALL, len(order), CLICKS_A_CALL))


def local_correction(
    hint_hw: FloatArray, answer_hw: FloatArray, points_xy_norm: FloatArray, include_n: NDArray[np.bool_]
) -> FloatArray:
    """The logits ``hint_hw``, changed to ``answer_hw`` where that is what the clicks are about.

    That is each connected region that the answer adds with an include click in it, or takes away with an exclude click
    in it, and the cells along its border. Everything else stays: a click on one side of an object that makes the model
    think again of the other is no correction of that. Where the model does not follow a click at all, what is close
    around the click does.
    """
    corrected_hw = hint_hw.copy()
    size = np.array(hint_hw.shape[::-1])
    cells_xy = np.clip((points_xy_norm * size).astype(np.intp), 0, size - 1)
    for include in (True, False):
        changed_hw = (answer_hw > 0) != (hint_hw > 0)
        changed_hw &= (answer_hw > 0) == include
        _, label_hw = cv2.connectedComponents(changed_hw.astype(np.uint8))
        labels = {int(label_hw[y, x]) for x, y in cells_xy[include_n == include].tolist()} - {0}
        region_hw = np.isin(label_hw, list(labels)).astype(np.uint8)
        with_border_hw = cv2.dilate(region_hw, np.ones((3, 3), np.uint8)) > 0
        corrected_hw[with_border_hw] = answer_hw[with_border_hw]
    for (x, y), include in zip(cells_xy.tolist(), include_n.tolist(), strict=True):
        if (corrected_hw[y, x] > 0) != include:
            around = np.s_[
                max(0, y - _OBEYED_CELLS) : y + _OBEYED_CELLS + 1, max(0, x - _OBEYED_CELLS) : x + _OBEYED_CELLS + 1
            ]
            corrected_hw[around] = _OBEYED_LOGIT if include else -_OBEYED_LOGIT
    return corrected_hw
