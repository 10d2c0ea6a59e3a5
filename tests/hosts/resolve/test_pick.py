"""Which clips are meant by a word."""

from __future__ import annotations

import pytest
from tests.hosts.resolve.fake import Scene

from rotomatte_hosts.resolve import pick
from rotomatte_hosts.resolve.marks import Mark, set_mark
from rotomatte_plugin.errors import HostError, JobError

START = 86400


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    made.project()
    timeline = made.timeline(tracks=2)
    plate = made.media("/shots/plate.[1001-1100].exr")
    for name, track, at in (("one", 1, 0), ("two", 1, 10), ("three", 2, 5)):
        item = made.place(plate, track=track, record_frame=START + at, start=1001, end=1011, name=name)
        item.color = "Orange" if name != "two" else ""
    timeline.playhead = START + 12
    return made


def names(scene: Scene, which: str) -> list[str]:
    return [item.GetName() for item in pick.items(scene.resolve, which)]


def test_under_the_playhead(scene: Scene) -> None:
    assert names(scene, "playhead") == ["three"], "the uppermost"
    scene.fake.timeline.playhead = START + 17
    assert names(scene, "playhead") == ["two"]
    scene.fake.timeline.playhead = START + 50
    with pytest.raises(JobError, match="under the playhead"):
        names(scene, "playhead")


def test_under_the_playhead_a_matte_stands_for_its_clip(scene: Scene) -> None:
    """As in Lua: mattes lie on top, and the artist who wants them again is still on the same frame."""
    below, matte = scene.fake.timeline.tracks["video"][0].items[1], scene.fake.timeline.tracks["video"][1].items[0]
    media = scene.media("/mattes/car.[1001-1100].exr")
    set_mark(scene.handle(media), Mark(below.uid, "car"))
    matte.media = media
    assert names(scene, "playhead") == ["two"]
    set_mark(scene.handle(media), Mark("deleted", "car"))
    with pytest.raises(JobError, match="No clip is under the playhead"):
        names(scene, "playhead")


def test_selected_where_resolve_says_so(scene: Scene) -> None:
    with pytest.raises(JobError, match="No clip is selected"):
        names(scene, "selected")
    scene.fake.timeline.selected = [scene.fake.timeline.tracks["video"][0].items[1]]
    assert names(scene, "selected") == ["two"]


def test_an_older_resolve_is_told_another_way() -> None:
    older = Scene("20.2.1")
    older.project()
    older.timeline()
    with pytest.raises(JobError, match="does not say which clips are selected") as caught:
        names(older, "selected")
    assert "colour:Orange" in caught.value.remedy


def test_of_a_colour(scene: Scene) -> None:
    assert names(scene, "colour:orange") == ["one", "three"]
    with pytest.raises(JobError, match="No clip is Navy"):
        names(scene, "colour:Navy")
    with pytest.raises(JobError, match="'Mauve' is no colour") as caught:
        names(scene, "colour:Mauve")
    assert "Chocolate" in caught.value.remedy


def test_of_a_track(scene: Scene) -> None:
    assert names(scene, "track:1") == ["one", "two"]
    for number in ("0", "3", "", "x", "²"):
        with pytest.raises(JobError, match="no video track") as caught:
            names(scene, f"track:{number}")
        assert "track:1 to track:2" in caught.value.remedy


def test_under_a_marker_of_ours(scene: Scene) -> None:
    scene.marker(scene.fake.timeline, 19, "lunch")
    with pytest.raises(JobError, match="marker of ours"):
        names(scene, "marked")
    scene.marker(scene.fake.timeline, 10, "roto:car")
    assert names(scene, "marked") == ["two", "three"]


def test_all_and_nothing_else(scene: Scene) -> None:
    assert names(scene, "all") == ["one", "two", "three"]
    for which in ("every", "playhead:2", "selected:", "marked:car"):
        with pytest.raises(JobError, match=f"'{which}' names no clips") as caught:
            names(scene, which)
        assert "marked" in caught.value.remedy


def test_without_a_timeline_it_says_so() -> None:
    bare = Scene()
    bare.project()
    with pytest.raises(HostError, match="No timeline is open"):
        pick.items(bare.resolve, "all")
