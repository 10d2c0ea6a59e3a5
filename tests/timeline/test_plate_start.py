"""Which plate frame a media frame is, judged by looking through the plate's frames one by one.

A plate is taken as a list of frames, each with the time from which it is shown. An edit is made of it as a host of a certain
habit would, so that the truth is known; then the edit's numbers alone have to lead back to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Optional

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rotomatte.plate.base import PlateInfo, Timecode, Window
from rotomatte.timeline.edit import MediaRange, MediaReference
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.plate_frames import media_time_s, plate_frame
from rotomatte.timeline.plate_start import PlateFacts, PlateStart, plate_start
from rotomatte_plugin.errors import TimelineError
from rotomatte_plugin.model import FrameRange, Plate

NTSC = Fraction(1000, 1001)
RATES = [24 * NTSC, Fraction(24), Fraction(25), 30 * NTSC, Fraction(30), Fraction(50), 60 * NTSC, Fraction(60)]
HOUR = Timecode(1, 0, 0, 0)

rates = st.sampled_from(RATES)
counts = st.integers(1, 40)
firsts = st.integers(-20, 2000)


@dataclass(frozen=True)
class Shown:
    """A plate frame and from when until when it is shown, in seconds of the media's clock."""

    number: int
    begins_s: Fraction
    ends_s: Fraction


def played(first: int, count: int, rate: Fraction, begins_s: Fraction) -> list[Shown]:
    """A plate, frame after frame."""
    frames, now_s = [], begins_s
    for number in range(first, first + count):
        frames.append(Shown(number, now_s, now_s + 1 / rate))
        now_s += 1 / rate
    return frames


def shown_at(frames: list[Shown], at_s: Fraction) -> Optional[int]:
    return next((frame.number for frame in frames if frame.begins_s <= at_s < frame.ends_s), None)


def reference(rate: Fraction, available: Optional[tuple[int, int]], **more: int) -> MediaReference:
    kind = "sequence" if more else "file"
    return MediaReference(kind, "a", "a", rate, None if available is None else MediaRange(*available), **more)


def found(media: MediaReference, plate: PlateFacts, start: PlateStart) -> FoundMedia:
    """The same as ``find_media`` makes of it."""
    window = Window(0, 0, 1, 1)
    info = PlateInfo(
        plate.path, "a", "movie", plate.frames, (), None, window, (0, 0), window, 1.0, 4, None, "id"
    )  # fmt: skip
    return FoundMedia(media, Plate("a"), info, start.media_at(plate.frames.first, media), media.step, rate=start.rate)


def assert_maps(media: MediaReference, used: range, plate: PlateFacts, truth: list[Shown]) -> None:
    """Every media frame that is used leads to the plate frame shown as it begins, and each of those to its own time."""
    start = plate_start(media, used, plate)
    one = found(media, plate, start)
    for frame in used:
        assert plate_frame(one, frame) == shown_at(truth, frame / media.rate), frame
    for frame in truth:
        assert media_time_s(one, frame.number) == frame.begins_s


def some_of(data: st.DataObject, frames: range) -> range:
    begin = data.draw(st.integers(frames[0], frames[-1]))
    return range(begin, data.draw(st.integers(begin, frames[-1])) + 1)


@given(st.data(), rates, counts, firsts, st.integers(0, 90000))
def test_what_the_edit_calls_available_begins_with_the_first_frame(
    data: st.DataObject, rate: Fraction, count: int, first: int, begin: int
) -> None:
    used = some_of(data, range(begin, begin + count))
    for movie_rate in (None, rate):
        plate = PlateFacts(
            "/a", FrameRange(first, first + count - 1), movie_rate, data.draw(st.sampled_from([None, HOUR]))
        )
        truth = played(first, count, rate, begin / rate)
        assert_maps(reference(rate, (begin, count)), used, plate, truth)


