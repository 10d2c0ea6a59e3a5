"""Imports, appends and projects of the fake are as the facts say; numbers are those of their contract."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from tests.hosts.resolve.fake import FLAVOURS, FakeResolve, HangsError, Scene
from tests.hosts.resolve.reach import SEQUENCE, appended, imported, pool_of, project_of, show, timeline_of


@pytest.fixture
def scene() -> Scene:
    return show()


# 8


def test_a_record_frame_is_absolute_and_must_be_free(scene: Scene) -> None:
    media = imported(scene)
    placed = appended(scene, media, startFrame=1001, endFrame=1011, trackIndex=1, recordFrame=86500)
    assert placed[0].GetStart() == 86500
    husk = appended(scene, media, startFrame=1001, endFrame=1011, trackIndex=1, recordFrame=86505)[0]
    assert (husk.GetDuration(), husk.GetUniqueId(), husk.GetName()) == (None, None, None)
    assert len(timeline_of(scene).GetItemListInTrack("video", 1)) == 1
    assert appended(scene, media, trackIndex=2, recordFrame=86500)[0].GetDuration() is None
    with pytest.raises(HangsError):
        pool_of(scene).AppendToTimeline({"mediaPoolItem": media})


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_fraction_of_a_frame_loses_the_whole_batch_since_21(flavour: str) -> None:
    scene = show(flavour)
    scene.timeline("Two", tracks=2)
    media = imported(scene)
    batch = [
        {"mediaPoolItem": media, "trackIndex": 1, "recordFrame": 86400},
        {"mediaPoolItem": media, "trackIndex": 2, "recordFrame": 86400.5},
    ]
    is_lost = pool_of(scene).AppendToTimeline(batch) is None
    assert is_lost == (flavour >= "21")
    assert len(timeline_of(scene).GetItemListInTrack("video", 1)) == (0 if is_lost else 1)


# 9


@pytest.mark.parametrize("is_inclusive", [False, True])
def test_the_end_frame_may_count_or_not(scene: Scene, is_inclusive: bool) -> None:
    scene.fake.quirks.end_frame_is_inclusive = is_inclusive
    placed = appended(scene, imported(scene), startFrame=1001, endFrame=1011, trackIndex=1, recordFrame=86400)
    assert placed[0].GetDuration() == (11 if is_inclusive else 10)


# 10


def test_a_start_before_the_media_freezes_its_edge(scene: Scene) -> None:
    media = imported(scene)
    right = scene.fake.thing(appended(scene, media, startFrame=1011, endFrame=1021, recordFrame=86400)[0])
    wrong = scene.fake.thing(appended(scene, media, startFrame=10, endFrame=20, recordFrame=86500)[0])
    assert [right.frame_shown(frame) for frame in (86400, 86409)] == [1011, 1020]
    assert [wrong.frame_shown(frame) for frame in (86500, 86509)] == [1001, 1001]


# 11


def test_a_sequence_is_imported_to_the_current_bin_by_a_dict_and_only_whole(tmp_path: Path) -> None:
    scene = Scene("21.0.4")
    scene.project()
    scene.timeline()
    pool = pool_of(scene)
    mattes = pool.AddSubFolder(pool.GetRootFolder(), "Rotomatte")
    assert pool.AddSubFolder(pool.GetRootFolder(), "Rotomatte") is None
    pool.SetCurrentFolder(mattes)
    for frame in range(1005, 1009):
        (tmp_path / f"car.{frame}.exr").write_bytes(b"")
    info = {"FilePath": str(tmp_path / "car.%04d.exr"), "StartIndex": 1005}
    assert pool.ImportMedia([{**info, "EndIndex": 1009}]) == []
    made = pool.ImportMedia([{**info, "EndIndex": 1008}])[0]
    assert made.GetClipProperty("File Path") == str(tmp_path / "car.[1005-1008].exr")
    assert [made.GetClipProperty(name) for name in ("Start", "End", "Frames")] == ["1005", "1008", "4"]
    assert [clip.GetName() for clip in mattes.GetClipList()] == ["car.[1005-1008].exr"]
    assert [clip.GetClipProperty("Type") for clip in pool.GetRootFolder().GetClipList()] == ["Timeline"]
    assert pool.ImportMedia(str(tmp_path / "car.1005.exr")) == []
    assert pool.ImportMedia([str(tmp_path / "nothing.png")]) == []
    assert pool.ImportMedia([str(tmp_path / "car.1005.exr")])[0].GetClipProperty("Type") == "Still"


# 17


def test_the_input_colour_space_is_set_only_in_managed_projects(scene: Scene) -> None:
    media, project = scene.handle(scene.media(SEQUENCE)), project_of(scene)
    assert media.GetClipProperty("Input Color Space") == "Project"
    for mode, is_taken in (("davinciYRGB", False), ("acescct", False), ("davinciYRGBColorManagedv2", True)):
        assert project.SetSetting("colorScienceMode", mode) is True
        assert media.SetClipProperty("Input Color Space", "Linear") is is_taken
    assert media.GetClipProperty("Input Color Space") == "Linear"
    assert media.SetClipProperty("Frames", "5") is False


# 23


def test_a_project_without_a_name_is_not_saved_and_an_unsaved_one_not_left() -> None:
    fake = FakeResolve()
    manager = fake.resolve.GetProjectManager()
    assert manager.SaveProject() is False
    fake.quirks.is_headless = True
    with pytest.raises(HangsError):
        manager.SaveProject()
    project = manager.CreateProject("Show")
    assert project.GetName() == "Show"
    assert project.GetMediaPool().CreateEmptyTimeline("Reel") is not None
    assert manager.CreateProject("Other") is None
    assert manager.SaveProject() is True
    assert manager.CreateProject("Other") is not None
    assert manager.CreateProject("Show") is None


def test_items_are_deleted_on_the_edit_page_only(scene: Scene) -> None:
    item = scene.handle(scene.place(scene.media(SEQUENCE)))
    timeline = timeline_of(scene)
    scene.resolve.OpenPage("color")
    assert timeline.DeleteClips([item], False) is False
    scene.resolve.OpenPage("edit")
    timeline.SetTrackLock("video", 1, True)
    assert timeline.DeleteClips([item], False) is False
    timeline.SetTrackLock("video", 1, False)
    assert timeline.DeleteClips([item], False) is True
    assert timeline.GetItemListInTrack("video", 1) == []
    assert item.GetName() is None


def test_what_a_failed_batch_placed_is_gone_once_it_is_saved(scene: Scene) -> None:
    media = imported(scene)
    appended(scene, media, startFrame=1001, endFrame=1011, recordFrame=86400)
    pool_of(scene).AppendToTimeline(
        [{"mediaPoolItem": media, "startFrame": 1001, "endFrame": 1011, "recordFrame": at} for at in (86400, 86500)]
    )
    assert len(timeline_of(scene).GetItemListInTrack("video", 1)) == 2
    scene.resolve.GetProjectManager().SaveProject()
    assert [item.GetStart() for item in timeline_of(scene).GetItemListInTrack("video", 1)] == [86400]


# Beyond the list


def test_mattes_of_a_clip_are_there_only_in_the_form_that_resolve_takes(scene: Scene) -> None:
    media = scene.handle(scene.media(SEQUENCE))
    storage, pool = scene.resolve.GetMediaStorage(), pool_of(scene)
    forms = {"first": "/m/a.1001.exr", "bracket": "/m/a.[1001-1100].exr", "pattern": "/m/a.%04d.exr"}
    for form, path in forms.items():
        scene.fake.quirks.clip_matte_form = form
        for given in forms.values():
            assert storage.AddClipMattesToMediaPool(media, [given]) is True
        assert pool.GetClipMatteList(media) == [path]
        assert pool.DeleteClipMattes(media, [path]) is True


def test_the_resolution_is_that_of_the_file(tmp_path: Path) -> None:
    scene = Scene()
    scene.project()
    window = b"displayWindow\0box2i\0" + struct.pack("<5i", 16, -8, -4, 2039, 1075)
    (tmp_path / "m.0001.exr").write_bytes(b"\x76\x2f\x31\x01\2\0\0\0" + window)
    (tmp_path / "still.png").write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 360))
    (tmp_path / "a.mov").touch()
    pool = pool_of(scene)
    sequence = {"FilePath": str(tmp_path / "m.%04d.exr"), "StartIndex": 1, "EndIndex": 1}
    made = pool.ImportMedia([sequence, str(tmp_path / "still.png"), str(tmp_path / "a.mov")])
    assert [media.GetClipProperty("Resolution") for media in made] == ["2048x1080", "640x360", "1920x1080"]
    scene.timeline()
    item = scene.place(scene.fake.thing(made[0]))
    assert scene.handle(scene.comp(item)).FindTool("MediaIn1").GetAttrs("TOOLI_ImageWidth") == 2048
