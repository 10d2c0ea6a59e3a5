"""Frames as a player shows them: turned, in whole, with their pixel aspect."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.plate.base import Window
from rotomatte.plate.open import open_plate
from rotomatte.plate.orientation import Orientation, orientation_of
from rotomatte_plugin.errors import FrameUnreadableError, PlateError
from rotomatte_plugin.model import FrameRate, Plate

WriteFields = Callable[..., Path]


def write_pictures(
    path: Path,
    pictures: list[NDArray[np.uint8]],
    codec: str = "libx264",
    *,
    pixel_format: str = "yuv444p",
    options: dict[str, str] | None = None,
    degrees: int | None = None,
    aspect: Fraction | None = None,
) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options or {})
        assert isinstance(stream, av.VideoStream)
        height, width = pictures[0].shape[:2]
        stream.width, stream.height, stream.pix_fmt = width, height, pixel_format
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect  # type: ignore[misc, unused-ignore]
        if degrees is not None:
            if not hasattr(stream, "set_display_rotation"):
                pytest.skip("this PyAV cannot write a display matrix")
            stream.set_display_rotation(degrees)
        for picture_hwc in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture_hwc, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize(("degrees", "turns"), [(-90, 1), (90, 3), (180, 2)])
@pytest.mark.parametrize("suffix", [".mov", ".mp4", ".mkv"])
def test_a_turned_movie_is_read_as_a_player_shows_it(tmp_path: Path, degrees: int, turns: int, suffix: str) -> None:
    stored_hwc = np.full((48, 64, 3), 60, np.uint8)
    stored_hwc[:16, :16] = 220
    plain = open_plate(Plate(str(write_pictures(tmp_path / f"plain{suffix}", [stored_hwc] * 3))))
    path = write_pictures(tmp_path / f"turned{suffix}", [stored_hwc] * 3, degrees=degrees, aspect=Fraction(2))
    turned = open_plate(Plate(str(path)))
    shown_hwc = turned.read(2)
    # np.rot90 turns the other way round.
    np.testing.assert_array_equal(shown_hwc, np.rot90(plain.read(2), -turns))
    assert turned.info.display == turned.info.canvas == Window(0, 0, shown_hwc.shape[1], shown_hwc.shape[0])
    assert turned.info.pixel_aspect == (2 if turns == 2 else 0.5)
    assert turned.info.warnings == (f"The movie is turned by {90 * turns} degrees clockwise, as a player shows it.",)
    assert plain.info.warnings == ()
    for plate in (plain, turned):
        plate.close()


@pytest.mark.parametrize("a_to_d", [(1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0), (-1, 0, 0, 1),
                                    (1, 0, 0, -1), (0, 1, 1, 0), (0, -1, -1, 0)])  # fmt: skip
def test_every_pixel_goes_where_the_matrix_says(a_to_d: tuple[int, int, int, int]) -> None:
    a, b, c, d = a_to_d
    matrix = np.array([[a << 16, b << 16, 0], [c << 16, d << 16, 0], [9, 9, 1 << 30]], np.int32)
    orientation = orientation_of(matrix.tobytes())
    assert orientation == Orientation(a, b, c, d)
    stored_hwc = np.arange(6, dtype=np.float32).reshape(2, 3, 1)
    shown_hwc = orientation.applied(stored_hwc)
    for y in range(2):
        for x in range(3):
            row, column = b * x + d * y, a * x + c * y
            # A negative place counts from the far side.
            assert (
                shown_hwc[row if b + d > 0 else row - 1, column if a + c > 0 else column - 1, 0] == stored_hwc[y, x, 0]
            )


@pytest.mark.parametrize(
    "entries", [[46341, 46341, -46341, 46341], [0, 0, 0, 0], [65536, 0, 0, 0], [65536, 0, 0, 32768]]
)
def test_what_is_no_quarter_turn_is_left_alone(entries: list[int]) -> None:
    a, b, c, d = entries
    assert orientation_of(np.array([[a, b, 0], [c, d, 0], [0, 0, 1 << 30]], np.int32).tobytes()) is None
    assert orientation_of(b"") is None


def test_pixel_aspect_comes_from_the_movie(tmp_path: Path) -> None:
    path = write_pictures(tmp_path / "wide.mov", [np.zeros((48, 64, 3), np.uint8)] * 2, aspect=Fraction(64, 45))
    plate = open_plate(Plate(str(path)))
    assert plate.info.pixel_aspect == pytest.approx(64 / 45)
    plate.close()


def moving_bar(frames: int) -> list[NDArray[np.uint8]]:
    """Interlaced: the bar of the lower field of each frame is 8 pixels further than that of the upper one."""
    pictures = []
    for frame in range(frames):
        woven_hwc = np.full((96, 256, 3), 40, np.uint8)
        for row in range(96):
            left = 16 * frame + (8 if row % 2 else 0)
            woven_hwc[row, left : left + 24] = 210
        pictures.append(woven_hwc)
    return pictures


def centre_of_bar(rgb_hwc: NDArray[np.float32]) -> float:
    inside = np.clip(rgb_hwc[40:56, :, 1].mean(axis=0) - 0.3, 0, None)
    return float((inside * np.arange(256)).sum() / inside.sum())


INTERLACED = {
    "i.mov": ("prores_ks", "yuv422p10le", {"flags": "+ildct"}),
    "i.mp4": ("libx264", "yuv420p", {"x264-params": "tff=1:qp=8:keyint=5:bframes=2:weightp=0"}),
    "i.mxf": ("mpeg2video", "yuv422p", {"flags": "+ilme+ildct", "b": "30000000", "g": "5", "bt": "30000000"}),
}


@pytest.mark.parametrize("name", INTERLACED)
def test_interlaced_frames_come_whole_in_any_order(tmp_path: Path, name: str) -> None:
    codec, pixel_format, options = INTERLACED[name]
    path = write_pictures(tmp_path / name, moving_bar(12), codec, pixel_format=pixel_format, options=options)
    plate = open_plate(Plate(str(path)))
    assert plate.info.warnings == ("The movie is interlaced; each frame is deinterlaced (bwdif) to one whole frame.",)
    ascending = {frame: plate.read(frame) for frame in plate.info.frames}
    assert len(ascending) == 12
    for frame, whole_hwc in ascending.items():
        # Between the borders of the bar neighbouring lines agree; in the woven frame they are 24 columns apart.
        combing = np.abs(np.diff(whole_hwc[8:-8, :, 1], axis=0)).mean()
        woven = np.abs(np.diff(moving_bar(12)[frame - 1][8:-8, :, 1] / 255.0, axis=0)).mean()
        assert combing < 0.35 * woven
    # The whole frame shows the moment of its first field, whichever that is.
    centres = [centre_of_bar(whole_hwc) for whole_hwc in ascending.values()]
    np.testing.assert_allclose(np.diff(centres), 16, atol=0.5)
    assert min(abs(centres[0] - field) for field in (11.5, 19.5)) < 0.5
    shuffled = np.random.default_rng(0).permutation(list(ascending)).tolist()
    for frame in [*reversed(list(ascending)), *shuffled, 12, 1, 12, 11, 12]:
        np.testing.assert_array_equal(plate.read(frame), ascending[frame])
    plate.close()


def test_only_the_damaged_interlaced_frame_is_lost(tmp_path: Path) -> None:
    codec, pixel_format, options = INTERLACED["i.mov"]
    path = write_pictures(tmp_path / "i.mov", moving_bar(8), codec, pixel_format=pixel_format, options=options)
    with av.open(str(path)) as container:
        hurt = [packet for packet in container.demux(video=0) if packet.size][4]
        position, size = hurt.pos, hurt.size
    assert position is not None
    whole = bytearray(path.read_bytes())
    whole[position : position + size] = bytes(size)
    path.write_bytes(whole)
    plate = open_plate(Plate(str(path)))
    seen: dict[int, NDArray[np.float32]] = {}
    for frame in [*range(1, 9), *range(8, 0, -1)]:
        if frame == 5:
            with pytest.raises(FrameUnreadableError, match="Frame 5 of the movie"):
                plate.read(frame)
        else:
            rgb_hwc = plate.read(frame)
            np.testing.assert_array_equal(seen.setdefault(frame, rgb_hwc), rgb_hwc)
    plate.close()


@pytest.mark.parametrize("suffix", [".ts", ".mp4", ".mkv"])
@pytest.mark.parametrize("as_frames", [(), (1, 2, 6), (0, 3, 4)], ids=["fields", "mixed", "frame first"])
def test_a_movie_of_field_pictures_has_as_many_frames_as_pairs(
    tmp_path: Path, write_fields: WriteFields, suffix: str, as_frames: tuple[int, ...]
) -> None:
    path = write_fields(tmp_path / f"fields{suffix}", 12, as_frames=as_frames)
    plate = open_plate(Plate(str(path)))
    assert len(plate.info.frames) == 12
    assert plate.info.rate == FrameRate(25)
    for frame in [*range(1, 13), *range(12, 0, -1), 5, 9, 3]:
        # The lines of the first field stay as they are.
        np.testing.assert_allclose(plate.read(frame)[::2], 8 * (frame - 1) / 219, atol=0.01)
    plate.close()


def test_one_interlaced_frame_is_enough(tmp_path: Path) -> None:
    codec, pixel_format, options = INTERLACED["i.mov"]
    path = write_pictures(tmp_path / "one.mov", moving_bar(1), codec, pixel_format=pixel_format, options=options)
    plate = open_plate(Plate(str(path)))
    assert plate.read(1).shape == (96, 256, 3)
    plate.close()


def test_too_many_frames_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, codec, pixel_format in (("a.mov", "prores_ks", "yuv422p10le"), ("a.mp4", "libx264", "yuv420p")):
        path = write_pictures(tmp_path / name, moving_bar(6), codec, pixel_format=pixel_format)
        with monkeypatch.context() as limited:
            limited.setattr("rotomatte.plate.movie_scan.MAX_FRAME_SPAN", 5)
            with pytest.raises(PlateError, match="has more than 5 frames"):
                open_plate(Plate(str(path)))
        open_plate(Plate(str(path))).close()
