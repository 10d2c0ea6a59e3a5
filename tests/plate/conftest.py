from __future__ import annotations

from collections.abc import Mapping
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
BAR_PX = 40

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
            stream.width, stream.height, stream.pix_fmt = BARS * BAR_PX, 96, pixel_format
            for number in range(frames):
                picture_hwc = np.zeros((96, BARS * BAR_PX, 3), np.uint8)
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
