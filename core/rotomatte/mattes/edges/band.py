"""The band about an edge in which alpha is looked for, and what all edge modes do at its border."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import FloatArray

BoolArray = NDArray[np.bool_]

_INSIDE_FROM = 0.5
_HAZE_PER_PX = 0.006
_MOST_HAZE = 0.2
"""Grey that counts as none far from the edge; less of it the closer to the edge."""
_FADE = 0.25


def edge_distance_px(alpha_hw: FloatArray) -> FloatArray:
    """Distance of every pixel's centre to the line where ``alpha_hw`` crosses 0.5, in pixels, positive inside.

    The line lies half a pixel before the nearest pixel of the other side. Infinite, or minus infinite, where there
    is no such line.
    """
    inside_u8 = (alpha_hw >= _INSIDE_FROM).astype(np.uint8)
    lowest, highest, _, _ = cv2.minMaxLoc(inside_u8)
    if lowest == highest:
        return np.full(alpha_hw.shape, np.inf if highest else -np.inf, np.float32)
    within_hw, without_hw = (
        np.asarray(cv2.distanceTransform(part_u8, cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
        for part_u8 in (inside_u8, 1 - inside_u8)
    )
    # Each is 0 on the other's side.
    return np.asarray(within_hw - without_hw + (np.float32(0.5) - inside_u8.astype(np.float32)), np.float32)


def band(alpha_hw: FloatArray, half_width_px: float) -> BoolArray:
    """The pixels whose alpha is to be found, as ``unknown_hw``.

    Those within ``half_width_px`` plate pixels of the line where ``alpha_hw`` (0..1) crosses 0.5, and all whose alpha
    is not exactly 0 or 1. Everything else is known.
    """
    return unknown_within(edge_distance_px(alpha_hw), alpha_hw, half_width_px)


def unknown_within(distance_hw: FloatArray, alpha_hw: FloatArray, half_width_px: float) -> BoolArray:
    """``band`` for the distance that ``edge_distance_px`` gave."""
    return np.asarray((np.abs(distance_hw) < half_width_px) | ((alpha_hw > 0) & (alpha_hw < 1)))


def without_haze(found_hw: FloatArray, distance_hw: FloatArray) -> FloatArray:
    """Alpha in 0..1 without the traces of grey that no edge explains.

    The farther from the edge (``distance_hw``, in pixels, of either sign), the surer a pixel is to be the object or
    not: there a little above 0 or below 1 is haze, and a levels correction takes it off.
    """
    haze_hw = np.minimum(np.float32(_HAZE_PER_PX) * np.abs(distance_hw), np.float32(_MOST_HAZE))
    return np.asarray(np.clip((found_hw - haze_hw) / (1 - 2 * haze_hw), 0, 1), np.float32)


def faded_out(found_hw: FloatArray, alpha_hw: FloatArray, distance_hw: FloatArray, half_width_px: float) -> FloatArray:
    """``found_hw``, turning into ``alpha_hw`` over the outer quarter of the band, so that its border is no step."""
    trust_hw = np.clip((half_width_px - np.abs(distance_hw)) / np.float32(_FADE * half_width_px), 0, 1)
    return np.asarray(alpha_hw + trust_hw * (found_hw - alpha_hw), np.float32)
