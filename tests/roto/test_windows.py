"""Windows that follow a small object."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rotomatte.plate.base import Window
from rotomatte.roto.windows import WORTH_PART, Box, cut_out, object_box, plan_windows

FloatArray = NDArray[np.float32]

CANVAS = Window(-40, 10, 3800, 2170)
GRID = 256


def pixels(box: Box) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return (
        CANVAS.left + left * CANVAS.width,
        CANVAS.top + top * CANVAS.height,
        CANVAS.left + right * CANVAS.width,
        CANVAS.top + bottom * CANVAS.height,
    )


def around(x: float, y: float, side: float) -> Box:
    return (max(0.0, x - side / 2), max(0.0, y - side / 2), min(1.0, x + side / 2), min(1.0, y + side / 2))


@st.composite
def walks(draw: st.DrawFn) -> list[Box | None]:
    """An object of up to a quarter of the canvas that goes about, jitters, and is lost now and then."""
    count = draw(st.integers(1, 90))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    xy = rng.uniform(0.1, 0.9, 2) + np.cumsum(
        rng.normal(0, draw(st.sampled_from([0, 0.003, 0.02])), (count, 2)), axis=0
    )
    xy = np.clip(xy + rng.normal(0, 0.004, xy.shape), 0.02, 0.98)
    side = draw(st.floats(0.02, 0.25))
    lost = draw(st.sampled_from([0.0, 0.3]))
    return [None if rng.random() < lost else around(float(x), float(y), side) for x, y in xy]


@given(walks())
def test_the_object_is_inside_its_window_and_that_inside_the_canvas(boxes: list[Box | None]) -> None:
    windows = plan_windows(boxes, CANVAS, GRID)
    if windows is None:
        return
    assert len(windows) == len(boxes)
    for box, window in zip(boxes, windows, strict=True):
        assert CANVAS.union(window) == CANVAS
        assert window.width / CANVAS.width == pytest.approx(window.height / CANVAS.height, abs=2 / CANVAS.height)
        assert min(window.width, window.height) >= GRID - 1
        if box is not None:
            left, top, right, bottom = pixels(box)
            # Half of the object's size is left on every side, to the pixel that a window is rounded to.
            margin_x, margin_y = (right - left) / 2 - 1, (bottom - top) / 2 - 1
            assert window.left <= max(left - margin_x, CANVAS.left)
            assert window.top <= max(top - margin_y, CANVAS.top)
            assert window.right >= min(right + margin_x, CANVAS.right)
            assert window.bottom >= min(bottom + margin_y, CANVAS.bottom)


@given(walks())
def test_windows_move_and_grow_smoothly(boxes: list[Box | None]) -> None:
    """The speed changes a little from frame to frame; only where a window comes to rest at the border does it more."""
    windows = plan_windows(boxes, CANVAS, GRID)
    if windows is None:
        return
    seen = np.array([box for box in boxes if box is not None])
    spread_px = np.ptp((seen[:, 0] + seen[:, 2]) / 2) * CANVAS.width
    free = [window.left > CANVAS.left and window.right < CANVAS.right for window in windows]
    middles = [(window.left + window.right) / 2 for window in windows]
    for place in range(1, len(windows) - 1):
        if all(free[place - 1 : place + 2]):
            bend_px = abs(middles[place - 1] - 2 * middles[place] + middles[place + 1])
            # Twice the sum of the weights' own second differences, because at the ends motion is thought on as it was.
            assert bend_px <= 0.11 * spread_px + 2
    for one, other in pairwise(windows):
        assert abs(one.width - other.width) <= 0.05 * max(one.width, other.width) + 2


def test_the_size_stays_over_long_spans() -> None:
    """Jitter of a fifth of the object's size changes nothing."""
    rng = np.random.default_rng(3)
    boxes = [around(0.3 + 0.001 * t, 0.5, 0.1 * float(rng.uniform(0.83, 1))) for t in range(300)]
    windows = plan_windows(boxes, CANVAS, GRID)
    assert windows is not None
    assert len({(window.width, window.height) for window in windows}) == 1


def test_one_that_comes_nearer_gets_a_larger_window_in_time_and_the_far_end_a_small_one() -> None:
    sides = np.linspace(0.03, 0.2, 400)
    windows = plan_windows([around(0.5, 0.5, float(side)) for side in sides], CANVAS, GRID)
    assert windows is not None
    widths = [window.width / CANVAS.width for window in windows]
    assert widths == sorted(widths)
    assert widths[0] <= 0.03 / 0.5 * 1.25 * 1.6
    assert widths[-1] == pytest.approx(0.2 / 0.5, rel=0.01)


def test_steady_motion_is_followed_without_lag() -> None:
    windows = plan_windows([around(0.2 + 0.005 * t, 0.4, 0.05) for t in range(60)], CANVAS, GRID)
    assert windows is not None
    for t, window in enumerate(windows):
        assert (window.left + window.right) / 2 == pytest.approx(CANVAS.left + (0.2 + 0.005 * t) * CANVAS.width, abs=1)


def test_where_the_object_is_lost_the_window_goes_to_its_next_place_and_rests_after_the_last() -> None:
    boxes: list[Box | None] = [around(0.3, 0.5, 0.05)] * 40 + [None] * 80 + [around(0.5, 0.5, 0.05)] * 40 + [None] * 40
    windows = plan_windows(boxes, CANVAS, GRID)
    assert windows is not None
    middles = [((window.left + window.right) / 2 - CANVAS.left) / CANVAS.width for window in windows]
    assert middles[80] == pytest.approx(0.4, abs=0.005)
    assert all(middle == pytest.approx(0.5, abs=0.001) for middle in middles[-38:])


@pytest.mark.parametrize("side", [0.31, 0.6, 1.0])
def test_large_objects_get_no_window(side: float) -> None:
    assert side / 0.5 > WORTH_PART
    assert plan_windows([around(0.5, 0.5, side)] * 5, CANVAS, GRID) is None


def test_what_is_seen_on_no_frame_gets_no_window() -> None:
    assert plan_windows([None] * 5, CANVAS, GRID) is None


def test_a_cell_is_never_less_than_a_pixel() -> None:
    windows = plan_windows([around(0.5, 0.5, 0.001)], CANVAS, GRID)
    assert windows is not None
    assert GRID <= windows[0].height <= GRID + 1


def test_a_speck_far_away_is_not_in_the_box() -> None:
    logits_hw = np.full((64, 64), -4, np.float32)
    logits_hw[20:30, 12:20] = 4
    logits_hw[60, 60] = 4
    assert object_box(logits_hw) == (12 / 64, 20 / 64, 20 / 64, 30 / 64)
    logits_hw[50:54, 40:44] = 4
    assert object_box(logits_hw) == (12 / 64, 20 / 64, 44 / 64, 54 / 64), "a part of it is no speck"
    assert object_box(np.full((64, 64), -4, np.float32)) is None


def test_cutting_out_keeps_every_place() -> None:
    """A plane over the canvas is the same plane in the window."""
    canvas, window = Window(-100, 0, 540, 360), Window(30, 100, 190, 190)
    size = 64

    def plane(part: Window) -> FloatArray:
        x = part.left + (np.arange(size) + 0.5) * part.width / size
        y = part.top + (np.arange(size) + 0.5) * part.height / size
        return np.asarray(0.05 * x[None, :] - 0.03 * y[:, None], np.float32)

    # OpenCV rounds places to a sixteenth of a cell.
    np.testing.assert_allclose(cut_out(plane(canvas), canvas, window), plane(window), atol=0.5 / 16 + 0.01)
