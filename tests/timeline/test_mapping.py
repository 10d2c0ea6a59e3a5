"""Whatever an edit is made of, every record frame shows the media frame that a slow player shows.

The player goes by the words of an edit and not by OpenTimelineIO, one record frame after the other, and finds a media
frame by counting up until one is on the screen: it compares products of whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Union

import opentimelineio as otio
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timeline import edits_made as made

from rotomatte.timeline.read_edit import read_edit

RATES = tuple(Fraction(rate) for rate in (24, 25, 30, 50, 60)) + tuple(
    Fraction(1000 * rate, 1001) for rate in (24, 30, 48, 60)
)
WRITTEN = {Fraction(24000, 1001): 23.98, Fraction(30000, 1001): 29.97, Fraction(48000, 1001): 47.952}
SPEEDS = tuple(map(Fraction, ("1", "1", "1/2", "1/4", "3/4", "2", "5/2", "3", "0", "-1", "-1/2", "-3/2")))


@dataclass(frozen=True)
class Cut:
    """A clip: its range in its own rate, its media's rate."""

    name: str
    first: int
    count: int
    rate: Fraction
    media_rate: Fraction
    speed: Fraction
    is_rounded: bool


@dataclass(frozen=True)
class Nothing:
    """A gap."""

    count: int
    rate: Fraction


@dataclass(frozen=True)
class Mix:
    """A dissolve."""

    before: int
    after: int
    rate: Fraction


@dataclass(frozen=True)
class Nest:
    """A stack of one track, trimmed."""

    items: tuple[Item, ...]
    first: int
    count: int
    rate: Fraction
    speed: Fraction


Item = Union[Cut, Nothing, Mix, Nest]

rates = st.sampled_from(RATES)
speeds = st.sampled_from(SPEEDS)


@st.composite
def tracks(draw: st.DrawFn, depth: int = 0) -> tuple[Item, ...]:
    """Up to four items, dissolves between some of them, stacks among them."""
    items: list[Item] = []
    for _ in range(draw(st.integers(1, 4 if depth == 0 else 3))):
        kind = draw(st.sampled_from(("cut", "cut", "gap", "nest") if depth < 2 else ("cut", "gap")))
        rate = draw(rates)
        if items and not isinstance(items[-1], Mix) and draw(st.booleans()):
            items.append(Mix(draw(st.integers(0, 5)), draw(st.integers(0, 5)), draw(rates)))
        if kind == "gap":
            items.append(Nothing(draw(st.integers(1, 9)), rate))
        elif kind == "nest":
            inside = draw(tracks(depth + 1))
            items.append(Nest(inside, draw(st.integers(0, 9)), draw(st.integers(1, 15)), rate, draw(speeds)))
        else:
            name = f"clip {draw(st.integers(0, 10**9))}"
            first = draw(st.sampled_from((0, 86_400, 1_937_905))) + draw(st.integers(0, 120))
            items.append(
                Cut(name, first, draw(st.integers(1, 15)), rate, draw(rates), draw(speeds), draw(st.booleans()))
            )
    return tuple(items)


def length_s(item: Item) -> Fraction:
    """How long an item is."""
    return Fraction(0) if isinstance(item, Mix) else item.count / item.rate


def on_screen(items: tuple[Item, ...], time_s: Fraction, path: str) -> Iterator[tuple[str, int]]:
    """The clips that are on at a time of a track, each with the media frame that is shown."""
    begin_s = Fraction(0)
    for place, item in enumerate(items):
        before, after = items[place - 1 : place] if place else (), items[place + 1 : place + 2]
        head_s = sum((mix.before / mix.rate for mix in before if isinstance(mix, Mix)), Fraction(0))
        tail_s = sum((mix.after / mix.rate for mix in after if isinstance(mix, Mix)), Fraction(0))
        end_s = begin_s + length_s(item)
        if begin_s - head_s <= time_s < end_s + tail_s and not isinstance(item, (Nothing, Mix)):
            source_s = item.first / item.rate + (time_s - begin_s) * item.speed
            if isinstance(item, Nest):
                yield from on_screen(item.items, source_s, f"{path}{place + 1}/V1/")
            else:
                yield f"{path}{place + 1}", frame_on_screen(source_s, item.media_rate)
        begin_s = end_s


def frame_on_screen(time_s: Fraction, rate: Fraction) -> int:
    """The frame that has begun and whose next one has not, counted to from somewhat below."""
    below = frame = round(float(time_s * rate)) - 4
    while (frame + 1) * rate.denominator * time_s.denominator <= time_s.numerator * rate.numerator:
        frame += 1
    assert frame > below
    return frame


def built(item: Item) -> otio.core.Composable:
    """The same in OpenTimelineIO."""
    if isinstance(item, Mix):
        return made.dissolve(item.before, item.after, float(item.rate))
    if isinstance(item, Nothing):
        return made.gap(item.count, float(item.rate))
    effects = [made.speed(float(item.speed))] if item.speed != 1 else []
    if isinstance(item, Nest):
        inside = made.track(*map(built, item.items))
        source_range = made.span(item.first, item.count, float(item.rate))
        return made.stack(inside, source_range=source_range, effects=effects)
    rate = WRITTEN.get(item.rate, float(item.rate)) if item.is_rounded else float(item.rate)
    media = made.movie(available=made.span(-10_000, 10**8, float(item.media_rate)))
    return made.clip(item.first, item.count, rate, name=item.name, media=media, effects=effects)


@settings(max_examples=300, deadline=None)
@given(tracks(), rates)
def test_every_record_frame_shows_what_a_player_shows(items: tuple[Item, ...], rate: Fraction) -> None:
    """Trims, speeds, freezes, backwards, gaps, dissolves, stacks in stacks, and all rates mixed."""
    edit = read_edit(made.timeline(made.track(*map(built, items)), start=made.time(0, float(rate))))
    assert edit.rate == rate
    read: dict[int, set[tuple[str, int]]] = {}
    for use in edit:
        assert use.problem == ""
        for record, frame in zip(use.record_frames, use.media_frames, strict=True):
            read.setdefault(record, set()).add((use.id.split("#")[0], frame))
    end_s = sum(map(length_s, items), Fraction(0))
    count = 0
    while count / rate < end_s:
        expected = set(on_screen(items, count / rate, "V1/"))
        assert read.pop(count, set()) == expected, (count, items)
        count += 1
    assert not read
    assert edit.count == count
