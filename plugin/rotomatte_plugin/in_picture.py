"""What of a drawn line lies in the picture. Pure code."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

Xy = tuple[float, float]


def is_inside(at_xy: Xy, corner_xy: Xy, size_xy: Xy) -> bool:
    """Whether a position is in the picture with that top left corner, all in plate pixels; its far edges are not."""
    return 0 <= at_xy[0] - corner_xy[0] < size_xy[0] and 0 <= at_xy[1] - corner_xy[1] < size_xy[1]


def parts_inside(points_xy: Iterable[Xy], corner_xy: Xy, size_xy: Xy) -> tuple[tuple[Xy, ...], ...]:
    """Each run of points in the picture: a line from where one left to where it came back was never drawn."""
    runs = groupby(points_xy, lambda at_xy: is_inside(at_xy, corner_xy, size_xy))
    return tuple(tuple(run) for inside, run in runs if inside)
