"""File names as Nuke writes them."""

from __future__ import annotations

import pytest

from rotomatte.plate.locate import MOVIE_SUFFIXES
from rotomatte.plate.still import STILL_SUFFIXES
from rotomatte_hosts.nuke.paths import MOVIES, STILLS, ending, is_numbered, plate_path, with_number
from rotomatte_plugin.errors import PlateError


@pytest.mark.parametrize(
    ("evaluated", "found"),
    [
        ("/shots/a.%04d.exr", "/shots/a.%04d.exr"),
        ("/shots/a.####.exr", "/shots/a.####.exr"),
        ("/shots/%V/a_%v.%04d.exr", "/shots/left/a_l.%04d.exr"),
        ("plates/a.%d.exr", "/projects/film/plates/a.%d.exr"),
        ("C:\\shots\\a.%04d.exr", "C:/shots/a.%04d.exr"),
        ("//server/shots/a.mov", "//server/shots/a.mov"),
    ],
)
def test_the_path_of_a_plate(evaluated: str, found: str) -> None:
    assert plate_path(evaluated, "/projects/film/", "left") == found


@pytest.mark.parametrize(("evaluated", "said"), [("", "no file"), ("a.%04d.exr", "no project directory")])
def test_a_path_that_begins_nowhere(evaluated: str, said: str) -> None:
    with pytest.raises(PlateError, match=said):
        plate_path(evaluated, "", "main")


@pytest.mark.parametrize(
    ("path", "frame", "file"),
    [
        ("/a.%04d.exr", 7, "/a.0007.exr"),
        ("/a.%04d.exr", 10001, "/a.10001.exr"),
        ("/a.%d.exr", 7, "/a.7.exr"),
        ("/a.###.exr", 7, "/a.007.exr"),
        ("/a.%03d.exr", -7, "/a.-07.exr"),
        ("/a.mov", 7, "/a.mov"),
    ],
)
def test_the_file_of_a_frame(path: str, frame: int, file: str) -> None:
    assert with_number(path, frame) == file


def test_a_number_in_a_folders_name_does_not_number_the_file() -> None:
    assert not is_numbered("/take_##/a.exr")
    assert is_numbered("/take/a.%d.exr")


def test_the_endings_are_those_that_the_engine_reads() -> None:
    assert {f".{item}" for item in MOVIES} == set(MOVIE_SUFFIXES)
    assert {f".{item}" for item in STILLS} == set(STILL_SUFFIXES)
    assert ending("/a.b/C.%04d.EXR") == "exr"
