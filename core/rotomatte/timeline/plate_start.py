"""Which of a plate's frames a media frame is, where the edit and the plate each have their own way of counting. Pure.

A sequence that the edit knows by numbers leaves nothing open. Of a movie, or of a sequence that the edit knows by a path,
the first available frame is the plate's first, as long as both have as many frames. Otherwise times may be the plate's time
code, the numbers of its files, or count from zero: what the edit shows has to be there, and only that can decide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Optional

import opentimelineio as otio

from rotomatte.plate.base import Timecode
from rotomatte.timeline.edit import MediaRange, MediaReference
from rotomatte.timeline.labels import span
from rotomatte_plugin.errors import TimelineError
from rotomatte_plugin.model import FrameRange


@dataclass(frozen=True)
class PlateFacts:
    """What is known of a plate: ``rate`` of movies only, the ``timecode`` of its first frame, None where it has none.

    ``named`` is the number that the edit's path itself names: of one file of a sequence, or the first in brackets.
    """

    path: str
    frames: FrameRange
    rate: Optional[Fraction] = None
    timecode: Optional[Timecode] = None
    named: Optional[int] = None


@dataclass(frozen=True)
class PlateStart:
    """The plate's frame ``number`` begins at ``media``, in media frames, whole unless the rates differ.

    ``rate`` is in plate frames a second. ``warning`` is a sentence on what was doubtful, else empty.
    """

    number: int
    media: Fraction
    rate: Fraction
    warning: str = ""

    def media_at(self, number: int, reference: MediaReference) -> Fraction:
        """The media frame at which another of the plate's frames begins."""
        return self.media + Fraction(number - self.number, reference.step) * reference.rate / self.rate


@dataclass(frozen=True)
class _Reading:
    """One way to count: ``words`` is what it goes by, and the plate's ``number`` begins at ``media``."""

    words: str
    number: int
    media: Fraction
    is_timecode: bool = False


def plate_start(reference: MediaReference, used: range, plate: PlateFacts) -> PlateStart:
    """Where a plate begins in the media's time.

    Args:
        reference: what the edit says of the media.
        used: the media frames from the first to the last that the edit shows.
        plate: what it is on the disk.

    Raises:
        TimelineError: the edit leaves open which frames are meant; the sentence names what is possible.
    """
    rate, warning = _plate_rate(reference, plate)
    readings = tuple(_readings(reference, plate, rate))
    available = reference.available
    if available is not None:
        reading, doubt = _by_available(reference, available, plate, rate, readings)
        warning = " ".join(part for part in (warning, doubt) if part)
    else:
        reading = _by_use(reference, used, plate, rate, readings)
    return PlateStart(reading.number, reading.media, rate, warning)


def _plate_rate(reference: MediaReference, plate: PlateFacts) -> tuple[Fraction, str]:
    """The plate's frames a second on the media's clock, and a sentence where its own rate is another than the edit's.

    A sequence runs as the edit says. A movie that has just as many frames as the edit says, or whose rate is the same but
    for the thousandth that television takes off, is counted frame by frame; of any other, seconds count.
    """
    if plate.rate is None or plate.rate == reference.rate:
        return reference.rate, ""
    counted = (
        f"The edit counts {reference.name} at {_fps(reference.rate)} frames a second, and it has {_fps(plate.rate)}"
    )
    is_same_count = reference.available is not None and reference.available.count == len(plate.frames)
    is_same_nominal = reference.available is None and round(plate.rate) == round(reference.rate)
    if is_same_count or is_same_nominal:
        return reference.rate, f"{counted}: its frames are taken one by one."
    return plate.rate, f"{counted}: it is taken by seconds."


def _readings(reference: MediaReference, plate: PlateFacts, rate: Fraction) -> Iterator[_Reading]:
    """How the edit may count the media, apart from what it says to be available."""
    first = plate.frames.first
    labels = _labels(plate, reference.rate if rate == reference.rate else rate)
    if labels is not None:
        yield _Reading(f"its time code {plate.timecode}", first, labels / rate * reference.rate, is_timecode=True)
    if plate.rate is None and reference.step == 1:
        yield _Reading("the numbers of its files", first, Fraction(first))
    begin = first if reference.first_number is None else reference.first_number
    yield _Reading("frames counted from 0", plate.named if plate.named is not None else begin, Fraction(0))


