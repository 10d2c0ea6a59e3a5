"""Numbers as lines, and a place for them within an outline; pure. Nuke's strokes have no letters."""

from __future__ import annotations

from collections.abc import Sequence

Line = tuple[tuple[float, float], ...]
"""Corners in plate pixels."""

_A, _B, _C, _D, _E, _F = (0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)
# Corners of a digit by column and row, each digit in one line.
_DIGITS = {
    "0": (_A, _B, _F, _E, _A),
    "1": (_B, _F),
    "2": (_A, _B, _D, _C, _E, _F),
    "3": (_A, _B, _D, _C, _D, _F, _E),
    "4": (_A, _C, _D, _B, _F),
    "5": (_B, _A, _C, _D, _F, _E),
    "6": (_B, _A, _E, _F, _D, _C),
    "7": (_A, _B, _F),
    "8": (_C, _A, _B, _F, _E, _C, _D),
    "9": (_D, _C, _A, _B, _F, _E),
}
_WIDE = 0.5
_STEP = 0.8


def number_lines(number: int, middle_xy: tuple[float, float], size_px: float) -> tuple[Line, ...]:
    """A number, a line for each digit, around a point in plate pixels and ``size_px`` high."""
    text = str(number)
    left = middle_xy[0] - ((len(text) - 1) * _STEP + _WIDE) * size_px / 2
    top = middle_xy[1] - size_px / 2
    return tuple(
        tuple(
            (left + (place * _STEP + column * _WIDE) * size_px, top + row * size_px / 2)
            for column, row in _DIGITS[digit]
        )
        for place, digit in enumerate(text)
    )


def place_within(outline_xy: Sequence[Line]) -> tuple[float, float]:
    """A point well within closed polygons, holes left out: the middle of the widest run at half their height.

    Args:
        outline_xy: polygons in plate pixels; what lies in an odd number of them is inside.
    """
    ys = [y for polygon in outline_xy for _, y in polygon]
    # Not exactly a height that corners are likely to have.
    y = (min(ys) + max(ys)) / 2 + 1e-3
    crossings = sorted(
        x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        for polygon in outline_xy
        for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], *polygon[:1]))
        if (y0 > y) != (y1 > y)
    )
    xs = [x for polygon in outline_xy for x, _ in polygon]
    runs = zip(crossings[::2], crossings[1::2])
    left, right = max(runs, key=lambda run: run[1] - run[0], default=(min(xs), max(xs)))
    return (left + right) / 2, y
