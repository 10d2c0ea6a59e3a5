"""A movie to look at: the plate with every object's matte tinted in a colour of its own, and what there is to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final, Optional

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream

from rotomatte.mattes.files import output_error, temporary_path
from rotomatte.mattes.header import RECIPE_KEY
from rotomatte.mattes.notes import Note, draw_notes
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.errors import MissingExtraError
from rotomatte_plugin.model import FrameRate
from rotomatte_plugin.palette import colour_of

MAX_SIDE_PX = 1920

_TINT = 0.5
_OUTLINES_PER_SIDE = 960
_ENCODER: Final = "libx264"
_QUALITY = {"crf": "20", "preset": "ultrafast"}  # as good as veryfast at 18 in a quarter of the time, twice as large
_THREADS = 4  # fixed, as the number changes the bytes that x264 writes


@dataclass(frozen=True)
class OverlayFrame:
    """A frame to draw: ``seen_hwc`` is display-referred RGB in 0..1, each object's ``matte_hw`` has the same size.

    ``notes`` has what there is to say of objects, if anything.
    """

    seen_hwc: FloatArray
    mattes: Mapping[str, FloatArray]
    notes: Mapping[str, Note] = field(default_factory=dict)


def write_overlay(
    path: Path,
    frames: Iterable[OverlayFrame],
    rate: FrameRate,
    *,
    pixel_aspect: float = 1.0,
    recipe: str = "",
) -> None:
    """Write an H.264 movie of the frames, in order, one in memory at a time.

    An object takes the next colour of the palette when its matte first appears. Larger frames are scaled down to a
    long side of 1920, odd sizes get their last row or column twice. The movie is yuv420p, BT.709, legal range, and
    tagged so; ``recipe`` stands in its metadata. Nothing is written where there are no frames; the file appears
    under its name when it is complete.

    Raises:
        OutputError: the file cannot be written.
        DiskFullError: no space is left.
        MissingExtraError: PyAV was built without x264.
    """
    if _ENCODER not in av.codecs_available:
        raise MissingExtraError(
            "The overlay cannot be encoded: this PyAV has no H.264 encoder.",
            remedy="Install PyAV's own build: pip install --force-reinstall --only-binary av av.",
        )
    temporary = temporary_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if _encode(temporary, frames, rate, pixel_aspect, recipe):
            temporary.replace(path)
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def tint(seen_hwc: FloatArray, mattes: Mapping[str, FloatArray], colours: Mapping[str, int]) -> FloatArray:
    """``seen_hwc`` with each matte at half opacity in its colour, and its 0.5 contour drawn in full.

    ``colours`` gives each object's place in the palette.
    """
    tinted_hwc = seen_hwc.astype(np.float32, copy=True)
    for name, matte_hw in mattes.items():
        colour = np.array(colour_of(colours[name]), np.float32) / 255
        left, top, width, height = cv2.boundingRect((matte_hw > 0).astype(np.uint8))
        box = np.s_[top : top + height, left : left + width]
        tinted_hwc[box] += (_TINT * matte_hw[box])[..., None] * (colour - tinted_hwc[box])
    outline_px = max(1, round(max(seen_hwc.shape[:2]) / _OUTLINES_PER_SIDE))
    for name, matte_hw in mattes.items():
        inside_hw = (matte_hw >= 0.5).astype(np.uint8)
        contours, _ = cv2.findContours(inside_hw, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        colour = np.array(colour_of(colours[name]), np.float64) / 255
        cv2.drawContours(tinted_hwc, contours, -1, colour.tolist(), outline_px)
    return tinted_hwc


def _encode(
    path: Path,
    frames: Iterable[OverlayFrame],
    rate: FrameRate,
    pixel_aspect: float,
    recipe: str,
) -> bool:
    """Whether there was a frame to write."""
    colours: dict[str, int] = {}
    stream: Optional[VideoStream] = None
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart+use_metadata_tags"}) as container:
        container.metadata[RECIPE_KEY] = recipe
        for frame in frames:
            for name in frame.mattes:
                colours.setdefault(name, len(colours))
            drawn_hwc = tint(*_scaled_down(frame.seen_hwc, frame.mattes), colours)
            draw_notes(drawn_hwc, frame.notes, colours)
            picture = _movie_picture(drawn_hwc)
            if stream is None:
                stream = container.add_stream(_ENCODER, Fraction(rate.numerator, rate.denominator), options=_QUALITY)
                _describe(stream, picture, pixel_aspect)
            container.mux(stream.encode(picture))
        if stream is not None:
            container.mux(stream.encode(None))
    return stream is not None


def _scaled_down(seen_hwc: FloatArray, mattes: Mapping[str, FloatArray]) -> tuple[FloatArray, Mapping[str, FloatArray]]:
    height, width = seen_hwc.shape[:2]
    shrink = MAX_SIDE_PX / max(height, width)
    if shrink >= 1:
        return seen_hwc, mattes
    size_px = max(1, round(width * shrink)), max(1, round(height * shrink))
    return _resized(seen_hwc, size_px), {name: _resized(matte_hw, size_px) for name, matte_hw in mattes.items()}


def _resized(image: FloatArray, size_px: tuple[int, int]) -> FloatArray:
    return np.asarray(cv2.resize(image, size_px, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _movie_picture(tinted_hwc: FloatArray) -> VideoFrame:
    codes_hwc = np.asarray(cv2.convertScaleAbs(tinted_hwc, alpha=255), np.uint8)
    height, width = codes_hwc.shape[:2]
    even_hwc = np.pad(codes_hwc, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    # Without these FFmpeg converts by BT.601, and players that read the tag show other colours.
    return VideoFrame.from_ndarray(even_hwc, format="rgb24").reformat(
        format="yuv420p", dst_colorspace=int(Colorspace.ITU709), dst_color_range=int(ColorRange.MPEG)
    )


def _describe(stream: VideoStream, picture: VideoFrame, pixel_aspect: float) -> None:
    stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, "yuv420p"
    context = stream.codec_context
    context.thread_count = _THREADS
    context.sample_aspect_ratio = Fraction(pixel_aspect).limit_denominator(1000)
    context.colorspace = int(Colorspace.ITU709)
    context.color_range = int(ColorRange.MPEG)
    context.color_primaries = int(ColorPrimaries.BT709)
    context.color_trc = int(ColorTrc.BT709)
