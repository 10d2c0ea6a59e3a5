"""Drawn prompts: outlines become mattes, strokes become points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import Window
from rotomatte_plugin.model import ShapePrompt, StrokePrompt

FloatArray = NDArray[np.float32]

_SEGMENT_STEPS = 24
_LINES = 8
_STROKE_POINTS = 5


def rasterise_shape(shape: ShapePrompt, canvas: Window) -> FloatArray:
    """The inside of a closed outline as ``matte_hw`` over the canvas, 0..1, with anti-aliased edges.

    Each segment is a cubic Bezier between neighbouring points (a straight line where both tangents are zero).
    Coverage is exact along x and counted on eight lines a pixel along y; a pixel that the outline winds round,
    either way, is inside.
    """
    starts_xy = _flatten(shape) - np.array([canvas.left, canvas.top], np.float64)
    # Each crossing of an edge with a line adds, or takes away, all that lies to its right: a running sum along
    # the row then counts how often the outline winds round each pixel.
    change_hw = np.zeros((canvas.height, canvas.width + 2))
    for (x0, y0), (x1, y1) in zip(starts_xy, np.roll(starts_xy, -1, axis=0), strict=True):
        low, high = sorted((y0 * _LINES, y1 * _LINES))
        lines = np.arange(max(0, np.ceil(low - 0.5)), min(canvas.height * _LINES, np.ceil(high - 0.5)))
        if lines.size == 0:
            continue
        x = np.clip(x0 + ((lines + 0.5) / _LINES - y0) * (x1 - x0) / (y1 - y0), 0, canvas.width)
        rows, columns = (lines // _LINES).astype(np.intp), x.astype(np.intp)
        weight = (1 if y1 > y0 else -1) / _LINES
        np.add.at(change_hw, (rows, columns), weight * (columns + 1 - x))
        np.add.at(change_hw, (rows, columns + 1), weight * (x - columns))
    return np.clip(np.abs(np.cumsum(change_hw, axis=1)[:, : canvas.width]), 0, 1).astype(np.float32)


def stroke_points(stroke: StrokePrompt) -> FloatArray:
    """Up to five points evenly spaced along the stroke, N by 2: more clicks than that confuse SAM 2."""
    points_xy = np.asarray(stroke.points_xy, np.float64)
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points_xy, axis=0).T))])
    if lengths[-1] == 0:
        return points_xy[:1].astype(np.float32)
    at = np.linspace(0, lengths[-1], _STROKE_POINTS + 2)[1:-1]
    return np.stack([np.interp(at, lengths, points_xy[:, axis]) for axis in (0, 1)], axis=1).astype(np.float32)


def _flatten(shape: ShapePrompt) -> NDArray[np.float64]:
    runs = []
    for start, end in zip(shape.points, (*shape.points[1:], shape.points[0]), strict=True):
        knots = np.array(
            [
                (start.x, start.y),
                (start.x + start.out_dx, start.y + start.out_dy),
                (end.x + end.in_dx, end.y + end.in_dy),
                (end.x, end.y),
            ]
        )
        straight = not any((start.out_dx, start.out_dy, end.in_dx, end.in_dy))
        t = np.linspace(0, 1, 2 if straight else _SEGMENT_STEPS + 1)[:-1, None]
        weights = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
        runs.append(weights @ knots)
    return np.concatenate(runs)
