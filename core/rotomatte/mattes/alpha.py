"""Logits on the model's grid become alpha at plate resolution."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

_SAMPLES = 4
"""Samples a cell, along each axis, on which the distance to the edge is reckoned."""

_BEYOND_CELLS = 4
"""How far the logits are continued beyond the frame: the reach of all filters, and half a ramp."""
_FLATTEST = 3.0
"""An edge is carried on straight across the frame's border where it rises at least 1 in so many along it."""


def alpha_from_logits(logits_hw: FloatArray, width_px: int, height_px: int, ramp_cells: float) -> FloatArray:
    """Alpha as ``matte_hw``: a ramp about the zero line of the up-sampled logits, exactly 0 and 1 beyond it.

    ``logits_hw`` is the model's square grid over the canvas. A plain sigmoid would leave grey cores and a dirty
    background wherever the model is unsure. Here the value only says on which side of the edge a pixel is and,
    close to the edge, how far from it, in cells of the grid. The ramp is ``ramp_cells`` cells wide.
    """
    beyond = _BEYOND_CELLS * _SAMPLES
    distance_hw = edge_distance(_continued(logits_hw), ramp_cells)[beyond:-beyond, beyond:-beyond]
    ramp_hw = cv2.resize(distance_hw, (width_px, height_px), interpolation=cv2.INTER_LINEAR)
    cv2.addWeighted(ramp_hw, 1 / ramp_cells, ramp_hw, 0, 0.5, dst=ramp_hw)
    return np.asarray(np.clip(ramp_hw, 0, 1, out=ramp_hw), np.float32)


def _continued(logits_hw: FloatArray) -> FloatArray:
    """The logits with ``_BEYOND_CELLS`` more on every side, so that an edge meets the frame's border without a bump.

    A mirror image would bend an edge that crosses the border at a slant until it stood upright on it. A point
    reflection keeps it straight; but where logits sink towards the border along its whole length, as those of networks
    do, it would open a gap between object and border. So the slope across the border is taken over as far as the
    slope along it says that an edge crosses there.
    """
    for _ in range(2):
        logits_hw = np.concatenate([_rows_beyond(logits_hw)[::-1], logits_hw, _rows_beyond(logits_hw[::-1])]).T
    return np.ascontiguousarray(logits_hw, np.float32)


def _rows_beyond(logits_hw: FloatArray) -> FloatArray:
    """The rows before the first one, from the nearest to the farthest."""
    most = _FLATTEST * np.abs(np.gradient(logits_hw[0]))
    step = np.clip(logits_hw[0] - logits_hw[1], -most, most)
    return np.asarray(logits_hw[0] + step * np.arange(1, _BEYOND_CELLS + 1)[:, None], np.float32)


def edge_distance(logits_hw: FloatArray, ramp_cells: float) -> FloatArray:
    """Signed distance to the zero line in cells, four samples a cell, positive inside; cut off beyond the ramp.

    The logit over the length of its gradient, the first-order distance to the zero line of a smooth field (Taubin,
    "Distance approximations for rasterizing implicit curves", ACM Transactions on Graphics 13, 1994), close to
    that line; elsewhere plus or minus ``ramp_cells``, however unsure the model is.
    """
    height, width = logits_hw.shape
    size = (width * _SAMPLES, height * _SAMPLES)
    fine_hw = cv2.resize(logits_hw, size, interpolation=cv2.INTER_CUBIC)
    # The slope of a slightly softened field: that of the cubic itself ripples with the grid.
    soft_hw = cv2.GaussianBlur(fine_hw, (0, 0), sigmaX=_SAMPLES / 2)
    dx_hw = cv2.Sobel(soft_hw, cv2.CV_32F, 1, 0, scale=_SAMPLES / 8)
    dy_hw = cv2.Sobel(soft_hw, cv2.CV_32F, 0, 1, scale=_SAMPLES / 8)
    distance_hw = fine_hw / (cv2.magnitude(dx_hw, dy_hw) + np.float32(1e-12))
    far_hw = np.where(fine_hw > 0, np.float32(ramp_cells), np.float32(-ramp_cells))
    # A sample more than half the ramp: cut off at its very foot, a slanted ramp would end in steps.
    near_hw = _near_edge(fine_hw > 0, round(ramp_cells * _SAMPLES / 2) + 1)
    return np.asarray(np.where(near_hw, np.clip(distance_hw, -ramp_cells, ramp_cells), far_hw), np.float32)


def _near_edge(inside_hw: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Samples within ``reach`` samples of the line between inside and outside."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * max(1, reach) + 1,) * 2)
    inside_u8 = inside_hw.astype(np.uint8)
    grown = cv2.dilate(inside_u8, kernel, borderType=cv2.BORDER_REPLICATE)
    shrunk = cv2.erode(inside_u8, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(grown != shrunk)
