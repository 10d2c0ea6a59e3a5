"""What the rest of the engine knows of a plate: its facts, and frames as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional, Protocol

import numpy as np
from numpy.typing import NDArray

from rotomatte_plugin.model import FrameRange, FrameRate

FloatArray = NDArray[np.float32]
PlateKind = Literal["sequence", "movie"]


@dataclass(frozen=True)
class Window:
    """A rectangle of whole pixels relative to the display window's top-left corner; right and bottom excluded."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def union(self, other: Window) -> Window:
        """The smallest window that holds both."""
        return Window(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def cut(self, pixels: FloatArray, canvas: Window) -> FloatArray:
        """The part of ``pixels`` (``_hw`` or ``_hwc`` over ``canvas``) that lies in this window of it, as a view."""
        rows = slice(self.top - canvas.top, self.bottom - canvas.top)
        return pixels[rows, self.left - canvas.left : self.right - canvas.left]

    def contains(self, x: float, y: float) -> bool:
        """Whether a continuous position lies inside or on the edge."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True)
class PlateInfo:
    """The facts of a plate, read from its headers.

    ``frames`` is what is there, from first to last; ``missing`` names the gaps. ``display_origin_xy`` is the
    display window's corner in the file's own coordinates; every ``Window`` is relative to it. ``canvas`` is the
    union of the display window and of all frames' data windows: what the model sees, and the size of a matte.
    ``pixel_aspect`` is the width of a pixel over its height. ``padding`` is the number of digits of a frame
    number in the file names (4 for a movie). ``encoded_space`` is the colour space the file itself names, as an
    OCIO name, alias or interop id, None where it names none. ``plate_id`` is a hash of what the plate is,
    whatever folder it lies in. ``float_samples`` says that the file stores floating point numbers and not codes.
    """

    path: str
    name: str
    kind: PlateKind
    frames: FrameRange
    missing: tuple[int, ...]
    rate: Optional[FrameRate]
    display: Window
    display_origin_xy: tuple[int, int]
    canvas: Window
    pixel_aspect: float
    padding: int
    encoded_space: Optional[str]
    plate_id: str
    float_samples: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Timecode:
    """SMPTE time code of a frame (ST 12-1)."""

    hours: int
    minutes: int
    seconds: int
    frames: int
    drop_frame: bool = False

    def __str__(self) -> str:
        return f"{self.hours:02}:{self.minutes:02}:{self.seconds:02}{';' if self.drop_frame else ':'}{self.frames:02}"


@dataclass(frozen=True)
class FrameFacts:
    """What a frame's file says of its origin; None where it says nothing.

    ``capture_date`` is "YYYY:MM:DD hh:mm:ss" local time, ``utc_offset_s`` its distance to UTC in seconds, as in
    OpenEXR's standard attributes ``capDate`` and ``utcOffset`` (positive west of Greenwich).
    """

    timecode: Optional[Timecode] = None
    reel: Optional[str] = None
    owner: Optional[str] = None
    capture_date: Optional[str] = None
    utc_offset_s: Optional[float] = None


class PlateReader(Protocol):
    """An open plate."""

    @property
    def info(self) -> PlateInfo:
        """The plate's facts."""

    def read(self, frame: int) -> FloatArray:
        """The frame as ``rgb_hwc`` float32 over ``info.canvas``, in the file's own colour space.

        Codes of integer formats and movies are scaled to 0..1 (super-whites of legal-range video may exceed
        it); pixels outside the data window are 0; values that are not finite become 0.

        Raises:
            FrameMissingError: no such frame.
            FrameUnreadableError: the frame is truncated or corrupt.
            FrameSizeError: the frame's size or windows do not fit the plate's.
        """

    def facts(self, frame: int) -> FrameFacts:
        """Where the frame comes from: cheap, without decoding its picture.

        Raises:
            FrameMissingError: no such frame.
        """

    def close(self) -> None:
        """Release files and decoders."""
