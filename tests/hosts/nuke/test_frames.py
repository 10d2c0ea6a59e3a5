"""Frames of the script and of the files, with the examples of Foundry's user guide."""

from __future__ import annotations

import pytest

from rotomatte_hosts.nuke.frames import FrameMap, read_shift
from rotomatte_plugin.model import FrameRange


@pytest.mark.parametrize(
    ("mode", "setting", "host", "file"),
    [
        ("expression", "", 15, 15),
        ("expression", "frame", 15, 15),
        ("expression", "frame+499", 1, 500),
        ("expression", "frame - 10", 1011, 1001),
        ("expression", "499+frame", 1, 500),
        ("start at", "1", 1, 1001),
        ("start at", "1101", 1101, 1001),
        ("start at", "", 1001, 1001),
        ("offset", "-100", 901, 1001),
        ("offset", "100.0", 1101, 1001),
    ],
)
def test_every_frame_mode_that_only_shifts(mode: str, setting: str, host: int, file: int) -> None:
    shift = read_shift(mode, setting, first=1001)
    assert shift is not None
    shown = FrameMap(FrameRange(1001, 1048), shift)
    assert shown.to_clip(host) == file
    assert shown.to_host(file) == host


@pytest.mark.parametrize(
    ("mode", "setting"),
    [
        ("expression", "frame*2"),
        ("expression", "2100-frame"),
        ("expression", "1001"),
        ("expression", "frame < 1010 ? 1001 : frame"),
        ("expression", "[value root.first_frame]"),
        ("start at", "root.first_frame"),
        ("offset", "0.5"),
        ("sideways", "3"),
    ],
)
def test_anything_else_has_to_be_rendered(mode: str, setting: str) -> None:
    assert read_shift(mode, setting, first=1001) is None


def test_the_nearest_frame_is_one_of_the_clips() -> None:
    shown = FrameMap(FrameRange(1001, 1048), 1000)
    assert [shown.nearest(host) for host in (-5, 1, 10, 48, 900)] == [1001, 1001, 1010, 1048, 1048]
