"""What shots and their folders are called."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.timeline.edit import MediaReference
from rotomatte.timeline.media_paths import file_name
from rotomatte.timeline.shot_names import media_names, plain_name, shot_names


def media(path: str, name: str = "") -> MediaReference:
    return MediaReference("file", path, name or file_name(path), Fraction(24))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/p/street.%04d.exr", "street"),
        ("/p/street.####.exr", "street"),
        ("/p/street_[1001-1099].dpx", "street"),
        ("/p/street_v003.1001.exr", "street_v003"),
        ("E:\\SHOWREEL\\1128797.mxf", "1128797"),
        ("/p/A001_C003.0101.mov", "A001_C003.0101"),
        ("/davis/bmx-trees/%05d.jpg", "bmx-trees"),
        ("E:\\davis\\libby\\00001.jpg", "libby"),
        ("/p/Panel 3.3.5.png", "Panel_3.3"),
        ("/p/tech.fux (loop)-HD.mp4", "tech.fux_loop_-HD"),
        ("/p/..%2F: <x>?.mov", "2F_x"),
        ("/p/été.mov", "été"),
        ("\u2022.mov", "shot"),
    ],
)
def test_a_media_is_called_by_its_file_without_number_and_suffix(path: str, name: str) -> None:
    assert plain_name(media(path)) == name


def test_what_is_no_file_keeps_its_name() -> None:
    assert plain_name(media("", "Z677_4C (ANIM10)")) == "Z677_4C_ANIM10"
    assert plain_name(media("", "sq001_s002")) == "sq001_s002"


def test_media_of_one_name_have_the_folder_by_which_they_differ() -> None:
    paths = ("/show/sh010/plate/plate.%04d.exr", "/show/sh020/plate/plate.%04d.exr", "/show/reel.mov")
    references = [media(path) for path in paths]
    assert media_names(references) == dict(zip(references, ("sh010_plate", "sh020_plate", "reel"), strict=True))
    # The nearest folder will not do where only some differ by it.
    three = [media(f"/{path}/plate.%04d.exr") for path in ("s1/main", "s2/main", "s3/alt")]
    assert [media_names(three)[one] for one in three] == ["s1_plate", "s2_plate", "s3_plate"]
    # Of files in one folder there is none.
    stills = [media(f"/p/panel_{number}.png") for number in (3, 5)]
    assert set(media_names(stills).values()) == {"panel"}


def test_shots_are_called_by_media_and_first_frame() -> None:
    assert shot_names([("street", 1011, ["car"]), ("street", 1040, []), ("reel", -3, [])]) == (
        "street_1011",
        "street_1040",
        "reel_-3",
    )


def test_shots_of_one_beginning_are_told_apart_by_their_objects_then_by_numbers() -> None:
    shots = [("street", 1, ["car"]), ("Street", 1, ["dog", "leash"]), ("street", 1, []), ("street", 1, ["Car"])]
    assert shot_names(shots) == ("street_1_car", "Street_1_dog_leash", "street_1", "street_1_Car_2")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "A", "a_1", "b"]), st.integers(0, 2), st.lists(st.sampled_from(["x", "X", "2"]))
        ),
        max_size=8,
    )
)
def test_no_two_shots_share_a_folder(shots: list[tuple[str, int, list[str]]]) -> None:
    names = shot_names(shots)
    assert len({name.casefold() for name in names}) == len(shots)


def test_a_name_does_not_change_with_what_is_elsewhere_in_the_edit() -> None:
    alone = shot_names([("street", 1011, ["car"])])
    assert shot_names([("reel", 3, []), ("street", 900, ["car"]), ("street", 1011, ["car"])])[2:] == alone
