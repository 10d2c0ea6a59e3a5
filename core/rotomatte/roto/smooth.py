"""Answers of neighbouring frames averaged along the picture's motion, against flicker. Pure code."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte_plugin.model import CleanUp

FloatArray = NDArray[np.float32]

_SURE = 16.0
"""Logits are cut off here: SAM 2 says -1024 where an object is absent."""

_OUTLYING = 8.0
"""Where an answer's logit is so far from the median, little of a vote is left."""

_SIDE_PX = 512
"""Motion is looked for in pictures of this side at most: two pixels a cell of SAM 2's grid."""

_ASTRAY_CELLS = 0.5
"""Where the way there and back ends so far from its start, little of a vote is left."""

_UNLIKE = 0.04
"""Where the pictures differ by so much in any channel, of 1, little of a vote is left."""


def frames_smoothed(settings: Sequence[CleanUp], frame: int) -> int:
    """How many frames on either side count on a frame: the most that is asked for there, 0 for none."""
    return max((one.smooth_frames for one in settings if one.covers(frame)), default=0)


def smoothed(logits: Sequence[FloatArray], pictures: Sequence[FloatArray], centre: int) -> FloatArray:
    """The answer of frame ``centre`` averaged with those around it, as ``logits_hw`` within plus or minus 16.

    ``logits`` are ``logits_hw`` of consecutive frames of one shot on the model's grid, ``pictures`` what the model saw
    of them: square ``seen_hwc``, RGB in 0..1. The others' answers are carried to the centre along dense optical flow
    (DIS: Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016). They weigh less the farther they
    are in time, a Gaussian that has fallen to a seventh at the farthest. Where the flow there and back do not agree,
    leads out of the frame or to something that looks different, the other frame has no vote: it does not show what the
    centre does. Answers far from the weighted median, the centre's own as well, count for little.
    """
    seen = [_shrunk(picture_hwc) for picture_hwc in pictures]
    cells = logits[centre].shape[0]
    reach = max(centre, len(logits) - 1 - centre)
    carried, votes = [], []
    for place, other_hw in enumerate(logits):
        answer_hw = other_hw.clip(-_SURE, _SURE)
        vote_hw = np.ones_like(answer_hw)
        if place != centre:
            shift_hwc = _flow(seen[centre], seen[place])
            answer_hw = _carried(answer_hw, _averaged(shift_hwc, cells) * np.float32(cells / shift_hwc.shape[0]))
            in_time = math.exp(-2 * ((place - centre) / reach) ** 2)
            vote_hw = np.float32(in_time) * _trust(seen[centre], seen[place], shift_hwc, cells)
        carried.append(answer_hw)
        votes.append(vote_hw)
    return _robust_mean(np.stack(carried), np.stack(votes))


def _robust_mean(values_nhw: FloatArray, votes_nhw: FloatArray) -> FloatArray:
    """The mean of what lies about the weighted median: an outlier does not move it."""
    order_nhw = np.argsort(values_nhw, axis=0)
    summed_nhw = np.cumsum(np.take_along_axis(votes_nhw, order_nhw, axis=0), axis=0)
    middle_hw = (summed_nhw < summed_nhw[-1] / 2).sum(axis=0)
    median_hw = np.take_along_axis(np.take_along_axis(values_nhw, order_nhw, axis=0), middle_hw[None], axis=0)[0]
    weights_nhw = votes_nhw * np.exp(-np.square((values_nhw - median_hw) / np.float32(_OUTLYING)))
    return np.asarray((weights_nhw * values_nhw).sum(axis=0) / weights_nhw.sum(axis=0), np.float32)


def _shrunk(picture_hwc: FloatArray) -> FloatArray:
    side_px = min(picture_hwc.shape[0], _SIDE_PX)
    return np.asarray(cv2.resize(picture_hwc, (side_px, side_px), interpolation=cv2.INTER_AREA), np.float32)


def _flow(from_hwc: FloatArray, to_hwc: FloatArray) -> FloatArray:
    """Where each pixel's content lies in the other picture: ``shift_hwc``, right and down, in pixels."""
    # A finder of its own for every flow: it keeps what it last worked on, and threads must not share that.
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return np.asarray(finder.calc(_grey(from_hwc), _grey(to_hwc), None), np.float32)  # type: ignore[call-overload]


def _grey(picture_hwc: FloatArray) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(picture_hwc, cv2.COLOR_RGB2GRAY) * 255 + 0.5, np.uint8)


def _trust(centre_hwc: FloatArray, other_hwc: FloatArray, shift_hwc: FloatArray, cells: int) -> FloatArray:
    """How far the other picture shows what the centre does, 0..1 for each cell of a grid."""
    side_px = shift_hwc.shape[0]
    astray_hwc = (shift_hwc + _carried(_flow(other_hwc, centre_hwc), shift_hwc)) * (cells / side_px)
    # A little softened, so that grain is no difference.
    unlike_hwc = cv2.blur(_carried(other_hwc, shift_hwc) - centre_hwc, (3, 3))
    misfit_hw = np.square(astray_hwc).sum(axis=2) / _ASTRAY_CELLS**2 + np.square(unlike_hwc).max(axis=2) / _UNLIKE**2
    x_hw, y_hw = _targets(shift_hwc)
    inside_hw = (np.minimum(x_hw, y_hw) >= 0) & (np.maximum(x_hw, y_hw) <= side_px - 1)
    return _averaged(np.exp(-misfit_hw) * inside_hw, cells)


def _averaged(values: FloatArray, cells: int) -> FloatArray:
    return np.asarray(cv2.resize(values, (cells, cells), interpolation=cv2.INTER_AREA), np.float32)


def _carried(of_other: FloatArray, shift_hwc: FloatArray) -> FloatArray:
    """What the other frame has where the content of each pixel, or cell, lies in it."""
    x_hw, y_hw = _targets(shift_hwc)
    carried = cv2.remap(of_other, x_hw, y_hw, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(carried, np.float32)


def _targets(shift_hwc: FloatArray) -> tuple[FloatArray, FloatArray]:
    rows, columns = np.indices(shift_hwc.shape[:2], np.float32)
    return columns + shift_hwc[..., 0], rows + shift_hwc[..., 1]
