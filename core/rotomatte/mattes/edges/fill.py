"""The object's own colours behind a soft matte: the foreground without the background's spill.

Germer et al., "Fast Multi-Level Foreground Estimation", ICPR 2020, as PyMatting has it.
"""

from __future__ import annotations

import threading

import cv2
import numpy as np

from rotomatte.mattes.edges.band import BoolArray
from rotomatte.mattes.edges.extra import pymatting_library
from rotomatte.mattes.edges.tiles import Tile, in_tiles
from rotomatte.plate.base import FloatArray

EXTENDED_PX = 8
"""How far beyond the matte its colours go on, so that a filter or a move in comp meets no black fringe."""

_TILE_PX = 512
_OVERLAP_PX = 96
# Parts of PyMatting run on threads of Numba, which on some machines must not be entered from two at once.
_ONE_AT_A_TIME = threading.Lock()


def foreground(picture_hwc: FloatArray, alpha_hw: FloatArray) -> FloatArray:
    """Straight (unpremultiplied) colours of the object, ``rgb_hwc``, in the picture's own space.

    The picture itself, bit for bit, where ``alpha_hw`` (0..1) is 1; what the object would be like without the
    background where it is soft; the same carried on for ``EXTENDED_PX`` beyond it, and 0 farther off. Give the
    picture in linear light: only there is a pixel the mix of two colours that alpha says. Its values may be below
    0 and above 1. None leaves the range that its channel has in the picture around it.

    Raises:
        MissingExtraError: PyMatting is not installed.
    """
    pymatting = pymatting_library()
    wanted_hw = _grown(alpha_hw > 0) & (alpha_hw < 1)

    def solve(tile: Tile) -> FloatArray:
        part_hwc, part_hw = picture_hwc[tile.place], alpha_hw[tile.place]
        # Estimates are clipped to 0..1, and scaling a channel scales its solution: so each is brought to 0..1.
        lowest, highest = part_hwc.min(axis=(0, 1)), part_hwc.max(axis=(0, 1))
        range_ = np.maximum(highest - lowest, np.float32(1e-6))
        with _ONE_AT_A_TIME:
            found_hwc = pymatting.estimate_foreground_ml((part_hwc - lowest) / range_, part_hw)
        return np.asarray(found_hwc * range_ + lowest, np.float32)

    estimated_hwc = in_tiles(wanted_hw, 3, _TILE_PX, _OVERLAP_PX, solve)
    rgb_hwc = np.where(wanted_hw[..., None], estimated_hwc, picture_hwc)
    rgb_hwc[(alpha_hw <= 0) & ~wanted_hw] = 0
    return np.asarray(rgb_hwc, np.float32)


def _grown(covered_hw: BoolArray) -> BoolArray:
    """The pixels within ``EXTENDED_PX`` of covered ones."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * EXTENDED_PX + 1,) * 2)
    return np.asarray(cv2.dilate(covered_hw.astype(np.uint8), disc) > 0)
