"""Masks that the artist drew in Fusion, as boxes; pure.

A RectangleMask's height is a fraction of the picture's height, an EllipseMask's one of its width: known from the stock
templates and from what users have verified, and asked again of a live Resolve by the probe.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rotomatte_hosts.resolve.facts import ToolFacts

RECTANGLE, ELLIPSE = "RectangleMask", "EllipseMask"
MASKS = (RECTANGLE, ELLIPSE)

_USUAL = {"Width": 0.5, "Height": 0.5, "Angle": 0.0}


def key_times(tool: ToolFacts, *names: str) -> tuple[float, ...]:
    """The times at which any of these inputs has a key, ascending."""
    return tuple(sorted({key.time for name in names for key in tool.keys.get(name, ())}))


def is_still(tool: ToolFacts) -> bool:
    """Whether a mask has no keys that change its box."""
    return not key_times(tool, "Center", *_USUAL)


def mask_boxes(tool: ToolFacts, still_time: float, aspect: float) -> Iterator[tuple[float, tuple[float, ...]]]:
    """The box around a mask on each of its keys, as time and two corners in fractions of the picture.

    Args:
        tool: a mask of ``MASKS``.
        still_time: when a mask without keys counts.
        aspect: the picture's width in its heights.
    """
    names = ("Center", *_USUAL)
    for time in key_times(tool, *names) or (still_time,):
        x, y = point_at(tool, "Center", time)
        width, height, angle = (number_at(tool, name, time) for name in _USUAL)
        # In widths of the picture, where a turn keeps its shape.
        tall = height if tool.kind == ELLIPSE else height / aspect
        half_x, half_y = _half_extent(tool.kind, width / 2, tall / 2, math.radians(angle))
        yield time, (x - half_x, y - half_y * aspect, x + half_x, y + half_y * aspect)


def _half_extent(kind: str, half_width: float, half_height: float, angle: float) -> tuple[float, float]:
    across, along = abs(math.cos(angle)), abs(math.sin(angle))
    if kind == ELLIPSE:
        return (
            math.hypot(half_width * across, half_height * along),
            math.hypot(half_width * along, half_height * across),
        )
    return half_width * across + half_height * along, half_width * along + half_height * across


def point_at(tool: ToolFacts, name: str, time: float) -> tuple[float, float]:
    """A point of a tool at a time, between its keys in a straight line; the middle where it has none."""
    keys = [(key.time, key.values) for key in tool.keys.get(name, ()) if len(key.values) == 2]
    if not keys:
        return tool.points.get(name, (0.5, 0.5))
    x, y = _between(keys, time)
    return x, y


def number_at(tool: ToolFacts, name: str, time: float) -> float:
    """A number of a tool at a time, between its keys in a straight line."""
    keys = [(key.time, key.values) for key in tool.keys.get(name, ()) if len(key.values) == 1]
    if not keys:
        return tool.numbers.get(name, _USUAL.get(name, 0.0))
    (value,) = _between(keys, time)
    return value


def _between(keys: Sequence[tuple[float, tuple[float, ...]]], time: float) -> tuple[float, ...]:
    before = [key for key in keys if key[0] <= time]
    after = [key for key in keys if key[0] >= time]
    (start, one), (end, other) = (before or after)[-1 if before else 0], (after or before)[0 if after else -1]
    share = 0.0 if end == start else (time - start) / (end - start)
    return tuple(a + (b - a) * share for a, b in zip(one, other))
