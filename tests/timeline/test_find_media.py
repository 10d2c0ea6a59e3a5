"""An edit's media on a disk: plates that say in their pixels which frame they are, referred to in every way."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Optional

import av
import numpy as np
import pytest
from tests.timeline.coded_plates import code_of_plate, coded, write_movie, write_stills

from rotomatte.plate.open import open_plate
from rotomatte.timeline.edit import ClipUse, Edit, MediaRange, MediaReference, ReferenceKind
from rotomatte.timeline.find_media import find_media
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.media_paths import file_name
from rotomatte.timeline.plate_frames import plate_frame, used_frames
from rotomatte_plugin.errors import TimelineError
from rotomatte_plugin.model import FrameRange

COUNT = 12
RATE = Fraction(24)
HOUR = 86400


def reference(
    path: Path | str,
    first: Optional[int] = 0,
    count: int = COUNT,
    *,
    kind: ReferenceKind = "file",
    rate: Fraction = RATE,
    first_number: Optional[int] = None,
    step: int = 1,
    name: str = "",
) -> MediaReference:
    available = None if first is None else MediaRange(first, count)
    return MediaReference(kind, str(path), name or file_name(str(path)), rate, available, first_number, step)


def find(
    media: MediaReference,
    used: range = range(3, 6),
    *,
    search: tuple[Path, ...] = (),
    maps: tuple[tuple[str, str], ...] = (),
    near: Path = Path("/nowhere"),
    retime: str = "",
    edit_rate: Fraction = RATE,
) -> FoundMedia:
    use = ClipUse("V1/1", "clip", "V1", 0, media, tuple(used), retime=retime)
    return find_media(Edit("edit", edit_rate, 0, 100, is_drop_frame=False, clips=(use,)), search, maps, near)["V1/1"]


def codes(media: FoundMedia, frames: range) -> list[int]:
    """What the plate's pixels say that the media frames are."""
    assert media.plate is not None, media.problem
    with closing(open_plate(media.plate)) as reader:
        pictures = [reader.read(plate_frame(media, frame)) for frame in frames]
    return [code_of_plate(np.round(picture * 255).astype(np.uint8)) for picture in pictures]


