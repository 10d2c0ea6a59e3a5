"""The prompts that a finished gesture makes: the part of it that lies in the picture. Pure code."""

from __future__ import annotations

from itertools import groupby
from typing import Union

from rotomatte_hosts.panel.document import Prompt
from rotomatte_hosts.panel.gestures import Box, Point, Stroke
from rotomatte_hosts.panel.view_transform import Xy
from rotomatte_plugin.messages import CanvasWindow
from rotomatte_plugin.model import BoxPrompt, PointPrompt, StrokePrompt


def prompts_made(gesture: Union[Point, Box, Stroke], frame: int, canvas: CanvasWindow) -> tuple[Prompt, ...]:
    """What was meant on that frame, none where nothing of it lies in the picture.

    A box is cut to the picture. A stroke that leaves the picture and comes back is one stroke for each part in it: a
    line from where it left to where it came back was never drawn.
    """
    if isinstance(gesture, Point):
        return (PointPrompt(frame, *gesture.at_px, gesture.include),) if _is_inside(gesture.at_px, canvas) else ()
    if isinstance(gesture, Box):
        return _box(gesture, frame, canvas)
    parts = groupby(gesture.points_px, lambda at_px: _is_inside(at_px, canvas))
    return tuple(StrokePrompt(frame, tuple(points), gesture.include) for is_inside, points in parts if is_inside)


def _box(box: Box, frame: int, canvas: CanvasWindow) -> tuple[Prompt, ...]:
    xs = sorted((box.one_px[0], box.other_px[0]))
    ys = sorted((box.one_px[1], box.other_px[1]))
    x0, x1 = max(xs[0], canvas.x_px), min(xs[1], canvas.x_px + canvas.width_px)
    y0, y1 = max(ys[0], canvas.y_px), min(ys[1], canvas.y_px + canvas.height_px)
    return (BoxPrompt(frame, x0, y0, x1, y1),) if x1 > x0 and y1 > y0 else ()


def _is_inside(at_px: Xy, canvas: CanvasWindow) -> bool:
    x, y = at_px[0] - canvas.x_px, at_px[1] - canvas.y_px
    return 0 <= x < canvas.width_px and 0 <= y < canvas.height_px
