"""Finds as pictures: an id at every pixel, and colours and numbers for the eye."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.finding.found import Found
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.palette import PALETTE

Labels = NDArray[np.uint16]

_INSIDE_FROM = 0.5
_TINT = np.float32(0.5)
_NUMBER_SHARE = 0.018
_LEAST_NUMBER_PX = 9
_ABOUT = np.ones((3, 3), np.uint8)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_FONT_PX = 22
"""Height of a digit at scale 1."""


def label_picture(found: Found) -> Labels:
    """Of every pixel of the canvas, the id of the smallest find that covers it by half, 0 where none does."""
    labels_hw = np.zeros((found.canvas.height, found.canvas.width), np.uint16)
    for one, matte_hw in found.mattes():
        # The largest comes first, so what lies on something larger stays to be seen.
        labels_hw[matte_hw >= _INSIDE_FROM] = one.id
    return labels_hw


def drawn_picture(labels_hw: Labels, seen_hwc: FloatArray) -> NDArray[np.uint8]:
    """The picture, ``rgb_hwc`` with 8 bits, with every find in a colour, a line about it, and its id on it.

    ``seen_hwc`` is the canvas as the model's view shows it, in the same size.
    """
    ids = np.arange(int(labels_hw.max()) + 1)
    colours = np.array([rgb for _, rgb in PALETTE], np.float32)[(ids - 1) % len(PALETTE)]
    share = np.where(ids > 0, _TINT, np.float32(0))[:, None]
    picture_hwc = seen_hwc * 255
    picture_hwc += share[labels_hw] * (colours[labels_hw] - picture_hwc)
    edge_hw = (labels_hw > 0) & (cv2.erode(labels_hw, _ABOUT) != labels_hw)
    picture_hwc[edge_hw] = colours[labels_hw[edge_hw]]
    codes_hwc = np.asarray(cv2.convertScaleAbs(picture_hwc), np.uint8)
    height_px = max(_LEAST_NUMBER_PX, round(_NUMBER_SHARE * max(labels_hw.shape)))
    for id_ in ids[1:].tolist():
        _draw_number(codes_hwc, labels_hw, id_, height_px)
    return codes_hwc


def _draw_number(codes_hwc: NDArray[np.uint8], labels_hw: Labels, id_: int, height_px: int) -> None:
    """Where the find is thickest."""
    own_hw = (labels_hw == id_).astype(np.uint8)
    left, top, width, height = cv2.boundingRect(own_hw)
    if not width:
        return
    padded_hw = np.pad(own_hw[top : top + height, left : left + width], 1)
    row, column = np.unravel_index(cv2.distanceTransform(padded_hw, cv2.DIST_L2, 3).argmax(), padded_hw.shape)
    scale, thickness = height_px / _FONT_PX, max(1, round(height_px / 10))
    (text_px, _), _ = cv2.getTextSize(str(id_), _FONT, scale, thickness)
    at = (int(left + column - 1 - text_px / 2), int(top + row - 1 + height_px / 2))
    for colour, wide in (((0, 0, 0), 2 * thickness + 1), ((255, 255, 255), thickness)):
        cv2.putText(codes_hwc, str(id_), at, _FONT, scale, colour, wide, cv2.LINE_AA)
