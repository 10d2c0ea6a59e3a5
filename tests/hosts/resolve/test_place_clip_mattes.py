"""Clip mattes, in whatever form Resolve takes a sequence."""

from __future__ import annotations

import pytest
from tests.hosts.resolve.edit import CAR, Edit

from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_hosts.resolve.place_clip_mattes import place_as_clip_matte
from rotomatte_plugin.errors import HostError

FORMS = {
    "first": "/mattes/car/car.1011.exr",
    "bracket": "/mattes/car/car.[1011-1020].exr",
    "pattern": "/mattes/car/car.%04d.exr",
}


@pytest.mark.parametrize("form", FORMS)
def test_the_form_that_reads_back_is_taken(form: str) -> None:
    edit = Edit()
    edit.fake.quirks.clip_matte_form = form
    assert "node graph" in place_as_clip_matte(edit.spot, CAR)
    assert edit.media.clip_mattes == [FORMS[form]]


def test_a_second_time_it_takes_the_place_of_the_first_and_the_artists_stay() -> None:
    edit = Edit()
    edit.media.clip_mattes.append("/artist/own.exr")
    place_as_clip_matte(edit.spot, CAR)
    place_as_clip_matte(edit.spot, MatteFiles("dog", "/mattes/dog.%04d.exr", 1011, 1020))
    place_as_clip_matte(edit.spot, CAR)
    assert sorted(edit.media.clip_mattes) == ["/artist/own.exr", FORMS["first"], "/mattes/dog.1011.exr"]


def test_what_resolve_takes_in_no_form_is_told() -> None:
    edit = Edit()
    edit.fake.quirks.clip_matte_form = "none of these"
    with pytest.raises(HostError, match="no clip matte"):
        place_as_clip_matte(edit.spot, CAR)
    edit.clip.media = None
    with pytest.raises(HostError, match="no media"):
        place_as_clip_matte(edit.spot, CAR)
