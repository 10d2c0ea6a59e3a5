"""What an edit shows, and what its mattes show, read from pixels with a player that is not Rotomatte's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import opentimelineio as otio
from tests.conftest import alpha_of
from tests.timeline.coded_plates import code_of_matte, movie_code, still_code
from tests.timeline.player import Shown, rate_of, shown

from rotomatte.mattes.exr import read_matte_header

Codes = Counter[tuple[str, int]]
"""Pictures on one record frame: the plate's file name or pattern, and the code that its pixels have."""


@dataclass(frozen=True)
class Played:
    """A file of a medium: its path and, of a movie, which frame of it counted from 0."""

    path: Path
    index: int = 0


def media_file(picture: Shown, near: Path) -> Played:
    """The file that a picture is read from, by OpenTimelineIO's own rule for it."""
    reference = picture.clip.media_reference
    available = reference.available_range
    index = picture.media_frame - round(available.start_time.rescaled_to(rate_of(available.start_time)).value)
    count = round(available.duration.value)
    assert 0 <= index < count, (picture, index)
    if isinstance(reference, otio.schema.ImageSequenceReference):
        return Played(near / _path(reference.target_url_for_image_number(index)))
    path = near / _path(reference.target_url)
    if "%" in path.name:
        files = sorted(path.parent.glob(path.name.split("%")[0] + "*" + path.suffix))
        return Played(files[index])
    if "[" in path.name:
        stem, rest = path.name.split("[")
        numbers, suffix = rest.split("]")
        first = numbers.split("-")[0]
        return Played(path.with_name(f"{stem}{int(first) + index:0{len(first)}d}{suffix}"))
    return Played(path, index)


def plates_shown(timeline: Any, near: Path, record_frame: int, rate: int, *, of: set[str]) -> Codes:
    """What the edit shows on one of its frames, of the plates that are named."""
    codes: Codes = Counter()
    for picture in shown(timeline, Fraction(record_frame, rate)):
        name = _name(picture)
        if not picture.track.startswith("mattes") and name in of:
            found = media_file(picture, near)
            is_movie = found.path.suffix == ".mov"
            codes[name, movie_code(found.path, found.index) if is_movie else still_code(found.path)] += 1
    return codes


def mattes_shown(timeline: Any, near: Path, record_frame: int, rate: int, track: str) -> Codes:
    """What one of its tracks of mattes shows on that frame."""
    codes: Codes = Counter()
    for picture in shown(timeline, Fraction(record_frame, rate)):
        if picture.track == track:
            codes[_matte(media_file(picture, near).path)] += 1
    return codes


@cache
def _matte(path: Path) -> tuple[str, int]:
    header = read_matte_header(path)
    assert header is not None, path
    return header.source.split(".")[0], code_of_matte(alpha_of(path))


def _name(picture: Shown) -> str:
    reference = picture.clip.media_reference
    is_numbered = isinstance(reference, otio.schema.ImageSequenceReference)
    return Path(reference.name_prefix if is_numbered else _path(reference.target_url)).name.split(".")[0]


def _path(url: str) -> str:
    return unquote(urlsplit(url).path) if url.startswith("file:") else url
