"""The seam between planning and neural networks.

Positions are normalised to the canvas (0..1 in x and y), so that a tracker needs no plate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Optional, Protocol

import numpy as np
from numpy.typing import NDArray

from rotomatte_plugin.model import ModelUsed

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class KeyFrame:
    """What the model is told on one frame, in the form that SAM 2 takes.

    ``points_xy_norm`` is N by 2, ``include_n`` says which of them are on the object; ``box_xyxy_norm`` has four
    values; ``mask_hw`` covers the canvas at any resolution. At least one of them is present.
    """

    points_xy_norm: FloatArray
    include_n: BoolArray
    box_xyxy_norm: Optional[FloatArray] = None
    mask_hw: Optional[BoolArray] = None


@dataclass(frozen=True)
class Pass:
    """One object followed over one run of frames, from a key frame outward.

    ``frames`` are visited in their order, ascending or descending; those in ``keys`` are answered from their
    prompts. All ``keys`` are in the model's view throughout, and nothing else from outside the run is.
    ``clip_length`` is the number of frames of the clip as the model is told it: SAM 2 reckons time differently
    in clips of less than 16 frames.
    """

    object: str
    keys: tuple[int, ...]
    frames: range
    clip_length: int


@dataclass(frozen=True)
class TrackedFrame:
    """The model's answer for one object on one frame.

    ``logits_hw`` is float32 on the model's own grid over the canvas, positive inside the object.
    ``object_score`` is a logit, positive when the object is present; ``predicted_iou`` lies in [0, 1].
    """

    object: str
    frame: int
    logits_hw: FloatArray
    object_score: float
    predicted_iou: float


class FrameSource(Protocol):
    """Frames as the model sees them."""

    def __call__(self, frame: int) -> FloatArray:
        """The canvas as ``seen_hwc``: float32 in 0..1, display-referred RGB, square, of the tracker's image size."""


class Tracker(Protocol):
    """Follows objects through frames."""

    @property
    def model(self) -> ModelUsed:
        """The model behind the tracker."""

    @property
    def device(self) -> str:
        """The device it runs on: "cpu", "cuda" or "mps"."""

    @property
    def grid_size(self) -> int:
        """Side of the square of logits it answers with, in cells."""

    def track(
        self,
        passes: Sequence[Pass],
        keys: Mapping[str, Mapping[int, KeyFrame]],
        frames: FrameSource,
    ) -> Iterator[TrackedFrame]:
        """Run passes together; every frame is looked at as few times as the tracker can.

        ``keys`` holds the prompts of each object by frame, at least those that the passes name. Answers of one
        pass come in its own order; those of different passes may be interleaved. Memory does not grow with the
        number of frames.

        Raises:
            DeviceError: the device ran out of memory.
        """
