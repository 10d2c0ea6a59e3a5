"""Operations on a matte that only do something near its edges, at the cost of those edges. Pure code."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

_TILE_PX = 192


def changed_near_edges(alpha_hw: FloatArray, reach_px: int, change: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """The matte with ``change`` applied wherever something within ``reach_px`` is not constant.

    ``change`` takes a window and gives it back changed, of the same size; a pixel of it may depend on pixels up to
    ``reach_px`` away, and a constant neighbourhood must stay as it is. Beyond the frame the matte goes on as at its
    border, so that an object cut off by it is not taken for one that ends there.
    """
    tile_px = max(_TILE_PX, 2 * reach_px)
    padded_hw = cv2.copyMakeBorder(alpha_hw, *(reach_px,) * 4, borderType=cv2.BORDER_REPLICATE)
    changed_hw = alpha_hw.copy()
    height, width = alpha_hw.shape
    for top in range(0, height, tile_px):
        for left in range(0, width, tile_px):
            tile_hw = changed_hw[top : top + tile_px, left : left + tile_px]
            rows, columns = tile_hw.shape
            window_hw = np.asarray(
                padded_hw[top : top + rows + 2 * reach_px, left : left + columns + 2 * reach_px], np.float32
            )
            lowest, highest, *_ = cv2.minMaxLoc(window_hw)
            if lowest < highest:
                tile_hw[:] = change(window_hw)[reach_px : reach_px + rows, reach_px : reach_px + columns]
    return changed_hw
