"""Which prompt is under the mouse, and what it becomes when it is dragged. Pure code."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

from rotomatte_hosts.panel.document import Prompt
from rotomatte_hosts.panel.gestures import Handle
from rotomatte_hosts.panel.view_transform import ViewTransform, Xy
from rotomatte_plugin.messages import CanvasWindow
from rotomatte_plugin.model import BoxPrompt, PointPrompt, ShapePrompt, StrokePrompt

REACH_PX = 9.0
"""How near, in screen pixels, the mouse must be."""


def handle_at(
    prompts: Sequence[tuple[str, Prompt]], screen_xy: Xy, view: ViewTransform, reach_px: float = REACH_PX
) -> Optional[Handle]:
    """The prompt within reach, the nearest one; of equally near ones the last, as it is drawn over the others.

    A box is taken by its corners or its border, a stroke by its line, a shape by its points.
    """
    best: Optional[Handle] = None
    nearest = reach_px
    for name, prompt in prompts:
        for distance, corner in _distances(prompt, screen_xy, view):
            if distance <= nearest:
                nearest, best = distance, Handle(name, prompt, corner)
    return best


def moved(handle: Handle, by_px: Xy, canvas: CanvasWindow) -> Prompt:
    """The prompt after it was dragged by so many plate pixels; a corner of a box moves alone, and may pass the other.

    It stays in the picture, where it would say nothing outside. A shape may be partly outside, as roto often is.
    """
    prompt = handle.prompt
    xs, ys = _reach(handle)
    is_shape = isinstance(prompt, ShapePrompt)
    dx = _limited(by_px[0], xs, (canvas.x_px, canvas.x_px + canvas.width_px), is_shape=is_shape)
    dy = _limited(by_px[1], ys, (canvas.y_px, canvas.y_px + canvas.height_px), is_shape=is_shape)
    if isinstance(prompt, PointPrompt):
        return replace(prompt, x=prompt.x + dx, y=prompt.y + dy)
    if isinstance(prompt, StrokePrompt):
        return replace(prompt, points_xy=tuple((x + dx, y + dy) for x, y in prompt.points_xy))
    if isinstance(prompt, ShapePrompt):
        return replace(prompt, points=tuple(replace(point, x=point.x + dx, y=point.y + dy) for point in prompt.points))
    if isinstance(prompt, BoxPrompt):
        return _box_moved(prompt, handle.corner, dx, dy)
    return prompt


def _reach(handle: Handle) -> tuple[list[float], list[float]]:
    """The x and the y of every point that is dragged."""
    prompt, corner = handle.prompt, handle.corner
    if isinstance(prompt, PointPrompt):
        return [prompt.x], [prompt.y]
    if isinstance(prompt, StrokePrompt):
        return [x for x, _ in prompt.points_xy], [y for _, y in prompt.points_xy]
    if isinstance(prompt, ShapePrompt):
        return [point.x for point in prompt.points], [point.y for point in prompt.points]
    if isinstance(prompt, BoxPrompt):
        xs, ys = [prompt.x0, prompt.x1], [prompt.y0, prompt.y1]
        return (xs, ys) if corner is None else ([xs[corner % 2]], [ys[corner // 2]])
    return [], []


def _limited(by_px: float, places_px: list[float], picture_px: tuple[int, int], *, is_shape: bool) -> float:
    """``by_px`` as far as all places, or of a shape a pixel, stay between both ends of the picture.

    What is beyond an end already may stay there, and goes no farther.
    """
    if not places_px:
        return by_px
    if is_shape:
        least, most = picture_px[0] + 1 - max(places_px), picture_px[1] - 1 - min(places_px)
    else:
        least, most = picture_px[0] - min(places_px), picture_px[1] - max(places_px)
    return min(max(by_px, min(least, 0.0)), max(most, 0.0))


def _box_moved(box: BoxPrompt, corner: Optional[int], dx: float, dy: float) -> BoxPrompt:
    moves_left, moves_top = corner in {None, 0, 2}, corner in {None, 0, 1}
    moves_right, moves_bottom = corner in {None, 1, 3}, corner in {None, 2, 3}
    xs = sorted((box.x0 + dx * moves_left, box.x1 + dx * moves_right))
    ys = sorted((box.y0 + dy * moves_top, box.y1 + dy * moves_bottom))
    if xs[0] == xs[1] or ys[0] == ys[1]:
        return box
    return BoxPrompt(box.frame, xs[0], ys[0], xs[1], ys[1])


def _distances(prompt: Prompt, at: Xy, view: ViewTransform) -> list[tuple[float, Optional[int]]]:
    if isinstance(prompt, PointPrompt):
        return [(math.dist(view.to_screen((prompt.x, prompt.y)), at), None)]
    if isinstance(prompt, BoxPrompt):
        corners = [view.to_screen((x, y)) for y in (prompt.y0, prompt.y1) for x in (prompt.x0, prompt.x1)]
        sides = [_to_line(at, corners[one], corners[other]) for one, other in ((0, 1), (1, 3), (3, 2), (2, 0))]
        # Corners last, so that of a corner and the sides that meet there the corner is taken.
        return [(min(sides), None), *((math.dist(corner, at), place) for place, corner in enumerate(corners))]
    if isinstance(prompt, StrokePrompt):
        points = [view.to_screen(point) for point in prompt.points_xy]
        return [(min(_to_line(at, one, other) for one, other in zip(points, [*points[1:], points[-1]])), None)]
    if isinstance(prompt, ShapePrompt):
        return [(min(math.dist(view.to_screen((point.x, point.y)), at) for point in prompt.points), None)]
    return []


def _to_line(at: Xy, one: Xy, other: Xy) -> float:
    """The distance from a point to the line between two others."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else ((at[0] - one[0]) * dx + (at[1] - one[1]) * dy) / length
    along = min(max(along, 0.0), 1.0)
    return math.dist(at, (one[0] + along * dx, one[1] + along * dy))
