"""Plates, frames and clips: what a job works on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from rotomatte_plugin.errors import JobError


@dataclass(frozen=True)
class FrameRate:
    """Frames per second as an exact fraction, such as 24000/1001."""

    numerator: int
    denominator: int = 1

    def __post_init__(self) -> None:
        if self.numerator <= 0 or self.denominator <= 0:
            raise JobError(
                f"The frame rate {self.numerator}/{self.denominator} is not positive.",
                remedy="Give it as numerator and denominator, such as 24000 and 1001.",
            )


@dataclass(frozen=True)
class FrameRange:
    """A run of frames, both ends included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise JobError(
                f"The frame range {self.first}-{self.last} ends before it starts.",
                remedy="Give the first frame, then the last, such as 1001-1048.",
            )

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __contains__(self, frame: object) -> bool:
        return isinstance(frame, int) and self.first <= frame <= self.last

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def __str__(self) -> str:
        return f"{self.first}-{self.last}" if self.first < self.last else str(self.first)


@dataclass(frozen=True)
class Plate:
    """The footage: an image sequence (``shot.%04d.exr``, ``shot.####.exr``, a folder, one of its files) or a movie.

    ``first_frame`` numbers the first frame of a movie (1 where None); a sequence carries its own numbers.
    """

    path: str
    first_frame: Optional[int] = None

    def __post_init__(self) -> None:
        if not self.path:
            raise JobError("The plate's path is empty.", remedy="Give a sequence, a folder or a movie file.")


@dataclass(frozen=True)
class Clip:
    """A plate as the edit uses it: the frames to matte (all where None), and the host's own id for it."""

    plate: Plate
    frames: Optional[FrameRange] = None
    name: str = ""
    host_id: str = ""
