"""Clean-up of an object's mattes; nothing is changed by default."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Optional, Union

from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model.clip import FrameRange
from rotomatte_plugin.model.prompts import ShapePrompt


@dataclass(frozen=True)
class Keyed:
    """A number that changes over frames.

    ``keys`` are frames with their values, ascending; straight in between, constant before the first and after the last.
    """

    keys: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        frames = [frame for frame, _ in self.keys]
        if not frames or frames != sorted(set(frames)):
            raise JobError(
                "A keyed value needs keys on ascending frames, one for each.",
                remedy="Give it as FRAME:VALUE,FRAME:VALUE, such as 1001:0,1010:2.",
            )

    def at(self, frame: int) -> float:
        """The value on a frame."""
        before = [key for key in self.keys if key[0] <= frame]
        after = [key for key in self.keys if key[0] >= frame]
        if not before or not after:
            return (before[-1:] or after[:1])[0][1]
        (first, start), (last, end) = before[-1], after[0]
        return start if first == last else start + (end - start) * (frame - first) / (last - first)


Amount = Union[float, Keyed]
"""A number, the same on all frames or keyed."""


def amount_at(amount: Amount, frame: int) -> float:
    """An amount's value on a frame."""
    return amount.at(frame) if isinstance(amount, Keyed) else amount


@dataclass(frozen=True)
class Holdout:
    """What the artist knows better: a garbage matte is never the object, a core matte always is.

    Either ``path``, an image or a sequence (``core.%04d.exr``) of the plate's size whose alpha, or else first channel,
    is the matte, or ``shapes``: one outline on several frames. It moves straight from shape to shape where all have as
    many points; otherwise each holds until the next. Before the first and after the last it stays.
    """

    kind: Literal["garbage", "core"]
    path: Optional[str] = None
    shapes: tuple[ShapePrompt, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.path) == bool(self.shapes):
            raise JobError(
                f"A {self.kind} matte comes from a file or from shapes.", remedy="Give one of the two, and not both."
            )
        frames = [shape.frame for shape in self.shapes]
        if frames != sorted(set(frames)):
            raise JobError(
                f"The shapes of a {self.kind} matte are not on ascending frames, one for each.",
                remedy="Give one shape a frame, the earliest first.",
            )


@dataclass(frozen=True)
class CleanUp:
    """Changes to an object's mattes on a range of frames (all where None), in this order.

    ``smooth_frames``: the model's answers are averaged over so many frames on either side, along the picture's motion;
    of several that hold on a frame, the largest counts. ``fill_holes_px`` and ``remove_specks_px``: enclosed holes,
    then separate parts, of at most that area in plate pixels go. ``close_px`` and ``open_px``: gaps, then bumps,
    narrower than twice that radius go. ``grow_px`` moves the edge outward, or inward where negative. ``feather_px``
    softens it over that width, half on either side. Then come ``holdouts``, each over those before it.
    """

    frames: Optional[FrameRange] = None
    smooth_frames: int = 0
    fill_holes_px: Amount = 0.0
    remove_specks_px: Amount = 0.0
    close_px: Amount = 0.0
    open_px: Amount = 0.0
    grow_px: Amount = 0.0
    feather_px: Amount = 0.0
    holdouts: tuple[Holdout, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.smooth_frames <= 12:
            raise JobError(
                f"Mattes cannot be smoothed over {self.smooth_frames} frames on either side.",
                remedy="Give 0 to 12, such as 2.",
            )
        for name in ("fill_holes_px", "remove_specks_px", "close_px", "open_px", "grow_px", "feather_px"):
            amount = getattr(self, name)
            values = [value for _, value in amount.keys] if isinstance(amount, Keyed) else [amount]
            least = -math.inf if name == "grow_px" else 0
            if not all(math.isfinite(value) and value >= least for value in values):
                raise JobError(
                    f"{name} has a value that is not possible: {', '.join(f'{value:g}' for value in values)}.",
                    remedy="Give plate pixels" + (", such as 1.5 or -1.5." if name == "grow_px" else ", 0 or more."),
                )

    def covers(self, frame: int) -> bool:
        """Whether it is about that frame."""
        return self.frames is None or frame in self.frames
