"""Speeds and ramps, judged by other ways of finding the same time."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from rotomatte.timeline.retime import Ramp, RampKey, Speed, begin_on_ramp, places_on_ramp

EASED = (
    RampKey(0.0, 0.0),
    RampKey(12.0, 1.2, (-1.9, -0.38), (1.9, 0.38)),
    RampKey(24.0, 4.8),
)
STRAIGHT = (RampKey(0.0, 0.0), RampKey(4.5, 2.25), RampKey(6.5, 2.25), RampKey(7.5, 0.25))

steps = st.floats(0.5, 20.0, allow_nan=False)
shares = st.floats(0.05, 0.9)


@st.composite
def ramps(draw: st.DrawFn) -> tuple[RampKey, ...]:
    """Rising ramps whose handles stay within their stretches."""
    gaps = draw(st.lists(st.tuples(steps, steps, shares, shares), min_size=1, max_size=4))
    keys = [RampKey(0.0, 0.0)]
    for at_s, source_s, out, into in gaps:
        left = keys.pop()
        keys.append(RampKey(left.at_s, left.source_s, left.into, (out * at_s / 2, out * source_s / 3)))
        keys.append(RampKey(left.at_s + at_s, left.source_s + source_s, (-into * at_s / 2, -into * source_s / 4)))
    return tuple(keys)


def sampled(keys: tuple[RampKey, ...], at_s: ArrayLike) -> NDArray[np.float64]:
    """The ramp by de Casteljau's construction at many places, between which is interpolated."""
    at, source = [], []
    place = np.linspace(0.0, 1.0, 20001)[:, None]
    for left, right in pairwise(keys):
        points = [
            np.array([left.at_s, left.source_s]),
            np.array([left.at_s + left.out_of[0], left.source_s + left.out_of[1]]),
            np.array([right.at_s + right.into[0], right.source_s + right.into[1]]),
            np.array([right.at_s, right.source_s]),
        ]
        lines = [point[None, :] for point in points]
        while len(lines) > 1:
            lines = [a + (b - a) * place for a, b in pairwise(lines)]
        at.append(lines[0][:, 0])
        source.append(lines[0][:, 1])
    return np.interp(at_s, np.concatenate(at), np.concatenate(source))


def test_speeds() -> None:
    """Half, backwards from a given place, and a freeze frame."""
    assert Speed(Fraction(1, 2)).source_s(Fraction(7, 24)) == Fraction(7, 48)
    assert Speed(Fraction(-2), Fraction(10)).source_s(Fraction(3)) == 4
    assert Speed(Fraction(0)).source_s(Fraction(99)) == 0


@given(ramps(), st.floats(0.0, 1.0))
def test_a_ramp_is_the_curve_that_its_keys_draw(keys: tuple[RampKey, ...], share: float) -> None:
    """Anywhere on it, within what sampling it can tell."""
    at_s = share * keys[-1].at_s
    assert float(Ramp(keys).at(Fraction(at_s))) == pytest.approx(float(sampled(keys, at_s)), abs=1e-5)


@given(ramps(), st.fractions(0, 1, max_denominator=500))
def test_a_rising_ramp_shows_every_time_once(keys: tuple[RampKey, ...], share: Fraction) -> None:
    """And where it does, it shows that time."""
    source_s = share * Fraction(keys[-1].source_s)
    (place,) = places_on_ramp(keys, source_s)
    assert float(Ramp(keys).at(place)) == pytest.approx(float(source_s), abs=3e-6)


def test_a_ramp_holds_its_ends() -> None:
    """Before the first key and after the last."""
    ramp = Ramp(EASED)
    assert [ramp.at(Fraction(at_s)) for at_s in (-1, 0, 24, 30)] == [0, 0, Fraction(4.8), Fraction(4.8)]


def test_a_ramp_seen_from_its_middle() -> None:
    """Counts from what is shown there."""
    assert Ramp(STRAIGHT, Fraction(4)).source_s(Fraction(1, 2)) == Fraction(1, 4)


def test_where_a_clip_begins_on_a_ramp() -> None:
    """The one place that shows its first frame; of several the one that the host says; none where nothing does."""
    assert begin_on_ramp(STRAIGHT, Fraction(1, 8), None) == Fraction(1, 4)
    assert begin_on_ramp(STRAIGHT, Fraction(1), None) is None
    assert begin_on_ramp(STRAIGHT, Fraction(1), Fraction(7)) == Fraction(57, 8)
    assert begin_on_ramp(STRAIGHT, Fraction(9, 4), Fraction(11, 2)) == Fraction(11, 2)
    assert begin_on_ramp(EASED, Fraction(9), Fraction(3)) is None