@given(st.data(), rates, rates, counts, st.integers(0, 4000), st.sampled_from([1, -1, 0]))
def test_of_a_movie_that_is_counted_at_another_rate_seconds_count(
    data: st.DataObject, own: Fraction, rate: Fraction, count: int, begin: int, rounding: int
) -> None:
    # Hosts round a duration up, down or to the nearest.
    exact = count * rate / own
    available = {1: -(-exact.numerator // exact.denominator), -1: int(exact), 0: round(exact)}[rounding]
    assume(own != rate and available not in {0, count})
    truth = played(1, count, own, begin / rate)
    here = [frame for frame in range(begin, begin + available) if shown_at(truth, frame / rate) is not None]
    used = some_of(data, range(here[0], here[-1] + 1))
    media, plate = reference(rate, (begin, available)), PlateFacts("/a", FrameRange(1, count), own)
    assert_maps(media, used, plate, truth)
    assert plate_start(media, used, plate).warning.endswith(f", and it has {float(own):.6g}: it is taken by seconds.")


@given(st.data(), rates, rates, counts, st.integers(0, 90000))
def test_a_movie_of_as_many_frames_as_the_edit_says_is_counted_by_frames(
    data: st.DataObject, own: Fraction, rate: Fraction, count: int, begin: int
) -> None:
    # A host that plays it faster or slower, frame by frame.
    used = some_of(data, range(begin, begin + count))
    plate = PlateFacts("/a", FrameRange(1, count), own)
    assert_maps(reference(rate, (begin, count)), used, plate, played(1, count, rate, begin / rate))


@given(st.data(), rates, counts, st.integers(0, 3000))
def test_time_code_tells_where_nothing_is_said_to_be_available(
    data: st.DataObject, rate: Fraction, count: int, labels: int
) -> None:
    nominal = round(rate)
    seconds, frames = divmod(labels, nominal)
    timecode = Timecode(1, seconds // 60, seconds % 60, frames)
    begin = 3600 * nominal + labels
    used = some_of(data, range(begin, begin + count))
    plate = PlateFacts("/a", FrameRange(1, count), rate, timecode)
    assert_maps(reference(rate, None), used, plate, played(1, count, rate, begin / rate))


def test_drop_frame_time_code_leaves_labels_out() -> None:
    # 00:01:00;02 is the 1801st frame.
    plate = PlateFacts("/a", FrameRange(1, 10), 30 * NTSC, Timecode(0, 1, 0, 2, drop_frame=True))
    truth = played(1, 10, 30 * NTSC, 1800 / (30 * NTSC))
    assert_maps(reference(30 * NTSC, None), range(1803, 1806), plate, truth)


def test_time_code_of_23976_counts_whole_labels_at_24() -> None:
    # An edit that rounds 23.976 to 24 has 86400 for 01:00:00:00, and so has the movie.
    plate = PlateFacts("/a", FrameRange(1, 10), 24 * NTSC, HOUR)
    start = plate_start(reference(Fraction(24), None), range(86402, 86405), plate)
    assert (start.number, start.media) == (1, 86400)
    assert "one by one" in start.warning


def test_time_code_of_another_rate_is_a_time() -> None:
    # One hour and 5/25 s in, seen by an edit of 50 frames a second.
    plate = PlateFacts("/a", FrameRange(1, 100), Fraction(25), Timecode(1, 0, 0, 5))
    truth = played(1, 100, Fraction(25), 3600 + Fraction(5, 25))
    assert_maps(reference(Fraction(50), None), range(180015, 180040), plate, truth)


@given(st.data(), counts, st.integers(200, 2000))
def test_file_numbers_tell_where_only_they_fit(data: st.DataObject, count: int, first: int) -> None:
    used = some_of(data, range(first, first + count))
    plate = PlateFacts("/a", FrameRange(first, first + count - 1))
    assert_maps(reference(Fraction(24), None), used, plate, played(first, count, Fraction(24), first / Fraction(24)))


@given(st.data(), counts, st.integers(200, 2000))
def test_counting_from_zero_tells_where_only_that_fits(data: st.DataObject, count: int, first: int) -> None:
    used = some_of(data, range(count))
    plate = PlateFacts("/a", FrameRange(first, first + count - 1), timecode=HOUR)
    assert_maps(reference(Fraction(24), None), used, plate, played(first, count, Fraction(24), Fraction(0)))


def test_of_several_ways_time_code_is_taken_and_without_it_none() -> None:
    # Frames 1 to 90, of which 40 may be the file 40 or, from zero, the file 41.
    plate = PlateFacts("/plates/a.####.exr", FrameRange(1, 90))
    with pytest.raises(
        TimelineError, match="the first may be 40 by the numbers of its files or 41 by frames counted"
    ) as no:
        plate_start(reference(Fraction(24), None), range(40, 50), plate)
    assert "available" in no.value.remedy
    start = plate_start(reference(Fraction(24), None), range(40, 50), replace(plate, timecode=Timecode(0, 0, 1, 6)))
    assert (start.number, start.media) == (1, 30)


def test_what_fits_in_no_way_is_told() -> None:
    plate = PlateFacts("/plates/a.mov", FrameRange(1, 90), Fraction(24), HOUR)
    with pytest.raises(
        TimelineError, match=r"shows the frames 500-509 of a, and /plates/a\.mov has none such by its time code"
    ):
        plate_start(reference(Fraction(24), None), range(500, 510), plate)


@given(st.data(), counts, firsts, st.sampled_from([1, 2, 3]), st.integers(0, 90000), st.integers(-9, 9))
def test_a_sequence_known_by_its_numbers_leaves_nothing_open(
    data: st.DataObject, count: int, first: int, step: int, begin: int, more: int
) -> None:
    # Whatever the disk has more or less of it.
    media = reference(Fraction(25), (begin, count), first_number=first, step=step)
    plate = PlateFacts("/a", FrameRange(first + more * step, max(first + more * step, first + step * count)))
    one = found(media, plate, plate_start(media, range(begin, begin + count), plate))
    numbers = dict(zip(range(begin, begin + count), range(first, first + step * count, step), strict=True))
    assert {frame: plate_frame(one, frame) for frame in numbers} == numbers


@pytest.mark.parametrize(
    ("available", "plate", "expected", "told_by"),
    [
        # The plate has more than the edit says: its time code and the numbers of its files say which stretch that is.
        ((86424, 40), PlateFacts("/a", FrameRange(1, 100), Fraction(24), HOUR), (1, 86400), "time code"),
        ((1011, 40), PlateFacts("/a", FrameRange(1001, 1100)), (1001, 1001), "the numbers of its files"),
        # Nothing says it: the first frames are taken to be the same, and that is said.
        ((0, 40), PlateFacts("/a", FrameRange(1001, 1100)), (1001, 0), "the first of both"),
        ((500, 40), PlateFacts("/a", FrameRange(1, 100), Fraction(24), HOUR), (1, 500), "the first of both"),
        # The plate has less: it has not been copied to the end, most likely.
        ((0, 100), PlateFacts("/a", FrameRange(1, 90), Fraction(24)), (1, 0), "the first of both"),
        # As many as the edit says, whatever else might fit.
        ((1011, 100), PlateFacts("/a", FrameRange(1001, 1100)), (1001, 1011), ""),
        ((10, 100), PlateFacts("/a", FrameRange(1, 100), Fraction(24), HOUR), (1, 10), ""),
        # A path that names a file names the first that is meant, unless only the whole sequence is as long.
        ((0, 50), PlateFacts("/a", FrameRange(1001, 1060), named=1011), (1011, 0), ""),
        ((0, 60), PlateFacts("/a", FrameRange(1001, 1060), named=1011), (1001, 0), ""),
    ],
)
def test_where_edit_and_plate_differ_in_length(
    available: tuple[int, int], plate: PlateFacts, expected: tuple[int, int], told_by: str
) -> None:
    media = reference(Fraction(24), available)
    start = plate_start(media, range(available[0], available[0] + 5), plate)
    assert (start.number, start.media) == expected
    assert told_by in start.warning
    assert bool(start.warning) == bool(told_by)
