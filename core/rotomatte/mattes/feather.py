"""Softening a matte's edge. Pure code."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.mattes.near_edges import changed_near_edges

FloatArray = NDArray[np.float32]

_SAMPLES = 8
"""Samples a pixel, along each axis, of the kernel."""

_ROUNDING = np.float32(1e-5)


def feathered(alpha_hw: FloatArray, width_px: float) -> FloatArray:
    """The matte with its edges softened over ``width_px``, half of it on either side, exactly 0 and 1 beyond.

    A hard straight edge becomes a smooth step of that width, whatever its direction: the matte is filtered with a
    hemisphere, whose section across an edge is a parabola, and the integral of that is 3t^2 - 2t^3. A ramp that is
    there already becomes wider by ``width_px``.
    """
    if width_px == 0:
        return alpha_hw
    kernel_hw = _hemisphere(width_px)

    def soften(window_hw: FloatArray) -> FloatArray:
        soft_hw = np.asarray(cv2.filter2D(window_hw, cv2.CV_32F, kernel_hw), np.float32)
        # Large kernels are applied by way of their spectrum, which leaves traces where there was 0 or 1.
        soft_hw[soft_hw < _ROUNDING] = 0
        soft_hw[soft_hw > 1 - _ROUNDING] = 1
        return soft_hw

    return changed_near_edges(alpha_hw, kernel_hw.shape[0] // 2, soften)


@lru_cache(maxsize=16)
def _hemisphere(width_px: float) -> FloatArray:
    """Heights of a hemisphere of that diameter, averaged over each pixel; their sum is 1."""
    reach = math.ceil(width_px / 2 - 0.5)
    fine_px = (np.arange((2 * reach + 1) * _SAMPLES) + 0.5) / _SAMPLES - reach - 0.5
    heights = np.sqrt(np.maximum(0, width_px**2 / 4 - fine_px[:, None] ** 2 - fine_px[None, :] ** 2))
    kernel_hw = heights.reshape(2 * reach + 1, _SAMPLES, 2 * reach + 1, _SAMPLES).mean(axis=(1, 3))
    return np.asarray(kernel_hw / kernel_hw.sum(), np.float32)
