"""A small plate with an exact soft edge, and alpha that misses it by some pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from rotomatte.plate.base import FloatArray

HEIGHT, WIDTH = 150, 210
RADIUS_PX = 45.0


@dataclass(frozen=True)
class Shot:
    """``picture_hwc`` shows a rust-red disc over patchy green, by ``truth_hw``; ``alpha_hw`` is a coarse guess of it."""

    picture_hwc: FloatArray
    truth_hw: FloatArray
    alpha_hw: FloatArray
    object_rgb: FloatArray


def _disc(x_px: float, y_px: float, radius_px: float, ramp_px: float) -> FloatArray:
    """Coverage of a disc whose edge is a ramp."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    distance_hw = radius_px - np.hypot(columns - x_px, rows - y_px)
    return np.asarray(np.clip(distance_hw / ramp_px + 0.5, 0, 1), np.float32)


def _shot(x_px: float) -> Shot:
    """The disc at ``x_px``; the guess has a wavy outline up to 4 px off, and a ramp of 8 px."""
    generator = np.random.default_rng(5)
    patches_hw = cv2.resize(generator.random((8, 10), np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    ground_hwc = np.array((0.2, 0.5, 0.15), np.float32) * (0.6 + 0.6 * patches_hw[..., None])
    object_rgb = np.array((0.65, 0.25, 0.12), np.float32)
    truth_hw = _disc(x_px, 75, RADIUS_PX, 3)
    picture_hwc = truth_hw[..., None] * object_rgb + (1 - truth_hw[..., None]) * ground_hwc
    picture_hwc += generator.normal(0, 0.006, picture_hwc.shape)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    wave_hw = 4 * np.cos(7 * np.arctan2(rows - 75, columns - x_px))
    distance_hw = RADIUS_PX + wave_hw - np.hypot(columns - x_px, rows - 75)
    alpha_hw = np.clip(distance_hw / 8 + 0.5, 0, 1)
    return Shot(np.clip(picture_hwc, 0, 1).astype(np.float32), truth_hw, alpha_hw.astype(np.float32), object_rgb)


@pytest.fixture
def make_shot() -> Callable[[float], Shot]:
    """The shot with its disc at ``x_px``."""
    return _shot


@pytest.fixture
def shot() -> Shot:
    return _shot(100)
