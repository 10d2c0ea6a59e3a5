from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.plate.base import PlateReader, Window
from rotomatte.plate.movie import MoviePlate
from rotomatte.plate.movie_colour import rgb_from_video
from rotomatte.plate.open import open_plate
from rotomatte_plugin.errors import FrameMissingError, FrameUnreadableError, PlateError
from rotomatte_plugin.model import FrameRange, FrameRate, Plate

if TYPE_CHECKING:
    from tests.plate.conftest import WriteMovie

FRAMES = 24

MOVIES: dict[str, tuple[str, dict[str, Any]]] = {
    "one-gop.mp4": ("libx264", {"options": {"g": "250", "bf": "3"}}),
    "gops.mp4": ("libx264", {"options": {"g": "7", "bf": "2"}}),
    "open-gop.mov": ("libx264", {"options": {"x264-params": "open-gop=1:keyint=6:bframes=3"}}),
    "transport.ts": ("libx264", {"options": {"g": "8"}}),
    "prores.mov": ("prores_ks", {"pixel_format": "yuv422p10le"}),
    "ffv1.mkv": ("ffv1", {"pixel_format": "yuv422p10le"}),
    "simple.avi": ("mpeg4", {}),
}


@contextmanager
def opened(path: Path, first_frame: int | None = None) -> Iterator[PlateReader]:
    plate = open_plate(Plate(str(path), first_frame=first_frame))
    try:
        yield plate
    finally:
        plate.close()


@pytest.fixture(params=MOVIES)
def movie(request: pytest.FixtureRequest, tmp_path: Path, write_movie: WriteMovie) -> Path:
    codec, details = MOVIES[request.param]
    return write_movie(tmp_path / request.param, codec, frames=FRAMES, **details)


def test_every_frame_is_the_right_one_in_any_order(
    movie: Path, read_number: Callable[[NDArray[np.float32]], int]
) -> None:
    ascending = list(range(1, FRAMES + 1))
    shuffled = np.random.default_rng(0).permutation(ascending).tolist()
    with opened(movie) as plate:
        assert plate.info.frames == FrameRange(1, FRAMES)
        for frame in [*ascending, *reversed(ascending), *shuffled, 5, 5, 6, 9]:
            assert read_number(plate.read(frame)) == frame - 1


def test_facts_of_a_movie(tmp_path: Path, write_movie: WriteMovie) -> None:
    path = write_movie(tmp_path / "cut.mp4", "libx264", frames=5)
    with opened(path, first_frame=1001) as plate:
        info = plate.info
        assert (info.kind, info.name, info.padding, info.missing) == ("movie", "cut", 4, ())
        assert info.frames == FrameRange(1001, 1005)
        assert info.rate == FrameRate(24000, 1001)
        assert info.display == info.canvas == Window(0, 0, 264, 128)
        assert (info.encoded_space, info.pixel_aspect, info.warnings) == (None, 1.0, ())
        assert plate.read(1005).shape == (128, 264, 3)
        for absent in (1000, 1006):
            with pytest.raises(FrameMissingError, match=f"frames 1001-1005, so no frame {absent}"):
                plate.read(absent)


