"""The prompts that a finished gesture makes: the part of it that lies in the picture. Pure code."""

from __future__ import annotations

from typing import Union

from rotomatte_hosts.panel.document import Prompt
from rotomatte_hosts.panel.gestures import Box, Point, Stroke
from rotomatte_plugin.in_picture import is_inside, parts_inside
from rotomatte_plugin.messages import CanvasWindow
from rotomatte_plugin.model import BoxPrompt, PointPrompt, StrokePrompt


def prompts_made(gesture: Union[Point, Box, Stroke], frame: int, canvas: CanvasWindow) -> tuple[Prompt, ...]:
    """What was meant on that frame, none where nothing of it lies in the picture.

    A box is cut to the picture. A stroke that leaves the picture and comes back is one stroke for each part in it.
    """
    corner, size = (canvas.x_px, canvas.y_px), (canvas.width_px, canvas.height_px)
    if isinstance(gesture, Point):
        is_there = is_inside(gesture.at_px, corner, size)
        return (PointPrompt(frame, *gesture.at_px, gesture.include),) if is_there else ()
    if isinstance(gesture, Box):
        return _box(gesture, frame, canvas)
    return tuple(StrokePrompt(frame, part, gesture.include) for part in parts_inside(gesture.points_px, corner, size))


def _box(box: Box, frame: int, canvas: CanvasWindow) -> tuple[Prompt, ...]:
    xs = sorted((box.one_px[0], box.other_px[0]))
    ys = sorted((box.one_px[1], box.other_px[1]))
    x0, x1 = max(xs[0], canvas.x_px), min(xs[1], canvas.x_px + canvas.width_px)
    y0, y1 = max(ys[0], canvas.y_px), min(ys[1], canvas.y_px + canvas.height_px)
    return (BoxPrompt(frame, x0, y0, x1, y1),) if x1 > x0 and y1 > y0 else ()
