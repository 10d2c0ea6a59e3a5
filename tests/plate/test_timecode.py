"""Arithmetic of labels against plain counting."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.plate.base import Timecode
from rotomatte.plate.timecode import advance, exact_rate, is_label, nominal_rate, parse_timecode, unpack_timecode
from rotomatte_plugin.model import FrameRate


def labels_by_counting(labels_a_second: int, *, drop_frame: bool) -> Iterator[tuple[int, int, int, int]]:
    """All labels of a day as a clock shows them, the dropped ones skipped by their definition."""
    for hours in range(24):
        for minutes in range(60):
            for seconds in range(60):
                skip = drop_frame and seconds == 0 and minutes not in {0, 10, 20, 30, 40, 50}
                for frames in range({30: 2, 60: 4}[labels_a_second] if skip else 0, labels_a_second):
                    yield hours, minutes, seconds, frames


@cache
def day(labels_a_second: int, *, drop_frame: bool) -> list[Timecode]:
    # Every label of a whole day in drop-frame takes seconds to make; the first 25 minutes hold every case but midnight.
    first = islice(labels_by_counting(labels_a_second, drop_frame=drop_frame), 25 * 60 * labels_a_second)
    return [Timecode(*label, drop_frame=drop_frame) for label in first]


KINDS = [(24, False), (25, False), (30, False), (30, True), (60, True), (60, False)]


@pytest.mark.parametrize(("labels_a_second", "drop_frame"), KINDS)
def test_labels_follow_each_other_as_counted(labels_a_second: int, drop_frame: bool) -> None:
    counted = day(labels_a_second, drop_frame=drop_frame)
    for start in (0, len(counted) // 3):
        for frames in range(0, len(counted) - start, 1 if start == 0 else 997):
            assert advance(counted[start], frames, labels_a_second) == counted[start + frames]


@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_any_step_between_counted_labels(data: st.DataObject, kind: tuple[int, bool]) -> None:
    labels_a_second, drop_frame = kind
    counted = day(labels_a_second, drop_frame=drop_frame)
    places = st.integers(0, len(counted) - 1)
    start, end = data.draw(places), data.draw(places)
    assert advance(counted[start], end - start, labels_a_second) == counted[end]


@given(
    hours=st.integers(0, 23),
    minutes=st.integers(0, 59),
    seconds=st.integers(0, 59),
    frames=st.integers(0, 59),
    steps=st.integers(-10_000_000, 10_000_000),
    kind=st.sampled_from(KINDS),
)
def test_there_and_back(
    hours: int, minutes: int, seconds: int, frames: int, steps: int, kind: tuple[int, bool]
) -> None:
    labels_a_second, drop_frame = kind
    label = Timecode(hours, minutes, seconds, frames % labels_a_second, drop_frame=drop_frame)
    if is_label(label, labels_a_second):
        there = advance(label, steps, labels_a_second)
        assert is_label(there, labels_a_second)
        assert advance(there, -steps, labels_a_second) == label


@pytest.mark.parametrize(
    ("labels_a_second", "drop_frame", "labels_a_day"),
    [(24, False, 2_073_600), (30, True, 2_589_408), (60, True, 5_178_816)],
)
def test_midnight_begins_a_new_day(labels_a_second: int, drop_frame: bool, labels_a_day: int) -> None:
    last = Timecode(23, 59, 59, labels_a_second - 1, drop_frame=drop_frame)
    first = Timecode(0, 0, 0, 0, drop_frame=drop_frame)
    assert advance(last, 1, labels_a_second) == first
    assert advance(first, -1, labels_a_second) == last
    assert advance(first, labels_a_day - 1, labels_a_second) == last


@pytest.mark.parametrize(
    ("text", "labels_a_second", "expected"),
    [
        ("01:00:00:00", 24, Timecode(1, 0, 0, 0)),
        (" 01:02:03;04 ", 30, Timecode(1, 2, 3, 4, drop_frame=True)),
        ("01:02:03.59", 60, Timecode(1, 2, 3, 59, drop_frame=True)),
        ("01:02:03:24", 24, None),
        ("24:00:00:00", 24, None),
        ("00:01:00;00", 30, None),
        ("00:01:00;03", 60, None),
        ("00:05:00;01", 30, None),
        ("00:10:00;00", 30, Timecode(0, 10, 0, 0, drop_frame=True)),
        ("01:00:00;00", 24, None),
        ("tomorrow", 24, None),
        ("", 24, None),
    ],
)
def test_labels_are_read_and_impossible_ones_refused(text: str, labels_a_second: int, expected: object) -> None:
    assert parse_timecode(text, labels_a_second) == expected


@given(
    label=st.builds(
        Timecode, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 29), st.booleans()
    ),
    flags=st.integers(0, 2**32 - 1),
)
def test_packed_labels_are_read_whatever_other_flags_say(label: Timecode, flags: int) -> None:
    digits = int(f"{label.hours:02}{label.minutes:02}{label.seconds:02}{label.frames:02}", 16)
    packed = digits | 0x40 * label.drop_frame | flags & 0xC0808080
    assert unpack_timecode(packed) == label


def test_above_30_frames_a_second_the_field_mark_tells_the_second_of_a_pair() -> None:
    assert unpack_timecode(0x01020329, counts_pairs=True) == Timecode(1, 2, 3, 58)
    assert unpack_timecode(0x01028329, counts_pairs=True) == Timecode(1, 2, 3, 59)


@pytest.mark.parametrize("packed", [0xFFFFFFFF, 0x24000000, 0x00600000, 0x00006000, 0x0000000A])
def test_what_is_no_packed_label_is_none(packed: int) -> None:
    assert unpack_timecode(packed) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (Fraction(24), Fraction(24)),
        (Fraction("23.976"), Fraction(24000, 1001)),
        (Fraction("23.98"), Fraction(24000, 1001)),
        (Fraction("29.97"), Fraction(30000, 1001)),
        (Fraction("59.94"), Fraction(60000, 1001)),
        (Fraction(23.97599983215332), Fraction(24000, 1001)),
        (Fraction(119880, 1001), Fraction(119880, 1001)),
        (Fraction("12.5"), Fraction("12.5")),
        (Fraction(1, 5), Fraction(1, 5)),
    ],
)
def test_rounded_rates_become_exact(written: Fraction, meant: Fraction) -> None:
    assert exact_rate(written) == meant


@pytest.mark.parametrize(
    ("rate", "nominal"), [((24000, 1001), 24), ((30000, 1001), 30), ((60000, 1001), 60), ((25, 1), 25)]
)
def test_labels_count_at_the_nominal_rate(rate: tuple[int, int], nominal: int) -> None:
    assert nominal_rate(FrameRate(*rate)) == nominal
