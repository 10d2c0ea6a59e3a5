from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Optional, Protocol

import av
import numpy as np
import OpenEXR
import OpenImageIO
import pytest
from numpy.typing import NDArray

from rotomatte.plate.base import PlateInfo, Window
from rotomatte_plugin.model import FrameRange

BARS = 6
BAR_PX = 44
BARS_HEIGHT = 128

Box = tuple[int, int, int, int]


class WriteExr(Protocol):
    def __call__(
        self,
        path: Path,
        channels: Mapping[str, NDArray[Any]],
        *,
        data: Optional[Box] = ...,
        display: Optional[Box] = ...,
        header: Optional[Mapping[str, Any]] = ...,
    ) -> Path: ...


class WriteStill(Protocol):
    def __call__(self, path: Path, pixels_hwc: NDArray[Any], *, bits: int = ...) -> Path: ...


class WriteMovie(Protocol):
    def __call__(
        self,
        path: Path,
        codec: str,
        *,
        frames: int = ...,
        pixel_format: str = ...,
        options: Optional[Mapping[str, str]] = ...,
        rate: Fraction = ...,
        times: Optional[list[int]] = ...,
    ) -> Path: ...


def _corners(box: Box) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Left, top, right, bottom (excluded) as OpenEXR's two included corners."""
    left, top, right, bottom = box
    return np.array([left, top], np.int32), np.array([right - 1, bottom - 1], np.int32)


@pytest.fixture
def write_exr() -> WriteExr:
    def write(
        path: Path,
        channels: Mapping[str, NDArray[Any]],
        *,
        data: Optional[Box] = None,
        display: Optional[Box] = None,
        header: Optional[Mapping[str, Any]] = None,
    ) -> Path:
        attributes = dict(header or {})
        if data:
            attributes["dataWindow"] = _corners(data)
        if display:
            attributes["displayWindow"] = _corners(display)
        OpenEXR.File(attributes, {name: pixels.copy() for name, pixels in channels.items()}).write(str(path))
        return path

    return write


@pytest.fixture
def write_still() -> WriteStill:
    def write(path: Path, pixels_hwc: NDArray[Any], *, bits: int = 0) -> Path:
        height, width, count = pixels_hwc.shape
        spec = OpenImageIO.ImageSpec(
            width, height, count, "float" if pixels_hwc.dtype == np.float32 else str(pixels_hwc.dtype)
        )
        # Else OpenImageIO divides colours by alpha on writing.
        spec.attribute("oiio:UnassociatedAlpha", 1)
        if bits:
            spec.attribute("oiio:BitsPerSample", bits)
        output = OpenImageIO.ImageOutput.create(str(path))
        assert output is not None
        assert output.open(str(path), spec)
        assert output.write_image(np.ascontiguousarray(pixels_hwc))
        output.close()
        return path

    return write


@pytest.fixture
def write_movie() -> WriteMovie:
    """A movie whose frame number, from 0, stands in six black and white bars, lowest bit at the left."""

    def write(
        path: Path,
        codec: str,
        *,
        frames: int = 24,
        pixel_format: str = "yuv420p",
        options: Optional[Mapping[str, str]] = None,
        rate: Fraction = Fraction(24000, 1001),
        times: Optional[list[int]] = None,
    ) -> Path:
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=rate, options=dict(options or {}))
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = BARS * BAR_PX, BARS_HEIGHT, pixel_format
            for number in range(frames):
                picture_hwc = np.zeros((BARS_HEIGHT, BARS * BAR_PX, 3), np.uint8)
                for bar in range(BARS):
                    picture_hwc[:, bar * BAR_PX : (bar + 1) * BAR_PX] = 220 if number >> bar & 1 else 30
                picture = av.VideoFrame.from_ndarray(picture_hwc, format="rgb24")
                if times is not None:
                    picture.pts, picture.time_base = times[number], 1 / rate
                container.mux(stream.encode(picture))
            container.mux(stream.encode())
        return path

    return write


