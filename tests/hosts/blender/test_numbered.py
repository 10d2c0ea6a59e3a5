from __future__ import annotations

from pathlib import Path

import pytest

from rotomatte.plate.locate import MOVIE_SUFFIXES as ENGINE_MOVIES
from rotomatte.plate.locate import FoundSequence, locate
from rotomatte.plate.still import STILL_SUFFIXES as ENGINE_STILLS
from rotomatte_hosts.blender.numbered import (
    LONE_FRAME,
    MOVIE_SUFFIXES,
    STILL_SUFFIXES,
    as_sequence,
    looks_unnumbered,
    numbered_name,
    run_on_disk,
)
from rotomatte_plugin.model import FrameRange


def test_the_engine_reads_the_same_kinds_of_files() -> None:
    assert STILL_SUFFIXES == ENGINE_STILLS
    assert MOVIE_SUFFIXES == ENGINE_MOVIES


@pytest.mark.parametrize(
    ("name", "frame", "pattern"),
    [
        ("plate.1001.exr", 1001, "plate.%04d.exr"),
        ("0007.png", 7, "%04d.png"),
        ("img12.PNG", 12, "img%02d.PNG"),
        ("x.5.tif", 5, "x.%01d.tif"),
        ("sh010_v02.0998.exr", 998, "sh010_v02.%04d.exr"),
        ("100%.#.0003.png", 3, "100%.#.0003.png"),
        ("Straße 車.0003.png", 3, "Straße 車.%04d.png"),
    ],
)
def test_the_engine_finds_the_frame_by_the_pattern(tmp_path: Path, name: str, frame: int, pattern: str) -> None:
    found = numbered_name(name)
    assert found is not None
    assert (found.frame, found.pattern, found.at(frame)) == (frame, pattern, name)
    for number in (frame, frame + 1):
        (tmp_path / found.at(number)).touch()
    there = locate(str(tmp_path / pattern))
    assert isinstance(there, FoundSequence)
    assert {number: file.name for number, file in there.files.items()} == {frame: name, frame + 1: found.at(frame + 1)}


@pytest.mark.parametrize("name", ["plate.exr", "plate-1001.exr", "plate.1001_left.exr", "1001", "plate.1001."])
def test_names_without_a_frame_that_both_would_see(name: str) -> None:
    assert numbered_name(name) is None


def test_a_lone_file_has_the_frame_that_the_engine_gives_it(tmp_path: Path) -> None:
    assert looks_unnumbered("plate.exr")
    assert not looks_unnumbered("plate-1001.exr"), "a negative frame for the engine"
    assert not looks_unnumbered("plate")
    (tmp_path / "plate.exr").touch()
    there = locate(str(tmp_path / "plate.exr"))
    assert isinstance(there, FoundSequence)
    assert list(there.files) == [LONE_FRAME]


def test_only_names_that_count_up_are_a_sequence() -> None:
    first = as_sequence(["a.0998.exr", "a.0999.exr", "a.1000.exr"])
    assert first is not None
    assert (first.frame, first.digits) == (998, 4)
    assert as_sequence(["a.998.exr", "a.999.exr", "a.1000.exr"]) is not None, "numbers may outgrow their padding"
    assert as_sequence(["a.1.exr", "a.3.exr"]) is None
    assert as_sequence(["a.2.exr", "a.1.exr"]) is None
    assert as_sequence(["a.1.exr", "a.1.exr"]) is None
    assert as_sequence(["a.1.exr", "b.2.exr"]) is None
    assert as_sequence(["a.01.exr", "a.2.exr"]) is None
    assert as_sequence([]) is None


def test_the_files_around_one_up_to_the_next_gap(tmp_path: Path) -> None:
    for name in ("a.0997", "a.0999", "a.1000", "a.1001", "a.1003", "a.998", "b.0998", "a.1002.old"):
        (tmp_path / f"{name}.png").touch()
    assert run_on_disk(tmp_path / "a.1000.png") == FrameRange(999, 1001)
    assert run_on_disk(tmp_path / "a.1002.png") is None
    assert run_on_disk(tmp_path / "plate.png") is None
