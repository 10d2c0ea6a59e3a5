"""A close-up in the place of the plain matte."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.mattes.blend import FADE_PART, blend
from rotomatte.plate.base import Window

CANVAS = Window(-20, 5, 300, 185)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    width, height = draw(st.integers(64, CANVAS.width)), draw(st.integers(64, CANVAS.height))
    left = draw(st.integers(CANVAS.left, CANVAS.right - width))
    top = draw(st.integers(CANVAS.top, CANVAS.bottom - height))
    return Window(left, top, left + width, top + height)


@given(windows(), st.sampled_from([0.0, 0.3, 1.0]))
def test_where_both_agree_nothing_changes(window: Window, value: float) -> None:
    alpha_hw = np.full((CANVAS.height, CANVAS.width), value, np.float32)
    close_hw = np.full((window.height, window.width), value, np.float32)
    assert np.array_equal(blend(alpha_hw, close_hw, CANVAS, window), alpha_hw)


@given(windows())
def test_no_seam(window: Window) -> None:
    """Where both could not disagree more, the border of the window shows no step, and what is outside stays."""
    alpha_hw = np.zeros((CANVAS.height, CANVAS.width), np.float32)
    blended_hw = blend(alpha_hw, np.ones((window.height, window.width), np.float32), CANVAS, window)
    assert not alpha_hw.any(), "the matte that was given is not changed"
    top, left = window.top - CANVAS.top, window.left - CANVAS.left
    bottom, right = top + window.height, left + window.width
    outside_hw = blended_hw.copy()
    outside_hw[top:bottom, left:right] = 0
    assert not outside_hw.any()
    steps = []
    steps += [blended_hw[top]] if top else []
    steps += [blended_hw[bottom - 1]] if bottom < CANVAS.height else []
    steps += [blended_hw[:, left]] if left else []
    steps += [blended_hw[:, right - 1]] if right < CANVAS.width else []
    assert all(np.abs(step).max() < 1 / 255 for step in steps)
    inner = np.s_[
        top + int(FADE_PART * window.height) + 1 : bottom - int(FADE_PART * window.height) - 1,
        left + int(FADE_PART * window.width) + 1 : right - int(FADE_PART * window.width) - 1,
    ]
    assert (blended_hw[inner] == 1).all()
    assert blended_hw.min() >= 0
    assert blended_hw.max() <= 1


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize("bottom", [False, True])
def test_at_the_canvas_border_the_close_up_counts_in_full(right: bool, bottom: bool) -> None:
    left = CANVAS.right - 100 if right else CANVAS.left
    top = CANVAS.bottom - 80 if bottom else CANVAS.top
    alpha_hw = np.zeros((CANVAS.height, CANVAS.width), np.float32)
    blended_hw = blend(alpha_hw, np.ones((80, 100), np.float32), CANVAS, Window(left, top, left + 100, top + 80))
    at_corner_hw = blended_hw[:: -1 if bottom else 1, :: -1 if right else 1]
    assert (at_corner_hw[:60, :80] == 1).all()
    assert at_corner_hw[79, 99] == 0


def test_the_fade_is_smooth() -> None:
    """No two neighbouring pixels differ by more than a smoothstep's steepest slope."""
    window = Window(40, 40, 240, 160)
    alpha_hw = np.zeros((CANVAS.height, CANVAS.width), np.float32)
    blended_hw = blend(alpha_hw, np.ones((120, 200), np.float32), CANVAS, window)
    assert np.abs(np.diff(blended_hw, axis=1)).max() <= 1.5 / (FADE_PART * 200) + 1e-6
    assert np.abs(np.diff(blended_hw, axis=0)).max() <= 1.5 / (FADE_PART * 120) + 1e-6


def test_the_close_up_is_placed_to_the_pixel() -> None:
    window = Window(40, 40, 240, 160)
    close_hw = np.zeros((120, 200), np.float32)
    close_hw[60, 100] = 1
    blended_hw = blend(np.zeros((CANVAS.height, CANVAS.width), np.float32), close_hw, CANVAS, window)
    assert np.argwhere(blended_hw).tolist() == [[40 - CANVAS.top + 60, 40 - CANVAS.left + 100]]
    assert blended_hw.max() == pytest.approx(1)
