"""Profile ``prores``: one movie an object, the plate with the matte as its alpha, for editors."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Final, Optional

import av
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream
from numpy.typing import NDArray

from rotomatte.mattes.exr import snapped
from rotomatte.mattes.files import output_error, temporary_path
from rotomatte.mattes.header import PREFIX, RECIPE_KEY, MatteHeader, origin_texts, provenance
from rotomatte.mattes.window import display_part
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.errors import MissingExtraError
from rotomatte_plugin.model import FrameRate

_ENCODER: Final = "prores_ks"
_PIXELS: Final = "yuva444p10le"
_OPTIONS = {"profile": "4444", "vendor": "apl0", "alpha_bits": "16"}
_THREADS = 2

_KR, _KB = 0.2126, 0.0722
"""Rec. ITU-R BT.709-6, item 3.2."""

_MAX_CODE = 1023


def write_prores(
    path: Path,
    frames: Iterable[tuple[FloatArray, FloatArray]],
    info: PlateInfo,
    header: MatteHeader,
    recipe: str,
    rate: FrameRate,
) -> None:
    """Write a QuickTime movie of ProRes 4444, one frame in memory at a time.

    Each of ``frames`` is ``seen_hwc``, the plate as the model's view shows it (display-referred RGB in 0..1), and
    ``matte_hw``, both over ``info.canvas``; the movie shows the display window. The matte is straight alpha: the
    fill is the whole plate and not multiplied. Pixels are 10 bit, BT.709 in legal range, and tagged so; alpha is
    stored without loss. The clip starts at the time code in ``header``, that of its first frame, where there is one.
    Nothing is written where there are no frames; the file appears under its name when it is complete.

    Raises:
        OutputError: the file cannot be written.
        DiskFullError: no space is left.
        MissingExtraError: PyAV was built without the encoder.
    """
    if _ENCODER not in av.codecs_available:
        raise MissingExtraError(
            "The movie cannot be encoded: this PyAV has no ProRes encoder.",
            remedy="Install PyAV's own build: pip install --force-reinstall --only-binary av av.",
        )
    temporary = temporary_path(path)
    texts = {**provenance(header), RECIPE_KEY: recipe, **origin_texts(info, header)}
    del texts[f"{PREFIX}score"], texts[f"{PREFIX}beyond_cut"]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Without the flag QuickTime metadata under names of our own is dropped.
        options = {"movflags": "+use_metadata_tags"}
        with av.open(str(temporary), "w", format="mov", options=options) as container:
            container.metadata.update(texts)
            has_frames = _encode(container, frames, info, header, rate)
        if has_frames:
            temporary.replace(path)
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def read_movie_recipe(path: Path) -> str | None:
    """The recipe of a movie that Rotomatte wrote, None for any other or damaged file."""
    try:
        with av.open(str(path)) as container:
            return container.metadata.get(RECIPE_KEY)
    except (FFmpegError, OSError):
        return None


def video_codes(seen_hwc: FloatArray, matte_hw: FloatArray) -> NDArray[np.uint16]:
    """Y', Cb, Cr and alpha as ``plane_hw`` 10-bit codes: legal range for colour, 0..1023 for alpha.

    Rec. ITU-R BT.709-6, items 3.2 to 3.5.
    """
    red, green, blue = (np.clip(seen_hwc[..., channel], 0, 1) for channel in range(3))
    luma = _KR * red + (1 - _KR - _KB) * green + _KB * blue
    planes = (
        64 + 876 * luma,
        512 + 896 * (blue - luma) / (2 * (1 - _KB)),
        512 + 896 * (red - luma) / (2 * (1 - _KR)),
        _MAX_CODE * snapped(matte_hw),
    )
    return np.round(np.stack(planes)).astype(np.uint16)


def _encode(
    container: OutputContainer,
    frames: Iterable[tuple[FloatArray, FloatArray]],
    info: PlateInfo,
    header: MatteHeader,
    rate: FrameRate,
) -> bool:
    """Whether there was a frame to write."""
    stream: Optional[VideoStream] = None
    for seen_hwc, matte_hw in frames:
        planes = video_codes(display_part(seen_hwc, info), display_part(matte_hw, info))
        if stream is None:
            stream = container.add_stream(_ENCODER, Fraction(rate.numerator, rate.denominator), options=_OPTIONS)
            _describe(stream, info, header)
        container.mux(stream.encode(_picture(planes)))
    if stream is not None:
        container.mux(stream.encode(None))
    return stream is not None


def _picture(planes: NDArray[np.uint16]) -> VideoFrame:
    _, height, width = planes.shape
    frame = VideoFrame(width, height, _PIXELS)
    for plane, codes_hw in zip(frame.planes, planes, strict=True):
        lines = np.zeros((height, plane.line_size // 2), "<u2")
        lines[:, :width] = codes_hw
        plane.update(lines.tobytes())
    # ProRes has tags of its own in every frame, which go before those of the file.
    frame.colorspace, frame.color_range = Colorspace.ITU709, ColorRange.MPEG
    frame.color_primaries, frame.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    return frame


def _describe(stream: VideoStream, info: PlateInfo, header: MatteHeader) -> None:
    stream.width, stream.height, stream.pix_fmt = info.display.width, info.display.height, _PIXELS
    context = stream.codec_context
    context.thread_count = _THREADS
    context.sample_aspect_ratio = Fraction(info.pixel_aspect).limit_denominator(1000)
    context.colorspace = int(Colorspace.ITU709)
    context.color_range = int(ColorRange.MPEG)
    context.color_primaries = int(ColorPrimaries.BT709)
    context.color_trc = int(ColorTrc.BT709)
    if header.facts.timecode is not None:
        stream.metadata["timecode"] = str(header.facts.timecode)
    if header.facts.reel is not None:
        stream.metadata["reel_name"] = header.facts.reel
