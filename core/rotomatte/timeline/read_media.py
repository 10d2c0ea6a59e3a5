"""A clip's media reference, as the edit has it."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Optional
from urllib.parse import unquote

import opentimelineio as otio

from rotomatte.plate.timecode import exact_rate
from rotomatte.timeline.edit import MediaRange, MediaReference
from rotomatte.timeline.read_times import frame_floor, own_range, range_rate, seconds

_FILE_URL = re.compile(r"file:(?://(?P<host>[^/]*))?(?P<path>.*)", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"%(0\d+d|d(?![0-9A-Fa-f]))")
_DRIVE = re.compile(r"/[A-Za-z]:")


def read_media(clip: Any) -> MediaReference:
    """The active media reference of an OpenTimelineIO clip.

    The active one counts, even where it is missing and others are there: which of a proxy, a grade and a plate is meant is
    the editor's to say. ``other_references`` names the others. Generators (bars, titles) have no media: they are missing.
    """
    reference = clip.media_reference
    rate = _rate(clip, reference)
    available = _available(reference, rate)
    if isinstance(reference, otio.schema.ImageSequenceReference):
        path = _sequence_pattern(reference)
        return MediaReference(
            "sequence", path, _file_name(path), rate, available, reference.start_frame, reference.frame_step
        )
    path = _path(getattr(reference, "target_url", None) or "")
    if path:
        return MediaReference("file", path, _file_name(path), rate, available)
    return MediaReference("missing", "", clip.name or _name(reference), rate, available)


def other_references(clip: Any) -> tuple[str, ...]:
    """The names of a clip's media references that are not active and not missing."""
    references = clip.media_references()
    active = clip.active_media_reference_key
    return tuple(
        key
        for key, reference in sorted(references.items())
        if key != active and not isinstance(reference, otio.schema.MissingReference)
    )


def available_start_s(clip: Any) -> Optional[Fraction]:
    """The time at which a clip's media begins, None where the edit does not say."""
    span = clip.media_reference.available_range if clip.media_reference is not None else None
    return None if span is None else seconds(span.start_time)


def _rate(clip: Any, reference: Any) -> Fraction:
    if isinstance(reference, otio.schema.ImageSequenceReference) and reference.rate > 1:
        # A sequence on twos has half as many pictures a second as its time code has frames.
        return exact_rate(Fraction(reference.rate)) / int(reference.frame_step)
    span = reference.available_range if reference is not None else None
    span = span or own_range(clip)
    return Fraction(1) if span is None else range_rate(span)


def _available(reference: Any, rate: Fraction) -> Optional[MediaRange]:
    span = reference.available_range if reference is not None else None
    if span is None or span.duration.value <= 0:
        return None
    count = max(1, round(seconds(span.duration) * rate))
    return MediaRange(frame_floor(seconds(span.start_time) * rate), count)


def _sequence_pattern(reference: Any) -> str:
    base = _path(reference.target_url_base)
    padding = reference.frame_zero_padding
    number = f"%0{padding}d" if padding else "%d"
    separator = "\\" if "\\" in base and "/" not in base else "/"
    joint = "" if not base or base.endswith(("/", "\\")) else separator
    return f"{base}{joint}{reference.name_prefix}{number}{reference.name_suffix}"


def _path(url: str) -> str:
    """A path, of a URL as of what hosts write in its place: Resolve's are plain paths, of Windows too.

    In ``shot.%04d.exr`` the percent sign is no escape.
    """
    found = _FILE_URL.fullmatch(url)
    if found is None:
        return url
    host = found["host"] or ""
    path = unquote(_NUMBER.sub(r"%25\1", found["path"]))
    if host.lower() not in ("", "localhost"):
        return f"//{host}{path}"
    return path[1:] if _DRIVE.match(path) else path


def _file_name(path: str) -> str:
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def _name(reference: Any) -> str:
    return "" if reference is None else str(reference.name)
