from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from numpy.typing import NDArray

from rotomatte.mattes.files import temporary_path
from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.profiles.prores import read_movie_recipe, video_codes, write_prores
from rotomatte.plate.base import FloatArray, FrameFacts, PlateInfo, Timecode
from rotomatte_plugin.errors import DiskFullError, OutputError
from rotomatte_plugin.model import FrameRate

MakeInfo = Callable[..., PlateInfo]
MakeMatte = Callable[[PlateInfo], FloatArray]
RATE = FrameRate(24000, 1001)


def picture(info: PlateInfo, frame: int) -> FloatArray:
    """Smooth, bright colours that move."""
    y, x = np.mgrid[: info.canvas.height, : info.canvas.width].astype(np.float32)
    red, green = (x + frame) / (info.canvas.width + 4), y / info.canvas.height
    return np.stack([red, green, 1 - red * green], axis=-1).astype(np.float32)


def frames_of(info: PlateInfo, matte_hw: FloatArray, count: int) -> Iterator[tuple[FloatArray, FloatArray]]:
    for frame in range(count):
        yield picture(info, frame), np.roll(matte_hw, frame, axis=1)


def planes_of(frame: VideoFrame) -> NDArray[np.float64]:
    """Y', Cb, Cr and alpha as 10-bit codes; FFmpeg decodes to 10 or 12 bit."""
    bits = frame.format.components[0].bits
    planes = []
    for plane in frame.planes:
        lines = np.frombuffer(bytes(plane), "<u2").reshape(plane.height, plane.line_size // 2)
        planes.append(lines[:, : plane.width] * (1023 / (2**bits - 1)))
    return np.stack(planes)


def test_alpha_and_fill_come_back(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    info = make_info(overscan=3)
    matte_hw = make_matte(info)
    path = tmp_path / "out" / "car.mov"
    write_prores(path, frames_of(info, matte_hw, 3), info, header, "beef", RATE)
    with av.open(str(path)) as container:
        found = list(container.decode(video=0))
    assert len(found) == 3
    for number, (frame, (seen_hwc, moved_hw)) in enumerate(zip(found, frames_of(info, matte_hw, 3), strict=True)):
        assert (frame.width, frame.height) == (48, 28)
        planes = planes_of(frame)
        np.testing.assert_allclose(planes[3] / 1023, moved_hw[3:-3, 3:-3], atol=2 / 1023)
        expected = video_codes(seen_hwc[3:-3, 3:-3], moved_hw[3:-3, 3:-3])
        error = np.abs(planes[:3] - expected[:3])
        assert (error.mean() < 1.5, error.max() < 12) == (True, True), number


def test_the_fill_is_bt709_in_legal_range_and_says_so(tmp_path: Path, make_info: MakeInfo, header: MatteHeader) -> None:
    info = make_info()
    colours = np.array([[1, 1, 1], [0, 0, 0], [1, 0, 0], [0, 0, 1]], np.float32)
    # Codes of 100 % bars, SMPTE RP 219.
    codes = [[940, 512, 512], [64, 512, 512], [250, 409, 960], [127, 960, 471]]
    bars_hwc = np.tile(np.repeat(colours, 12, axis=0), (28, 1, 1))
    write_prores(tmp_path / "m.mov", [(bars_hwc, np.ones((28, 48), np.float32))], info, header, "beef", RATE)
    with av.open(str(tmp_path / "m.mov")) as container:
        context = container.streams.video[0].codec_context
        (frame,) = container.decode(video=0)
    found = planes_of(frame)[:3, 14, 6::12].T
    np.testing.assert_allclose(found, codes, atol=4)
    assert context.name == "prores"
    assert context.profile == "4444"
    assert frame.format.name.startswith("yuva444p")
    assert context.colorspace == Colorspace.ITU709
    assert context.color_primaries == ColorPrimaries.BT709
    assert context.color_trc == ColorTrc.BT709
    assert frame.color_range in {ColorRange.UNSPECIFIED, ColorRange.MPEG}
    # QuickTime's "pixel aspect ratio" atom: horizontal and vertical spacing.
    assert b"pasp" + struct.pack(">II", 2, 1) in (tmp_path / "m.mov").read_bytes()


@pytest.mark.parametrize(
    ("timecode", "rate", "expected"),
    [
        (Timecode(1, 2, 3, 4), RATE, "01:02:03:04"),
        (Timecode(1, 2, 3, 4, drop_frame=True), FrameRate(30000, 1001), "01:02:03;04"),
        (Timecode(1, 2, 3, 50), FrameRate(60), "01:02:03:50"),
        (Timecode(1, 2, 3, 4, drop_frame=True), FrameRate(24), None),
        (None, FrameRate(25), None),
    ],
)
def test_time_code_reel_rate_and_provenance(
    tmp_path: Path,
    make_info: MakeInfo,
    make_matte: MakeMatte,
    header: MatteHeader,
    timecode: Timecode | None,
    rate: FrameRate,
    expected: str | None,
) -> None:
    info = make_info()
    given = replace(header, facts=FrameFacts(timecode, reel="A001"))
    path = tmp_path / "m.mov"
    write_prores(path, frames_of(info, make_matte(info), 2), info, given, "beef", rate)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == Fraction(rate.numerator, rate.denominator)
        assert stream.metadata.get("timecode") == expected
        assert [data.metadata.get("timecode") for data in container.streams.data] == ([expected] if expected else [])
        assert [data.metadata.get("reel_name") for data in container.streams.data] == (["A001"] if expected else [])
        texts = container.metadata
        assert texts["rotomatte/object"] == "car"
        assert texts["rotomatte/source"] == "Ägypten.%04d.exr"
        assert texts["rotomatte/reel"] == "A001"
        assert not {"rotomatte/score", "rotomatte/beyond_cut"} & texts.keys()
    assert read_movie_recipe(path) == "beef"


def test_a_movie_of_odd_size(tmp_path: Path, make_info: MakeInfo, header: MatteHeader) -> None:
    info = make_info()
    odd = replace(info, display=replace(info.display, right=47, bottom=27))
    matte_hw = np.random.default_rng(3).uniform(0, 1, (28, 48)).astype(np.float32)
    write_prores(tmp_path / "m.mov", [(picture(odd, 0), matte_hw)], odd, header, "beef", RATE)
    with av.open(str(tmp_path / "m.mov")) as container:
        (frame,) = container.decode(video=0)
    assert (frame.width, frame.height) == (47, 27)
    np.testing.assert_allclose(planes_of(frame)[3] / 1023, matte_hw[:27, :47], atol=2 / 1023)


def test_equal_clips_are_equal_files(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    info = make_info()
    for name in ("a.mov", "b.mov"):
        write_prores(tmp_path / name, frames_of(info, make_matte(info), 4), info, header, "beef", RATE)
    assert (tmp_path / "a.mov").read_bytes() == (tmp_path / "b.mov").read_bytes()


def test_a_movie_appears_when_it_is_whole(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    info = make_info()
    path = tmp_path / "m.mov"
    path.write_bytes(b"old")

    def stopped() -> Iterator[tuple[FloatArray, FloatArray]]:
        yield from frames_of(info, make_matte(info), 2)
        assert path.read_bytes() == b"old"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_prores(path, stopped(), info, header, "beef", RATE)
    assert [each.name for each in tmp_path.iterdir()] == ["m.mov"]
    write_prores(path, [], info, header, "beef", RATE)
    assert path.read_bytes() == b"old"


def test_a_full_disk_and_a_folder_that_is_none_are_said(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    info = make_info()
    temporary_path(tmp_path / "m.mov").symlink_to("/dev/full")
    with pytest.raises(DiskFullError, match=r"m\.mov"):
        write_prores(tmp_path / "m.mov", frames_of(info, make_matte(info), 30), info, header, "beef", RATE)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "car").write_text("not a folder")
    with pytest.raises(OutputError, match="could not be written"):
        write_prores(tmp_path / "car" / "m.mov", frames_of(info, make_matte(info), 1), info, header, "beef", RATE)


def test_junk_has_no_recipe(tmp_path: Path) -> None:
    (tmp_path / "m.mov").write_bytes(b"text" * 9)
    assert read_movie_recipe(tmp_path / "m.mov") is None
    assert read_movie_recipe(tmp_path / "absent.mov") is None
