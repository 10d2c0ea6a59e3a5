"""Smooth random paths over time and the affine maps made from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


def smooth_path(rng: np.random.Generator, times_t: F64, drift: float, sway: float) -> F64:
    """A scalar path with value 0 at the first time: a steady drift, two slow oscillations and no jumps.

    Args:
        rng: source of the path.
        times_t: times in frames of ordinary speed.
        drift: standard deviation of the velocity, in units per frame.
        sway: standard deviation of the oscillations' amplitude, in units.
    """
    path = rng.normal(0, drift) * times_t
    for _ in range(2):
        period = rng.uniform(5, 40)
        phase = rng.uniform(0, 2 * np.pi)
        path = path + rng.normal(0, sway) * np.sin(2 * np.pi * times_t / period + phase)
    return np.asarray(path - path[0], dtype=np.float64)


def affine(
    shift_xy: tuple[float, float], angle: float = 0.0, scale_xy: tuple[float, float] = (1.0, 1.0), shear: float = 0.0
) -> F64:
    """The 3x3 map that scales and shears, then turns by `angle` radians, then shifts."""
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stretch = np.array([[scale_xy[0], shear * scale_xy[1]], [0.0, scale_xy[1]]])
    matrix = np.eye(3)
    matrix[:2, :2] = turn @ stretch
    matrix[:2, 2] = shift_xy
    return matrix
