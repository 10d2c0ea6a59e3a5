"""Which files of a finished matte Blender is given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import OpenEXR
import pytest

from rotomatte_hosts.blender.matte_files import matte_files
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import FrameRange, MatteTrack, StateRange

PLATE_PX = (8, 6)


def track(pattern: str) -> MatteTrack:
    states = (StateRange("present", FrameRange(997, 1001)), StateRange("lost", FrameRange(1002, 1004)))
    return MatteTrack("car", pattern, (), states, ())


def write(path: Path, *channels: str, data: tuple[int, int, int, int] = (0, 0, 7, 5)) -> None:
    left, top, right, bottom = data
    header = {
        "type": OpenEXR.scanlineimage,
        "displayWindow": (np.array([0, 0], np.int32), np.array([7, 5], np.int32)),
        "dataWindow": (np.array([left, top], np.int32), np.array([right, bottom], np.int32)),
    }
    size_hw = (bottom - top + 1, right - left + 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    OpenEXR.File(header, {name: np.zeros(size_hw, np.float16) for name in channels}).write(str(path))


def test_every_frame_of_the_job_has_its_file(tmp_path: Path) -> None:
    write(tmp_path / "car" / "car.0997.exr", *"RGBA")
    found = matte_files(str(tmp_path), track("car/car.%04d.exr"), PLATE_PX)
    assert found.frames == FrameRange(997, 1004)
    assert found.file(997) == tmp_path / "car" / "car.0997.exr"
    assert found.file(1004) == tmp_path / "car" / "car.1004.exr"
    assert (found.size_px, found.shift_px, found.crypto_layer) == (PLATE_PX, (0.0, 0.0), None)


def test_a_folder_with_signs_of_a_pattern_stays_as_it_is(tmp_path: Path) -> None:
    found = matte_files(str(tmp_path / "50%done"), track("car.%d.exr"), PLATE_PX)
    assert found.file(1001) == tmp_path / "50%done" / "car.1001.exr"


def test_overscan_lies_where_the_header_says(tmp_path: Path) -> None:
    write(tmp_path / "car.0997.exr", *"RGBA", data=(-4, -1, 9, 10))
    found = matte_files(str(tmp_path), track("car.%04d.exr"), PLATE_PX)
    assert found.size_px == (14, 12)
    # The centre of -4..10 and -1..11, from that of 0..8 and 0..6; y upwards.
    assert found.shift_px == (-1.0, -2.0)


def test_a_cryptomatte_is_known_by_its_first_rank(tmp_path: Path) -> None:
    write(tmp_path / "crypto.0997.exr", *(f"RotoMatte00.{name}" for name in "RGBA"))
    assert matte_files(str(tmp_path), track("crypto.%04d.exr"), PLATE_PX).crypto_layer == "RotoMatte"


@pytest.mark.parametrize(
    ("name", "channels"), [("car.%04d.exr", ("A",)), ("car.%04d.exr", ("car.A",)), ("car.mov", ())]
)
def test_what_blender_would_show_wrongly_is_refused(tmp_path: Path, name: str, channels: tuple[str, ...]) -> None:
    if channels:
        write(tmp_path / "car.0997.exr", *channels)
    with pytest.raises(JobError, match="car") as error:
        matte_files(str(tmp_path), track(name), PLATE_PX)
    assert "universal" in error.value.remedy
