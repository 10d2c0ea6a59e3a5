"""The seam between planning and neural networks.

Positions are normalised to the canvas (0..1 in x and y), so that a tracker needs no plate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Optional, Protocol, Union

import numpy as np
from numpy.typing import NDArray

from rotomatte.tracker.features import FeatureCache
from rotomatte_plugin.model import MemoryPolicy, ModelUsed

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

ENDLESS = 1 << 30
"""A clip length that no clip reaches: what one frame's matte is does not depend on how long the clip is."""


@dataclass(frozen=True)
class KeyFrame:
    """What the model is told on one frame, in the form that SAM 2 takes.

    ``points_xy_norm`` is N by 2, ``include_n`` says which of them are on the object; ``box_xyxy_norm`` has four
    values; ``mask_hw`` covers the canvas at any resolution. At least one of them is present. ``hint_hw`` are the
    logits, on the tracker's grid, of an earlier answer that the points correct.
    """

    points_xy_norm: FloatArray
    include_n: BoolArray
    box_xyxy_norm: Optional[FloatArray] = None
    mask_hw: Optional[BoolArray] = None
    hint_hw: Optional[FloatArray] = None


@dataclass(frozen=True)
class Pass:
    """One object followed over one run of frames, from a key frame outward.

    ``frames`` are visited in their order, ascending or descending; those in ``keys`` are answered from their
    prompts. All ``keys`` are in the model's view throughout, and nothing else from outside the run is.
    ``clip_length`` is the number of frames of the clip as the model is told it: SAM 2 reckons time differently
    in clips of less than 16 frames. ``memory`` says which of the frames already tracked the model looks back at.
    ``stops_at_cuts``: whether the pass ends where the shot does. ``fades``: the key that it starts from is remembered
    as a tracked frame is, so that the model looks back at it for a while only.
    """

    object: str
    keys: tuple[int, ...]
    frames: range
    clip_length: int
    memory: MemoryPolicy = "stock"
    stops_at_cuts: bool = False
    fades: bool = False

    @property
    def start(self) -> int:
        """The key frame that the pass, or what is left of it, comes from: the nearest at or behind its first frame."""
        first = self.frames[0]
        behind = [key for key in self.keys if (first - key) * self.frames.step >= 0]
        return min(behind or self.keys, key=lambda key: abs(first - key))


@dataclass(frozen=True)
class TrackedFrame:
    """The model's answer for one object on one frame of a pass.

    ``logits_hw`` is float32 on the model's own grid over the canvas, positive inside the object.
    ``object_score`` is a logit, positive when the object is present; ``predicted_iou`` lies in [0, 1], and so does
    ``start_iou``, which is that of the key frame that the pass started from: 1 where an artist drew it.
    """

    by: Pass
    frame: int
    logits_hw: FloatArray
    object_score: float
    predicted_iou: float
    start_iou: float = 1.0

    @property
    def object(self) -> str:
        """The object's name."""
        return self.by.object


@dataclass(frozen=True)
class PassCut:
    """A pass ended before ``frame``, which belongs to another shot."""

    by: Pass
    frame: int


Step = Union[TrackedFrame, PassCut]


class SeenClip(Protocol):
    """A clip as the model sees it."""

    @property
    def features(self) -> FeatureCache:
        """What the encoder made of frames, for a tracker to keep and find again."""

    def picture(self, frame: int) -> FloatArray:
        """The canvas as ``seen_hwc``: float32 in 0..1, display-referred RGB, square, of the tracker's image size."""

    def is_cut(self, frame: int, neighbour: int) -> bool:
        """Whether two neighbouring frames belong to different shots; looks at both where it has not yet."""


KeepMemory = Callable[[Pass, int, bytes], None]
"""Takes what a pass remembers after a frame, to go on from there in another run."""


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

    def tell(self, say: Callable[[str], None]) -> None:
        """From now on, tell ``say`` of all that is let go of where memory does not suffice, each once."""

    def answer(self, frame: int, key: KeyFrame, clip: SeenClip) -> TrackedFrame:
        """What prompts on one frame give, before anything is tracked.

        It is what a pass gives on that key frame; one that repeats the stock predictor may differ by rounding.

        Raises:
            DeviceError: the device ran out of memory.
        """

    def track(
        self,
        passes: Sequence[Pass],
        keys: Mapping[str, Mapping[int, KeyFrame]],
        clip: SeenClip,
        *,
        memories: Mapping[Pass, bytes] = {},
        keep_memory: Optional[KeepMemory] = None,
    ) -> Iterator[Step]:
        """Run passes together; every frame is looked at as few times as the tracker can.

        ``keys`` holds the prompts of each object by frame, at least those that the passes name. Answers of one
        pass come in its own order; those of different passes may be interleaved. Memory does not grow with the
        number of frames, beyond the budget of ``clip.features``.

        ``memories`` has, for passes that go on where another run stopped, what ``keep_memory`` was given there:
        such a pass has only the frames that are left. Its answers are those of a run in one piece, bit for bit.

        Raises:
            DeviceError: the device ran out of memory.
            OutputError: what was remembered cannot be read.
        """
