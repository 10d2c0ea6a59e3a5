"""Prompts and outlines as lines to draw: shapes tell what is meant, and not only colours. Pure code.

A click is a ring with a plus in it, a click on what is not the object a diamond with a minus. Strokes that say what is
not the object are dashed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from rotomatte_hosts.blender.prompt_rows import PromptRow
from rotomatte_plugin.messages import FoundObject, Outline
from rotomatte_plugin.model import ShapePoint

Xy = tuple[float, float]
Segment = tuple[Xy, Xy]

RADIUS_PX = 7.0
"""Of a click's glyph, on a screen without scaling."""

_RING_SIDES = 20
_CURVE_PIECES = 12


def prompt_lines(row: PromptRow, to_region: Callable[[Xy], Xy], scale: float = 1.0) -> Iterator[Segment]:
    """The lines of a prompt in a region's pixels; ``to_region`` goes there from plate pixels, ``scale`` is the screen's."""
    if row.kind == "POINT":
        point = row.points[0]
        return _click(to_region((point.x, point.y)), RADIUS_PX * scale, include=row.include)
    if row.kind == "BOX":
        (left, top), (right, bottom) = ((point.x, point.y) for point in row.points)
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        return _chain([to_region(corner) for corner in corners])
    if row.kind == "SHAPE":
        return _chain([to_region(xy) for xy in _curve(row.points)])
    chain = _chain([to_region((point.x, point.y)) for point in row.points])
    return chain if row.include else (line for index, line in enumerate(chain) if index % 2 == 0)


def outline_lines(outline_xy: Outline, to_region: Callable[[Xy], Xy]) -> Iterator[Segment]:
    """The lines of an outline's closed polygons."""
    for polygon in outline_xy:
        yield from _chain([to_region(xy) for xy in (*polygon, *polygon[:1])])


def find_lines(find: FoundObject, to_region: Callable[[Xy], Xy]) -> Iterator[Segment]:
    """The lines of a find: its outline, or its box where it has none."""
    left, top, right, bottom = find.box_xyxy_px
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return outline_lines(find.outline_xy or (corners,), to_region)


def box_lines(one_px: Xy, other_px: Xy) -> Iterator[Segment]:
    """The lines of a box that is being drawn."""
    (x0, y0), (x1, y1) = one_px, other_px
    return _chain([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])


def _click(centre: Xy, radius: float, *, include: bool) -> Iterator[Segment]:
    x, y = centre
    sides = _RING_SIDES if include else 4
    turns = (math.tau * side / sides for side in range(sides + 1))
    yield from _chain([(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns])
    arm = radius / 2
    yield (x - arm, y), (x + arm, y)
    if include:
        yield (x, y - arm), (x, y + arm)


def _curve(points: Sequence[ShapePoint]) -> list[Xy]:
    """A closed cubic Bezier as a polygon that ends where it starts."""
    polygon: list[Xy] = []
    for start, end in zip(points, (*points[1:], points[0])):
        is_straight = not (start.out_dx or start.out_dy or end.in_dx or end.in_dy)
        pieces = 1 if is_straight else _CURVE_PIECES
        polygon.extend(_on_curve(start, end, piece / pieces) for piece in range(pieces))
    return [*polygon, polygon[0]]


def _on_curve(start: ShapePoint, end: ShapePoint, t: float) -> Xy:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    xs = (start.x, start.x + start.out_dx, end.x + end.in_dx, end.x)
    ys = (start.y, start.y + start.out_dy, end.y + end.in_dy, end.y)
    return sum(map(float.__mul__, weights, map(float, xs))), sum(map(float.__mul__, weights, map(float, ys)))


def _chain(points: Iterable[Xy]) -> Iterator[Segment]:
    found = list(points)
    return zip(found, found[1:])
