"""Every codec and container that plates come in: exact frames, exact codes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.plate.movie import MoviePlate
from rotomatte.plate.open import open_plate
from rotomatte_plugin.errors import FrameUnreadableError
from rotomatte_plugin.model import FrameRange, FrameRate, Plate

if TYPE_CHECKING:
    from tests.plate.conftest import WriteMovie

FRAMES = 20
ReadNumber = Callable[[NDArray[np.float32]], int]

# Name: codec, pixel format, options, and how far a flat patch may be off in codes of 8 bits.
KINDS: dict[str, tuple[str, str, dict[str, str], float]] = {
    "h264-420.mp4": ("libx264", "yuv420p", {"qp": "2"}, 1.0),
    "h264-422-10.mov": ("libx264", "yuv422p10le", {"qp": "2"}, 0.5),
    "h264-444-10.mov": ("libx264", "yuv444p10le", {"qp": "2"}, 0.5),
    "hevc-420-10.mp4": ("libx265", "yuv420p10le", {"x265-params": "qp=2:log-level=none"}, 0.5),
    "hevc-444-12.mov": ("libx265", "yuv444p12le", {"x265-params": "qp=2:log-level=none"}, 0.5),
    "prores-hq.mov": ("prores_ks", "yuv422p10le", {"profile": "hq"}, 0.5),
    "prores-4444.mov": ("prores_ks", "yuva444p10le", {"profile": "4444", "alpha_bits": "16"}, 0.5),
    "dnxhr-hqx.mov": ("dnxhd", "yuv422p10le", {"profile": "dnxhr_hqx"}, 0.5),
    "dnxhr-hqx.mxf": ("dnxhd", "yuv422p10le", {"profile": "dnxhr_hqx"}, 0.5),
    "dnxhr-444.mov": ("dnxhd", "yuv444p10le", {"profile": "dnxhr_444"}, 0.5),
    "xdcam.mxf": ("mpeg2video", "yuv422p", {"b": "50000000", "bt": "50000000", "g": "12", "bf": "2"}, 1.5),
    "uncompressed.mov": ("v210", "yuv422p10le", {}, 0.5),
    "ffv1-12.mkv": ("ffv1", "yuv444p12le", {}, 0.2),
}


def require(codec: str) -> None:
    try:
        av.Codec(codec, "w")
    except ValueError:
        pytest.skip(f"this FFmpeg has no encoder {codec}")


def write_ramp(path: Path, codec: str, pixel_format: str, options: dict[str, str], height: int) -> None:
    """Three frames of grey steps across, written as codes of luma, the same on every line."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(24000, 1001), options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 256, height, pixel_format
        picture = av.VideoFrame(256, height, pixel_format)
        bits = picture.format.components[0].bits
        dtype = np.uint8 if bits == 8 else np.dtype("<u2")
        for index, plane in enumerate(picture.planes):
            codes_hw = np.full((plane.height, plane.line_size // np.dtype(dtype).itemsize), 2 ** (bits - 1), dtype)
            if index == 0:
                codes_hw[:, :256] = np.repeat(STEPS * 2 ** (bits - 8), 32)
            if index == 3:
                # An alpha of nothing must not darken the picture.
                codes_hw[:] = 0
            plane.update(codes_hw.tobytes())
        for time in range(3):
            picture.pts, picture.time_base = time, Fraction(1001, 24000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())


STEPS = np.array([16, 40, 80, 126, 128, 180, 235, 245])


@pytest.mark.parametrize("name", KINDS)
def test_codes_come_through_with_all_their_bits(tmp_path: Path, name: str) -> None:
    codec, pixel_format, options, tolerance = KINDS[name]
    require(codec)
    write_ramp(tmp_path / name, codec, pixel_format, options, 128)
    plate = open_plate(Plate(str(tmp_path / name)))
    assert plate.info.rate == FrameRate(24000, 1001)
    line_wc = plate.read(2)[64, 16::32]
    expected = (STEPS - 16) / 219
    for channel in range(3):
        np.testing.assert_allclose(line_wc[:, channel] * 255, expected * 255, atol=tolerance)
    plate.close()


SEEKING: dict[str, tuple[str, dict[str, Any]]] = {
    "open-gop.ts": ("libx264", {"options": {"x264-params": "open-gop=1:keyint=6:bframes=3:b-adapt=0"}}),
    "open-gop.mp4": ("libx265", {"options": {"x265-params": "open-gop=1:keyint=6:bframes=3:log-level=none"}}),
    "open-gop-hevc.ts": ("libx265", {"options": {"x265-params": "open-gop=1:keyint=6:bframes=3:log-level=none"}}),
    "closed-gop.m2ts": ("libx264", {"options": {"g": "50", "bf": "3"}}),
    "broadcast.ts": ("mpeg2video", {"options": {"g": "9", "bf": "2", "b": "9000000", "bt": "9000000"}}),
    "broadcast.mxf": ("mpeg2video", {"pixel_format": "yuv422p", "options": {"g": "9", "bf": "2", "b": "9000000",
                                                                          "bt": "9000000"}}),
    "vp9.webm": ("libvpx-vp9", {"options": {"deadline": "realtime", "cpu-used": "8", "g": "8"}}),
    "avid.mxf": ("dnxhd", {"pixel_format": "yuv422p", "options": {"profile": "dnxhr_sq"}}),
    "fragmented.mp4": ("libx264", {"options": {"g": "5"}}),
}  # fmt: skip


@pytest.mark.parametrize("name", SEEKING)
def test_seeking_is_exact(tmp_path: Path, write_movie: WriteMovie, read_number: ReadNumber, name: str) -> None:
    codec, details = SEEKING[name]
    require(codec)
    path = write_movie(tmp_path / name, codec, frames=FRAMES, rate=Fraction(25), **details)
    plate = open_plate(Plate(str(path)))
    assert plate.info.frames == FrameRange(1, FRAMES)
    ascending = list(plate.info.frames)
    shuffled = np.random.default_rng(1).permutation(ascending).tolist()
    for frame in [*shuffled, *ascending, *reversed(ascending)]:
        assert read_number(plate.read(frame)) == frame - 1
    plate.close()


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"), [("a.mp4", "libx264", "yuv420p"), ("a.mov", "prores_ks", "yuv422p10le")]
)
def test_an_edit_list_cuts_the_front_away(
    tmp_path: Path, write_movie: WriteMovie, read_number: ReadNumber, name: str, codec: str, pixel_format: str
) -> None:
    whole = write_movie(tmp_path / f"whole-{name}", codec, frames=FRAMES, pixel_format=pixel_format)
    with (
        av.open(str(whole)) as source,
        av.open(str(tmp_path / name), "w", options={"avoid_negative_ts": "disabled"}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.pts is not None and packet.dts is not None and packet.duration:
                packet.pts -= 7 * packet.duration
                packet.dts -= 7 * packet.duration
                packet.stream = stream
                target.mux(packet)
    plate = open_plate(Plate(str(tmp_path / name)))
    assert plate.info.frames == FrameRange(1, FRAMES - 7)
    for frame in [1, 2, 9, FRAMES - 7, 5, 1]:
        assert read_number(plate.read(frame)) == frame - 1 + 7
    plate.close()


@pytest.mark.parametrize(("name", "kind"), [("big.mov", "prores-hq.mov"), ("big.mxf", "dnxhr-hqx.mxf")])
def test_a_movie_of_single_pictures_is_opened_without_reading_it_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_movie: WriteMovie, name: str, kind: str
) -> None:
    codec, pixel_format, options, _ = KINDS[kind]
    path = write_movie(tmp_path / name, codec, frames=FRAMES, pixel_format=pixel_format, options=options)

    def no_reading_through(*_: object) -> None:
        raise AssertionError("read through")

    monkeypatch.setattr("rotomatte.plate.movie_scan._packets", no_reading_through)
    plate = open_plate(Plate(str(path)))
    assert plate.info.frames == FrameRange(1, FRAMES)
    plate.close()


def test_a_rounded_rate_is_taken_for_the_exact_one(tmp_path: Path, write_movie: WriteMovie) -> None:
    path = write_movie(tmp_path / "a.avi", "mpeg4", frames=4, rate=Fraction(2997, 100))
    plate = open_plate(Plate(str(path)))
    assert plate.info.rate == FrameRate(30000, 1001)
    plate.close()


def test_a_lost_tail_is_one_frame_after_the_other(
    tmp_path: Path, write_movie: WriteMovie, read_number: ReadNumber
) -> None:
    path = write_movie(tmp_path / "a.mxf", "dnxhd", frames=FRAMES, pixel_format="yuv422p",
                       options={"profile": "dnxhr_sq"})  # fmt: skip
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 3 // 4])
    plate = open_plate(Plate(str(path)))
    assert isinstance(plate, MoviePlate)
    assert read_number(plate.read(5)) == 4
    with pytest.raises(FrameUnreadableError, match=f"Frame {plate.info.frames.last} of the movie"):
        plate.read(plate.info.frames.last)
    assert read_number(plate.read(6)) == 5
    plate.close()
