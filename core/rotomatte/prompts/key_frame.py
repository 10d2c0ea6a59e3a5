"""From an artist's prompts on one frame to what a tracker is told."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import PlateInfo, Window
from rotomatte.plate.mask import read_mask
from rotomatte.prompts.shapes import rasterise_shape, stroke_points
from rotomatte.tracker.base import KeyFrame
from rotomatte_plugin.errors import MissingExtraError, PromptError
from rotomatte_plugin.model import FrameRange, MatteObject, PromptSet

FloatArray = NDArray[np.float32]


def frames_with_prompts(frames: FrameRange, objects: Iterable[MatteObject]) -> FrameRange:
    """The shortest range that has those frames and every prompt: what has to be tracked through."""
    prompted = {frame for item in objects for frame in item.prompts.prompt_frames()}
    return FrameRange(min(frames.first, *prompted), max(frames.last, *prompted)) if prompted else frames


def check_prompts(prompts: PromptSet, frames: FrameRange, info: PlateInfo) -> None:
    """Refuse prompts that cannot be used before anything is tracked.

    Raises:
        PromptError: a prompt outside the frames or the canvas, or two boxes on one frame.
        MissingExtraError: words, which this version cannot look up.
    """
    for frame in prompts.prompt_frames():
        if frame not in frames:
            raise PromptError(
                f"A prompt is on frame {frame}, and {info.name} has {frames}.",
                remedy="Move the prompt.",
                frame=frame,
                clip=info.name,
            )
    if prompts.texts:
        raise MissingExtraError(
            f"The words {prompts.texts[0].text!r} cannot be looked up: this version has no text detector.",
            remedy="Give a click, a box or a mask.",
            frame=prompts.texts[0].frame,
        )
    canvas = info.canvas
    for point in prompts.points:
        if not canvas.contains(point.x, point.y):
            raise _outside("point", f"{point.x:g},{point.y:g}", point.frame, info)
    for stroke in prompts.strokes:
        for x, y in stroke.points_xy:
            if not canvas.contains(x, y):
                raise _outside("stroke", f"{x:g},{y:g}", stroke.frame, info)
    for box in prompts.boxes:
        if box.x1 <= canvas.left or box.x0 >= canvas.right or box.y1 <= canvas.top or box.y0 >= canvas.bottom:
            raise _outside("box", f"{box.x0:g},{box.y0:g},{box.x1:g},{box.y1:g}", box.frame, info)
    box_frames = [box.frame for box in prompts.boxes]
    for frame in box_frames:
        if box_frames.count(frame) > 1:
            raise PromptError(
                f"Two boxes on frame {frame} belong to the same object.",
                remedy="Give one box a frame, or name two objects: OBJECT@FRAME:X0,Y0,X1,Y1.",
                frame=frame,
            )


def key_frame(prompts: PromptSet, info: PlateInfo) -> KeyFrame:
    """The prompts of one frame as a tracker takes them; boxes are cut to the canvas.

    Raises:
        PromptError: a mask that is missing, empty or of the wrong size.
    """
    canvas = info.canvas
    clicks = [((point.x, point.y), point.include) for point in prompts.points]
    clicks += [((x, y), stroke.include) for stroke in prompts.strokes for x, y in stroke_points(stroke).tolist()]
    points_xy = np.array([xy for xy, _ in clicks], np.float64).reshape(-1, 2)
    boxes_xyxy = [np.array([(box.x0, box.y0), (box.x1, box.y1)]) for box in prompts.boxes]
    matte_hw = drawn_matte(prompts, info)
    return KeyFrame(
        points_xy_norm=_normalise(points_xy, canvas),
        include_n=np.array([include for _, include in clicks], np.bool_),
        box_xyxy_norm=_normalise(boxes_xyxy[0], canvas).clip(0, 1).reshape(4) if boxes_xyxy else None,
        mask_hw=None if matte_hw is None else matte_hw >= 0.5,
    )


def drawn_matte(prompts: PromptSet, info: PlateInfo) -> FloatArray | None:
    """The masks and shapes of one frame together as ``matte_hw`` over the canvas, None where there are none."""
    mattes = [read_mask(mask.path, info, mask.frame) for mask in prompts.masks]
    mattes += [rasterise_shape(shape, info.canvas) for shape in prompts.shapes]
    if not mattes:
        return None
    matte_hw = reduce(np.maximum, mattes)
    if not (matte_hw >= 0.5).any():
        frame = prompts.prompt_frames()[0]
        raise PromptError(
            f"The shape on frame {frame} covers no pixel of the plate.",
            remedy="Draw it inside the frame, or remove it.",
            frame=frame,
        )
    return matte_hw


def artist_matte(prompts: PromptSet, info: PlateInfo) -> FloatArray | None:
    """The matte to deliver as it is on this frame: drawn or imported, and not corrected by clicks or a box."""
    corrected = prompts.points or prompts.boxes or prompts.strokes
    return None if corrected else drawn_matte(prompts, info)


def _normalise(points_xy: NDArray[np.float64], canvas: Window) -> FloatArray:
    corner = np.array([canvas.left, canvas.top])
    return np.asarray((points_xy - corner) / np.array([canvas.width, canvas.height]), np.float32)


def _outside(kind: str, values: str, frame: int, info: PlateInfo) -> PromptError:
    canvas = info.canvas
    return PromptError(
        f"The {kind} {values} on frame {frame} is outside the plate, which spans x {canvas.left} to {canvas.right} "
        f"and y {canvas.top} to {canvas.bottom}.",
        remedy="Give plate pixels from the display window's top-left corner, y downwards.",
        frame=frame,
        clip=info.name,
    )
