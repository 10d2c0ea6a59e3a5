"""Markers, on the media frames that are shown where hosts put them."""

from __future__ import annotations

import json
from typing import Any, Optional

import opentimelineio as otio
from tests.timeline.edits_made import clip, movie, resolve_ramp, span, speed, time, timeline, track

from rotomatte.timeline.edit import ClipMarker
from rotomatte.timeline.read_edit import read_edit


def marked(cut: Any, first: float, count: float = 0, rate: float = 24, metadata: Optional[Any] = None) -> ClipMarker:
    """What becomes of one marker of a clip that begins an hour into an edit."""
    marker = otio.schema.Marker("roto:car", span(first, count, rate), "RED", metadata or {})
    marker.comment = "the red one"
    cut.markers.append(marker)
    (use,) = read_edit(timeline(track(cut), start=time(86400)))
    (read,) = use.markers
    return read


def test_a_marker_is_on_a_source_frame() -> None:
    """With its name, comment and metadata."""
    read = marked(clip(100, 50), 110, 5, metadata={"rotomatte": {"include": [[1.5, 2]]}})
    assert (read.name, read.comment, read.first, read.count) == ("roto:car", "the red one", 110, 5)
    assert json.loads(read.metadata) == {"rotomatte": {"include": [[1.5, 2]]}}


def test_a_marker_without_a_length_is_on_one_frame() -> None:
    """A duration of 0 or of one frame, in the media's frames where these are longer."""
    assert (marked(clip(100, 50), 110).first, marked(clip(100, 50), 110).count) == (110, 1)
    media = movie(available=span(0, 500, 24))
    read = marked(clip(96, 48, 48, media=media), 101, 1, 48)
    assert (read.first, read.count) == (50, 1)


def test_a_marker_of_a_retimed_clip() -> None:
    """Is met as long after the clip's beginning as it lies after the range's: half way through, at double speed."""
    read = marked(clip(100, 50, effects=[speed(2)]), 125, 3)
    assert (read.first, read.count) == (150, 5)
    backwards = marked(clip(100, 50, effects=[speed(-1)]), 110, 3)
    assert (backwards.first, backwards.count) == (88, 3)


def test_a_marker_before_the_media_counts_from_its_beginning() -> None:
    """Media with an hour of time code, and a marker at frame 12."""
    assert marked(clip(86410, 50, media=movie(available=span(86400, 100))), 12).first == 86412


def test_resolves_markers_count_on_the_retimed_media() -> None:
    """At double speed the clip begins at the 19th frame of it, and marker 24 is five frames later."""
    zoom = resolve_ramp((), 19)[1]
    media = movie(available=span(0, 99))
    cut = clip(39, 11, media=media, effects=[speed(2), zoom])
    assert marked(cut, 24, 1, metadata={"Resolve_OTIO": {"Note": ""}}).first == 49


def test_resolves_comments_are_notes() -> None:
    """They are in its own metadata."""
    cut = clip(0, 9)
    note = otio.schema.Marker("roto:car", span(3, 1), metadata={"Resolve_OTIO": {"Note": "{}"}})
    cut.markers.append(note)
    (use,) = read_edit(timeline(track(cut)))
    assert use.markers[0].comment == "{}"


def test_locators_of_an_edit_decision_list_are_record_time_codes() -> None:
    """The eighth frame of a clip that begins at one hour."""
    cut = clip(5000, 50)
    assert marked(cut, 86408, 0, metadata={"cmx_3600": {"color": "RED"}}).first == 5008


def test_a_marker_is_held_where_the_media_ends() -> None:
    """As the picture is."""
    assert marked(clip(90, 20, media=movie(available=span(0, 100))), 105).first == 99
