"""Handles, failures, editions and hangs of the fake are as the facts say; numbers are those of their contract."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.hosts.resolve.fake import FLAVOURS, FakeResolve, HangsError, MisuseError, Scene
from tests.hosts.resolve.reach import SEQUENCE, pool_of, project_of, show, timeline_of


@pytest.fixture
def scene() -> Scene:
    return show()


# 1


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_failures_and_unknown_names_raise_nothing_until_they_are_called(flavour: str) -> None:
    scene = Scene(flavour)
    scene.project()
    unknown, timeline = "GetClipsOfMyDreams", scene.handle(scene.timeline())
    assert getattr(timeline, unknown) is None
    assert hasattr(timeline, unknown)
    with pytest.raises(TypeError, match="not callable"):
        getattr(timeline, unknown)()
    assert timeline.GetItemListInTrack("video", 9) is None
    assert timeline.AddMarker(1, "Beige", "", "", 1, "") is False
    assert timeline.GetTrackName("video", 9) == ""
    assert "GetName" in dir(timeline)
    assert unknown not in dir(timeline)
    assert ("GetSelectedClips" in dir(timeline)) == (timeline.GetSelectedClips is not None) == (flavour >= "21.0.4")
    comp = scene.handle(scene.comp(scene.place(scene.media("/a.mov"))))
    tool = comp.FindTool("MediaIn1")
    assert tool.GetAttrs() is not None
    assert {"GetAttrs", "SetAttrs"}.isdisjoint(dir(tool))
    assert "GetInput" in dir(tool)


def test_what_the_documentation_does_not_know_is_told_to_the_test(scene: Scene) -> None:
    with pytest.raises(MisuseError, match="GetTrackCount"):
        timeline_of(scene).GetTrackCount()
    with pytest.raises(TypeError):
        timeline_of(scene).GetTrackCount(trackType="video")


# 2


def test_no_process_reaches_a_resolve_that_is_free_closed_or_shut_to_scripts() -> None:
    assert FakeResolve().scriptapp("Resolve") is not None
    assert FakeResolve().scriptapp("Premiere") is None
    assert FakeResolve(edition="free").scriptapp("Resolve") is None
    closed, shut = FakeResolve(), FakeResolve()
    closed.is_running = False
    shut.external_scripting = False
    assert closed.scriptapp("Resolve") is None
    assert shut.scriptapp("Resolve") is None
    assert FakeResolve("21.0.4", "free").menu_python() is not None
    assert FakeResolve("21.1.0", "free").menu_python() is None


# 3


def test_all_is_counted_from_one(scene: Scene) -> None:
    item = scene.place(scene.media("/a.mov"))
    comp = scene.handle(scene.comp(item))
    project, timeline = project_of(scene), timeline_of(scene)
    assert project.GetTimelineByIndex(0) is None
    assert project.GetTimelineByIndex(1).GetName() == "Reel 1"
    assert timeline.GetItemListInTrack("video", 0) is None
    assert len(timeline.GetItemListInTrack("video", 1)) == 1
    assert scene.handle(item).GetFusionCompByIndex(0) is None
    assert scene.handle(item).GetFusionCompByIndex(1).GetAttrs("COMPS_Name") == "Composition 1"
    assert {number: tool.Name for number, tool in comp.GetToolList().items()} == {1: "MediaIn1", 2: "MediaOut1"}
    assert list(comp.FindTool("MediaOut1").GetInputList()) == [1, 2, 3]
    assert scene.handle(item).GetNodeGraph().GetNodeLabel(0) is None
    assert list(timeline.GetItemsInTrack("video", 1)) == [1.0]
    clips = pool_of(scene).GetRootFolder().GetClips()
    assert [type(key) for key in clips] == [float, float]
    assert min(clips) == 1.0


# 4


def test_settings_and_properties_are_strings(scene: Scene) -> None:
    project, media = project_of(scene), scene.handle(scene.media(SEQUENCE))
    assert all(isinstance(value, str) for value in project.GetSetting().values())
    assert all(isinstance(value, str) for value in media.GetClipProperty().values())
    assert project.SetSetting("videoDataLevels", 1) is False
    assert project.SetSetting("videoDataLevels", "Full") is True
    assert project.GetSetting("videoDataLevels") == "Full"
    assert project.SetSetting("myOwnSetting", "1") is False
    assert project.GetSetting("myOwnSetting") == ""
    assert media.GetClipProperty("Mood") == ""
    assert project.SetSetting("timelinePlaybackFrameRate", "24") is False
    assert project.SetSetting("timelineFrameRate", "25") is False
    scene.fake.quirks.rates_are_floats = True
    assert timeline_of(scene).GetSetting("timelineFrameRate") == 24.0


def test_a_timeline_has_settings_of_its_own_only_when_told(scene: Scene) -> None:
    made = pool_of(scene).CreateEmptyTimeline("Plain")
    assert made.SetSetting("timelineResolutionWidth", "4096") is False
    assert made.SetSetting("useCustomSettings", "1") is True
    assert made.SetSetting("timelineResolutionWidth", "4096") is True
    assert made.GetSetting("timelineResolutionWidth") == "4096"
    assert made.SetSetting("timelineResolutionHeight", "9000") is False
    assert project_of(scene).GetSetting("timelineResolutionWidth") == "1920"


# 24


def test_objects_are_new_at_every_call_and_cannot_be_hashed(scene: Scene) -> None:
    scene.place(scene.media(SEQUENCE))
    timeline = timeline_of(scene)
    one, other = (timeline.GetItemListInTrack("video", 1)[0] for _ in range(2))
    assert one != other
    assert not one == other  # noqa: SIM201 - Python asks for each of its own
    assert one == one  # noqa: PLR0124 - which Resolve's objects are not to others
    assert one.GetUniqueId() == other.GetUniqueId()
    assert isinstance(one.GetUniqueId(), str)
    assert one.GetUniqueId() != timeline.GetUniqueId()
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


# 25


def test_a_studio_call_on_the_free_edition_poisons_what_follows() -> None:
    scene = Scene("21.0.4", "free")
    scene.project()
    scene.timeline()
    item = scene.handle(scene.place(scene.media(SEQUENCE)))
    resolve = scene.resolve
    assert resolve.GetProductName() == "DaVinci Resolve"
    assert item.CreateMagicMask("BI") is False
    assert resolve.GetProductName() is None
    assert item.SetClipColor("Orange") is False
    scene.fake.dismiss_modal()
    assert resolve.GetProductName() == "DaVinci Resolve"
    assert item.SetClipColor("Orange") is True
    assert Scene("21.0.4").resolve.GetProductName() == "DaVinci Resolve Studio"


# 26


_WORKER = """
import sys
sys.path.insert(0, sys.argv[1])
import DaVinciResolveScript as dvr
resolve = dvr.scriptapp("Resolve")
print("None" if resolve is None else resolve.GetProductName(), flush=True)
if resolve is not None:
    timeline = resolve.GetProjectManager().GetCurrentProject().GetCurrentTimeline()
    timeline.AddMarker(5, "Red", "from outside", "", 1, "")
    print("marked", flush=True)
    timeline.GetEndFrame()
