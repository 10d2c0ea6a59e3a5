"""Which frames of its media a timeline item uses, from numbers of which each may be off, missing or counted otherwise.

What is known of them (measured on Resolve 19 to 21): ``GetLeftOffset`` is exact at 100 % and counts in the retimed clip
otherwise; ``GetSourceStartFrame`` is off by one at times; the end is exclusive where the rates are equal; 0 and 0 mean
that Resolve does not know; a clip that runs backwards starts behind its end. Whether a sequence's frames are counted from
0 or as its files are numbered nobody has measured, so either is accepted where only one fits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Optional

from rotomatte_hosts.resolve.comp_time import CompTimes
from rotomatte_hosts.resolve.facts import CompFacts, ItemFacts
from rotomatte_plugin.errors import PromptError

_NEAR_S = 0.1
"""In frames: seconds that Resolve says are whole frames but for rounding."""

_ENOUGH = 24
"""So many frames before a clip's first one tell its speed from others, and from one that changes."""


@dataclass(frozen=True)
class FrameMap:
    """A clip's frames ``first`` to ``last`` against those of the timeline, where it begins at ``record_start``.

    ``times`` are those of its comps, of which ``comp`` is the first; None where there are none.
    """

    record_start: int
    first: int
    last: int
    times: Optional[CompTimes] = None
    comp: Optional[CompFacts] = None

    def to_record(self, frame: int) -> int:
        """The timeline's frame that shows a frame of the clip."""
        return self.record_start + frame - self.first

    def to_frame(self, record: int) -> int:
        """The clip's frame at a frame of the timeline, the nearest of its frames outside of it."""
        return min(max(self.first + record - self.record_start, self.first), self.last)

    def to_comp(self, frame: int) -> int:
        """The time of the clip's comps at a frame.

        Raises:
            PromptError: they do not run along with the timeline.
        """
        return self._times().time_at(self.comp, frame - self.first)

    def to_time_of(self, comp: CompFacts, frame: int) -> int:
        """The time of one of the clip's comps at a frame.

        Raises:
            PromptError: it does not run along with the timeline.
        """
        return self._times().time_at(comp, frame - self.first)

    def from_comp(self, time: float) -> int:
        """The clip's frame at a time of its first comp, the nearest of its frames outside of it.

        Raises:
            PromptError: there is no comp, or its ranges are not those of the clip.
        """
        if self.comp is None:
            raise PromptError("The clip has no Fusion comp.", remedy="Add one on the Fusion page.")
        return self.to_frame(self.record_start + self._times().offset_at(self.comp, round(time)))

    def comp_to_frame(self, comp: CompFacts, time: float) -> int:
        """The clip's frame at a time of a comp.

        Raises:
            PromptError: the comp's ranges are not those of the clip, the timeline shows no such frame, or it is outside
                of the clip.
        """
        frame = self.first + self._times().offset_at(comp, time)
        if not self.first <= frame <= self.last:
            raise PromptError(
                f"{comp.name} has a prompt at {time:g}, where the timeline does not show the clip.",
                remedy=f"Move it between {comp.render_start:g} and {comp.render_end:g}, or remove it.",
            )
        return frame

    def _times(self) -> CompTimes:
        return self.times or CompTimes(self.last - self.first + 1)


@dataclass(frozen=True)
class MediaRange:
    """How Resolve counts a clip of the media pool: from ``start`` on, ``count`` frames, ``rate`` a second.

    ``start_timecode_s`` is its start timecode in seconds, None where it is not known.
    """

    start: int
    count: int
    rate: Fraction
    start_timecode_s: Optional[Fraction] = None


@dataclass(frozen=True)
class Used:
    """What an item uses of its media.

    ``first_index`` is how many frames are before its first one; None where that is not known. ``speed`` is 1 where every
    frame of the timeline shows the next of the media, and None where it is not known to be constant. ``why_rendered``
    is a clause where the frames cannot be read from the file one by one, else empty.
    """

    first_index: Optional[int]
    speed: Optional[Fraction]
    why_rendered: str = ""


