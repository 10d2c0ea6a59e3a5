"""What a network proposes where nobody says what the object is: masks about the points of a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rotomatte.tracker.base import FloatArray, Tracker
from rotomatte_plugin.errors import JobError

HalfArray = NDArray[np.float16]

_POINTS = range(1, 129)


@dataclass(frozen=True)
class Proposing:
    """How a network is asked about a picture.

    ``points_per_side``: it is clicked on in a square grid of so many points a side, and each click gives three masks.
    ``least_iou`` and ``least_stability``, both 0..1, drop masks that the network itself thinks little of, and those that
    change where its logits are cut one higher or lower. ``most_box_overlap``, 0..1: of masks whose boxes have a larger
    intersection over union, the one of the highest predicted IoU stays. ``asks_boxes``: the box of each mask is asked
    about as well, and its answer is another mask.
    """

    points_per_side: int
    least_iou: float
    least_stability: float
    most_box_overlap: float
    asks_boxes: bool = False

    def __post_init__(self) -> None:
        if self.points_per_side not in _POINTS:
            raise JobError(
                f"A grid cannot have {self.points_per_side} points a side.",
                remedy=f"Give {_POINTS[0]} to {_POINTS[-1]}, such as 16.",
            )
        for what in ("least_iou", "least_stability", "most_box_overlap"):
            value = getattr(self, what)
            if not 0 <= value <= 1:
                raise JobError(
                    f"{what.replace('_', ' ').capitalize()} cannot be {value:g}.", remedy="Give a number from 0 to 1."
                )


@dataclass(frozen=True)
class Proposal:
    """A mask that a network proposes for something on a picture.

    ``logits_hw`` is its square grid over the picture, positive inside; ``predicted_iou`` and ``stability`` lie in 0..1.
    """

    logits_hw: HalfArray
    predicted_iou: float
    stability: float


class Proposer(Tracker, Protocol):
    """A tracker that also proposes objects."""

    def propose(self, seen_hwc: FloatArray, how: Proposing) -> list[Proposal]:
        """What may be objects on a picture, which is as ``SeenClip.picture`` gives it.

        Raises:
            OutOfMemoryError: the device, or the machine, ran out of memory.
        """
