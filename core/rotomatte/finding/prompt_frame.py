"""Which frame is best for an object's prompts: large, sharp, away from the border, alone and surely seen. Pure code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import FloatArray
from rotomatte_plugin.messages import PromptFrame

BoolArray = NDArray[np.bool_]

MOST_FRAMES = 5
APART_FRAMES = 8
"""Frames nearer to a better one show much the same."""

_CLEAR = 0.25
"""An object so many times its own size from the border is clear of it."""
_AT_BORDER, _COVERED = 0.25, 0.25
"""What is left of a frame's worth where an object touches the border all over, or others are all around it."""
_RING = 0.2
"""How far, in its own size, an object's neighbourhood reaches."""
_FLAT = 1e-6


@dataclass(frozen=True)
class Sight:
    """An object on a frame, measured.

    ``area_share`` is its share of the frame. ``sharpness`` is the energy of second differences over that of first ones
    at the object, 0 or more: the finer the detail, the higher, whatever the contrast. ``gap`` is how far it is from the
    border, and lies in 0..1 where 1 is clear of it. ``crowd``, 0..1, is the share of its neighbourhood that others
    take. ``sure``, 0..1, is what the model thinks of its mask. ``box_xyxy_norm`` is where it is, in the canvas's sides.
    """

    frame: int
    area_share: float
    sharpness: float
    gap: float
    crowd: float
    sure: float
    box_xyxy_norm: tuple[float, float, float, float]


def sight(frame: int, grey_hw: FloatArray, mask_hw: BoolArray, others_hw: BoolArray, sure: float) -> Optional[Sight]:
    """Measure an object on a frame; None where its mask is empty.

    ``grey_hw``, display-referred and in 0..1, ``mask_hw`` and ``others_hw``, which is all other objects together, cover
    the canvas in one size. For an object of which only a box is known, the mask is that box.
    """
    rows, columns = np.flatnonzero(mask_hw.any(axis=1)), np.flatnonzero(mask_hw.any(axis=0))
    if not len(rows):
        return None
    height, width = mask_hw.shape
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    size_px = float(mask_hw.sum()) ** 0.5
    gap_px = min(top, left, height - bottom, width - right)
    reach = max(1, round(_RING * size_px))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    ring_hw = (cv2.dilate(mask_hw.astype(np.uint8), kernel) > 0) & ~mask_hw
    return Sight(
        frame=frame,
        area_share=float(mask_hw.mean()),
        sharpness=_sharpness(grey_hw, mask_hw),
        gap=min(1.0, gap_px / (_CLEAR * size_px)),
        crowd=float(others_hw[ring_hw].mean()) if ring_hw.any() else 0.0,
        sure=min(1.0, max(0.0, sure)),
        box_xyxy_norm=(left / width, top / height, right / width, bottom / height),
    )


def best_frames(
    sights: Iterable[Sight],
    canvas_xywh: tuple[float, float, float, float],
    most: int = MOST_FRAMES,
    apart: int = APART_FRAMES,
) -> tuple[PromptFrame, ...]:
    """The frames on which prompts are worth most, the best first; of equal ones the earliest.

    None is nearer than ``apart`` frames to a better one. Sizes and sharpness are compared with the best of all frames:
    size by its square root, so that half the width counts half. ``canvas_xywh`` is the canvas in plate pixels.
    """
    seen = list(sights)
    largest = max((one.area_share for one in seen), default=0.0)
    sharpest = max((one.sharpness for one in seen), default=0.0)
    ranked = sorted(
        (_rated(one, largest, sharpest, canvas_xywh) for one in seen), key=lambda one: (-one.score, one.frame)
    )
    chosen: list[PromptFrame] = []
    for one in ranked:
        if len(chosen) < most and all(abs(one.frame - other.frame) >= apart for other in chosen):
            chosen.append(one)
    return tuple(chosen)


def _rated(one: Sight, largest: float, sharpest: float, canvas_xywh: tuple[float, float, float, float]) -> PromptFrame:
    large = (one.area_share / largest) ** 0.5
    sharp = one.sharpness / sharpest if sharpest > 0 else 1.0
    inside = _AT_BORDER + (1 - _AT_BORDER) * one.gap
    alone = 1 - (1 - _COVERED) * one.crowd
    x, y, width, height = canvas_xywh
    left, top, right, bottom = one.box_xyxy_norm
    return PromptFrame(
        frame=one.frame,
        score=round(large * sharp * inside * alone * one.sure, 4),
        large=round(large, 4),
        sharp=round(sharp, 4),
        inside=round(inside, 4),
        alone=round(alone, 4),
        seen=round(one.sure, 4),
        box_xyxy_px=(
            round(x + left * width, 1),
            round(y + top * height, 1),
            round(x + right * width, 1),
            round(y + bottom * height, 1),
        ),
    )


def _sharpness(grey_hw: FloatArray, mask_hw: BoolArray) -> float:
    """Second differences over first ones, in energy, at the object and along its edge."""
    near_hw = cv2.dilate(mask_hw.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    first = sum(
        float((cv2.filter2D(grey_hw, cv2.CV_32F, kernel)[near_hw] ** 2).sum())
        for kernel in (np.array([[-0.5, 0, 0.5]]), np.array([[-0.5], [0], [0.5]]))
    )
    second = float((cv2.Laplacian(grey_hw, cv2.CV_32F)[near_hw] ** 2).sum())
    # A flat object has no detail that could be sharp.
    return second / (first + _FLAT * float(near_hw.sum()))
