"""Sequences are told apart in a folder as fileseq does, at eight bytes a file."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest
from fileseq import findSequencesOnDisk
from fileseq.constants import PAD_STYLE_HASH1
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rotomatte.plate.numbered import Numbered, numbered_files

PNG = (".png",)


def found(folder: Path, *names: str) -> list[Numbered]:
    for name in names:
        (folder / name).touch()
    return numbered_files(folder, PNG)


def is_ambiguous(names: Iterable[str]) -> bool:
    """Whether 100 and 001 both stand beside a shorter number: where they belong is anybody's guess."""
    texts = [name.removesuffix(".png").removeprefix("a.") for name in names]
    padded, plain = ({len(text) for text in texts if (str(int(text)) == text) != wanted} for wanted in (True, False))
    return bool(padded & plain)


@settings(max_examples=80, deadline=None)
@given(
    names=st.sets(
        st.builds(
            lambda number, digits: f"a.{number:0{digits}d}.png",
            st.integers(-30, 1200) | st.integers(9990, 10_010),
            st.integers(1, 6),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_numbers_are_grouped_as_fileseq_does(names: set[str]) -> None:
    assume(not is_ambiguous(names))
    with tempfile.TemporaryDirectory() as folder:
        ours = {
            (item.basename, item.extension, item.digits, tuple(item.numbers.tolist()))
            for item in found(Path(folder), *names)
        }
        theirs = {
            (item.basename(), item.extension(), item.zfill(), tuple(sorted(map(int, item.frameSet() or ()))))
            for item in findSequencesOnDisk(folder, pad_style=PAD_STYLE_HASH1)
        }
    assert ours == theirs


def test_files_are_called_as_they_are(tmp_path: Path) -> None:
    names = ["a.-002.png", "a.0007.png", "a.12345.png", "v2_b1.png", "c.PNG"]
    sequences = found(tmp_path, *names)
    assert [item.pattern for item in sequences] == ["a.####.png", "c.PNG", "v2_b#.png"]
    numbered = [item.file(int(number)).name for item in sequences for number in item.numbers]
    assert numbered == ["a.-002.png", "a.0007.png", "a.12345.png", "v2_b1.png"]
    for name in names:
        assert [item.holds(name) for item in sequences].count(True) == 1
    for name in ("a.7.png", "a.0008.png", "b.0007.png", "d.PNG", "c.png"):
        assert not any(item.holds(name) for item in sequences)


def test_hidden_files_folders_and_other_types_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.0002.png").mkdir()
    (sequence,) = found(tmp_path, "a.0001.png", ".a.0003.png", "a.0004.jpg", "a.0005.beauty.png")
    assert sequence.numbers.tolist() == [1]


def test_what_is_too_long_for_a_frame_is_part_of_the_name(tmp_path: Path) -> None:
    (single,) = found(tmp_path, f"scan{'1' * 30}.png")
    assert (single.basename, single.digits, single.numbers.size) == (f"scan{'1' * 30}", 0, 0)
    assert single.holds(f"scan{'1' * 30}.png")


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="absent"):
        numbered_files(tmp_path / "absent", PNG)


def test_a_long_sequence_takes_little_memory(tmp_path: Path) -> None:
    count = 5000
    found(tmp_path, *(f"a.{number:06d}.png" for number in range(count)))
    tracemalloc.start()
    try:
        (sequence,) = numbered_files(tmp_path, PNG)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(sequence.numbers) == count
    assert peak_bytes < 60 * count
