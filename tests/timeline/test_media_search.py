"""Media below folders, by name."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from rotomatte.timeline.media_search import SearchFolders


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def sequence(folder: Path, name: str, numbers: range) -> None:
    for number in numbers:
        touch(folder / f"{name}.{number:04d}.exr")


def test_a_file_is_found_at_any_depth_and_by_no_other_name(tmp_path: Path) -> None:
    wanted = touch(tmp_path / "a" / "b" / "c" / "take.mov")
    touch(tmp_path / "a" / "take.mov.bak")
    touch(tmp_path / "a" / "retake.mov")
    touch(tmp_path / ".trash" / "take.mov")
    (tmp_path / "d" / "take.mov").mkdir(parents=True)
    assert SearchFolders([tmp_path]).files("take.mov") == (wanted,)
    assert SearchFolders([tmp_path]).files("none.mov") == ()
    assert SearchFolders([tmp_path / "not there"]).files("take.mov") == ()


def test_every_file_of_the_name_is_found(tmp_path: Path) -> None:
    both = {touch(tmp_path / "one" / "take.mov"), touch(tmp_path / "two" / "take.mov")}
    assert set(SearchFolders([tmp_path]).files("take.mov")) == both


def test_capitals_and_the_spelling_of_accents_do_not_count(tmp_path: Path) -> None:
    composed, apart = (unicodedata.normalize(form, "Clé.MOV") for form in ("NFC", "NFD"))
    wanted = touch(tmp_path / apart)
    assert SearchFolders([tmp_path]).files(composed.lower()) == (wanted,)


def test_the_same_file_by_several_ways_counts_once(tmp_path: Path) -> None:
    wanted = touch(tmp_path / "a" / "take.mov")
    (tmp_path / "b").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a" / "linked").mkdir()
    (tmp_path / "a" / "linked" / "take.mov").symlink_to(wanted)
    sequence(tmp_path / "a", "plate", range(1, 4))
    search = SearchFolders([tmp_path, tmp_path / "a", tmp_path / "b"])
    assert len(search.files("take.mov")) == 1
    assert search.sequences("plate.%04d.exr", range(1, 4)) == ((tmp_path / "a" / "plate.%04d.exr",), ())


def test_links_that_go_round_end(tmp_path: Path) -> None:
    wanted = touch(tmp_path / "a" / "take.mov")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    search = SearchFolders([tmp_path], most_entries=5)
    assert search.files("take.mov") == (wanted,)
    assert not search.ended_early


@pytest.mark.parametrize(("most", "ended_early"), [(4, True), (5, False)])
def test_a_search_ends_and_says_so(tmp_path: Path, most: int, *, ended_early: bool) -> None:
    for number in range(5):
        touch(tmp_path / f"{number}.txt")
    assert SearchFolders([tmp_path], most_entries=most).ended_early is ended_early


def test_sequences_by_name_suffix_and_the_numbers_that_are_wanted(tmp_path: Path) -> None:
    sequence(tmp_path / "whole", "plate", range(1001, 1011))
    sequence(tmp_path / "short", "plate", range(1001, 1009))
    sequence(tmp_path / "other", "plate_b", range(1001, 1011))
    touch(tmp_path / "other" / "plate.1001.png")
    touch(tmp_path / "other" / "plate.exr")
    pattern = "plate.%04d.exr"
    whole, short = (tmp_path / name / pattern for name in ("whole", "short"))
    search = SearchFolders([tmp_path])
    assert search.sequences("plate.####.exr", range(1002, 1011)) == ((whole,), (short,))
    found, others = search.sequences("PLATE.%04d.EXR", [1003, 1005])
    assert (set(found), others) == ({whole, short}, ())
    assert set(search.sequences(pattern, ())[0]) == {whole, short}
    assert search.sequences("plate.%04d.dpx", ()) == ((), ())


def test_the_padding_of_the_files_is_the_one_that_counts(tmp_path: Path) -> None:
    touch(tmp_path / "plate.00007.exr")
    assert SearchFolders([tmp_path]).sequences("plate.%04d.exr", [7])[0] == (tmp_path / "plate.%05d.exr",)
