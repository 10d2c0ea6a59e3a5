"""What may be an object: its mask in a window of the canvas, and which of many such are the same thing. Pure code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import Window
from rotomatte.tracker.proposals import HalfArray

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float32]

_CELLS = 160
"""Side of the square of cells over the canvas on which masks are compared; a mask takes 3.2 kB there."""

_BITS_SET = np.array([value.bit_count() for value in range(256)], np.uint8)


@dataclass(frozen=True, eq=False)
class Candidate:
    """What may be an object.

    ``logits_hw`` is a square grid over ``window``, positive inside, and nothing of it lies outside the window;
    ``score``, 0..1, is what there is to it: the predicted IoU times the stability, and for each look from close up times
    the IoU that is predicted there and the overlap with what it was before.
    """

    window: Window
    logits_hw: HalfArray
    score: float

    @property
    def area_px(self) -> float:
        """About how many pixels of the plate it covers."""
        share = float((self.logits_hw > 0).mean())
        return share * self.window.width * self.window.height

    def box(self) -> Optional[Window]:
        """The pixels that its cells reach over, None where it has none."""
        inside_hw = self.logits_hw > 0
        rows, columns = np.flatnonzero(inside_hw.any(axis=1)), np.flatnonzero(inside_hw.any(axis=0))
        if not len(rows):
            return None
        window, (height, width) = self.window, self.logits_hw.shape
        return Window(
            window.left + int(columns[0] * window.width / width),
            window.top + int(rows[0] * window.height / height),
            window.left + int(np.ceil((columns[-1] + 1) * window.width / width)),
            window.top + int(np.ceil((rows[-1] + 1) * window.height / height)),
        )


def distinct(candidates: Iterable[Candidate], canvas: Window, merge_iou: float, most: int) -> list[Candidate]:
    """The best of candidates that are not near-duplicates of a better one, best first, ``most`` of them at most.

    Near-duplicates have an intersection over union above ``merge_iou``.
    """
    ranked = sorted(candidates, key=lambda one: -one.score)
    bits_nb = np.array([_bits(one, canvas) for one in ranked], np.uint8).reshape(len(ranked), _CELLS**2 // 8)
    areas_n = _counts(bits_nb)
    is_open_n = np.ones(len(ranked), np.bool_)
    found: list[Candidate] = []
    for place, candidate in enumerate(ranked):
        if not is_open_n[place]:
            continue
        found.append(candidate)
        if len(found) == most:
            break
        left = np.flatnonzero(is_open_n)
        left = left[left > place]
        both = _counts(bits_nb[left] & bits_nb[place])
        either = np.maximum(areas_n[left] + areas_n[place] - both, 1)
        is_open_n[left[both / either > merge_iou]] = False
    return found


def overlap(one: Candidate, other: Candidate, canvas: Window) -> float:
    """Intersection over union of two masks; 0 where both are empty."""
    one_hw, other_hw = (on_canvas(each, canvas, _CELLS) for each in (one, other))
    return float((one_hw & other_hw).sum() / max(1, (one_hw | other_hw).sum()))


def on_canvas(candidate: Candidate, canvas: Window, side: int) -> BoolArray:
    """A candidate's mask on a square grid of ``side`` cells over the canvas."""
    window = candidate.window
    left, right = (round((x - canvas.left) * side / canvas.width) for x in (window.left, window.right))
    top, bottom = (round((y - canvas.top) * side / canvas.height) for y in (window.top, window.bottom))
    mask_hw = np.zeros((side, side), np.bool_)
    size = (max(1, right - left), max(1, bottom - top))
    fitted_hw = cv2.resize(candidate.logits_hw.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0
    part_hw = mask_hw[top : top + size[1], left : left + size[0]]
    part_hw[:] = fitted_hw[: part_hw.shape[0], : part_hw.shape[1]]
    return mask_hw


def _bits(candidate: Candidate, canvas: Window) -> NDArray[np.uint8]:
    return np.packbits(on_canvas(candidate, canvas, _CELLS))


def _counts(bits_nb: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.asarray(_BITS_SET[bits_nb].sum(axis=1, dtype=np.int64))


def by_size(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The largest first; of equal ones the better."""
    return sorted(candidates, key=lambda one: (-one.area_px, -one.score))
