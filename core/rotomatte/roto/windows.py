"""Windows that follow a small object, so that the model can look at it from close up. Pure code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import Window

FloatArray = NDArray[np.float32]
F64 = NDArray[np.float64]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as parts of the canvas (0..1)."""

WORTH_PART = 0.6
"""A window of more than this part of the canvas's side is no gain: the cells of the answer shrink by less than 1.7."""

_FILL = 0.5
"""How much of the window's side the object takes at most: it needs its surroundings to be told apart from them."""

_MAIN_PART = 0.1
"""Regions of less than this part of the largest one's area are taken for specks that need not be in the window."""

_CENTRE_REACH_FRAMES = 12
_SIZE_REACH_FRAMES = 24
_SIZE_STEP = 1.25


@dataclass(frozen=True)
class CloseUp:
    """What the model answered in a window: ``logits_hw`` is its square grid over the window, positive inside."""

    window: Window
    logits_hw: FloatArray


def object_box(logits_hw: FloatArray) -> Optional[Box]:
    """The box around the main parts of an answer over the canvas, None where it is empty."""
    inside_hw = (logits_hw > 0).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(inside_hw, connectivity=8)
    regions = stats[1:].astype(np.float64)
    if not len(regions):
        return None
    main = regions[regions[:, cv2.CC_STAT_AREA] >= _MAIN_PART * regions[:, cv2.CC_STAT_AREA].max()]
    height, width = logits_hw.shape
    left_top = main[:, :2].min(axis=0) / (width, height)
    right_bottom = (main[:, :2] + main[:, 2:4]).max(axis=0) / (width, height)
    return (float(left_top[0]), float(left_top[1]), float(right_bottom[0]), float(right_bottom[1]))


def plan_windows(boxes: Sequence[Optional[Box]], canvas: Window, grid_size: int) -> Optional[tuple[Window, ...]]:
    """A window for each of several frames in a row, ``boxes`` telling where the object is; None where there is no gain.

    Windows have the aspect of the canvas, because the model squeezes either into the same square; they lie inside it,
    on whole pixels, and hold the object's box with a margin of half its size on every side, as far as the canvas goes.
    The centre is the box's, averaged over 12 frames on either side without lag; what it does not follow of a sudden
    move, the size makes up for. The size is that of the most demanding frame. Frames that ask for less by steps of
    1.25 get it, if they are more than 24 frames away from those that do not, and it changes over as many frames. Where
    the object is not seen the window goes straight from its last place to the next. No window is so small that a cell
    of the model's grid would be less than a pixel.

    There is no gain where the object is seen on no frame, or where half of the windows or more would be larger than
    ``WORTH_PART`` of the canvas's side.
    """
    seen = [place for place, box in enumerate(boxes) if box is not None]
    if not seen:
        return None
    box_t4 = np.array([box for box in boxes if box is not None], np.float64)
    margin_t2 = (box_t4[:, 2:] - box_t4[:, :2]) * (1 / _FILL - 1) / 2
    wanted_t4 = np.clip(np.hstack([box_t4[:, :2] - margin_t2, box_t4[:, 2:] + margin_t2]), 0, 1)
    wanted_t4 = np.stack([np.interp(range(len(boxes)), seen, side_t) for side_t in wanted_t4.T], axis=1)
    centre_t2 = np.stack([_smooth((wanted_t4[:, k] + wanted_t4[:, k + 2]) / 2) for k in (0, 1)], axis=1)
    reach_t4 = np.hstack([centre_t2 - wanted_t4[:, :2], wanted_t4[:, 2:] - centre_t2])
    least = max(grid_size / canvas.width, grid_size / canvas.height)
    side_t = np.clip(_steady(2 * reach_t4.max(axis=1)), least, 1)
    if float(np.median(side_t)) > WORTH_PART:
        return None
    return tuple(
        _window(float(x), float(y), float(side), canvas) for (x, y), side in zip(centre_t2, side_t, strict=True)
    )


def cut_out(logits_hw: FloatArray, canvas: Window, window: Window) -> FloatArray:
    """An answer over the canvas as it is in a window: interpolated on a grid of as many cells over the window."""
    height, width = logits_hw.shape
    scale_x, scale_y = window.width / canvas.width, window.height / canvas.height
    # From the middle of a cell over the window to cells over the canvas.
    to_canvas = np.array(
        [
            [scale_x, 0, (window.left - canvas.left) / canvas.width * width + scale_x / 2 - 0.5],
            [0, scale_y, (window.top - canvas.top) / canvas.height * height + scale_y / 2 - 0.5],
        ]
    )
    cut_hw = cv2.warpAffine(
        logits_hw,
        to_canvas,
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(cut_hw, np.float32)


def _steady(need_t: F64) -> F64:
    """A size that is nowhere less than ``need_t``, constant for as long as that is possible, and smooth elsewhere."""
    most = need_t.max()
    steps_t = np.floor(np.log(most / np.maximum(need_t, 1e-6)) / np.log(_SIZE_STEP) + 1e-9)
    stepped_t = most / _SIZE_STEP**steps_t
    reach = _SIZE_REACH_FRAMES
    padded_t = np.pad(stepped_t, reach, mode="edge")
    largest_t = np.lib.stride_tricks.sliding_window_view(padded_t, 2 * reach + 1).max(axis=1)
    # A mean of values that are each the largest within reach is no less than the value in the middle.
    return np.convolve(np.pad(largest_t, reach, mode="edge"), _weights(reach), mode="valid")


def _smooth(value_t: F64) -> F64:
    """A mean over the frames on either side; at the ends the motion goes on as it was, so that nothing lags."""
    reach = _CENTRE_REACH_FRAMES
    padded_t = (
        np.pad(value_t, reach, mode="reflect", reflect_type="odd")
        if len(value_t) > 1
        else value_t.repeat(2 * reach + 1)
    )
    return np.convolve(padded_t, _weights(reach), mode="valid")


def _weights(reach: int) -> F64:
    """A Hann window: 0 beyond ``reach``, the sum 1."""
    weights = np.hanning(2 * reach + 3)[1:-1]
    return np.asarray(weights / weights.sum(), np.float64)


def _window(x: float, y: float, side: float, canvas: Window) -> Window:
    """The window of that centre and side, both parts of the canvas, pushed inside it."""
    width, height = (min(round(side * whole + 0.5), whole) for whole in (canvas.width, canvas.height))
    left = min(max(round(x * canvas.width - width / 2), 0), canvas.width - width) + canvas.left
    top = min(max(round(y * canvas.height - height / 2), 0), canvas.height - height) + canvas.top
    return Window(left, top, left + width, top + height)
