"""The parts of a frame that are looked at one by one. Pure code."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import Window

BoolArray = NDArray[np.bool_]

_CLOSE_UP_SIDE = 2.0
"""A close-up is so many times as wide as the larger side of what it shows."""
_LEAST_CLOSE_UP_PX = 96


def crops(canvas: Window, layers: int, overlap: float) -> tuple[Window, ...]:
    """The whole canvas, then for each layer 2 by 2, 4 by 4 and so on windows of equal size that cover it.

    Neighbours share ``overlap``, 0..1, of their side.
    """
    found = [canvas]
    for layer in range(1, layers + 1):
        columns = _spans(canvas.left, canvas.right, 2**layer, overlap)
        rows = _spans(canvas.top, canvas.bottom, 2**layer, overlap)
        found += [Window(left, top, right, bottom) for top, bottom in rows for left, right in columns]
    return tuple(found)


def close_up(box: Window, canvas: Window) -> Window:
    """The window to look at a thing from close up: a square about its box, as far as that is inside the canvas."""
    side_px = max(_CLOSE_UP_SIDE * max(box.width, box.height), _LEAST_CLOSE_UP_PX)
    left, right = _about((box.left + box.right) / 2, side_px, canvas.left, canvas.right)
    top, bottom = _about((box.top + box.bottom) / 2, side_px, canvas.top, canvas.bottom)
    return Window(left, top, right, bottom)


def is_cut_off(inside_hw: BoolArray, window: Window, canvas: Window) -> bool:
    """Whether a mask over a window reaches a border of it that is none of the canvas: there is more of it outside."""
    sides = (
        (window.left > canvas.left, inside_hw[:, 0]),
        (window.right < canvas.right, inside_hw[:, -1]),
        (window.top > canvas.top, inside_hw[0]),
        (window.bottom < canvas.bottom, inside_hw[-1]),
    )
    return any(is_inner and bool(cells.any()) for is_inner, cells in sides)


def _spans(first: int, last: int, count: int, overlap: float) -> list[tuple[int, int]]:
    length = last - first
    # So many sides, of which all but the first begin before their neighbour's end, make up the length.
    size = min(length, math.ceil(length / (count - (count - 1) * overlap)))
    starts = [first + round(place * (length - size) / (count - 1)) for place in range(count)]
    return [(start, start + size) for start in starts]


def _about(centre: float, side_px: float, first: int, last: int) -> tuple[int, int]:
    side = min(round(side_px), last - first)
    start = min(max(round(centre - side / 2), first), last - side)
    return start, start + side
