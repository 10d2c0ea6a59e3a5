"""Moments of an edit: record frames, and the time that each of them is in what is looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from rotomatte.timeline.read_times import TOLERANCE_FRAMES


class Moment(NamedTuple):
    """A record frame, counted from the edit's beginning, at ``at_s`` seconds of what is looked at.

    ``overlap`` says that a transition shows it beyond a cut: -1 before the first frame of an item, 1 after its last.
    """

    record: int
    at_s: Fraction
    overlap: int = 0


class Moments:
    """The moments at which something is looked at."""

    def __init__(self, moments: Iterable[Moment]) -> None:
        self._moments = sorted(moments, key=lambda moment: moment.at_s)
        self._times = [moment.at_s for moment in self._moments]

    def __bool__(self) -> bool:
        return bool(self._moments)

    def __iter__(self) -> Iterator[Moment]:
        """In the order of their record frames."""
        return iter(sorted(self._moments, key=lambda moment: moment.record))

    def of_item(
        self, at_s: Fraction, length_s: Fraction, rate: Fraction, head_s: Fraction, tail_s: Fraction
    ) -> Moments:
        """The moments at which an item is seen, in seconds since it begins at ``at_s``.

        Those of the ``head_s`` before it and the ``tail_s`` after it overlap.
        """
        slack_s = TOLERANCE_FRAMES / rate
        ends_s = (at_s - head_s, at_s, at_s + length_s, at_s + length_s + tail_s)
        low, begin, end, high = (bisect_left(self._times, time_s - slack_s) for time_s in ends_s)
        return Moments(
            Moment(record, time_s - at_s, overlap or (place >= end) - (place < begin))
            for place, (record, time_s, overlap) in enumerate(self._moments[low:high], start=low)
        )

    def moved(self, time: Callable[[Fraction], Fraction]) -> Moments:
        """The same in another time."""
        return Moments(moment._replace(at_s=time(moment.at_s)) for moment in self._moments)
