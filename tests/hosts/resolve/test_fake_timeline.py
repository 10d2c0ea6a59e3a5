"""Timelines, items and markers of the fake are as the facts say; numbers are those of their contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve.fake import Scene, timecode
from tests.hosts.resolve.reach import SEQUENCE, pool_of, project_of, show, timeline_of


@pytest.fixture
def scene() -> Scene:
    return show()


# 5


def test_items_start_at_absolute_frames_and_end_after_their_last(scene: Scene) -> None:
    item = scene.handle(scene.place(scene.media(SEQUENCE), record_frame=86410, start=1011, end=1051))
    assert timeline_of(scene).GetStartFrame() == 86400
    assert (item.GetStart(), item.GetEnd(), item.GetDuration()) == (86410, 86450, 40)
    assert timeline_of(scene).GetEndFrame() == 86450
    assert isinstance(item.GetStart(True), float)
    assert isinstance(item.GetStart(), int)


# 6


def test_markers_of_a_timeline_count_from_its_start(scene: Scene) -> None:
    timeline = timeline_of(scene)
    assert timeline.AddMarker(96, "Blue", "roto:car", "a note", 1, "data") is True
    assert timeline.AddMarker(96, "Red", "second", "", 1, "") is False
    assert timeline.AddMarker(97, "Beige", "", "", 1, "") is False
    assert timeline.GetMarkers() == {
        96.0: {"color": "Blue", "duration": 1, "note": "a note", "name": "roto:car", "customData": "data"}
    }
    assert isinstance(next(iter(timeline.GetMarkers())), float)
    assert list(timeline.GetMarkerByCustomData("data")) == [96.0]
    assert timeline.UpdateMarkerCustomData(96, "more") is True
    assert timeline.GetMarkerCustomData(96) == "more"
    assert timeline.DeleteMarkerAtFrame(86496) is False
    assert timeline.DeleteMarkersByColor("Blue") is True
    assert timeline.GetMarkers() == {}
    assert scene.resolve.MARKER_BLUE is None


# 7


def test_markers_of_an_item_count_from_the_head_of_its_media_or_from_its_start(scene: Scene) -> None:
    item = scene.place(scene.media(SEQUENCE), record_frame=86400, start=1011)
    scene.marker(item, 15)
    assert list(scene.handle(item).GetMarkers()) == [15.0]
    assert item.marker_record_frame(15) == 86405
    scene.fake.quirks.item_markers_from_head = False
    assert item.marker_record_frame(15) == 86415


# 12


def test_a_new_track_is_on_top(scene: Scene) -> None:
    timeline = timeline_of(scene)
    scene.place(scene.media(SEQUENCE))
    assert timeline.GetTrackName("video", 1) == "Video 1"
    assert timeline.AddTrack("video") is True
    assert timeline.GetTrackCount("video") == 2
    assert timeline.GetTrackName("video", 2) == "Video 2"
    assert [len(timeline.GetItemListInTrack("video", index)) for index in (1, 2)] == [1, 0]
    assert timeline.SetTrackName("video", 2, "Rotomatte car") is True
    assert timeline.AddTrack("video", {"index": 1}) is True
    assert [timeline.GetTrackName("video", index) for index in (1, 2, 3)] == ["Video 1", "Video 2", "Rotomatte car"]
    assert timeline.AddTrack("smell") is False


# 13


def test_a_timelines_name_is_its_own_and_a_new_one_is_current(scene: Scene, tmp_path: Path) -> None:
    pool = pool_of(scene)
    assert pool.CreateEmptyTimeline("Reel 1") is None
    assert pool.CreateEmptyTimeline("Temporary").GetStartTimecode() == "01:00:00:00"
    assert timeline_of(scene).GetName() == "Temporary"
    (tmp_path / "cut.otio").write_text("{}")
    assert pool.ImportTimelineFromFile(str(tmp_path / "cut.otio"), {"timelineName": "Reel 1"}) is None
    assert pool.ImportTimelineFromFile(str(tmp_path / "cut.otio"), {}).GetName() == "cut"
    assert timeline_of(scene).GetName() == "cut"
    assert pool.DeleteTimelines([timeline_of(scene)]) is True
    assert project_of(scene).GetTimelineCount() == 2


# 14


def test_a_clip_has_one_of_sixteen_colours(scene: Scene) -> None:
    clip = scene.handle(scene.place(scene.media("/a.mov")))
    solid = scene.handle(scene.generator(record_frame=86700, frames=10))
    assert clip.SetClipColor("Orange") is True
    assert clip.SetClipColor("Red") is False
    assert clip.GetClipColor() == "Orange"
    assert solid.SetClipColor("Orange") is True
    assert solid.GetClipColor() == ""


# 18


def test_the_timecode_means_nothing_on_the_fusion_page(scene: Scene) -> None:
    scene.place(scene.media(SEQUENCE))
    resolve, timeline = scene.resolve, timeline_of(scene)
    assert timeline.SetCurrentTimecode("01:00:01:00") is True
    assert timeline.GetCurrentTimecode() == "01:00:01:00"
    assert timeline.GetCurrentClipThumbnailImage() is None
    assert resolve.OpenPage("fusion") is True
    assert timeline.GetCurrentTimecode() == ""
    assert timeline.SetCurrentTimecode("01:00:02:00") is False
    scene.fake.quirks.fusion_page_timecode = "01:00:00:00"
    assert timeline.GetCurrentTimecode() == "01:00:00:00"
    resolve.OpenPage("color")
    assert timeline.GetCurrentClipThumbnailImage() is None
    assert timeline.GetCurrentClipThumbnailImage()["format"] == "RGB 8 bit"
    scene.fake.is_frontmost = False
    assert timeline.GetCurrentClipThumbnailImage() is None
    assert resolve.OpenPage("kitchen") is False


# 19


def test_source_frames_are_absent_before_19_0_2() -> None:
    for flavour, has in (("19.0.1", False), ("19.0.2", True)):
        scene = Scene(flavour)
        scene.project()
        scene.timeline()
        item = scene.handle(scene.place(scene.media(SEQUENCE), start=1011, end=1051))
        assert ("GetSourceStartFrame" in dir(item)) is has
        assert (item.GetSourceEndFrame is not None) is has
        assert (item.GetLeftOffset(), item.GetDuration()) == (1011, 40)


def test_source_frames_may_be_one_off_unknown_backwards_or_of_another_speed(scene: Scene) -> None:
    movie = scene.media("/a.mov", frames=500)

    def source(**how: Any) -> tuple[Any, ...]:
        item = scene.place(
            movie, start=100, end=196, record_frame=86400 + 1000 * len(scene.fake.timeline.all_items()), **how
        )
        made = scene.handle(item)
        return made.GetSourceStartFrame(), made.GetSourceEndFrame(), made.GetDuration(), made.GetLeftOffset()

    assert source() == (100, 196, 96, 100)
    assert source(jitter=1) == (101, 196, 96, 100)
    assert source(jitter=-1) == (99, 196, 96, 100)
    assert source(unknown_source=True) == (0, 0, 96, 100)
    assert source(reversed=True)[:3] == (196, 100, 96)
    assert source(speed=2.0) == (100, 196, 48, 50)
    assert source(speed=0.5) == (100, 196, 192, 200)


def test_the_end_of_another_rate_is_inclusive_and_its_duration_is_floored(scene: Scene) -> None:
    item = scene.handle(scene.place(scene.media("/a.mov", fps="25"), start=10, end=61))
    assert (item.GetSourceStartFrame(), item.GetSourceEndFrame(), item.GetDuration()) == (10, 60, 48)


def test_a_sequences_frames_may_count_from_zero(scene: Scene) -> None:
    item = scene.handle(scene.place(scene.media(SEQUENCE), start=1011, end=1051))
    scene.fake.quirks.left_offset_from_zero = True
    assert (item.GetLeftOffset(), item.GetSourceStartFrame()) == (10, 1011)
    scene.fake.quirks.source_frame_from_zero = True
    assert (item.GetSourceStartFrame(), item.GetSourceEndFrame()) == (10, 50)


# 20


def test_source_times_are_of_the_medias_timecode(scene: Scene) -> None:
    # 10.010 s into a clip of 29.97 that begins at 04:18:27;23
    media = scene.media("/a.mov", fps="29.97", frames=600, Start_TC="04:18:27;23")
    media.properties["FPS"] = "29.97 DF"
    item = scene.handle(scene.place(media, start=300, end=330))
    begins = media.start_s
    assert begins > 15500
    assert item.GetSourceStartTime() == pytest.approx(begins + 10.010)
    assert item.GetSourceEndTime() - item.GetSourceStartTime() == pytest.approx(30 * 1001 / 30000)


# 21


def test_titles_generators_and_transitions_have_no_media(scene: Scene) -> None:
    for made in (
        scene.title(record_frame=86400, frames=24),
        scene.generator(record_frame=86424, frames=24),
        scene.adjustment(record_frame=86448, frames=24),
        scene.transition(record_frame=86420, frames=8),
    ):
        item = scene.handle(made)
        assert item.GetMediaPoolItem() is None
        assert (item.GetProperty() == {}) == (made.item_kind == "transition")
    clip = scene.handle(scene.place(scene.media(SEQUENCE), record_frame=87000))
    assert len(clip.GetProperty()) == 26
    assert clip.GetProperty("Speed") is None
    assert clip.SetProperty({"ZoomX": 200.0, "Pan": 5.0}) is True
    assert (clip.GetProperty("ZoomX"), clip.GetProperty("ZoomY")) == (100.0, 100.0)
    compound = scene.handle(scene.compound(record_frame=88000, frames=24))
    assert compound.GetMediaPoolItem().GetClipProperty("Type") == "Compound"


# Beyond the list


def test_a_copied_timeline_has_the_same_items_with_ids_of_their_own(scene: Scene) -> None:
    item = scene.place(scene.media(SEQUENCE), start=1011, end=1031, speed=2.0, record_frame=86410)
    scene.tool(scene.comp(item, global_range=(-10, 89)), "EllipseMask", "roto_car", Center={0: (0.1, 0.2)})
    copy = timeline_of(scene).DuplicateTimeline("Copy")
    copied = copy.GetItemListInTrack("video", 1)[0]
    assert timeline_of(scene).GetName() == "Reel 1"
    assert (copied.GetStart(), copied.GetDuration()) == (86410, 10)
    assert copied.GetUniqueId() != item.uid
    assert scene.fake.thing(copied).frame_shown(86411) == 1013
    assert copied.GetFusionCompByIndex(1).FindTool("roto_car").GetInput("Center", 0) == {1: 0.1, 2: 0.2, 3: 0.0}
    assert copied.GetFusionCompByIndex(1).GetAttrs("COMPN_GlobalStart") == -10.0
    assert timeline_of(scene).DuplicateTimeline("Copy") is None


def test_the_topmost_visible_clip_is_the_current_one(scene: Scene) -> None:
    scene.timeline("Two", tracks=2)
    scene.place(scene.media("/below.mov"))
    above = scene.place(scene.media("/above.mov", frames=10), track=2)
    timeline = timeline_of(scene)
    assert timeline.GetCurrentVideoItem().GetName() == "above.mov"
    above.is_enabled = False
    assert timeline.GetCurrentVideoItem().GetName() == "below.mov"
    assert timeline.GetSelectedClips() == []
    scene.fake.timeline.selected = [above]
    assert [item.GetUniqueId() for item in timeline.GetSelectedClips()] == [above.uid]


@pytest.mark.parametrize(
    ("fps", "frame", "text"),
    [
        ("24", 86400, "01:00:00:00"),
        ("23.976", 86399, "00:59:59:23"),
        ("29.97 DF", 1799, "00:00:59;29"),
        ("29.97 DF", 1800, "00:01:00;02"),
        ("29.97 DF", 17981, "00:09:59;29"),
        ("29.97 DF", 17982, "00:10:00;00"),
        ("29.97 DF", 107892, "01:00:00;00"),
        ("59.94 DF", 3600, "00:01:00;04"),
        ("59.94 DF", 215784, "01:00:00;00"),
    ],
)
def test_timecodes_count_frames_and_drop_numbers(fps: str, frame: int, text: str) -> None:
    assert timecode.to_timecode(frame, fps) == text
    assert timecode.to_frame(text, fps) == frame
    assert timecode.to_frame("nonsense", fps) is None
    assert timecode.to_frame("01:00:00:99", fps) is None
