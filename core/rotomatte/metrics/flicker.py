"""How much a matte flickers, without any truth: what is there on one frame, and neither just before nor just after.

The measure is what a running median of three frames takes away ("the rough" of Tukey, "Exploratory Data Analysis",
1977, chapter 7): of every pixel, the distance of its alpha from the median of its own and those of the frames on either
side. An edge that moves on, an object that appears or goes, and a plate's cut leave nothing behind, as alpha rises or
falls once and stays. What jumps away and back does. So does a thing that is thinner than its way from one frame to the
next, such as a limb that swings: figures compare shots of like motion, and frames of one shot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Optional

import numpy as np

from rotomatte.metrics.matte_rows import WindowedMatte
from rotomatte.plate.base import FloatArray, Window


@dataclass(frozen=True)
class Flicker:
    """``share`` is what flickers as a part of the matte, 0 and up; ``worst_frame`` is where it is most, if anywhere."""

    share: float
    worst_frame: Optional[int]


def flicker_of_mattes(mattes: Iterable[WindowedMatte]) -> Optional[Flicker]:
    """The flicker of mattes by ascending frames, pixel by pixel; three of them are held at a time.

    None where no three frames follow each other, or nothing is on any of them.
    """
    return _summed(_flickering_px(mattes))


def flicker_of_areas(areas_px: Mapping[int, float]) -> Optional[Flicker]:
    """The same of the mattes' areas alone, which sees no change that leaves the area as it is.

    None where no three frames follow each other, or all areas are 0.
    """

    def rough_px() -> Iterator[tuple[int, float, float]]:
        for frame in sorted(areas_px):
            if frame - 1 in areas_px and frame + 1 in areas_px:
                area_px, ends_px = areas_px[frame], sorted((areas_px[frame - 1], areas_px[frame + 1]))
                yield frame, abs(area_px - min(max(area_px, ends_px[0]), ends_px[1])), area_px

    return _summed(rough_px())


def _summed(rough_px: Iterable[tuple[int, float, float]]) -> Optional[Flicker]:
    found = list(rough_px)
    area_px = sum(area for _, _, area in found)
    if not area_px:
        return None
    worst_frame, worst_px, _ = max(found, key=lambda item: item[1])
    return Flicker(sum(rough for _, rough, _ in found) / area_px, worst_frame if worst_px else None)


def _flickering_px(mattes: Iterable[WindowedMatte]) -> Iterator[tuple[int, float, float]]:
    """Of each frame between two others: its number, the pixels that flicker, and those of the matte."""
    for (before, middle), (_, after) in pairwise(pairwise(mattes)):
        frame = middle[0]
        if (before[0], after[0]) != (frame - 1, frame + 1):
            continue
        whole = before[1].union(middle[1]).union(after[1])
        before_hw, matte_hw, after_hw = (_over(whole, one) for one in (before, middle, after))
        median_hw = np.clip(matte_hw, np.minimum(before_hw, after_hw), np.maximum(before_hw, after_hw))
        rough_px = float(np.sum(np.abs(matte_hw - median_hw), dtype=np.float64))
        yield frame, rough_px, float(np.sum(matte_hw, dtype=np.float64))


def _over(whole: Window, matte: WindowedMatte) -> FloatArray:
    _, data, matte_hw = matte
    if data == whole:
        return matte_hw
    above_below = (data.top - whole.top, whole.bottom - data.bottom)
    left_right = (data.left - whole.left, whole.right - data.right)
    return np.pad(matte_hw, (above_below, left_right))
