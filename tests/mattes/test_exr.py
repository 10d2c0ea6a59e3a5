from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenEXR
import pytest

from rotomatte.mattes.exr import read_attributes, read_matte, read_matte_header
from rotomatte.mattes.files import temporary_path
from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.profiles import COMPRESSIONS
from rotomatte.mattes.profiles.cryptomatte import write_cryptomatte
from rotomatte.mattes.profiles.layers import write_layers
from rotomatte.mattes.profiles.master import write_master
from rotomatte.mattes.profiles.nuke import write_nuke
from rotomatte.mattes.profiles.universal import write_universal
from rotomatte.plate.base import FloatArray, FrameFacts, PlateInfo, Timecode
from rotomatte_plugin.errors import DiskFullError, JobError, OutputError
from rotomatte_plugin.model import Compression, FrameRate, Profile

MakeInfo = Callable[..., PlateInfo]
MakeMatte = Callable[[PlateInfo], FloatArray]
Write = Callable[..., None]

SINGLE = [write_universal, write_nuke, write_master]


def _layers(path: Path, matte_hw: FloatArray, info: PlateInfo, header: MatteHeader, *rest: Compression) -> None:
    write_layers(path, {"car": matte_hw}, info, {"car": header}, "c0ffee", *rest)


def _cryptomatte(path: Path, matte_hw: FloatArray, info: PlateInfo, header: MatteHeader, *rest: Compression) -> None:
    write_cryptomatte(path, {"car": matte_hw}, info, {"car": header}, "c0ffee", *rest)


