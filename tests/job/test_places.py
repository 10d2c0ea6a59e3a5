"""What is held for every object on every frame: the same as sets and dicts would hold, in next to no room."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.places import PerFrame, PerPlace, Places
from rotomatte_plugin.model import FrameRange

_PLACES = st.tuples(st.sampled_from(["", "a", "b"]), st.integers(-1100, 1100))


@given(st.lists(st.tuples(st.booleans(), _PLACES)), _PLACES)
def test_places_are_a_set(steps: list[tuple[bool, tuple[str, int]]], asked: tuple[str, int]) -> None:
    places, expected = Places(), set[tuple[str, int]]()
    for puts_in, place in steps:
        (places.add if puts_in else places.discard)(place)
        (expected.add if puts_in else expected.discard)(place)
    assert list(places) == list(dict.fromkeys(places))
    assert (set(places), len(places), asked in places) == (expected, len(expected), asked in expected)
    assert Places(expected) == places


def test_a_place_takes_a_bit() -> None:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        places = Places(("a", frame) for frame in range(100_000))
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(places) == 100_000
    assert taken < 100_000


def test_a_value_for_every_place_is_made_when_it_is_asked_for() -> None:
    made: list[str] = []

    def value_of(name: str, frame: int) -> str:
        made.append(name)
        return f"{name}{frame}"

    values = PerPlace(["b", "a"], FrameRange(9, 10), value_of)
    assert list(values) == [("b", 9), ("b", 10), ("a", 9), ("a", 10)]
    assert (len(values), made) == (4, [])
    assert (values["a", 10], made) == ("a10", ["a"])
    for place in (("c", 9), ("a", 11)):
        assert place not in values


@given(st.integers(-3, 3), st.lists(st.sampled_from("xyz"), min_size=1))
def test_a_value_for_every_frame_is_as_in_a_dict(first: int, values: list[str]) -> None:
    frames = FrameRange(first, first + len(values) - 1)
    held = PerFrame(frames, values)
    assert held == dict(zip(frames, values, strict=True))
    assert list(held) == list(frames)
    for outside in (first - 1, frames.last + 1):
        with pytest.raises(KeyError):
            held[outside]
