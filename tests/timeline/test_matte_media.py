"""Which file of a shot's mattes shows which time of a clip's media, in each host's way of saying so."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from tests.timeline import edits_made as made
from tests.timeline.plans_made import MadePlate, plan_of, reports_of

from rotomatte.timeline.host_profiles import PROFILES
from rotomatte.timeline.links import links_of
from rotomatte.timeline.matte_media import MatteMedia, matte_media, matte_reference
from rotomatte_plugin.model import FrameRange, MatteOutput

STREET = MadePlate("street", "numbered", Fraction(24), 86_400, 100, 1001)
REEL = MadePlate("reel", "movie", Fraction(24000, 1001), 500, 100)
OUT = Path("/mattes")


def mattes_of(plate: MadePlate, cut: Any, output: MatteOutput | None = None, handles: int = 2) -> MatteMedia:
    """Those of a clip that is all there is of an edit."""
    timeline = made.timeline(made.track(cut), start=made.time(0))
    plan = plan_of(timeline, (plate,), {plate.name: ("car",)}, path=Path("cut.otio"), handles=handles)
    (shot,) = plan.shots
    (link,) = links_of(plan.shots, reports_of(plan.shots, output=output))
    return matte_media(link, plan.media[shot.uses[0].id], shot.uses[0], cut)


def cut_of(plate: MadePlate, first: int, count: int, rate: float | None = None) -> Any:
    """A clip of a plate's frames from ``first`` on, counted from 0."""
    rate = float(plate.rate) if rate is None else rate
    return made.clip(plate.media_first + first, count, rate, media=plate.reference())


def test_files_are_those_of_the_shot_and_begin_at_their_own_media_time() -> None:
    matte = mattes_of(STREET, cut_of(STREET, 10, 20))
    assert matte.link.mattes == "street_1011/car/car.%04d.exr"
    assert matte.numbers == range(1009, 1033)  # with handles of two frames
    assert (matte.start_s, matte.rate) == (Fraction(86_408, 24), 24)


def test_a_movies_mattes_count_from_one() -> None:
    matte = mattes_of(REEL, cut_of(REEL, 0, 5))
    assert matte.numbers == range(1, 8)
    assert (matte.start_s, matte.rate) == (500 * Fraction(1001, 24000), Fraction(24000, 1001))


def test_plates_on_twos_have_mattes_on_twos() -> None:
    """Media frames 5 to 8 of 12 a second, files 9, 11, 13 and 15, and three more numbers on either side: one file."""
    twos = MadePlate("anim", "numbered", Fraction(12), 3, 7, 5, step=2)
    matte = mattes_of(twos, made.clip(10, 8, 24, media=twos.reference()), handles=3)
    assert (list(matte.numbers), matte.rate) == ([7, 9, 11, 13, 15, 17], 12)
    assert matte.start_s == Fraction(4, 12)
    reference = matte_reference(matte, made.span(10, 8), PROFILES["generic"], OUT)
    numbers = [reference.start_frame + index * reference.frame_step for index in range(6)]
    assert numbers == list(matte.numbers)
    assert reference.rate == 24
    assert reference.available_range == made.span(4, 6, 12)


def test_a_media_that_begins_between_two_of_its_frames_goes_on_from_there() -> None:
    """A range in whole frames at 24, of a sequence at 24000/1001: 3600 s are 86313.7 of these."""
    reference = otio.schema.ImageSequenceReference(
        target_url_base="/plates/odd/",
        name_prefix="odd.",
        name_suffix=".exr",
        start_frame=1,
        rate=float(REEL.rate),
        frame_zero_padding=4,
        available_range=made.span(86_400, 100),
    )
    odd = MadePlate("odd", "numbered", REEL.rate, 86_313, 99)
    matte = mattes_of(odd, made.clip(86_400 + 24, 4, 24, media=reference))
    assert matte.numbers == range(22, 30)
    assert matte.start_s == 3600 + 21 * Fraction(1001, 24000)
    start = matte_reference(matte, made.span(0, 1), PROFILES["generic"], OUT).available_range.start_time
    assert start.value / start.rate == pytest.approx(float(matte.start_s), abs=1e-9)