def frames_used(item: ItemFacts, media: MediaRange, timeline_rate: Fraction) -> Used:
    """Which frames of its media an item uses."""
    if media.rate != timeline_rate:
        why = f"it has {_rate(media.rate)} frames per second in a timeline of {_rate(timeline_rate)}"
        return Used(None, None, why)
    duration = round(item.duration)
    span = _span(item, media)
    if span is None:
        if item.source_start is not None:
            return Used(None, None, "Resolve does not say which frames of the file it shows")
    elif span != duration:
        return _retimed(item, media, span)
    fitting = _first_indices(item, media, duration)
    if len(fitting) == 1:
        return Used(fitting[0], Fraction(1))
    if fitting:
        listed = " or ".join(str(media.start + index) for index in fitting)
        return Used(None, Fraction(1), f"Resolve's numbers leave open whether it begins with frame {listed}")
    return Used(
        None,
        Fraction(1),
        f"the frames that Resolve says it shows are not among those that its media has, {media.start} to "
        f"{media.start + media.count - 1}",
    )


def frames_passed(item: ItemFacts) -> Optional[int]:
    """How many frames of its media pass in an item, either way; None where Resolve does not say."""
    if item.source_start is None or item.source_end is None or _is_unknown(item):
        return None
    return abs(round(item.source_end - item.source_start))


def _span(item: ItemFacts, media: MediaRange) -> Optional[int]:
    """How many frames of the media pass, below 0 where it runs backwards; None where Resolve does not know.

    Where start and end are off by one against the duration, the seconds decide, whose difference is exact.
    """
    duration = round(item.duration)
    seconds = _seconds(item)
    passed = None if seconds is None else round(float(seconds * media.rate))
    start, end = item.source_start, item.source_end
    if start is None or end is None or start == end == 0:
        return passed
    span = round(end - start)
    if abs(span - duration) != 1:
        return span
    # One off is what GetSourceStartFrame is at times, and a speed near 100 % as well.
    return passed if passed is not None else duration


def _seconds(item: ItemFacts) -> Optional[Fraction]:
    if item.source_start_s is None or item.source_end_s is None or item.source_start_s == item.source_end_s:
        return None
    return Fraction(item.source_end_s) - Fraction(item.source_start_s)


def _retimed(item: ItemFacts, media: MediaRange, span: int) -> Used:
    duration = round(item.duration)
    if span < 0:
        return Used(None, None, "it runs backwards")
    if span <= 1 < duration:
        return Used(None, None, "it stands still on one frame")
    speed = Fraction(span, duration)
    why = f"it is retimed: {span} frames of the file pass in {duration}"
    if item.left_offset is None or item.source_start is None or _is_unknown(item):
        return Used(None, None, why)
    # The offset counts in the retimed clip, so that with the speed it gives the first frame only if that never changes.
    reckoned, loose = item.left_offset * float(speed), max(1.0, float(speed))
    fitting = [
        index
        for index in _readings(item.source_start, media, span)
        if index >= _ENOUGH and abs(reckoned - index) <= loose
    ]
    return Used(fitting[0], speed, why) if len(fitting) == 1 else Used(None, None, why)


def _first_indices(item: ItemFacts, media: MediaRange, duration: int) -> tuple[int, ...]:
    """What the first index may be, at 100 %: what all that is known allows."""
    offset = _readings(item.left_offset, media, duration)
    source = None if item.source_start is None or _is_unknown(item) else item.source_start
    # Off by one at times, and before or behind the media then.
    started = {
        near for by in (-1, 0, 1) for near in _readings(None if source is None else source + by, media, duration)
    }
    if item.left_offset is not None:
        found = {index for index in offset if source is None or index in started}
    else:
        found = _readings(source, media, duration)
    if len(found) > 1:
        found = _by_timecode(item, media, found)
    return tuple(sorted(found))


def _readings(number: Optional[float], media: MediaRange, duration: int) -> set[int]:
    """A number as an index, counted from 0 and counted from the media's start, where that is within the media."""
    if number is None:
        return set()
    both = {round(number), round(number) - media.start}
    return {index for index in both if 0 <= index <= media.count - duration}


def _by_timecode(item: ItemFacts, media: MediaRange, indices: Iterable[int]) -> set[int]:
    """Of several indices the one that the source's time since the media's start timecode says; all where it says none."""
    indices = set(indices)
    if item.source_start_s is None or media.start_timecode_s is None or _seconds(item) is None:
        return indices
    passed = (Fraction(item.source_start_s) - media.start_timecode_s) * media.rate
    said = {index for index in indices if abs(passed - index) < _NEAR_S}
    return said or indices


def _is_unknown(item: ItemFacts) -> bool:
    return item.source_start == item.source_end == 0


def _rate(rate: Fraction) -> str:
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")