def test_reading_on_never_seeks(tmp_path: Path, write_movie: WriteMovie, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_movie(tmp_path / "cut.mp4", "libx264", options={"g": "5"})
    with opened(path) as plate:
        # The opening frame has been decoded already; from its successor on there is only decoding.
        plate.read(1)
        monkeypatch.setattr(MoviePlate, "_seek", _no_seek)
        for frame in range(2, FRAMES + 1):
            plate.read(frame)


def _no_seek(*_: object) -> None:
    raise AssertionError("sought")


@pytest.mark.parametrize(("name", "seeks"), [("one-gop.mp4", 1), ("prores.mov", 3)])
def test_reading_backwards_seeks_once_for_many_frames(
    tmp_path: Path, write_movie: WriteMovie, monkeypatch: pytest.MonkeyPatch, name: str, seeks: int
) -> None:
    codec, details = MOVIES[name]
    path = write_movie(tmp_path / name, codec, frames=FRAMES, **details)
    with opened(path) as plate:
        plate.read(FRAMES)
        sought: list[int] = []
        seek = MoviePlate._seek

        def counted(self: MoviePlate, position: int) -> None:
            sought.append(position)
            seek(self, position)

        monkeypatch.setattr(MoviePlate, "_seek", counted)
        for frame in range(FRAMES - 1, 0, -1):
            plate.read(frame)
        assert len(sought) == seeks


def write_flat(
    path: Path, planes: list[int], *, pixel_format: str, codec: str, height: int, tags: dict[str, int]
) -> Path:
    """Two frames of one YCbCr colour."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=24, options={"qp": "0"} if codec == "libx264" else {})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, height, pixel_format
        for name, value in tags.items():
            setattr(stream.codec_context, name, value)
        for _ in range(2):
            picture = av.VideoFrame(64, height, pixel_format)
            for name, value in tags.items():
                setattr(picture, name, value)
            for plane, code in zip(picture.planes, planes, strict=True):
                dtype = np.uint16 if "10" in pixel_format else np.uint8
                plane.update(np.full(plane.buffer_size // np.dtype(dtype).itemsize, code, dtype).tobytes())
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def from_ycbcr(y: float, cb: float, cr: float, kr: float, kb: float) -> list[float]:
    """ITU-R BT.601, BT.709 and BT.2020 alike: Y in 0..1, Cb and Cr in -0.5..0.5."""
    red, blue = y + 2 * (1 - kr) * cr, y + 2 * (1 - kb) * cb
    return [red, (y - kr * red - kb * blue) / (1 - kr - kb), blue]


KR_KB = {"601": (0.299, 0.114), "709": (0.2126, 0.0722), "2020": (0.2627, 0.0593)}


@pytest.mark.parametrize(
    ("matrix", "height", "tags", "space"),
    [
        ("601", 576, {}, None),
        ("709", 720, {}, None),
        ("709", 576, {"colorspace": 1}, None),
        ("601", 720, {"colorspace": 6}, None),
        ("2020", 720, {"colorspace": 9, "color_primaries": 9, "color_trc": 16}, "pq_rec2020_display"),
        ("2020", 720, {"colorspace": 9, "color_primaries": 9, "color_trc": 18}, "hlg_rec2020_display"),
    ],
)
def test_the_matrix_follows_the_tags_or_the_height(
    tmp_path: Path, matrix: str, height: int, tags: dict[str, int], space: str | None
) -> None:
    codes = [500, 460, 600]
    path = write_flat(
        tmp_path / "flat.mp4", codes, pixel_format="yuv420p10le", codec="libx264", height=height, tags=tags
    )
    expected = from_ycbcr((500 - 64) / 876, (460 - 512) / 896, (600 - 512) / 896, *KR_KB[matrix])
    with opened(path) as plate:
        assert plate.info.encoded_space == space
        np.testing.assert_allclose(plate.read(2)[height // 2, 32], expected, atol=0.5 / 255)


def test_ten_bits_stay_ten_bits(tmp_path: Path) -> None:
    read = []
    for code in range(500, 504):
        path = write_flat(
            tmp_path / f"{code}.mkv", [code, 512, 512], pixel_format="yuv422p10le", codec="ffv1", height=96, tags={}
        )
        with opened(path) as plate:
            read.append(float(plate.read(1)[48, 32, 1]))
    np.testing.assert_allclose(read, (np.arange(500, 504) - 64) / 876, atol=0.25 / 876)


def test_codes_beyond_the_legal_range_survive(tmp_path: Path) -> None:
    for code in (20, 64, 940, 1015):
        path = write_flat(
            tmp_path / f"{code}.mkv", [code, 512, 512], pixel_format="yuv422p10le", codec="ffv1", height=96, tags={}
        )
        with opened(path) as plate:
            np.testing.assert_allclose(plate.read(1)[48, 32], (code - 64) / 876, atol=1e-5)


@pytest.mark.parametrize("pixel_format", ["gbrp10le", "gbrp16le", "bgra"])
def test_rgb_movies_need_no_matrix(tmp_path: Path, pixel_format: str) -> None:
    top = 255 if pixel_format == "bgra" else 1023 if "10" in pixel_format else 65535
    picture = av.VideoFrame(64, 48, pixel_format)
    green, blue, red = top // 2, top // 5, top
    dtype = np.uint8 if top == 255 else np.uint16
    codes = [green, blue, red] if "gbr" in pixel_format else [0]
    for plane, code in zip(picture.planes, codes, strict=True):
        pixels = np.full(plane.buffer_size // np.dtype(dtype).itemsize, code, dtype)
        if pixel_format == "bgra":
            pixels.reshape(-1, 4)[:] = blue, green, red, 7
        plane.update(pixels.tobytes())
    with av.open(str(tmp_path / "rgb.mkv"), "w") as container:
        stream = container.add_stream("ffv1", rate=24)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixel_format
        container.mux(stream.encode(picture))
        container.mux(stream.encode())
    with opened(tmp_path / "rgb.mkv") as plate:
        np.testing.assert_allclose(plate.read(1)[20, 30], [red / top, green / top, blue / top], atol=1e-6)


@pytest.mark.parametrize("pixel_format", ["uyvy422", "nv12", "p010le"])
def test_packed_pixels_keep_their_codes(pixel_format: str) -> None:
    planar = {"uyvy422": "yuv422p", "nv12": "yuv420p", "p010le": "yuv420p10le"}[pixel_format]
    rng = np.random.default_rng(3)
    planes = av.VideoFrame(64, 48, planar)
    dtype, top = (np.uint16, 1024) if "10" in planar else (np.uint8, 256)
    for plane in planes.planes:
        plane.update(rng.integers(0, top, plane.buffer_size // np.dtype(dtype).itemsize).astype(dtype).tobytes())
    packed = planes.reformat(format=pixel_format)
    np.testing.assert_array_equal(rgb_from_video(packed), rgb_from_video(planes))


@pytest.mark.parametrize(
    "pixel_format", ["yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p", "yuv420p12le"]
)
@pytest.mark.parametrize(("width", "height"), [(16, 12), (33, 70)])
def test_chroma_is_sited_at_the_left_and_half_way_down(pixel_format: str, width: int, height: int) -> None:
    picture = av.VideoFrame(width, height, pixel_format)
    bits = picture.format.components[0].bits
    dtype = np.dtype("u1" if bits == 8 else "<u2")
    for number, plane in enumerate(picture.planes):
        y, x = np.mgrid[: plane.height, : plane.width].astype(np.float32)
        across, down = round(width / plane.width), round(height / plane.height)
        # Blue says the column and red the row, twice, as chroma between two rows lies on halves.
        place_hw = (0 * x, 2 * across * x + 100, 2 * down * y + down - 1 + 100)[number]
        codes_hw = np.zeros((plane.height, plane.line_size // dtype.itemsize), dtype)
        codes_hw[:, : plane.width] = place_hw
        plane.update(codes_hw.tobytes())
    picture.color_range = 2
    picture.colorspace = 1
    found_hwc = rgb_from_video(picture)
    rows_hw, columns_hw = np.mgrid[:height, :width]
    inner = np.s_[3 : height - 4, 0 : width - 4]
    for channel, weight, place_hw in ((2, 1.8556, columns_hw), (0, 1.5748, rows_hw)):
        expected_hw = weight * (2 * place_hw + 100 - 2 ** (bits - 1)) / (2**bits - 1)
        np.testing.assert_allclose(found_hwc[:, :, channel][inner], expected_hw[inner], atol=1e-6)


@pytest.mark.parametrize(("pixel_format", "top"), [("yuvj420p", 255), ("yuv420p10le", 1023)])
def test_full_range_is_honoured(tmp_path: Path, pixel_format: str, top: int) -> None:
    codes = [top * 3 // 4, top // 2 + 1, top // 2 + 1]
    path = write_flat(
        tmp_path / "full.mp4", codes, pixel_format=pixel_format, codec="libx264", height=96, tags={"color_range": 2}
    )
    with opened(path) as plate:
        np.testing.assert_allclose(plate.read(1)[48, 32], codes[0] / top, atol=0.5 / 255)


def test_a_variable_frame_rate_is_refused(tmp_path: Path, write_movie: WriteMovie) -> None:
    path = write_movie(tmp_path / "phone.mkv", "libx264", frames=6, rate=Fraction(24), times=[0, 1, 2, 5, 6, 9])
    with pytest.raises(PlateError, match="variable frame rate"):
        open_plate(Plate(str(path)))


@pytest.mark.parametrize("damage", ["zero bytes", "junk", "half"])
def test_damaged_movies_get_a_sentence(tmp_path: Path, write_movie: WriteMovie, damage: str) -> None:
    path = write_movie(tmp_path / "cut.mp4", "libx264")
    whole = path.read_bytes()
    path.write_bytes({"zero bytes": b"", "junk": b"junk" * 999, "half": whole[: len(whole) // 2]}[damage])
    with pytest.raises(FrameUnreadableError, match=r"The movie .*cut\.mp4 cannot be opened") as caught:
        open_plate(Plate(str(path)))
    assert caught.value.path == str(path)


def test_only_the_damaged_frame_is_lost(
    tmp_path: Path, write_movie: WriteMovie, read_number: Callable[[NDArray[np.float32]], int]
) -> None:
    path = write_movie(tmp_path / "cut.mov", "prores_ks", pixel_format="yuv422p10le")
    with av.open(str(path)) as container:
        hurt = [packet for packet in container.demux(video=0) if packet.size][9]
        position, size = hurt.pos, hurt.size
    assert position is not None
    whole = bytearray(path.read_bytes())
    whole[position : position + size] = bytes(size)
    path.write_bytes(whole)
    with opened(path) as plate:
        for frame in [*range(1, FRAMES + 1), *range(FRAMES, 0, -1)]:
            if frame == 10:
                with pytest.raises(FrameUnreadableError, match="Frame 10 of the movie"):
                    plate.read(frame)
            else:
                assert read_number(plate.read(frame)) == frame - 1


def test_a_file_without_a_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.mov"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48000)
        assert isinstance(stream, av.AudioStream)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 2 * 480), np.int16), format="s16", layout="stereo")
        sound.sample_rate = 48000
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    with pytest.raises(PlateError, match="has no picture"):
        open_plate(Plate(str(path)))


def test_the_id_follows_the_movie_and_not_its_folder(tmp_path: Path, write_movie: WriteMovie) -> None:
    first = write_movie(tmp_path / "cut.mp4", "libx264", frames=3)
    (tmp_path / "copy").mkdir()
    second = tmp_path / "copy" / "cut.mp4"
    second.write_bytes(first.read_bytes())
    other = write_movie(tmp_path / "other.mp4", "libx264", frames=4)
    ids = []
    for path in (first, second, other):
        with opened(path) as plate:
            ids.append(plate.info.plate_id)
    assert ids[0] == ids[1] != ids[2]
