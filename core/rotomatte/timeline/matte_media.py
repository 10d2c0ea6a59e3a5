"""A shot's mattes as a clip's media: which file shows which time of it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from rotomatte.plate.timecode import exact_rate
from rotomatte.timeline.edit import ClipUse
from rotomatte.timeline.host_profiles import HostProfile
from rotomatte.timeline.links import MatteLink
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.plate_frames import media_time_s, require_info
from rotomatte.timeline.read_media import available_start_s
from rotomatte.timeline.read_times import seconds

_NUMBERED = re.compile(r"(?P<prefix>.*)%0(?P<digits>\d+)d(?P<suffix>.*?)")


@dataclass(frozen=True)
class MatteMedia:
    """The mattes of an object, on the clock of a clip's media.

    ``link`` says which files these are. ``numbers`` are those of the files in the order in which they are shown, of a
    movie those of its frames; the first one begins at ``start_s`` seconds, and there are ``rate`` of them a second.
    """

    link: MatteLink
    numbers: range
    start_s: Fraction
    rate: Fraction


def matte_media(link: MatteLink, media: FoundMedia, use: ClipUse, clip: Any) -> MatteMedia:
    """A link's mattes as media of a clip of the plate.

    Args:
        link: one of the shot's.
        media: what was found for the clip.
        use: the clip, as read.
        clip: the same as OpenTimelineIO has it.
    """
    first = require_info(media).frames.first
    step = media.step
    numbers = range(first + step * math.ceil(Fraction(link.frames.first - first, step)), link.frames.last + 1, step)
    # Frames of a media are counted from its time zero, and they begin where its available range does.
    available = use.media.available
    media_s = available_start_s(clip)
    begin_s = Fraction(0)
    if available is not None and media_s is not None:
        begin_s = media_s - available.first / use.media.rate
    start_s = begin_s + media_time_s(media, numbers[0])
    return MatteMedia(link, numbers, start_s, media.rate or use.media.rate)


def matte_reference(matte: MatteMedia, span: Any, profile: HostProfile, out: Path) -> Any:
    """An OpenTimelineIO media reference to mattes.

    Its available range begins at the media time of the first matte, so that the source range of the plate's clip holds for
    it as it is. Numbered files are referred to in the way of ``profile``, movies by an ``ExternalReference``.

    Args:
        matte: the mattes.
        span: the source range of the clip that they are for.
        profile: the host's ways.
        out: the folder that the mattes are below of, and in which the edit will lie.
    """
    path = (out.resolve() / matte.link.mattes).as_posix() if profile.is_absolute else matte.link.mattes
    folder, _, name = path.rpartition("/")
    numbers, start_s = matte.numbers, matte.start_s
    numbered = _NUMBERED.fullmatch(name)
    if numbered is not None and profile.numbered_files == "sequence":
        if profile.covers_source_range:
            numbers, start_s = _covering(matte, span)
        rate = _written_rate(matte.rate, span)
        made = otio.schema.ImageSequenceReference(
            target_url_base=f"{folder}/",
            name_prefix=numbered["prefix"],
            name_suffix=numbered["suffix"],
            start_frame=numbers[0],
            frame_step=numbers.step,
            rate=rate * numbers.step,
            frame_zero_padding=int(numbered["digits"]),
            missing_frame_policy=otio.schema.ImageSequenceReference.MissingFramePolicy.hold,
        )
    else:
        if numbered is not None:
            name = _in_one_path(numbered, numbers, profile)
        made = otio.schema.ExternalReference(f"{folder}/{name}")
    made.name = name
    made.available_range = _range(start_s, len(numbers), matte.rate, span)
    return made


def _in_one_path(numbered: re.Match[str], numbers: range, profile: HostProfile) -> str:
    """Numbered files as one name; a single one goes by its own."""
    digits = int(numbered["digits"])
    first, last = (f"{number:0{digits}d}" for number in (numbers[0], numbers[-1]))
    if len(numbers) == 1:
        middle = first
    elif profile.numbered_files == "bracket":
        middle = f"[{first}-{last}]"
    else:
        middle = f"%0{digits}d"
    return f"{numbered['prefix']}{middle}{numbered['suffix']}"


def _covering(matte: MatteMedia, span: Any) -> tuple[range, Fraction]:
    """The numbers from the mattes' on that all of a range needs, and when the first one begins."""
    begin_s = seconds(span.start_time) - matte.start_s
    before = min(0, math.floor(begin_s * matte.rate))
    after = max(len(matte.numbers), math.ceil((begin_s + seconds(span.duration)) * matte.rate))
    first, step = matte.numbers[0], matte.numbers.step
    return range(first + step * before, first + step * after, step), matte.start_s + before / matte.rate


def _range(start_s: Fraction, count: int, rate: Fraction, span: Any) -> Any:
    """``count`` frames from a time on."""
    written = _written_rate(rate, span)
    start = start_s * rate
    # A time between frames was worked out from seconds, and is one of the rate as it is written.
    value = int(start) if start.denominator == 1 else float(start_s * Fraction(written))
    time = otio.opentime.RationalTime
    return otio.opentime.TimeRange(time(value, written), time(count, written))


def _written_rate(rate: Fraction, span: Any) -> float:
    """A rate as a clip's range has it, which may be rounded: times of one rate compare best in one spelling."""
    spelling = float(span.start_time.rate)
    return spelling if exact_rate(Fraction(spelling)) == rate else float(rate)
