"""Logits on the model's grid become alpha at plate resolution."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


def alpha_from_logits(logits_hw: FloatArray, width_px: int, height_px: int, ramp_cells: float) -> FloatArray:
    """Alpha as ``matte_hw``: a ramp about the zero line of the up-sampled logits, exactly 0 and 1 beyond it.

    ``logits_hw`` is the model's square grid over the canvas. A plain sigmoid would leave grey cores and a dirty
    background wherever the model is unsure. Here the value only says which side of the edge a pixel is on and,
    close to the edge, how far from it: the logit over the length of its gradient, in cells of the grid, which
    is the first-order distance to the zero line (Taubin, "Distance approximations for rasterizing implicit
    curves", ACM Transactions on Graphics 13, 1994). The ramp is ``ramp_cells`` cells wide.
    """
    size = (width_px, height_px)
    fine_hw = cv2.resize(logits_hw, size, interpolation=cv2.INTER_CUBIC).astype(np.float32, copy=False)
    inside_hw = fine_hw > 0
    alpha_hw = inside_hw.astype(np.float32)
    cell_x_px, cell_y_px = width_px / logits_hw.shape[1], height_px / logits_hw.shape[0]
    band_hw = _band(inside_hw, ramp_cells * cell_x_px / 2, ramp_cells * cell_y_px / 2)
    rows, columns = np.flatnonzero(band_hw.any(axis=1)), np.flatnonzero(band_hw.any(axis=0))
    if rows.size == 0:
        return alpha_hw
    # Wide enough that the slope on the band itself knows nothing of where the box ends.
    pad_x, pad_y = int(2 * cell_x_px) + 2, int(2 * cell_y_px) + 2
    box = np.s_[max(rows[0] - pad_y, 0) : rows[-1] + pad_y + 1, max(columns[0] - pad_x, 0) : columns[-1] + pad_x + 1]
    # The slope of a slightly softened field: that of the cubic itself ripples with the grid.
    soft_hw = cv2.GaussianBlur(fine_hw[box], (0, 0), sigmaX=cell_x_px / 2, sigmaY=cell_y_px / 2)
    dx_hw = cv2.Sobel(soft_hw, cv2.CV_32F, 1, 0, scale=1 / 8) * cell_x_px
    dy_hw = cv2.Sobel(soft_hw, cv2.CV_32F, 0, 1, scale=1 / 8) * cell_y_px
    slope_hw = np.sqrt(dx_hw * dx_hw + dy_hw * dy_hw) + np.float32(1e-12)
    ramp_hw = np.clip(0.5 + fine_hw[box] / (slope_hw * np.float32(ramp_cells)), 0, 1)
    alpha_hw[box] = np.where(band_hw[box], ramp_hw, alpha_hw[box])
    return alpha_hw


def _band(inside_hw: NDArray[np.bool_], reach_x_px: float, reach_y_px: float) -> NDArray[np.bool_]:
    """Pixels within reach of the line between inside and outside."""
    shape = (2 * max(1, round(reach_x_px)) + 1, 2 * max(1, round(reach_y_px)) + 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, shape)
    inside_u8 = inside_hw.astype(np.uint8)
    grown = cv2.dilate(inside_u8, kernel, borderType=cv2.BORDER_REPLICATE)
    shrunk = cv2.erode(inside_u8, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(grown != shrunk)
