"""A mirrored track keeps its time, whatever becomes of its clips."""

from __future__ import annotations

from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timeline import edits_made as made
from tests.timeline.test_mapping import built, tracks

from rotomatte.timeline.mirror import clips_with_ids, mirrored_track, tracks_with_ids
from rotomatte.timeline.read_edit import read_edit

AUDIO = otio.schema.TrackKind.Audio


def kept(*names: str) -> Any:
    """Changes the clips of these names, and no others."""
    return lambda _, clip: clip.name in names


def shape(composition: Any) -> list[Any]:
    """What it is made of: kinds, and clips by their names."""
    items = list(composition)
    return [
        item.name
        if isinstance(item, otio.schema.Clip)
        else shape(item)
        if isinstance(item, otio.core.Composition)
        else type(item).__name__
        for item in items
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(tracks(), min_size=1, max_size=2))
def test_clips_have_the_ids_of_the_edit(items: Any) -> None:
    video = [made.track(*map(built, one)) for one in items]
    timeline = made.timeline(video[0], otio.schema.Track("sound", kind=AUDIO), *video[1:], start=made.time(0))
    stack = timeline.tracks
    ids = {
        clip_id: clip.name
        for track_id, track in tracks_with_ids(stack)
        for clip_id, clip in clips_with_ids(track, track_id)
    }
    read = {use.id.partition("#")[0]: use.name for use in read_edit(timeline)}
    assert read.items() <= ids.items()


def test_items_that_are_no_tracks_have_ids_too() -> None:
    inner = made.stack(made.clip(0, 5, name="bare"), made.track(made.clip(0, 5, name="deep")))
    timeline = made.timeline(start=made.time(0))
    timeline.tracks.append(made.clip(0, 5, name="top"))
    timeline.tracks.append(made.track(made.gap(2), inner, made.track(made.clip(0, 3, name="nested track"))))
    stack = timeline.tracks
    ids = {
        clip.name: clip_id
        for track_id, track in tracks_with_ids(stack)
        for clip_id, clip in clips_with_ids(track, track_id)
    }
    assert ids == {"top": "V1/1", "bare": "V2/2/V1/1", "deep": "V2/2/V2/1", "nested track": "V2/3/1"}
    assert ids == {use.name: use.id for use in read_edit(timeline)}


@settings(max_examples=100, deadline=None)
@given(tracks(), st.data())
def test_nothing_moves(items: Any, data: st.DataObject) -> None:
    """What is left is where it was, and what is gone has left a gap of its length."""
    track = made.track(*map(built, items))
    names = [clip.name for clip in track.find_clips()]
    chosen = data.draw(st.sets(st.sampled_from(names))) if names else set()
    mirrored = mirrored_track(track, "V1", kept(*chosen))
    assert (mirrored is None) == (not chosen)
    if mirrored is None:
        return
    assert mirrored.duration() == track.duration()
    before = [clip for clip in list(track.find_clips()) if clip.name in chosen]
    for clip, was in zip(list(mirrored.find_clips()), before, strict=True):
        assert clip.is_equivalent_to(was)
        assert clip.transformed_time(made.time(0), mirrored) == was.transformed_time(made.time(0), track)


def test_the_track_itself_stays_as_it_was() -> None:
    track = made.track(made.clip(0, 5, name="a"), made.dissolve(1, 1), made.clip(0, 5, name="b"))
    before = track.to_json_string()
    mirrored_track(track, "V1", kept("a"))
    assert track.to_json_string() == before


def test_transitions_stay_where_something_is_to_be_seen() -> None:
    clips = (made.clip(9, 9, name=name) for name in "abcd")
    track = made.track(*[item for clip in clips for item in (clip, made.dissolve(1, 1))][:-1])
    mirrored = mirrored_track(track, "V1", kept("b"))
    assert shape(mirrored) == ["Gap", "Transition", "b", "Transition", "Gap", "Gap"]


def test_stacks_of_nothing_are_gaps_and_so_is_sound() -> None:
    sound = otio.schema.Track("sound", [made.clip(0, 9, name="music")], kind=AUDIO)
    empty = made.stack(made.track(made.clip(0, 5, name="a")), source_range=made.span(1, 3))
    full = made.stack(made.track(made.clip(0, 5, name="b")), made.track(made.clip(0, 4, name="c")), sound)
    track = made.track(empty, full)
    mirrored: Any = mirrored_track(track, "V1", kept("b", "music"))
    assert shape(mirrored) == ["Gap", [["b"], ["Gap"], ["Gap"]]]
    assert [item.duration().value for item in list(mirrored)] == [3, 9]


def test_markers_are_left_behind() -> None:
    """A clip of mattes is not to be matted again."""
    clip = made.clip(0, 5, name="a")
    clip.markers.append(otio.schema.Marker("roto:car", made.span(0, 1)))
    mirrored: Any = mirrored_track(made.track(clip), "V1", kept("a"))
    assert len(mirrored[0].markers) == 0


def test_what_is_switched_off_stays_so() -> None:
    clip = made.clip(0, 5, name="a")
    clip.enabled = False
    mirrored: Any = mirrored_track(made.track(clip), "V1", kept("a"))
    assert not mirrored[0].enabled


@pytest.mark.parametrize("chosen", ["a", ""])
def test_a_single_item_gets_a_track_of_its_own(chosen: str) -> None:
    mirrored = mirrored_track(made.clip(0, 5, name="a"), "V1", kept(chosen))
    assert (mirrored is not None) == bool(chosen)
    assert mirrored is None or (mirrored.kind, shape(mirrored)) == ("Video", ["a"])