def timecoded(path: Path, timecode: str, rate: Fraction = RATE, count: int = COUNT) -> Path:
    """A movie without loss that has a time code."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("qtrle", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "rgb24"
        stream.metadata["timecode"] = timecode
        for code in range(count):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(coded(code), format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("name", ["plate.%04d.png", "plate.####.png", "plate.[1001-1012].png", "plate.1001.png"])
def test_a_sequence_by_one_path(tmp_path: Path, name: str) -> None:
    write_stills(tmp_path, "plate", 1001, COUNT)
    found = find(reference(tmp_path / name, HOUR), range(HOUR + 3, HOUR + 6))
    assert codes(found, range(HOUR + 3, HOUR + 6)) == [3, 4, 5]
    assert (found.media_at_first, found.warning, found.is_still) == (HOUR, "", False)


def test_brackets_say_where_the_media_begins(tmp_path: Path) -> None:
    write_stills(tmp_path, "plate", 1001, COUNT)
    assert codes(find(reference(tmp_path / "plate.[1004-1012].png", 0, 9)), range(3)) == [3, 4, 5]


@pytest.mark.parametrize(
    ("there", "first"), [(range(1001, 1013), 1001), (range(996, 1013), 996), (range(1004, 1013), 1004)]
)
def test_a_sequence_by_its_numbers(tmp_path: Path, there: range, first: int) -> None:
    # Whatever else of it is there; code 0 is the first file.
    write_stills(tmp_path, "plate", first, len(there))
    media = reference(tmp_path / "plate.%04d.png", HOUR, kind="sequence", first_number=1001)
    found = find(media, range(HOUR + 3, HOUR + 6))
    assert codes(found, range(HOUR + 3, HOUR + 6)) == [1004 - first, 1005 - first, 1006 - first]
    assert found.media_at_first == HOUR + first - 1001


@pytest.mark.parametrize("first", [1001, 1000, 999])
def test_a_sequence_in_steps(tmp_path: Path, first: int) -> None:
    # On twos from 1001: the frames between are there as well, and before.
    write_stills(tmp_path, "plate", first, 2 * COUNT)
    media = reference(tmp_path / "plate.%04d.png", 0, kind="sequence", first_number=1001, step=2)
    found = find(media)
    assert codes(found, range(4)) == [1001 + 2 * place - first for place in range(4)]
    assert found.info is not None
    assert found.info.frames.first == max(1001 - 2 * ((1001 - first) // 2), first)


def test_a_movie_by_what_is_available(tmp_path: Path) -> None:
    found = find(reference(write_movie(tmp_path / "reel.mov", RATE, COUNT), HOUR), range(HOUR + 3, HOUR + 6))
    assert codes(found, range(HOUR + 3, HOUR + 6)) == [3, 4, 5]
    assert used_frames(found, ClipUse("V1/1", "", "V1", 0, found.reference, (HOUR + 5, HOUR + 3))) == FrameRange(4, 6)


def test_a_movie_by_its_time_code(tmp_path: Path) -> None:
    path = timecoded(tmp_path / "reel.mov", "01:00:00:00")
    assert codes(find(reference(path, None), range(HOUR + 3, HOUR + 6)), range(HOUR + 3, HOUR + 6)) == [3, 4, 5]


def test_a_movie_counted_at_another_rate(tmp_path: Path) -> None:
    # Twelve frames of 25 a second last 0.48 s: 24 frames of 50.
    path = write_movie(tmp_path / "reel.mov", Fraction(25), COUNT)
    media = reference(path, 0, 24, rate=Fraction(50))
    found = find(media, range(24), edit_rate=Fraction(50))
    assert codes(found, range(24)) == [frame // 2 for frame in range(24)]
    assert found.rate == 25
    # In between the edit's own frames nobody can say exactly which one was meant.
    for said in (find(media, edit_rate=Fraction(25)), find(media, edit_rate=Fraction(50), retime="speed 50 %")):
        assert said.plate is None
        assert "cannot be told exactly" in said.problem
    assert find(media, range(3, 4), edit_rate=Fraction(25), retime="freeze frame").plate is not None


def test_a_still_is_one_frame_whatever_lies_beside_it(tmp_path: Path) -> None:
    write_stills(tmp_path, "panel", 1, COUNT)
    found = find(reference(tmp_path / "panel.0005.png", 0, 1), range(1))
    assert found.is_still
    assert found.info is not None
    assert found.info.frames == FrameRange(5, 5)
    assert [codes(found, range(frame, frame + 1)) for frame in (0, 99)] == [[4], [4]]


@pytest.mark.parametrize("available", [None, 0])
def test_an_image_without_a_number_is_a_still(tmp_path: Path, available: Optional[int]) -> None:
    write_stills(tmp_path, "x", 1, 1)
    (tmp_path / "x.0001.png").rename(tmp_path / "title.png")
    found = find(reference(tmp_path / "title.png", available, 1000), range(700, 710))
    assert found.is_still
    assert codes(found, range(700, 702)) == [0, 0]


def test_one_numbered_image_alone_may_be_either(tmp_path: Path) -> None:
    write_stills(tmp_path, "panel", 1, 1)
    found = find(reference(tmp_path / "panel.0001.png"))
    assert "may be a still, or the first file of a sequence" in found.problem


def test_offline_media_by_name_and_with_what_helps(tmp_path: Path) -> None:
    for path in (tmp_path / "reel.mov", "E:\\show\\reel.mov", "https://nas/reel.mov", tmp_path / "reel.%04d.exr"):
        said = find(reference(path)).problem
        assert said.startswith(f"{file_name(str(path))} is not at {path}. Give the folder it is in with --search")
    named = reference("", None, kind="missing", name="bars")
    assert find(named).problem.startswith("The edit names no file of bars. Relink it")


def test_what_cannot_be_read_is_told_as_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "reel.mov").write_bytes(b"no movie")
    assert "cannot be opened as a movie" in find(reference(tmp_path / "reel.mov")).problem
    assert "Files of type .braw are not plates" in find(reference(tmp_path / "reel.braw")).problem


def test_relative_paths_begin_in_the_folder_of_the_edit(tmp_path: Path) -> None:
    write_movie(tmp_path / "media" / "reel.mov", RATE, COUNT)
    for path in ("media/reel.mov", "media\\reel.mov"):
        assert codes(find(reference(path), near=tmp_path), range(2)) == [0, 1]


def test_a_map_comes_before_the_path_and_before_the_search(tmp_path: Path) -> None:
    here = write_movie(tmp_path / "here" / "reel.mov", RATE, COUNT)
    there = write_movie(tmp_path / "there" / "reel.mov", RATE, COUNT)
    for path, folder in ((str(there), tmp_path / "there"), ("E:\\show\\reel.mov", "E:\\show")):
        found = find(reference(path), maps=((str(folder), str(tmp_path / "here")),), search=(tmp_path / "there",))
        assert found.plate is not None
        assert found.plate.path == str(here)


def test_a_search_is_for_what_is_not_where_the_edit_says(tmp_path: Path) -> None:
    here = write_movie(tmp_path / "here" / "reel.mov", RATE, COUNT)
    write_movie(tmp_path / "there" / "reel.mov", RATE, COUNT)
    found = find(reference(here), search=(tmp_path,))
    assert found.plate is not None
    assert found.plate.path == str(here)
    lost = find(reference("/gone/reel.mov"), search=(tmp_path / "there",))
    assert lost.plate is not None
    assert lost.plate.path == str(tmp_path / "there" / "reel.mov")


def test_names_that_are_there_twice_are_listed_and_none_is_taken(tmp_path: Path) -> None:
    both = [write_movie(tmp_path / folder / "reel.mov", RATE, COUNT) for folder in ("one", "two")]
    found = find(reference("/gone/reel.mov"), search=(tmp_path,))
    assert found.plate is None
    assert all(str(path) in found.problem for path in both)
    for folder in ("one", "two"):
        write_stills(tmp_path / folder, "plate", 1001, COUNT)
    found = find(reference("E:\\plate.%04d.png"), search=(tmp_path,))
    assert found.plate is None
    assert all(str(tmp_path / folder / "plate.%04d.png") in found.problem for folder in ("one", "two"))


@pytest.mark.parametrize(
    "media",
    [
        reference("E:\\gone\\plate.%04d.png", 0, kind="sequence", first_number=1001),
        reference("E:\\gone\\plate.[1001-1012].png", 0),
        reference("", 0, kind="missing", name="plate.[1001-1012].png"),
    ],
    ids=["sequence", "brackets", "missing"],
)
def test_a_sequence_is_the_one_that_has_the_frames_that_are_used(tmp_path: Path, media: MediaReference) -> None:
    write_stills(tmp_path / "whole", "plate", 1001, COUNT)
    write_stills(tmp_path / "short", "plate", 1001, 5)
    found = find(media, range(3, 6), search=(tmp_path,))
    assert codes(found, range(3, 6)) == [3, 4, 5]
    for file in (tmp_path / "whole").iterdir():
        file.unlink()
    lost = find(media, range(3, 6), search=(tmp_path,))
    assert f"{tmp_path / 'short' / 'plate.%04d.png'} lacks some of the frames 1004-1006" in lost.problem
    # These it has.
    assert find(media, range(2), search=(tmp_path,)).plate is not None


def test_a_search_that_ended_early_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_movie(tmp_path / "a" / "reel.mov", RATE, COUNT)
    for number in range(4):
        (tmp_path / "a" / f"z{number}.txt").touch()
    monkeypatch.setattr("rotomatte.timeline.media_search.SearchFolders.__init__.__defaults__", (3,))
    found = find(reference("/gone/reel.mov"), search=(tmp_path,))
    assert found.plate is None
    assert "The search ended after" in found.problem


def test_clips_of_one_media_are_looked_at_together(tmp_path: Path) -> None:
    # Alone, the first might be counted by the numbers of its files or from 0; the second fits only the former.
    write_stills(tmp_path, "plate", 1, COUNT)
    media = reference(tmp_path / "plate.%04d.png", None)
    assert "does not say which frames" in find(media, range(3, 5)).problem
    uses = tuple(ClipUse(f"V1/{n}", "", "V1", 0, media, (frame,)) for n, frame in ((1, 3), (2, 12)))
    found = find_media(Edit("edit", RATE, 0, 100, is_drop_frame=False, clips=uses), (), (), tmp_path)
    assert codes(found["V1/1"], range(3, 4)) == [2]
    assert codes(found["V1/2"], range(12, 13)) == [11]


def test_a_media_of_which_no_frame_is_known(tmp_path: Path) -> None:
    path = write_movie(tmp_path / "reel.mov", RATE, COUNT)
    assert find(reference(path, 0), range(0)).plate is not None
    assert "does not tell which frames of reel.mov" in find(reference(path, None), range(0)).problem


def test_media_that_is_not_there_has_no_frames() -> None:
    with pytest.raises(TimelineError, match=r"reel\.mov is not there"):
        plate_frame(find(reference("/gone/reel.mov")), 3)
