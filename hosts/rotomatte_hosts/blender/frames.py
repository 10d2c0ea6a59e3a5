"""Which frame of a clip Blender shows at which of its own frames, and frame rates as exact fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from rotomatte_plugin.model import FrameRange

_SAME_RATE = 5e-6
"""Relative: far above what single precision loses, far below the nearest two rates in use (23.976 and 24)."""


@dataclass(frozen=True)
class FrameMap:
    """Frames one to one: clip frame = host frame + ``offset``.

    ``frames`` are those of the clip that can be seen, in its own numbering. Beyond them the first and the last one are
    held, as Blender does with a strip that is longer than its files.
    """

    offset: int
    frames: FrameRange

    def to_clip(self, host_frame: int) -> int:
        """The clip's frame that is shown at a host frame."""
        return min(max(host_frame + self.offset, self.frames.first), self.frames.last)

    def to_host(self, frame: int) -> int:
        """The host frame at which the clip's frame is shown."""
        return frame - self.offset

    @property
    def host_frames(self) -> FrameRange:
        """The host frames at which ``frames`` are shown."""
        return FrameRange(self.to_host(self.frames.first), self.to_host(self.frames.last))


def exact_rate(rate: float) -> Fraction:
    """Frames per second as they are meant, of a rate that went through single precision: 23.97602 is 24000/1001."""
    for meant in (Fraction(round(rate)), Fraction(round(rate * 1.001) * 1000, 1001)):
        if meant and abs(rate / float(meant) - 1) < _SAME_RATE:
            return meant
    return Fraction(rate).limit_denominator(1001)


def is_same_rate(one: float, other: float) -> bool:
    """Whether two rates that went through single precision are meant to be the same."""
    return exact_rate(one) == exact_rate(other)
