from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenEXR
import OpenImageIO as oiio
import pytest

from rotomatte.mattes.exr import MatteHeader, read_matte, read_matte_header, write_matte
from rotomatte.mattes.files import temporary_path
from rotomatte.plate.base import PlateInfo, Window
from rotomatte_plugin.errors import DiskFullError, OutputError
from rotomatte_plugin.model import FrameRange, FrameRate, FrameScore

HEADER = MatteHeader(
    object="car",
    frame=1001,
    source="shot.%04d.exr",
    plate_id="ab",
    recipe="cd",
    model="tiny",
    model_sha256="ef",
    colour="lin",
    engine="0",
    score=FrameScore(1001, 3.5, 0.75, 12.5),
)


def info(*, overscan: int = 0) -> PlateInfo:
    display = Window(0, 0, 40, 20)
    return PlateInfo(
        path="shot.%04d.exr",
        name="shot",
        kind="sequence",
        frames=FrameRange(1001, 1002),
        missing=(),
        rate=FrameRate(24000, 1001),
        display=display,
        display_origin_xy=(100, -50),
        canvas=Window(-overscan, -overscan, 40 + overscan, 20 + overscan),
        pixel_aspect=2.0,
        padding=4,
        encoded_space=None,
        plate_id="ab",
    )


def ramp(width: int = 40, height: int = 20) -> np.typing.NDArray[np.float32]:
    return np.tile(np.linspace(0, 1, width, dtype=np.float32), (height, 1))


def test_the_promised_header(tmp_path: Path) -> None:
    path = tmp_path / "car" / "car.1001.exr"
    write_matte(path, ramp(50, 30), info(overscan=5), HEADER)
    with OpenEXR.File(str(path), header_only=True) as file:
        header = dict(file.header())
    assert header["colorInteropID"] == "data"
    assert "chromaticities" not in header
    assert header["compression"] == OpenEXR.ZIPS_COMPRESSION
    assert header["framesPerSecond"] == Fraction(24000, 1001)
    assert header["pixelAspectRatio"] == 2
    assert [corner.tolist() for corner in header["displayWindow"]] == [[100, -50], [139, -31]]
    assert [corner.tolist() for corner in header["dataWindow"]] == [[95, -55], [144, -26]]
    assert header["rotomatte/object"] == "car"
    assert read_matte_header(path) == HEADER


def test_both_libraries_read_the_same_half_values_in_four_channels(tmp_path: Path) -> None:
    path = tmp_path / "m.exr"
    write_matte(path, ramp(), info(), HEADER)
    expected = ramp().astype(np.float16).astype(np.float32)
    with OpenEXR.File(str(path), separate_channels=True) as file:
        channels = file.channels()
        for name in "RGBA":
            assert channels[name].pixels.dtype == np.float16
            np.testing.assert_array_equal(channels[name].pixels.astype(np.float32), expected)
    buffer = oiio.ImageBuf(str(path))
    np.testing.assert_array_equal(buffer.get_pixels(oiio.FLOAT), np.repeat(expected[..., None], 4, axis=2))
    assert buffer.spec().get_string_attribute("oiio:ColorSpace") == "data"
    np.testing.assert_array_equal(read_matte(path), expected)


def test_almost_nothing_and_almost_all_snap(tmp_path: Path) -> None:
    path = tmp_path / "m.exr"
    values = np.array([[1e-4, 1 - 1e-4, 3e-4, 0.5]], np.float32)
    write_matte(path, np.repeat(np.repeat(values, 10, 1), 20, 0), info(), HEADER)
    found = read_matte(path)[0, ::10]
    assert (found[0], found[1]) == (0, 1)
    assert found[2] > 0


def test_equal_mattes_are_equal_files(tmp_path: Path) -> None:
    for name in ("a.exr", "b.exr"):
        write_matte(tmp_path / name, ramp(), info(), HEADER)
    assert (tmp_path / "a.exr").read_bytes() == (tmp_path / "b.exr").read_bytes()


def test_a_full_disk_is_said_and_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "m.exr"
    write_matte(path, ramp(), info(), HEADER)
    before = path.read_bytes()
    temporary_path(path).symlink_to("/dev/full")
    with pytest.raises(DiskFullError, match=r"disk is full.*m\.exr"):
        write_matte(path, 1 - ramp(), info(), HEADER)
    assert path.read_bytes() == before
    assert not temporary_path(path).is_symlink()


def test_a_file_in_flight_matches_no_sequence(tmp_path: Path) -> None:
    temporary = temporary_path(tmp_path / "m.1001.exr")
    assert temporary.name.startswith(".")
    assert temporary.suffix != ".exr"


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "car").write_text("not a folder")
    with pytest.raises(OutputError, match="could not be written"):
        write_matte(tmp_path / "car" / "m.exr", ramp(), info(), HEADER)


@pytest.mark.parametrize("content", [b"", b"v/1\x01", b"\x00" * 100, b"text"])
def test_junk_has_no_header(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.exr"
    path.write_bytes(content)
    assert read_matte_header(path) is None
    with pytest.raises(OutputError, match="cannot be read back"):
        read_matte(path)
