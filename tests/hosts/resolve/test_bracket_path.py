from __future__ import annotations

import pytest

from rotomatte.plate.locate import MOVIE_SUFFIXES
from rotomatte.plate.still import STILL_SUFFIXES
from rotomatte_hosts.resolve.bracket_path import MOVIES, STILLS, Sequence, ending, file_name, read_brackets, short_name


@pytest.mark.parametrize(
    ("path", "pattern", "first", "last"),
    [
        ("/shots/sh010/plate.[1001-1048].exr", "/shots/sh010/plate.%04d.exr", 1001, 1048),
        ("/shots/plate.[0001-0100].dpx", "/shots/plate.%04d.dpx", 1, 100),
        ("/shots/plate_[000086400-000086500].EXR", "/shots/plate_%09d.EXR", 86400, 86500),
        # Without padding the first number is the shortest: %01d is one digit at least.
        ("/shots/plate[9-12].png", "/shots/plate%01d.png", 9, 12),
        ("/shots/[7-9].tif", "/shots/%01d.tif", 7, 9),
        ("/shots/été 東京 v2.[0990-1010].exr", "/shots/été 東京 v2.%04d.exr", 990, 1010),
        ("/shots/a[b] [3-4].[1001-1002].exr", "/shots/a[b] [3-4].%04d.exr", 1001, 1002),
        ("/old [1-9]/a.[1001-1002].exr", "/old [1-9]/a.%04d.exr", 1001, 1002),
        (r"D:\show [2]\plate.[1001-1048].exr", r"D:\show [2]\plate.%04d.exr", 1001, 1048),
        (r"\\server\show\plate.[1001-1048].exr", r"\\server\show\plate.%04d.exr", 1001, 1048),
        ("/shots/plate.[1001-1001].exr", "/shots/plate.%04d.exr", 1001, 1001),
    ],
)
def test_a_sequence_in_brackets(path: str, pattern: str, first: int, last: int) -> None:
    found = read_brackets(path)
    assert found == Sequence(pattern, first, last)
    assert found.count == last - first + 1
    assert "%" not in found.pattern % first


@pytest.mark.parametrize(
    "path",
    [
        "/shots/plate.1001.exr",
        "/shots/take [1-2].mov",
        "/shots/plate.[1048-1001].exr",
        "/shots/plate.[a-b].exr",
        "/shots [1001-1048]/still.exr",
        r"D:\shots [1001-1048]\still.exr",
        "",
    ],
)
def test_a_file_is_no_sequence(path: str) -> None:
    assert read_brackets(path) is None


def test_the_engine_reads_these_files_and_no_others() -> None:
    assert {f".{one}" for one in STILLS} == set(STILL_SUFFIXES)
    assert {f".{one}" for one in MOVIES} == set(MOVIE_SUFFIXES)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("plate.[1001-1048].exr", "plate"),
        ("plate_[1001-1048].exr", "plate"),
        ("[1001-1048].exr", "1001-1048"),
        ("take.mov", "take"),
        ("take v1.2", "take v1.2"),
        (".mov", ".mov"),
        ("Compound Clip 1", "Compound Clip 1"),
    ],
)
def test_a_short_name_is_what_the_artist_calls_it(name: str, short: str) -> None:
    assert short_name(name) == short


def test_endings_and_names() -> None:
    assert ending("/a.b/plate.EXR") == "exr"
    assert ending("/a.b/plate") == ""
    assert file_name(r"D:\shots\take.mov") == "take.mov"
