"""Where each frame comes from: time code, reel, owner, date of capture."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import OpenEXR
import OpenImageIO
import pytest

from rotomatte.plate.base import FrameFacts, Timecode
from rotomatte.plate.movie_facts import _date_and_offset
from rotomatte.plate.open import open_plate
from rotomatte_plugin.errors import FrameMissingError
from rotomatte_plugin.model import FrameRate, Plate

if TYPE_CHECKING:
    from tests.plate.conftest import WriteExr

RGB = {name: np.zeros((4, 6), np.float16) for name in "RGB"}


def exr_timecode(label: Timecode, field_mark: int = 0) -> Any:
    return OpenEXR.TimeCode(label.hours, label.minutes, label.seconds, label.frames, label.drop_frame, False,
                            field_mark, *[0] * 11)  # fmt: skip


def write_with(path: Path, attributes: dict[str, Any], bits: int = 0) -> Path:
    spec = OpenImageIO.ImageSpec(6, 4, 3, "uint16" if bits else "uint8")
    if bits:
        spec.attribute("oiio:BitsPerSample", bits)
    for name, value in attributes.items():
        if name == "smpte:TimeCode":
            spec.attribute(name, OpenImageIO.TypeTimeCode, (value, 0))
        else:
            spec.attribute(name, value)
    output = OpenImageIO.ImageOutput.create(str(path))
    assert output.open(str(path), spec)
    output.write_image(np.zeros((4, 6, 3), np.uint16 if bits else np.uint8))
    output.close()
    return path


def test_exr_says_it_frame_by_frame(tmp_path: Path, write_exr: WriteExr) -> None:
    for frame in (1001, 1002, 1004):
        header = {
            "timeCode": exr_timecode(Timecode(1, 2, 3, frame - 1001, drop_frame=True)),
            "reelName": "A001C002",
            "owner": "the show",
            "capDate": "2026:11:22 10:20:30",
            "utcOffset": -3600.0,
            "framesPerSecond": Fraction(30000, 1001),
        }
        write_exr(tmp_path / f"a.{frame}.exr", RGB, header=header)
    plate = open_plate(Plate(str(tmp_path)))
    assert plate.info.rate == FrameRate(30000, 1001)
    assert plate.facts(1004) == FrameFacts(
        Timecode(1, 2, 3, 3, drop_frame=True), "A001C002", "the show", "2026:11:22 10:20:30", -3600.0
    )
    assert plate.facts(1001).timecode == Timecode(1, 2, 3, 0, drop_frame=True)
    with pytest.raises(FrameMissingError, match="Frame 1003"):
        plate.facts(1003)


def test_exr_above_30_frames_a_second_counts_pairs(tmp_path: Path, write_exr: WriteExr) -> None:
    header = {"timeCode": exr_timecode(Timecode(1, 0, 0, 29), field_mark=1), "framesPerSecond": Fraction(60000, 1001)}
    write_exr(tmp_path / "a.exr", RGB, header=header)
    assert open_plate(Plate(str(tmp_path / "a.exr"))).facts(1).timecode == Timecode(1, 0, 0, 59)


def test_facts_of_another_part_count_too(tmp_path: Path) -> None:
    first = OpenEXR.Part({"reelName": "A001"}, {"Z": np.zeros((4, 6), np.float32)}, "depth")
    beauty = OpenEXR.Part({"owner": "us"}, dict(RGB), "beauty")
    OpenEXR.File([first, beauty]).write(str(tmp_path / "a.exr"))
    assert open_plate(Plate(str(tmp_path / "a.exr"))).facts(1) == FrameFacts(reel="A001", owner="us")


def test_a_file_that_says_nothing_has_no_facts(tmp_path: Path, write_exr: WriteExr) -> None:
    write_exr(tmp_path / "a.exr", RGB)
    plate = open_plate(Plate(str(tmp_path / "a.exr")))
    assert (plate.facts(1), plate.info.rate) == (FrameFacts(), None)


def test_dpx_says_it_in_its_headers(tmp_path: Path) -> None:
    for frame in (1, 2):
        write_with(
            tmp_path / f"a.{frame}.dpx",
            {
                "smpte:TimeCode": 0x10111200 + frame,
                "dpx:InputDevice": "A001",
                "Copyright": "the show",
                "dpx:SourceDateTime": "2026:11:22 10:20:30",
                "DateTime": "1999:01:01 00:00:00",
                "dpx:FrameRate": 23.976,
            },
            bits=10,
        )
    plate = open_plate(Plate(str(tmp_path)))
    assert plate.info.rate == FrameRate(24000, 1001)
    assert plate.facts(2) == FrameFacts(Timecode(10, 11, 12, 2), "A001", "the show", "2026:11:22 10:20:30")


def test_a_time_code_that_stands_at_zero_is_none(tmp_path: Path) -> None:
    for frame in (1, 2):
        write_with(tmp_path / f"a.{frame}.dpx", {"smpte:TimeCode": 0, "dpx:InputDevice": "A001"}, bits=10)
    plate = open_plate(Plate(str(tmp_path)))
    assert [plate.facts(frame) for frame in (1, 2)] == [FrameFacts(reel="A001")] * 2
    write_with(tmp_path / "a.2.dpx", {"smpte:TimeCode": 1}, bits=10)
    assert open_plate(Plate(str(tmp_path))).facts(1).timecode == Timecode(0, 0, 0, 0)


@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".png"])
def test_photographs_say_only_when_they_were_taken(tmp_path: Path, suffix: str) -> None:
    saved = {"DateTime": "2026:11:22 10:20:30", "Artist": "somebody", "Copyright": "somebody"}
    write_with(tmp_path / f"saved{suffix}", saved)
    assert open_plate(Plate(str(tmp_path / f"saved{suffix}"))).facts(1) == FrameFacts()
    taken = {"Exif:DateTimeOriginal": "2025:01:02 03:04:05", "Exif:OffsetTimeOriginal": "+01:30"}
    write_with(tmp_path / f"taken{suffix}", saved | taken)
    expected = FrameFacts(capture_date="2025:01:02 03:04:05", utc_offset_s=-5400.0)
    assert open_plate(Plate(str(tmp_path / f"taken{suffix}"))).facts(1) == expected


def write_movie_with(
    path: Path, rate: Fraction, metadata: dict[str, str], stream_metadata: dict[str, str] | None = None, frames: int = 4
) -> Path:
    intra = path.suffix in {".mov", ".mxf"}
    with av.open(str(path), "w") as container:
        container.metadata.update(metadata)
        codec, options = ("dnxhd", {"profile": "dnxhr_hqx"}) if intra else ("libx264", {})
        stream = container.add_stream(codec, rate=rate, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 256, 128, "yuv422p10le" if intra else "yuv420p"
        stream.metadata.update(stream_metadata or {})
        for _ in range(frames):
            picture = av.VideoFrame(256, 128, stream.pix_fmt)
            for plane in picture.planes:
                plane.update(bytes(plane.buffer_size))
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("suffix", [".mov", ".mp4", ".mxf"])
@pytest.mark.parametrize(
    ("rate", "start", "fourth"),
    [
        (Fraction(24000, 1001), "01:00:00:22", Timecode(1, 0, 1, 1)),
        (Fraction(25), "23:59:59:23", Timecode(0, 0, 0, 1)),
        (Fraction(30000, 1001), "00:00:59;28", Timecode(0, 1, 0, 3, drop_frame=True)),
        (Fraction(60000, 1001), "00:00:59;58", Timecode(0, 1, 0, 5, drop_frame=True)),
        (Fraction(60000, 1001), "00:00:59:58", Timecode(0, 1, 0, 1)),
    ],
)
def test_movies_count_on_from_their_start(
    tmp_path: Path, suffix: str, rate: Fraction, start: str, fourth: Timecode
) -> None:
    path = write_movie_with(tmp_path / f"a{suffix}", rate, {"timecode": start})
    plate = open_plate(Plate(str(path), first_frame=1001))
    assert str(plate.facts(1001).timecode) == start
    assert plate.facts(1004).timecode == fourth
    with pytest.raises(FrameMissingError, match="so no frame 1005"):
        plate.facts(1005)
    plate.close()


def test_reels_of_movies(tmp_path: Path) -> None:
    rate, start = Fraction(24), {"timecode": "01:00:00:00"}
    for path, reel in (
        (write_movie_with(tmp_path / "a.mov", rate, start, {"reel_name": "A001"}), "A001"),
        (write_movie_with(tmp_path / "a.mxf", rate, start | {"reel_name": "A002"}), "A002"),
        (write_movie_with(tmp_path / "b.mxf", rate, start | {"material_package_name": "A003_C001"}), "A003_C001"),
        (write_movie_with(tmp_path / "a.mp4", rate, {"creation_time": "2026-01-01T00:00:00Z"}), None),
    ):
        plate = open_plate(Plate(str(path)))
        assert plate.facts(1) == FrameFacts(timecode=Timecode(1, 0, 0, 0) if reel else None, reel=reel)
        plate.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T10:20:30+0100", ("2026:11:22 10:20:30", -3600.0)),
        ("2026-11-22T10:20:30.123-03:30", ("2026:11:22 10:20:30", None)),
        ("2026-11-22T10:20:30-03:30", ("2026:11:22 10:20:30", 12600.0)),
        ("2026-11-22T10:20:30Z", ("2026:11:22 10:20:30", None)),
        ("yesterday", (None, None)),
        ("", (None, None)),
    ],
)
def test_quicktimes_creation_date(text: str, expected: tuple[str | None, float | None]) -> None:
    assert _date_and_offset(text) == expected
