"""What the model is told on a key frame that it sees from close up."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.plate.base import Window
from rotomatte.roto.fuse import overlap
from rotomatte.roto.seeds import key_in_window, sharpened
from rotomatte.tracker.base import KeyFrame
from rotomatte.tracker.disc import DiscTracker

FloatArray = NDArray[np.float32]

CANVAS = Window(-40, 0, 600, 320)
WINDOW = Window(120, 80, 280, 160)
NO_POINTS, NOBODY = np.zeros((0, 2), np.float32), np.zeros(0, np.bool_)


def first() -> FloatArray:
    """Inside from x 180 to 220 and y 100 to 140, on cells of 10 by 5 pixels."""
    logits_hw = np.full((64, 64), -6, np.float32)
    logits_hw[20:28, 22:26] = 6
    return logits_hw


def unchanged(seed_hw: FloatArray) -> FloatArray:
    return seed_hw


def refused(seed_hw: FloatArray) -> FloatArray:
    raise AssertionError


def told(*points_xy: tuple[float, float], mask: bool = False) -> KeyFrame:
    size = (CANVAS.width, CANVAS.height)
    points = (np.array(points_xy, np.float32).reshape(-1, 2) - (CANVAS.left, CANVAS.top)) / size
    mask_hw = np.zeros((CANVAS.height, CANVAS.width), np.bool_)
    mask_hw[110:130, 190 + 40 : 210 + 40] = True
    return KeyFrame(points.astype(np.float32), np.ones(len(points), np.bool_), mask_hw=mask_hw if mask else None)


def test_what_was_drawn_is_cut_out_to_the_pixel() -> None:
    key = key_in_window(told(mask=True), first(), CANVAS, WINDOW, refused)
    assert key.mask_hw is not None
    assert key.mask_hw.shape == (80, 160)
    rows, columns = np.nonzero(key.mask_hw)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (30, 49, 70, 89)


def test_without_clicks_the_first_answer_is_the_mask() -> None:
    key = key_in_window(told(), first(), CANVAS, WINDOW, unchanged)
    assert key.mask_hw is not None
    assert key.hint_hw is None
    rows, columns = np.nonzero(key.mask_hw)
    height, width = key.mask_hw.shape
    assert (columns.min() / width, (columns.max() + 1) / width) == pytest.approx((60 / 160, 100 / 160), abs=0.02)
    assert (rows.min() / height, (rows.max() + 1) / height) == pytest.approx((20 / 80, 60 / 80), abs=0.02)


def test_clicks_correct_the_first_answer_where_they_are_in_the_window() -> None:
    key = key_in_window(told((200, 120), (500, 300)), first(), CANVAS, WINDOW, unchanged)
    assert key.mask_hw is None
    assert key.hint_hw is not None
    np.testing.assert_allclose(key.points_xy_norm, [[0.5, 0.5]], atol=1e-6)
    assert key.include_n.tolist() == [True]


def test_where_the_first_answer_is_empty_the_object_is_not_there() -> None:
    key = key_in_window(told((200, 120)), np.full((64, 64), -6, np.float32), CANVAS, WINDOW, refused)
    assert not len(key.points_xy_norm)
    assert key.mask_hw is not None
    assert not key.mask_hw.any()


def picture() -> FloatArray:
    seen_hwc = np.full((256, 256, 3), 0.35, np.float32)
    cv2.circle(seen_hwc, (120, 130), 60, (0.9, 0.5, 0.1), -1)
    return seen_hwc


def blocks(x: int, y: int, radius: int) -> FloatArray:
    """A coarse answer on the model's grid."""
    seed_hw = np.full((64, 64), -6, np.float32)
    seed_hw[y - radius : y + radius, x - radius : x + radius] = 6
    return seed_hw


def test_a_coarse_answer_is_made_to_fit_the_picture() -> None:
    seed_hw = blocks(30, 32, 13)
    rows, columns = np.mgrid[:64, :64] + 0.5
    disc_hw = np.hypot(columns - 30, rows - 32.5) <= 15
    assert overlap(seed_hw > 0, disc_hw) < 0.85
    assert overlap(sharpened(DiscTracker(), picture(), seed_hw) > 0, disc_hw) > 0.93


def test_one_that_would_become_something_else_stays() -> None:
    """In its middle is the ground, which the tracker would take for the object."""
    seed_hw = blocks(54, 10, 8)
    assert sharpened(DiscTracker(), picture(), seed_hw) is seed_hw
