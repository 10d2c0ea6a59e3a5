"""EXR headers that a host reads for itself, against OpenEXR's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
import pytest

from rotomatte_hosts.blender.exr_header import Box, ExrHeader, read_exr_header
from rotomatte_plugin.errors import FrameUnreadableError


def write(path: Path, channels: tuple[str, ...], **attributes: Any) -> Path:
    pixels = {name: np.zeros((3, 5), np.float16) for name in channels}
    OpenEXR.File({"type": OpenEXR.scanlineimage, **attributes}, pixels).write(str(path))
    return path


def corners(*numbers: int) -> tuple[Any, Any]:
    return np.array(numbers[:2], np.int32), np.array(numbers[2:], np.int32)


def test_windows_and_channels(tmp_path: Path) -> None:
    windows = {"displayWindow": corners(0, 0, 9, 7), "dataWindow": corners(-2, 3, 2, 5)}
    header = read_exr_header(write(tmp_path / "a.exr", ("R", "car.A"), **windows, comment="x" * 70_000))
    assert header == ExrHeader(Box(0, 0, 10, 8), Box(-2, 3, 5, 3), ("R", "car.A"))


def test_the_first_part_counts(tmp_path: Path) -> None:
    parts = [
        OpenEXR.Part({"name": name}, {channel: np.zeros((2, 4), np.float32)})
        for name, channel in (("a", "A"), ("b", "Z"))
    ]
    OpenEXR.File(parts).write(str(tmp_path / "parts.exr"))
    assert read_exr_header(tmp_path / "parts.exr") == ExrHeader(Box(0, 0, 4, 2), Box(0, 0, 4, 2), ("A",))


@pytest.mark.parametrize("kept", [0, 4, 8, 9, 40, 300])
def test_a_file_that_ends_early_is_one_sentence(tmp_path: Path, kept: int) -> None:
    path = write(tmp_path / "a.exr", ("A",))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(FrameUnreadableError) as error:
        read_exr_header(path)
    assert error.value.path == str(path)
    assert error.value.remedy


def test_other_files_are_no_exr(tmp_path: Path) -> None:
    (tmp_path / "a.exr").write_bytes(b"\x89PNG\r\n" + bytes(500))
    with pytest.raises(FrameUnreadableError, match="does not begin as one"):
        read_exr_header(tmp_path / "a.exr")
    with pytest.raises(FrameUnreadableError):
        read_exr_header(tmp_path / "none.exr")
