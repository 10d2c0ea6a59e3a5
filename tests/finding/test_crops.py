from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.finding.crops import close_up, crops, is_cut_off
from rotomatte.plate.base import Window

SIDES = st.integers(40, 4000)


@st.composite
def canvases(draw: st.DrawFn) -> Window:
    left, top = draw(st.integers(-50, 50)), draw(st.integers(-50, 50))
    return Window(left, top, left + draw(SIDES), top + draw(SIDES))


@given(canvases(), st.integers(0, 2), st.floats(0, 0.6))
def test_crops_cover_the_canvas_and_stay_inside(canvas: Window, layers: int, overlap: float) -> None:
    found = crops(canvas, layers, overlap)
    assert found[0] == canvas
    assert len(found) == sum(4**layer for layer in range(layers + 1))
    for layer in range(1, layers + 1):
        first = sum(4**before for before in range(layer))
        of_layer = found[first : first + 4**layer]
        assert len({(one.width, one.height) for one in of_layer}) == 1
        covered_x, covered_y = (
            {place for one in of_layer for place in range(*span(one))}
            for span in (lambda one: (one.left, one.right), lambda one: (one.top, one.bottom))
        )
        assert covered_x == set(range(canvas.left, canvas.right))
        assert covered_y == set(range(canvas.top, canvas.bottom))


def test_neighbouring_crops_share_as_much_as_asked_for() -> None:
    left, right = crops(Window(0, 0, 1000, 1000), 1, 0.25)[1:3]
    assert (left.right - right.left) / left.width == pytest.approx(0.25, abs=0.005)


@given(canvases(), st.data())
def test_a_close_up_holds_its_box_and_stays_inside(canvas: Window, data: st.DataObject) -> None:
    left = data.draw(st.integers(canvas.left, canvas.right - 1))
    top = data.draw(st.integers(canvas.top, canvas.bottom - 1))
    box = Window(
        left, top, data.draw(st.integers(left + 1, canvas.right)), data.draw(st.integers(top + 1, canvas.bottom))
    )
    window = close_up(box, canvas)
    assert canvas.left <= window.left <= box.left
    assert box.right <= window.right <= canvas.right
    assert canvas.top <= window.top <= box.top
    assert box.bottom <= window.bottom <= canvas.bottom


def test_only_borders_inside_the_canvas_cut_things_off() -> None:
    canvas, window = Window(0, 0, 100, 100), Window(0, 0, 60, 60)
    for rows, columns, expected in (
        (slice(0, 5), slice(0, 5), False),
        (slice(2, 5), slice(7, 10), True),
        (slice(7, 10), slice(2, 5), True),
    ):
        inside_hw = np.zeros((10, 10), np.bool_)
        inside_hw[rows, columns] = True
        assert is_cut_off(inside_hw, window, canvas) is expected
        assert not is_cut_off(inside_hw, canvas, canvas)
