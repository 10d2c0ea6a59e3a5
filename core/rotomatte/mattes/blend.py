"""A close-up's alpha takes the place of the plain one inside its window, without a seam. Pure code."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import Window

FloatArray = NDArray[np.float32]

FADE_PART = 0.125
"""The part of the window's side over which the close-up comes in: well inside the margin around the object."""


def blend(alpha_hw: FloatArray, close_hw: FloatArray, canvas: Window, window: Window) -> FloatArray:
    """``close_hw`` over the window's pixels, ``alpha_hw`` over the rest of the canvas, as one matte.

    Towards a side of the window that is not the canvas's, the close-up's weight falls to exactly 0 on the last row of
    pixels, by a smoothstep over ``FADE_PART`` of the window's side; on a side that is the canvas's it stays 1. Pixels
    outside the window come back untouched, and ``alpha_hw`` is not changed.
    """
    weight_x = _weights(window.width, window.left > canvas.left, window.right < canvas.right)
    weight_y = _weights(window.height, window.top > canvas.top, window.bottom < canvas.bottom)
    weight_hw = weight_y[:, None] * weight_x[None, :]
    inside = np.s_[
        window.top - canvas.top : window.bottom - canvas.top, window.left - canvas.left : window.right - canvas.left
    ]
    blended_hw = alpha_hw.copy()
    # As a difference, so that where both agree the sum is what they say.
    blended_hw[inside] += weight_hw * (close_hw - alpha_hw[inside])
    return blended_hw


def _weights(size_px: int, fades_in: bool, fades_out: bool) -> FloatArray:
    """The close-up's weight along one axis."""
    fade_px = max(1.0, FADE_PART * size_px)
    rising = _smoothstep(np.arange(size_px) / fade_px)
    ones = np.ones(size_px, np.float32)
    return (rising if fades_in else ones) * (rising[::-1] if fades_out else ones)


def _smoothstep(x: NDArray[np.float64]) -> FloatArray:
    """0 up to 0, 1 from 1 on, and smooth in between."""
    clipped = np.clip(x, 0, 1)
    return np.asarray(clipped**2 * (3 - 2 * clipped), np.float32)