def _by_available(
    reference: MediaReference,
    available: MediaRange,
    plate: PlateFacts,
    rate: Fraction,
    readings: tuple[_Reading, ...],
) -> tuple[_Reading, str]:
    first = Fraction(available.first)
    if reference.first_number is not None:
        return _Reading("its number", reference.first_number, first), ""
    plain = _Reading("its first frame", _first_number(plate, available.count), first)
    there = plate.frames.last - plain.number + 1
    if abs(available.count - there * reference.rate / rate) < 1:
        return plain, ""
    count = math.ceil(available.count * rate / reference.rate)
    doubt = (
        f"The edit says that {reference.name} has {count} frames, and {plate.path} has {len(plate.frames)} "
        f"({plate.frames})"
    )
    # What is said to be there is less than the plate: a stretch of it, if time code or numbers bear that out.
    span_of_available = range(available.first, available.first + available.count)
    for reading in readings[:-1]:
        if _fits(reading, span_of_available, reference, plate, rate):
            return reading, f"{doubt}: they are told by {reading.words}."
    return plain, f"{doubt}: the first of both is taken to be the same."


def _first_number(plate: PlateFacts, count: int) -> int:
    """The number of the first available frame: that of the file which the path names, unless only the whole plate fits."""
    first, last = plate.frames.first, plate.frames.last
    if plate.named is None or (plate.named + count - 1 > last and count == len(plate.frames)):
        return first
    return plate.named


def _by_use(
    reference: MediaReference, used: range, plate: PlateFacts, rate: Fraction, readings: tuple[_Reading, ...]
) -> _Reading:
    """The one way to count by which everything is there that the edit shows; of several, that of the time code."""
    if not used:
        raise TimelineError(
            f"The edit does not tell which frames of {reference.name} it shows.",
            remedy="Export it so that it says which range of its media is available.",
            path=plate.path,
        )
    fitting = [reading for reading in readings if _fits(reading, used, reference, plate, rate)]
    distinct = {_frame(reading, used[0], reference, rate) for reading in fitting}
    if len(distinct) == 1 or any(reading.is_timecode for reading in fitting):
        return fitting[0]  # the time code comes first
    if not fitting:
        tried = " or ".join(reading.words for reading in readings)
        raise TimelineError(
            f"The edit shows the frames {span(used)} of {reference.name}, and {plate.path} has none such by {tried}: it has "
            f"{plate.frames}.",
            remedy="Export the edit so that it says which range of its media is available, or check that it is that media.",
            path=plate.path,
        )
    possible = " or ".join(f"{_frame(one, used[0], reference, rate)} by {one.words}" for one in fitting)
    raise TimelineError(
        f"The edit does not say which frames of {reference.name} it shows: the first may be {possible}.",
        remedy="Export the edit so that it says which range of its media is available, as OTIO for one.",
        path=plate.path,
    )


def _fits(reading: _Reading, media: range, reference: MediaReference, plate: PlateFacts, rate: Fraction) -> bool:
    return all(_frame(reading, frame, reference, rate) in plate.frames for frame in (media[0], media[-1]))


def _frame(reading: _Reading, media: int, reference: MediaReference, rate: Fraction) -> int:
    return reading.number + reference.step * math.floor((media - reading.media) * rate / reference.rate)


def _labels(plate: PlateFacts, rate: Fraction) -> Optional[int]:
    """The frames that the plate's time code counts from zero."""
    if plate.timecode is None:
        return None
    try:
        return int(otio.opentime.from_timecode(str(plate.timecode), float(rate)).to_frames())
    except ValueError:
        return None


def _fps(rate: Fraction) -> str:
    return f"{float(rate):.6g}"