def number_in_bars(rgb_hwc: NDArray[np.float32]) -> int:
    middle = rgb_hwc[rgb_hwc.shape[0] // 2]
    return sum(int(middle[bar * BAR_PX + BAR_PX // 2].mean() > 0.5) << bar for bar in range(BARS))


class _Bits:
    """Bits in the codes of H.264: fixed-length, and Exp-Golomb (ITU-T H.264, 9.1)."""

    def __init__(self) -> None:
        self.bits: list[int] = []

    def fixed(self, *values_and_lengths: tuple[int, int]) -> _Bits:
        for value, length in values_and_lengths:
            self.bits += [value >> (length - 1 - place) & 1 for place in range(length)]
        return self

    def golomb(self, *values: int) -> _Bits:
        for value in values:
            length = (value + 1).bit_length()
            self.fixed((0, length - 1), (value + 1, length))
        return self

    def aligned(self) -> _Bits:
        return self.fixed((0, -len(self.bits) % 8))

    def unit(self, ref: int, kind: int) -> bytes:
        """A whole NAL unit, start code and emulation prevention included."""
        payload = np.packbits(np.array(self.fixed((1, 1)).aligned().bits, np.uint8)).tobytes()
        escaped, zeros = bytearray(), 0
        for byte in payload:
            if zeros >= 2 and byte <= 3:
                escaped.append(3)
                zeros = 0
            escaped.append(byte)
            zeros = zeros + 1 if byte == 0 else 0
        return b"\0\0\0\1" + bytes([ref << 5 | kind]) + bytes(escaped)


def h264_of_fields(frames: int, *, as_frames: Collection[int] = (), gop: int = 4) -> bytes:
    """H.264 of 64x64 pixels at 25 frames a second whose frames are pairs of field pictures, written by hand.

    No encoder at hand makes field pictures. Macroblocks are I_PCM; the top field of frame n has luma 16 + 8n, the
    bottom field 4 more. Frames in ``as_frames`` are frame pictures instead, all lines as in the top field.
    """
    flags = [(0, 1)] * 2
    parameters = (
        _Bits()
        .fixed((77, 8), (0, 8), (30, 8))
        .golomb(0, 4, 0, 4, 1)
        .fixed((0, 1))
        .golomb(3, 1)
        # Not frames only, not MBAFF, direct 8x8, not cropped; VUI with nothing but 50 ticks a second, fixed.
        .fixed(*flags, (1, 1), (0, 1), (1, 1), *flags, *flags, (1, 1), (1, 32), (50, 32), (1, 1), *flags, *flags)
        .unit(3, 7)
    ) + _Bits().golomb(0, 0).fixed(*flags).golomb(0, 0, 0).fixed((0, 3)).golomb(0, 0, 0).fixed((0, 3)).unit(3, 8)

    def picture(number: int, luma: int, *, bottom: bool, whole: bool) -> bytes:
        place = number % gop
        starts = place == 0 and not bottom
        slice_ = _Bits().golomb(0, 7, 0).fixed((place, 8), (0, 1) if whole else (1, 1))
        if not whole:
            slice_.fixed((int(bottom), 1))
        if starts:
            slice_.golomb(0)
        slice_.fixed((2 * place + bottom, 8))
        slice_.fixed(*(flags if starts else flags[:1])).golomb(0)
        for _ in range(16 if whole else 8):
            slice_.golomb(25).aligned().fixed(*[(luma, 8)] * 256, *[(128, 8)] * 128)
        return _Bits().fixed((0, 3)).unit(0, 9) + (parameters if starts else b"") + slice_.unit(3, 5 if starts else 1)

    stream = b""
    for number in range(frames):
        luma = 16 + 8 * number
        stream += picture(number, luma, bottom=False, whole=number in as_frames)
        if number not in as_frames:
            stream += picture(number, luma + 4, bottom=True, whole=False)
    return stream


@pytest.fixture
def write_fields() -> Callable[..., Path]:
    """``h264_of_fields`` in a container, by the suffix of the path."""

    def write(path: Path, frames: int, *, as_frames: Collection[int] = ()) -> Path:
        raw = path.with_suffix(".h264")
        raw.write_bytes(h264_of_fields(frames, as_frames=as_frames))
        tick = Fraction(1, 50)
        with av.open(str(raw)) as source, av.open(str(path), "w") as target:
            stream = target.add_stream_from_template(source.streams.video[0])
            time, number = 0, 0
            pending = 0
            for packet in source.demux(source.streams.video[0]):
                if not packet.size:
                    continue
                packet.pts = packet.dts = time
                packet.time_base = tick
                packet.stream = stream
                target.mux(packet)
                if number in as_frames:
                    time, number = time + 2, number + 1
                else:
                    time, pending = time + 1, pending + 1
                    if pending == 2:
                        number, pending = number + 1, 0
        return path

    return write


@pytest.fixture
def read_number() -> Any:
    return number_in_bars


@pytest.fixture
def plate_info() -> PlateInfo:
    """8x6 pixels with an overscan of two on the left and one at the top."""
    return PlateInfo(
        path="plate.####.exr",
        name="plate",
        kind="sequence",
        frames=FrameRange(1001, 1004),
        missing=(),
        rate=None,
        display=Window(0, 0, 8, 6),
        display_origin_xy=(0, 0),
        canvas=Window(-2, -1, 8, 6),
        pixel_aspect=1.0,
        padding=4,
        encoded_space=None,
        plate_id="",
        float_samples=True,
    )


@pytest.fixture
def media() -> Path:
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "media"
    if not folder.is_dir():
        pytest.skip("the shared test media are not on this machine")
    return folder
