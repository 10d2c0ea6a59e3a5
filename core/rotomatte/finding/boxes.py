"""Boxes on a picture, in colours and numbers for the eye."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.finding.detector import Detection
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.palette import PALETTE

_NUMBER_SHARE = 0.022
_LEAST_NUMBER_PX = 9
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_FONT_PX = 22
"""Height of a digit at scale 1."""


def drawn_boxes(seen_hwc: FloatArray, detections: Sequence[Detection]) -> NDArray[np.uint8]:
    """The picture, RGB of 8 bits, with a box for every detection, numbered from 1 in their order, the first on top.

    ``seen_hwc`` is display-referred RGB in 0..1; boxes are in its pixels.
    """
    codes_hwc: NDArray[np.uint8] = np.ascontiguousarray(cv2.convertScaleAbs(seen_hwc, alpha=255), np.uint8)
    height_px = max(_LEAST_NUMBER_PX, round(_NUMBER_SHARE * max(codes_hwc.shape[:2])))
    thickness = max(1, round(height_px / 8))
    for number, one in reversed(list(enumerate(detections, start=1))):
        colour = PALETTE[(number - 1) % len(PALETTE)][1]
        left, top, right, bottom = (round(value) for value in one.box_xyxy_px)
        cv2.rectangle(codes_hwc, (left, top), (right - 1, bottom - 1), colour, thickness)
        label = f"{number}  {one.score:.2f}"
        at = (left + thickness + 2, min(codes_hwc.shape[0] - 2, top + height_px + thickness + 2))
        for shade, wide in (((0, 0, 0), 2 * thickness + 1), ((255, 255, 255), thickness)):
            cv2.putText(codes_hwc, label, at, _FONT, height_px / _FONT_PX, shade, wide, cv2.LINE_AA)
    return codes_hwc
