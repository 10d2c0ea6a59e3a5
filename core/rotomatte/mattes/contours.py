"""The outline of a matte's largest part with a constant number of points, followed from frame to frame. Pure code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from rotomatte.mattes.outline import part_borders
from rotomatte.plate.base import FloatArray, Window

POINTS = range(8, 513)
"""How many points an outline can have."""

_FINER = 8
_LEAST_LEFT_OUT_PX = 4.0

_Points = NDArray[np.float64]


@dataclass(frozen=True)
class LargestPart:
    """A polygon in plate pixels, clockwise on the screen, and whether the matte has other parts or holes."""

    polygon_xy: _Points
    has_more: bool


def largest_part(matte_hw: FloatArray, window: Window) -> Optional[LargestPart]:
    """The outer border of the largest part of a matte over ``window`` at one half, None where nothing is inside.

    Other parts and holes of less than 4 square pixels do not count.
    """
    borders = [np.asarray(border, np.float64) for border in part_borders(matte_hw, window)]
    sized = sorted(((abs(_area_px(border)), number) for number, border in enumerate(borders)), reverse=True)
    if not sized or sized[0][0] == 0:
        return None
    polygon_xy = borders[sized[0][1]]
    has_more = any(area_px >= _LEAST_LEFT_OUT_PX for area_px, _ in sized[1:])
    return LargestPart(polygon_xy if _area_px(polygon_xy) > 0 else polygon_xy[::-1], has_more)


def evenly(polygon_xy: _Points, count: int, before_xy: Optional[_Points] = None) -> _Points:
    """``count`` points equally far apart along a closed polygon, in its turning direction.

    What the chords cut off has at most the area L² / (2 pi count) for an outline of length L: each arc of length
    L / count bounds with its chord no more than a half disc of that arc (Dido's problem). The first point is the one
    that brings all of them nearest, by the sum of squared distances, to ``before_xy``, as many points on the frame
    before; the uppermost where that is None. It is looked for in steps of an eighth of the points' distance.
    """
    fine_xy = _resampled(polygon_xy, count * _FINER)
    # Every phase of the finer points is a set of ``count`` points, and each can begin anywhere.
    phases_xy = fine_xy.reshape(count, _FINER, 2).transpose(1, 0, 2)
    if before_xy is None:
        first = int(np.argmin(fine_xy[:, 1]))
        return np.roll(phases_xy[first % _FINER], -(first // _FINER), axis=0)
    distances = _squared_distances(phases_xy, before_xy)
    phase, start = np.unravel_index(int(np.argmin(distances)), distances.shape)
    return np.roll(phases_xy[phase], -int(start), axis=0)


def _squared_distances(phases_xy: _Points, before_xy: _Points) -> _Points:
    """The sum of squared distances for each phase and first point: by the theorem of cross-correlation."""
    # About one centre, so that far from the corner nothing is lost to rounding.
    centre_xy = before_xy.mean(axis=0)
    phases_xy, before_xy = phases_xy - centre_xy, before_xy - centre_xy
    spectrum = np.fft.rfft(phases_xy, axis=1) * np.conj(np.fft.rfft(before_xy, axis=0))
    products = np.fft.irfft(spectrum, n=len(before_xy), axis=1).sum(axis=2)
    own = (phases_xy**2).sum(axis=(1, 2))
    return np.asarray(own[:, None] + (before_xy**2).sum() - 2 * products)


def _resampled(polygon_xy: _Points, count: int) -> _Points:
    closed_xy = np.concatenate([polygon_xy, polygon_xy[:1]])
    along_px = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(closed_xy, axis=0).T))])
    wanted_px = np.arange(count) * along_px[-1] / count
    return np.stack([np.interp(wanted_px, along_px, values) for values in closed_xy.T], axis=1)


def _area_px(polygon_xy: _Points) -> float:
    """The area by the shoelace formula: positive where a polygon turns clockwise on the screen, y being down."""
    (x, y), (next_x, next_y) = polygon_xy.T, np.roll(polygon_xy, -1, axis=0).T
    return float((x * next_y - next_x * y).sum() / 2)
