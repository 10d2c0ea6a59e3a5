"""What an edit of mattes shows, by OpenTimelineIO's own rules for references, and by nothing of Rotomatte's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import opentimelineio as otio
from tests.timeline.player import Shown, rate_of, seconds

Seen = Counter[tuple[str, str, int]]
"""On one record frame: a plate's clip, an object, and the number of a plate frame or a matte file."""

_BRACKET = re.compile(r"(.*)\[(\d+)-(\d+)\](.*)")
_PRINTF = re.compile(r".*%0\d+d.*")


def mattes_in(pictures: Iterable[Shown], files: Mapping[str, range]) -> Seen:
    """The mattes among what is shown on a record frame. A clip of mattes is called after the plate's and the object.

    ``files`` are the numbers of the files there are, by the name of the shot's folder.
    """
    seen: Seen = Counter()
    for picture in pictures:
        if picture.track.startswith("mattes/"):
            clip, name = picture.clip.name.split(" ")
            assert picture.track == f"mattes/{name}"
            pattern, number = pattern_and_number(picture, files)
            assert pattern.endswith(f"/{name}/{name}.%04d.exr"), pattern
            seen[clip, name, number] += 1
    return seen


def pattern_and_number(picture: Shown, files: Mapping[str, range]) -> tuple[str, int]:
    """The printf pattern of a matte that is shown, and the number of its file.

    Of ``car.%04d.exr`` the first file there is belongs to the first frame that is available. A frame that is not available
    is the nearest one, and where a file is not there, the nearest one is.
    """
    reference = picture.clip.media_reference
    available = reference.available_range
    first = int(seconds(available.start_time) * rate_of(available.start_time))
    index = min(max(picture.media_frame - first, 0), round(available.duration.value) - 1)
    if isinstance(reference, otio.schema.ImageSequenceReference):
        pattern = reference.abstract_target_url(f"%0{reference.frame_zero_padding}d")
        number = reference.start_frame + index * reference.frame_step
        assert reference.target_url_for_image_number(index) == pattern % number
        assert reference.missing_frame_policy == reference.MissingFramePolicy.hold
        there = files[Path(pattern).parent.parent.name]
        return pattern, min(max(number, there[0]), there[-1])
    path = reference.target_url
    if found := _BRACKET.fullmatch(path):
        pattern, first_number = f"{found[1]}%0{len(found[2])}d{found[4]}", int(found[2])
        assert range(first_number, int(found[3]) + 1) == files[Path(path).parent.parent.name]
    elif _PRINTF.fullmatch(path):
        pattern, first_number = path, files[Path(path).parent.parent.name][0]
    else:
        stem, digits, suffix = path.rsplit(".", 2)
        pattern, first_number = f"{stem}.%0{len(digits)}d.{suffix}", int(digits)
    assert round(available.duration.value) == len(files[Path(path).parent.parent.name])
    return pattern, first_number + index
