"""Notes on frames as markers of the timeline."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.hosts.resolve.edit import RECORD, START, Edit

from rotomatte_hosts.resolve.set_markers import owner, set_markers
from rotomatte_plugin.adapter import Marker
from rotomatte_plugin.errors import HostError


def put(edit: Edit, markers: Iterable[Marker], clip: str = "clip 1") -> None:
    handle = edit.fake.handle(edit.timeline)
    set_markers(handle, clip, tuple(markers), lambda frame: frame - 1011 + RECORD)


def notes(edit: Edit) -> dict[int, str]:
    """By the timeline's absolute frame."""
    return {int(frame) + START: marker["note"] for frame, marker in sorted(edit.timeline.markers.items())}


def test_they_are_at_the_timelines_frames_and_take_the_place_of_earlier_ones() -> None:
    edit = Edit()
    put(edit, [Marker(1013, "lost"), Marker(1015, "back")])
    put(edit, [Marker(1011, "of another clip")], clip="clip 2")
    put(edit, [Marker(1014, "a click here would help")])
    assert notes(edit) == {RECORD: "of another clip", RECORD + 3: "a click here would help"}
    assert owner(edit.timeline.markers[RECORD + 3 - START]) == ("clip 1", 1014)
    put(edit, [])
    assert notes(edit) == {RECORD: "of another clip"}


def test_the_artists_own_stay_where_they_are() -> None:
    edit = Edit()
    edit.scene.marker(edit.timeline, RECORD + 2 - START, "roto:car", note="mine", custom='{"t": 1}')
    edit.scene.marker(edit.timeline, 0, "cut", custom="[]")
    put(edit, [Marker(1013, "lost"), Marker(1014, "back")])
    put(edit, [Marker(1013, "lost"), Marker(1014, "back")])
    assert notes(edit) == {START: "", RECORD + 2: "mine", RECORD + 3: "lost", RECORD + 4: "back"}


def test_notes_on_one_frame_share_a_marker() -> None:
    edit = Edit()
    put(edit, [Marker(1013, "car: lost"), Marker(1013, "dog: lost")])
    assert notes(edit) == {RECORD + 2: "car: lost\ndog: lost"}


def test_a_marker_that_is_not_taken_is_told() -> None:
    edit = Edit()
    edit.timeline.answers["AddMarker"] = True
    with pytest.raises(HostError, match=f"frame {RECORD}"):
        put(edit, [Marker(1011, "lost")])
