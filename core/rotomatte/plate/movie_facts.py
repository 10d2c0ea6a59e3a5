"""Where a movie says it comes from, out of FFmpeg's metadata of container and streams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Optional

from av.container import InputContainer
from av.video.stream import VideoStream

from rotomatte.plate.base import FrameFacts
from rotomatte.plate.timecode import advance, nominal_rate, parse_timecode
from rotomatte_plugin.model import FrameRate

_CREATION_DATE = "com.apple.quicktime.creationdate"
_DATE_AND_OFFSET = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:([+-])(\d\d):?(\d\d))?.*")


def movie_facts(container: InputContainer, stream: VideoStream, rate: FrameRate) -> FrameFacts:
    """The facts of the first frame.

    The time code and the reel come from the picture's own stream (MXF's material, a QuickTime track that names its
    time code track), a time code track, or the container. ``creation_time`` is when the file was made, so only
    QuickTime's creation date, which cameras write, is a date of capture.
    """
    said = [stream.metadata, *(other.metadata for other in container.streams.data), container.metadata]
    date, offset_s = _date_and_offset(_first(said, (_CREATION_DATE,)))
    return FrameFacts(
        timecode=parse_timecode(_first(said, ("timecode",)), nominal_rate(rate)),
        reel=_first(said, ("reel_name", "com.apple.proapps.reel", "material_package_name")) or None,
        owner=_first(said, ("copyright",)) or None,
        capture_date=date,
        utc_offset_s=offset_s,
    )


def facts_at(first: FrameFacts, position: int, rate: FrameRate) -> FrameFacts:
    """The facts of the frame at a position counted from 0."""
    if first.timecode is None:
        return first
    return replace(first, timecode=advance(first.timecode, position, nominal_rate(rate)))


def _first(said: Iterable[Mapping[str, str]], names: Iterable[str]) -> str:
    stores = list(said)
    return next((text for name in names for store in stores if (text := store.get(name, "").strip())), "")


def _date_and_offset(text: str) -> tuple[Optional[str], Optional[float]]:
    found = _DATE_AND_OFFSET.fullmatch(text)
    if found is None:
        return None, None
    date = f"{found[1]}:{found[2]}:{found[3]} {found[4]}"
    if found[5] is None:
        return date, None
    # ISO 8601 counts east of Greenwich, OpenEXR west.
    seconds_east = 3600 * int(found[6]) + 60 * int(found[7])
    return date, float(-seconds_east if found[5] == "+" else seconds_east)