def test_mattes_run_at_the_plates_own_rate() -> None:
    """A movie of 25 frames a second that an edit of 24 counts in its own: an hour of 24 is the media's first frame."""
    cut = made.clip(86_400, 24, 24, media=made.movie("/plates/tape.mov", made.span(86_400, 96)))
    tape = MadePlate("tape", "movie", Fraction(24), 86_400, 100)
    plan = plan_of(made.timeline(made.track(cut)), (tape,), {"tape": ("car",)}, path=Path("cut.otio"), handles=0)
    (shot,) = plan.shots
    (link,) = links_of(plan.shots, reports_of(plan.shots))
    link = replace(link, frames=FrameRange(11, 40))
    matte = matte_media(link, replace(shot.media, rate=Fraction(25)), shot.uses[0], cut)
    assert (matte.start_s, matte.rate) == (3600 + Fraction(10, 25), 25)
    reference = matte_reference(matte, cut.source_range, PROFILES["generic"], OUT)
    assert reference.available_range == made.span(90_010, 30, 25)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("nuke", "/mattes/street_1011/car/car.%04d.exr"),
        ("resolve", "/mattes/street_1011/car/car.[1009-1032].exr"),
    ],
)
def test_hosts_that_take_one_path_get_one(host: Any, url: str) -> None:
    matte = mattes_of(STREET, cut_of(STREET, 10, 20))
    reference = matte_reference(matte, made.span(0, 1), PROFILES[host], OUT)
    assert isinstance(reference, otio.schema.ExternalReference)
    assert reference.target_url == url
    assert reference.name == url.rpartition("/")[2]
    assert reference.available_range == made.span(86_408, 24)


def test_a_relative_sequence_moves_with_its_folder() -> None:
    matte = mattes_of(STREET, cut_of(STREET, 10, 20))
    reference = matte_reference(matte, made.span(0, 1), PROFILES["generic"], OUT)
    assert reference.target_url_for_image_number(0) == "street_1011/car/car.1009.exr"
    assert reference.target_url_for_image_number(23) == "street_1011/car/car.1032.exr"


def test_rv_finds_every_frame_of_a_source_range_claimed() -> None:
    """Its reader asks for the numbers of all of it, of a retimed clip too, which OpenTimelineIO refuses beyond."""
    cut = cut_of(STREET, 10, 40)
    cut.effects.append(made.speed(-0.25))
    matte = mattes_of(STREET, cut)
    assert matte.numbers == range(999 + 2, 1014)
    reference = matte_reference(matte, cut.source_range, PROFILES["rv"], OUT)
    assert reference.frame_range_for_time_range(cut.source_range) == (1011, 1050)
    assert reference.frame_for_time(made.time(86_400)) == 1001
    assert reference.target_url_base == "/mattes/street_1001/car/"


@pytest.mark.parametrize("host", sorted(PROFILES))
def test_a_movie_of_mattes_is_one_file_in_every_host(host: Any) -> None:
    matte = mattes_of(STREET, cut_of(STREET, 10, 20), MatteOutput(profile="prores"))
    reference = matte_reference(matte, made.span(0, 1), PROFILES[host], OUT)
    assert isinstance(reference, otio.schema.ExternalReference)
    assert reference.target_url == f"{'' if host == 'generic' else '/mattes/'}street_1011/car.mov"
    assert reference.available_range == made.span(86_408, 24)


@pytest.mark.parametrize("host", ["nuke", "resolve"])
def test_a_single_file_goes_by_its_own_name(host: Any) -> None:
    still = MadePlate("still", "numbered", Fraction(25), 0, 1, 7)
    matte = mattes_of(still, made.clip(0, 50, 25, media=still.reference()))
    reference = matte_reference(matte, made.span(0, 50, 25), PROFILES[host], OUT)
    assert reference.target_url == "/mattes/still_7/car/car.0007.exr"
    assert reference.available_range == made.span(0, 1, 25)


def test_a_rate_is_written_as_the_clip_writes_it() -> None:
    """OpenTimelineIO compares 23.976 and 24000/1001 as they stand: an hour on, that is a tenth of a frame."""
    cut = cut_of(REEL, 10, 5, rate=23.976)
    reference = matte_reference(mattes_of(REEL, cut), cut.source_range, PROFILES["generic"], OUT)
    assert (reference.rate, reference.available_range.start_time.rate) == (23.976, 23.976)
    assert reference.available_range.start_time.value == 508
