"""What a change of speed does: which time of the source is shown how long after a clip's beginning.

All times are seconds since the beginning of the clip on one side, and since the beginning of its source range on the
other. They are fractions, exact where the retime is rational; a Bezier ramp is found to a thousand millionth of a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Optional, Protocol

_SAME_S = Fraction(1, 10**7)
"""Two places on a ramp that are as close as this are one: seconds in files are floats."""

_HALVINGS = 60


class Retime(Protocol):
    """A change of speed."""

    def source_s(self, since_s: Fraction) -> Fraction:
        """The time of the source, since its range begins, that is shown ``since_s`` after the clip begins."""
        ...


@dataclass(frozen=True)
class Speed:
    """A constant speed: 1 as shot, 0 a freeze frame, negative backwards. ``first_s`` is the source time shown first."""

    scalar: Fraction = Fraction(1)
    first_s: Fraction = Fraction(0)

    def source_s(self, since_s: Fraction) -> Fraction:
        """See ``Retime.source_s``."""
        return self.first_s + since_s * self.scalar


@dataclass(frozen=True)
class RampKey:
    """A key of a speed ramp: at ``at_s`` of the retimed media, ``source_s`` of the media is shown.

    Both count from the media's beginning. ``into`` and ``out_of`` are its handles, each a pair of seconds relative to the
    key (time, source), zero where the curve is straight.
    """

    at_s: float
    source_s: float
    into: tuple[float, float] = (0.0, 0.0)
    out_of: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Ramp:
    """A speed ramp, cubic Bezier curves between keys, seen from ``begin_s`` of the retimed media on.

    Beyond its keys it holds the first and the last value.
    """

    keys: tuple[RampKey, ...]
    begin_s: Fraction = Fraction(0)

    def source_s(self, since_s: Fraction) -> Fraction:
        """See ``Retime.source_s``."""
        return self.at(self.begin_s + since_s) - self.at(self.begin_s)

    def at(self, at_s: Fraction) -> Fraction:
        """The media's time, since the media begins, at a time of the retimed media."""
        if at_s <= self.keys[0].at_s:
            return Fraction(self.keys[0].source_s)
        for left, right in pairwise(self.keys):
            if at_s < right.at_s:
                return _source_between(left, right, at_s)
        return Fraction(self.keys[-1].source_s)


def places_on_ramp(keys: Sequence[RampKey], source_s: Fraction) -> tuple[Fraction, ...]:
    """Where on a ramp a time of the media is shown, in seconds of the retimed media: none, one or several places.

    Of a stretch that stands still on it, both ends are given.
    """
    places: list[Fraction] = []
    for left, right in pairwise(keys):
        for place in _places_between(left, right, source_s):
            if all(abs(place - other) > _SAME_S for other in places):
                places.append(place)
    return tuple(places)


def _places_between(left: RampKey, right: RampKey, source_s: Fraction) -> Iterator[Fraction]:
    for key in (left, right):
        if abs(source_s - Fraction(key.source_s)) <= _SAME_S:
            yield Fraction(key.at_s)
    low, high = sorted((Fraction(left.source_s), Fraction(right.source_s)))
    if not low + _SAME_S < source_s < high - _SAME_S:
        return
    if _is_straight(left, right):
        share = (source_s - Fraction(left.source_s)) / (Fraction(right.source_s) - Fraction(left.source_s))
        yield Fraction(left.at_s) + share * (Fraction(right.at_s) - Fraction(left.at_s))
        return
    place = _solve(_sources(left, right), float(source_s))
    yield Fraction(_bezier(_times(left, right), place))


def _source_between(left: RampKey, right: RampKey, at_s: Fraction) -> Fraction:
    if _is_straight(left, right):
        share = (at_s - Fraction(left.at_s)) / (Fraction(right.at_s) - Fraction(left.at_s))
        return Fraction(left.source_s) + share * (Fraction(right.source_s) - Fraction(left.source_s))
    place = _solve(_times(left, right), float(at_s))
    return Fraction(_bezier(_sources(left, right), place))


def _is_straight(left: RampKey, right: RampKey) -> bool:
    return left.out_of == (0.0, 0.0) == right.into


_Four = tuple[float, float, float, float]


def _times(left: RampKey, right: RampKey) -> _Four:
    return left.at_s, left.at_s + left.out_of[0], right.at_s + right.into[0], right.at_s


def _sources(left: RampKey, right: RampKey) -> _Four:
    return left.source_s, left.source_s + left.out_of[1], right.source_s + right.into[1], right.source_s


def _bezier(points: _Four, place: float) -> float:
    """The cubic Bernstein polynomial of four control points at ``place``, 0 to 1."""
    p0, p1, p2, p3 = points
    rest = 1.0 - place
    return rest**3 * p0 + 3.0 * rest**2 * place * p1 + 3.0 * rest * place**2 * p2 + place**3 * p3


def _solve(points: _Four, wanted: float) -> float:
    """The place at which the polynomial, which rises or falls from its first to its last point, is ``wanted``."""
    low, high = 0.0, 1.0
    rises = points[3] >= points[0]
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if (_bezier(points, middle) < wanted) == rises:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def begin_on_ramp(keys: Sequence[RampKey], source_s: Fraction, hint_s: Optional[Fraction]) -> Optional[Fraction]:
    """Where on a ramp a clip begins whose source range begins ``source_s`` after its media.

    A ramp that stands still or turns round shows a frame at more than one time; then ``hint_s``, what a host says of the
    place, decides. None where nothing does.
    """
    places = places_on_ramp(keys, source_s)
    if len(places) == 1:
        return places[0]
    if hint_s is None or not places:
        return None
    ramp = Ramp(tuple(keys))
    return hint_s if abs(ramp.at(hint_s) - source_s) <= _SAME_S else min(places, key=lambda place: abs(place - hint_s))