"""


def scene_that_hangs() -> FakeResolve:
    scene = Scene()
    scene.project()
    scene.timeline()
    scene.fake.hangs.add("Timeline.GetEndFrame")
    return scene.fake


def test_a_call_may_never_return_in_a_process_that_can_be_killed(tmp_path: Path) -> None:
    assert not issubclass(HangsError, Exception)
    fake = scene_that_hangs()
    with pytest.raises(HangsError, match=r"Timeline\.GetEndFrame"):
        fake.handle(fake.timeline).GetEndFrame()
    modules = Path(__file__).parent / "fake" / "modules"
    state = tmp_path / "state.json"
    environment = {**os.environ, "FAKE_RESOLVE_STATE": str(state)}
    environment["FAKE_RESOLVE_SCENE"] = "tests.hosts.resolve.test_fake:scene_that_hangs"
    command = [sys.executable, "-c", _WORKER, str(modules)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert [worker.stdout.readline().strip() for _ in range(2)] == ["DaVinci Resolve Studio", "marked"]
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(0.3)
        worker.kill()
    markers = json.loads(state.read_text())["projects"]["Show"]["timelines"]["Reel 1"]["markers"]
    assert [(marker["frame"], marker["name"]) for marker in markers] == [(5.0, "from outside")]
    del environment["FAKE_RESOLVE_SCENE"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"


# Beyond the list


def test_a_wedged_resolve_answers_cheap_calls_and_says_no_database(scene: Scene) -> None:
    scene.fake.quirks.is_wedged = True
    assert scene.resolve.GetVersionString() == "21.0.4.5"
    assert scene.resolve.GetProjectManager().GetCurrentDatabase() is None
