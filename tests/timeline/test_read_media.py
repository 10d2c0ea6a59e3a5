"""Media references as edits have them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from tests.timeline.edits_made import clip, movie, span, timeline, track

from rotomatte.timeline.edit import MediaRange, MediaReference
from rotomatte.timeline.read_edit import read_edit
from rotomatte.timeline.read_media import read_media


@pytest.mark.parametrize(
    ("url", "path", "name"),
    [
        ("/plates/a b.mov", "/plates/a b.mov", "a b.mov"),
        ("file:///plates/a%20b.mov", "/plates/a b.mov", "a b.mov"),
        ("file://localhost/plates/a.mov", "/plates/a.mov", "a.mov"),
        ("file:/plates/50%25.mov", "/plates/50%.mov", "50%.mov"),
        ("FILE://server/plates/a.mov", "//server/plates/a.mov", "a.mov"),
        ("file:///E:/plates/a.mov", "E:/plates/a.mov", "a.mov"),
        ("E:\\plates\\50%.mxf", "E:\\plates\\50%.mxf", "50%.mxf"),
        ("file:///plates/a%20b.%04d.exr", "/plates/a b.%04d.exr", "a b.%04d.exr"),
        ("file:///plates/a.%d.exr", "/plates/a.%d.exr", "a.%d.exr"),
        ("../plates/a.%04d.exr", "../plates/a.%04d.exr", "a.%04d.exr"),
    ],
)
def test_paths(url: str, path: str, name: str) -> None:
    """URLs are decoded, and plain paths, which hosts write in their place, left alone."""
    media = read_media(clip(0, 1, media=movie(url)))
    assert (media.kind, media.path, media.name) == ("file", path, name)


def numbered(base: str, **changes: Any) -> Any:
    """A sequence ``sh.1001.exr`` and so on."""
    facts: dict[str, Any] = {"start_frame": 1001, "frame_zero_padding": 4, "rate": 24, "available_range": span(0, 99)}
    return otio.schema.ImageSequenceReference(base, "sh.", ".exr", **(facts | changes))


@pytest.mark.parametrize(
    ("base", "pattern"),
    [
        ("/plates", "/plates/sh.%04d.exr"),
        ("file:///plates/x%20y/", "/plates/x y/sh.%04d.exr"),
        ("C:\\plates", "C:\\plates\\sh.%04d.exr"),
        ("", "sh.%04d.exr"),
    ],
)
def test_a_sequence_is_a_pattern(base: str, pattern: str) -> None:
    """Resolve's base is a plain path of Windows, and its range counts from 0 while files count from 1001."""
    media = read_media(clip(0, 1, media=numbered(base)))
    assert media == MediaReference("sequence", pattern, "sh.%04d.exr", Fraction(24), MediaRange(0, 99), 1001, 1)


def test_a_sequence_without_padding() -> None:
    """Has no leading zeros."""
    assert read_media(clip(0, 1, media=numbered("/p", frame_zero_padding=0))).path == "/p/sh.%d.exr"


def test_a_sequence_on_twos() -> None:
    """Every picture is there for two frames: 12 a second, and every second number."""
    reference = numbered("/p", frame_step=2, available_range=span(1001, 48))
    (use,) = read_edit(timeline(track(clip(1001, 7, media=reference))))
    assert (use.media.rate, use.media.step, use.media.available) == (12, 2, MediaRange(500, 24))
    assert use.media_frames == (500, 500, 501, 501, 502, 502, 503)


def test_the_rate_is_that_of_the_media() -> None:
    """Else of the clip; of a range whose start is a bare zero, that of its duration."""
    assert read_media(clip(0, 1, media=movie(available=span(0, 9, 23.976)))).rate == Fraction(24000, 1001)
    assert read_media(clip(0, 1, 25)).rate == 25
    bare = otio.opentime.TimeRange(otio.opentime.RationalTime(), otio.opentime.RationalTime(9, 50))
    assert read_media(clip(0, 1, media=movie(available=bare))).rate == 50
    assert read_media(clip(0, 1, media=numbered("/p", rate=1, available_range=span(0, 9, 30)))).rate == 30


def test_an_empty_range_says_nothing() -> None:
    """Final Cut's files with a time code and no duration have one."""
    assert read_media(clip(0, 1, media=movie(available=span(86400, 0)))).available is None


def test_what_has_no_path_is_missing() -> None:
    """Under the clip's name; bars and titles are missing as well."""
    for reference in (otio.schema.MissingReference("offline"), otio.schema.GeneratorReference("bars")):
        media = read_media(clip(0, 1, name="sh010", media=reference))
        assert (media.kind, media.path, media.name) == ("missing", "", "sh010")


def test_the_active_reference_counts() -> None:
    """Even offline, and then the others are named."""
    cut = clip(5, 2, name="sh010")
    proxy, plate = movie("/proxy/a.mov"), movie("/plate/a.mov")
    cut.set_media_references({"proxy": proxy, "plate": plate}, "plate")
    edit = read_edit(timeline(track(cut)))
    assert (edit.clips[0].media.path, edit.warnings) == ("/plate/a.mov", ())
    offline = otio.schema.MissingReference(available_range=span(0, 9))
    cut.set_media_references({"proxy": proxy, "plate": plate, "hero": offline}, "hero")
    edit = read_edit(timeline(track(cut)))
    assert (edit.clips[0].media.kind, edit.clips[0].media_frames) == ("missing", (5, 6))
    assert edit.warnings == (
        "Clip 'sh010' (V1/1): Its active media is missing, and it has others, of which none is taken: plate, proxy.",
    )
