from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte.plate.locate import FoundMovie, FoundSequence, locate
from rotomatte_plugin.errors import PlateError, PlateNotFoundError


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).touch()


def sequence(path: Path) -> FoundSequence:
    found = locate(str(path))
    assert isinstance(found, FoundSequence)
    return found


@pytest.mark.parametrize(
    "given_name",
    ["shot.%04d.exr", "shot.####.exr", "shot.@@@@.exr", "shot.1002.exr", "shot.1001.exr", "shot.%d.exr", ""],
)
def test_every_way_to_name_a_sequence_finds_all_of_it(tmp_path: Path, given_name: str) -> None:
    touch(tmp_path, "shot.1001.exr", "shot.1002.exr", "shot.1004.exr", ".shot.1003.exr", "notes.txt")
    found = sequence(tmp_path / given_name)
    assert list(found.files) == [1001, 1002, 1004]
    assert found.files[1004] == tmp_path / "shot.1004.exr"
    assert (found.pattern, found.name, found.padding) == ("shot.####.exr", "shot", 4)
    assert found.path == str(tmp_path / "shot.####.exr")


def test_names_of_digits_only_take_the_folders_name(tmp_path: Path) -> None:
    touch(tmp_path, "00000.jpg", "00001.jpg")
    for way in ("%05d.jpg", "#####.jpg", "00001.jpg", ""):
        found = sequence(tmp_path / way)
        assert (list(found.files), found.padding, found.name) == ([0, 1], 5, tmp_path.name)


def test_numbers_may_outgrow_the_padding_and_be_negative(tmp_path: Path) -> None:
    touch(tmp_path, "a.9999.png", "a.10000.png", "b.-002.png", "b.-001.png", "b.0000.png")
    assert list(sequence(tmp_path / "a.%04d.png").files) == [9999, 10000]
    found = sequence(tmp_path / "b.####.png")
    assert list(found.files) == [-2, -1, 0]
    assert found.files[-2].is_file()


@pytest.mark.parametrize("folder", ["take#1", "at@home", "%04d", "shots[v2]", "a*b?", "{x,y}", "sp ace"])
def test_signs_in_the_folders_name_mean_nothing(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    touch(tmp_path / folder, "a.0001.exr", "a.0002.exr")
    for way in ("a.####.exr", "a.%04d.exr", "a.0002.exr", ""):
        assert list(sequence(tmp_path / folder / way).files) == [1, 2]


def test_padding_decides_between_two_sequences_of_one_name(tmp_path: Path) -> None:
    touch(tmp_path, "a.001.png", "a.002.png", "a.00001.png", "a.00002.png")
    assert sequence(tmp_path / "a.###.png").files[1].name == "a.001.png"
    assert sequence(tmp_path / "a.%05d.png").files[1].name == "a.00001.png"


def test_a_lone_still_is_a_plate_of_one_frame(tmp_path: Path) -> None:
    touch(tmp_path, "still.png", "b_v002.exr")
    found = locate(str(tmp_path / "still.png"), unnumbered_frame=7)
    assert isinstance(found, FoundSequence)
    assert (found.files, found.padding) == ({7: tmp_path / "still.png"}, 4)
    assert list(sequence(tmp_path / "b_v002.exr").files) == [2]


def test_a_movie_is_a_movie_whatever_its_case(tmp_path: Path) -> None:
    touch(tmp_path, "cut.MOV")
    assert locate(str(tmp_path / "cut.MOV")) == FoundMovie(tmp_path / "cut.MOV")


def test_a_missing_plate_names_what_is_near(tmp_path: Path) -> None:
    touch(tmp_path, "shot.1001.exr", "shot.1002.exr", "cut.mov")
    for name in ("shto.####.exr", "shto.mov", "shot.0001.exr", "still.png"):
        with pytest.raises(PlateNotFoundError) as caught:
            locate(str(tmp_path / name))
        assert caught.value.message == f"There is no plate {tmp_path / name}."
        assert "shot.####.exr, cut.mov" in caught.value.remedy
    with pytest.raises(PlateNotFoundError, match="does not exist"):
        locate(str(tmp_path / "nowhere" / "a.####.exr"))


def test_a_folder_of_two_sequences_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlateNotFoundError, match="holds 0 image sequences"):
        locate(str(tmp_path))
    touch(tmp_path, "a.1.exr", "b.1.exr")
    with pytest.raises(PlateNotFoundError, match=r"holds 2 image sequences: a\.#\.exr, b\.#\.exr"):
        locate(str(tmp_path))


def test_unknown_types_and_serial_numbers_are_refused(tmp_path: Path) -> None:
    touch(tmp_path, "notes.txt", "scan.1.png", "scan.20240101.png")
    with pytest.raises(PlateError, match=r"type \.txt are not plates"):
        locate(str(tmp_path / "notes.txt"))
    with pytest.raises(PlateError, match="type without a suffix"):
        locate(str(tmp_path / "notes"))
    with pytest.raises(PlateError, match="too far apart"):
        locate(str(tmp_path / "scan.1.png"))


@settings(max_examples=40, deadline=None)
@given(
    frames=st.sets(st.integers(-99, 20_000), min_size=2, max_size=12),
    padding=st.integers(4, 6),
    base=st.sampled_from(["shot.", "sc_010_v002_", "A001C003_", "x"]),
)
def test_any_numbering_is_found_again(frames: set[int], padding: int, base: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for frame in frames:
            # As printf has it, the sign of a negative number takes one of the places.
            (Path(folder) / f"{base}{frame:0{padding}d}.exr").touch()
        found = sequence(Path(folder) / f"{base}%0{padding}d.exr")
        assert sorted(found.files) == sorted(frames)
        assert all(file.is_file() for file in found.files.values())
