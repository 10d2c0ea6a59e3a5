"""Small pictures of an overlay's frames."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation

from rotomatte_plugin.errors import FrameUnreadableError

LONG_SIDE_PX = 240
_JPEG = (cv2.IMWRITE_JPEG_QUALITY, 60, cv2.IMWRITE_JPEG_OPTIMIZE, 1)


@dataclass(frozen=True)
class SmallPicture:
    """A frame of the overlay as a JPEG, and the middle of the time for which the movie shows it, in seconds."""

    frame: int
    jpeg: bytes
    width_px: int
    height_px: int
    at_s: float


def small_pictures(overlay: Path, first_frame: int, frames: Collection[int]) -> tuple[SmallPicture, ...]:
    """Those of ``frames``, ascending; the movie's first picture is ``first_frame``. Pixels are square in them.

    Raises:
        FrameUnreadableError: the movie is absent, cannot be decoded, or ends before the last of them.
    """
    found: list[SmallPicture] = []
    try:
        with av.open(str(overlay)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            rate = stream.average_rate or Fraction(1)
            aspect = float(stream.sample_aspect_ratio or 1)
            for index, picture in enumerate(container.decode(stream)):
                if first_frame + index in frames:
                    found.append(_small(picture, first_frame + index, float((index + Fraction(1, 2)) / rate), aspect))
                if len(found) == len(frames):
                    break
    except (OSError, av.FFmpegError, IndexError) as error:
        raise _unreadable(overlay, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(found) < len(frames):
        raise _unreadable(overlay, "ends too early")
    return tuple(found)


def _small(picture: VideoFrame, frame: int, at_s: float, aspect: float) -> SmallPicture:
    width, height = picture.width * max(aspect, 1.0), picture.height / min(aspect, 1.0)
    shrink = min(1.0, LONG_SIDE_PX / max(width, height))
    width_px, height_px = max(1, round(width * shrink)), max(1, round(height * shrink))
    small = picture.reformat(
        width_px, height_px, "bgr24", src_colorspace=Colorspace.ITU709, interpolation=Interpolation.AREA
    )
    codes_hwc = np.asarray(small.to_ndarray(), np.uint8)
    return SmallPicture(frame, cv2.imencode(".jpg", codes_hwc, _JPEG)[1].tobytes(), width_px, height_px, at_s)


def _unreadable(overlay: Path, why: str) -> FrameUnreadableError:
    return FrameUnreadableError(
        f"{overlay} {why}, so there is no contact sheet.",
        remedy="Delete it if it is there and run the job again: that draws it anew and keeps the mattes.",
        path=str(overlay),
    )