@pytest.mark.parametrize("write", [*SINGLE, _layers, _cryptomatte])
def test_every_header_says_where_the_frame_comes_from(
    tmp_path: Path, write: Write, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    info = make_info(overscan=5)
    write(tmp_path / "car" / "car.1001.exr", make_matte(info), info, header)
    found = read_attributes(tmp_path / "car" / "car.1001.exr")
    assert found["colorInteropID"] == "data"
    assert "chromaticities" not in found
    assert OpenEXR.checkColorMetadata(found) == 0
    assert found["compression"] == OpenEXR.ZIPS_COMPRESSION
    assert found["framesPerSecond"] == Fraction(24000, 1001)
    timecode = found["timeCode"]
    assert (timecode.hours, timecode.minutes, timecode.seconds, timecode.frame) == (1, 2, 3, 4)
    assert not timecode.dropFrame
    assert {name: found[name] for name in ("reelName", "owner", "capDate", "utcOffset", "imageCounter")} == {
        "reelName": "A001",
        "owner": "Tante Käthe",
        "capDate": "2026:11:22 10:00:00",
        "utcOffset": -3600,
        "imageCounter": 1001,
    }
    assert found["pixelAspectRatio"] == 2
    assert [corner.tolist() for corner in found["displayWindow"]] == [[100, -50], [147, -23]]
    ours = {name.removeprefix("rotomatte/"): value for name, value in found.items() if name.startswith("rotomatte/")}
    assert (
        ours.items()
        >= {
            "recipe": "c0ffee",
            "job": "0b",
            "model": "tiny",
            "model_sha256": "ef",
            "source": "Ägypten.%04d.exr",
            "frame": "1001",
            "colour": "ACEScg through ACES 2.0 - SDR 100 nits",
            "engine": "0.1.0",
        }.items()
    )


@pytest.mark.parametrize("write", [write_universal, write_master, _layers, _cryptomatte])
def test_the_data_window_is_the_canvas(
    tmp_path: Path, write: Write, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    info = make_info(overscan=5)
    write(tmp_path / "m.exr", make_matte(info), info, header)
    found = read_attributes(tmp_path / "m.exr")
    assert [corner.tolist() for corner in found["dataWindow"]] == [[95, -55], [152, -18]]


@pytest.mark.parametrize("write", SINGLE)
@pytest.mark.parametrize(
    "facts",
    [
        FrameFacts(),
        FrameFacts(Timecode(23, 59, 59, 29, drop_frame=True), "B", "x", "2026:01:01 00:00:00", 0.0),
    ],
)
def test_a_header_comes_back_whole(
    tmp_path: Path, write: Write, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader, facts: FrameFacts
) -> None:
    info = make_info(rate=None)
    given = replace(header, facts=facts, score=None, beyond_cut=True)
    write(tmp_path / "m.exr", make_matte(info), info, given)
    assert read_matte_header(tmp_path / "m.exr") == given
    write(tmp_path / "m.exr", make_matte(info), info, header)
    assert read_matte_header(tmp_path / "m.exr") == header


@pytest.mark.parametrize("rate", [FrameRate(50), FrameRate(60000, 1001)])
def test_fast_plates_count_pairs_of_frames(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader, rate: FrameRate
) -> None:
    info = make_info(rate=rate)
    given = replace(header, facts=FrameFacts(Timecode(10, 0, 0, 47)))
    write_universal(tmp_path / "m.exr", make_matte(info), info, given)
    timecode = read_attributes(tmp_path / "m.exr")["timeCode"]
    assert (timecode.frame, timecode.fieldPhase) == (23, True)
    assert read_matte_header(tmp_path / "m.exr") == given


def test_a_time_code_that_openexr_cannot_hold_is_left_out(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    info = make_info()
    write_universal(
        tmp_path / "m.exr", make_matte(info), info, replace(header, facts=FrameFacts(Timecode(25, 0, 0, 0)))
    )
    assert "timeCode" not in read_attributes(tmp_path / "m.exr")


@pytest.mark.parametrize("write", SINGLE)
@pytest.mark.parametrize("overscan", [0, 5])
def test_a_matte_is_read_back_over_the_canvas(
    tmp_path: Path, write: Write, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader, overscan: int
) -> None:
    info = make_info(overscan=overscan)
    matte_hw = make_matte(info)
    write(tmp_path / "m.exr", matte_hw, info, header)
    expected_hw = matte_hw if write is write_master else matte_hw.astype(np.float16).astype(np.float32)
    np.testing.assert_array_equal(read_matte(tmp_path / "m.exr", info), expected_hw)


@pytest.mark.parametrize("write", SINGLE)
def test_almost_nothing_and_almost_all_snap(
    tmp_path: Path, write: Write, make_info: MakeInfo, header: MatteHeader
) -> None:
    info = make_info()
    values = np.array([1e-4, 1 - 1e-4, 3e-4, 0.5], np.float32)
    write(tmp_path / "m.exr", np.tile(np.repeat(values, 12), (28, 1)), info, header)
    found = read_matte(tmp_path / "m.exr", info)[0, ::12]
    assert found.tolist() == [0, 1, pytest.approx(3e-4, rel=1e-3), 0.5]


@pytest.mark.parametrize("write", SINGLE)
def test_equal_mattes_are_equal_files(
    tmp_path: Path, write: Write, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    for name in ("a.exr", "b.exr"):
        write(tmp_path / name, make_matte(make_info()), make_info(), header)
    assert (tmp_path / "a.exr").read_bytes() == (tmp_path / "b.exr").read_bytes()


@pytest.mark.parametrize("compression", ["zips", "zip", "piz", "dwaa"])
@pytest.mark.parametrize(
    ("profile", "write"),
    [("universal", write_universal), ("nuke", write_nuke), ("layers", _layers), ("cryptomatte", _cryptomatte)],
)
def test_a_compression_is_lossless_or_refused(
    tmp_path: Path,
    profile: Profile,
    write: Write,
    compression: Compression,
    make_info: MakeInfo,
    make_matte: MakeMatte,
    header: MatteHeader,
) -> None:
    info = make_info()
    matte_hw = make_matte(info) + np.random.default_rng(4).uniform(0, 0.2, (28, 48)).astype(np.float32)
    matte_hw = np.clip(matte_hw, 0, 1)
    if compression not in COMPRESSIONS[profile]:
        with pytest.raises(JobError, match=rf"'dwaa' cannot be used in profile '{profile}'.*zips, zip, piz"):
            write(tmp_path / "m.exr", matte_hw, info, header, compression)
        assert list(tmp_path.iterdir()) == []
        return
    write(tmp_path / "plain.exr", matte_hw, info, header)
    write(tmp_path / "m.exr", matte_hw, info, header, compression)
    with OpenEXR.File(str(tmp_path / "plain.exr"), separate_channels=True) as file:
        plain = {name: channel.pixels.copy() for name, channel in file.channels().items()}
    with OpenEXR.File(str(tmp_path / "m.exr"), separate_channels=True) as file:
        assert str(file.header()["compression"]).lower().startswith(f"compression.{compression}_")
        assert file.channels().keys() == plain.keys()
        for name, channel in file.channels().items():
            np.testing.assert_array_equal(channel.pixels, plain[name])


def test_an_unknown_compression_names_the_known_ones(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    with pytest.raises(JobError, match=r"'b44' is unknown in profile 'nuke'.*dwaa"):
        write_nuke(tmp_path / "m.exr", make_matte(make_info()), make_info(), header, "b44")  # type: ignore[arg-type]


def test_a_full_disk_is_said_and_leaves_the_old_file_whole(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    path, info = tmp_path / "m.exr", make_info()
    write_universal(path, make_matte(info), info, header)
    before = path.read_bytes()
    temporary_path(path).symlink_to("/dev/full")
    with pytest.raises(DiskFullError, match=r"disk is full.*m\.exr"):
        write_universal(path, 1 - make_matte(info), info, header)
    assert path.read_bytes() == before
    assert not temporary_path(path).is_symlink()


def test_a_file_in_flight_matches_no_sequence(tmp_path: Path) -> None:
    temporary = temporary_path(tmp_path / "m.1001.exr")
    assert temporary.name.startswith(".")
    assert temporary.suffix != ".exr"


def test_a_folder_that_is_a_file_is_said(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    (tmp_path / "car").write_text("not a folder")
    with pytest.raises(OutputError, match="could not be written"):
        write_universal(tmp_path / "car" / "m.exr", make_matte(make_info()), make_info(), header)


@pytest.mark.parametrize("content", [b"", b"v/1\x01", b"\x00" * 100, b"text"])
def test_junk_has_no_header(tmp_path: Path, make_info: MakeInfo, content: bytes) -> None:
    path = tmp_path / "m.exr"
    path.write_bytes(content)
    assert read_matte_header(path) is None
    with pytest.raises(OutputError, match="cannot be read back"):
        read_matte(path, make_info())


def test_a_truncated_matte_is_a_sentence(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    path, info = tmp_path / "m.exr", make_info()
    write_universal(path, make_matte(info), info, header)
    whole = path.read_bytes()
    for length in (len(whole) // 2, len(whole) - 3):
        path.write_bytes(whole[:length])
        with pytest.raises(OutputError, match="cannot be read back"):
            read_matte(path, info)


@pytest.mark.parametrize("moved_xy", [(3, 0), (-3, 0), (0, 3), (0, -3)])
def test_a_matte_beside_the_plate_is_a_sentence(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader, moved_xy: tuple[int, int]
) -> None:
    info = make_info()
    write_universal(tmp_path / "m.exr", make_matte(info), info, header)
    x, y = info.display_origin_xy
    with pytest.raises(OutputError, match="lies outside the plate"):
        read_matte(tmp_path / "m.exr", replace(info, display_origin_xy=(x + moved_xy[0], y + moved_xy[1])))
