"""How close a soft matte is to soft truth, over the whole frame (no trimap).

MAD, MSE and dtSSD are in plain alpha units, 0..1. Papers often print MAD and MSE times 1000 and dtSSD times 100.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import FloatArray

GRADIENT_SIGMA_PX = 1.4
_GRADIENT_RADIUS_PX = 4  # where the Gaussian of 1.4 px has fallen below a hundredth


def mean_absolute_difference(matte_hw: FloatArray, truth_hw: FloatArray) -> float:
    """MAD: the mean of the absolute alpha error."""
    return float(np.mean(np.abs(matte_hw - truth_hw), dtype=np.float64))


def mean_squared_error(matte_hw: FloatArray, truth_hw: FloatArray) -> float:
    """MSE: the mean of the squared alpha error."""
    return float(np.mean(np.square(matte_hw - truth_hw), dtype=np.float64))


def gradient_error(matte_hw: FloatArray, truth_hw: FloatArray) -> float:
    """Difference in sharpness: squared differences of gradient magnitude, summed over the frame, in thousands.

    Rhemann et al., "A Perceptually Motivated Online Benchmark for Image Matting", CVPR 2009, with q = 2 and
    first-order Gaussian derivatives of sigma 1.4; each derivative filter has unit energy and frame edges are
    repeated, and the sum is divided by 1000, as in the tables of the literature. Unlike the means of this
    module it grows with the frame's size.
    """
    difference_hw = _gradient_magnitude(matte_hw) - _gradient_magnitude(truth_hw)
    return float(np.sum(np.square(difference_hw), dtype=np.float64)) / 1000


def temporal_difference(
    matte_hw: FloatArray, truth_hw: FloatArray, matte_before_hw: FloatArray, truth_before_hw: FloatArray
) -> float:
    """dtSSD: how unlike the truth's change is the matte's change from one frame to the next.

    Erofeev et al., "Perceptually Motivated Benchmark for Video Matting", BMVC 2015: the root of the squared
    differences of the temporal derivatives. The mean over the pixels is taken under the root, so that frames
    of different sizes compare. A constant error costs nothing here, flicker does.
    """
    change_error_hw = (matte_hw - matte_before_hw) - (truth_hw - truth_before_hw)
    return math.sqrt(float(np.mean(np.square(change_error_hw), dtype=np.float64)))


def is_soft(truth_hw: FloatArray) -> bool:
    """Whether any value lies strictly between 0 and 1."""
    return bool(np.any((truth_hw > 0) & (truth_hw < 1)))


def _gradient_magnitude(alpha_hw: FloatArray) -> NDArray[np.floating]:
    offset_px = np.arange(-_GRADIENT_RADIUS_PX, _GRADIENT_RADIUS_PX + 1, dtype=np.float64)
    gaussian = np.exp(-(offset_px**2) / (2 * GRADIENT_SIGMA_PX**2))
    derivative = -offset_px * gaussian
    smooth = gaussian / np.linalg.norm(gaussian)
    slope = derivative / np.linalg.norm(derivative)
    along_x_hw = cv2.sepFilter2D(alpha_hw, cv2.CV_32F, slope, smooth, borderType=cv2.BORDER_REPLICATE)
    along_y_hw = cv2.sepFilter2D(alpha_hw, cv2.CV_32F, smooth, slope, borderType=cv2.BORDER_REPLICATE)
    return np.hypot(along_x_hw, along_y_hw)
