"""Exports, renders and comps of the fake are as the facts say; numbers are those of their contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve.fake import Scene
from tests.hosts.resolve.reach import SEQUENCE, project_of, show, timeline_of


@pytest.fixture
def scene() -> Scene:
    return show()


# 15


def test_an_export_wants_the_constant_itself(scene: Scene, tmp_path: Path) -> None:
    resolve, timeline = scene.resolve, timeline_of(scene)
    assert timeline.Export(str(tmp_path / "a.otio"), "EXPORT_OTIO") is False
    assert timeline.Export(str(tmp_path / "a.otio"), resolve.EXPORT_OTIO) is True
    assert (tmp_path / "a.otio").is_file()
    assert timeline.Export(str(tmp_path / "a.fcpxmld"), resolve.EXPORT_FCPXML_1_10) is True
    assert (tmp_path / "a.fcpxmld" / "Info.fcpxml").is_file()
    assert timeline.Export(str(tmp_path / "a.edl"), resolve.EXPORT_EDL) is False
    assert timeline.Export(str(tmp_path / "a.edl"), resolve.EXPORT_EDL, resolve.EXPORT_NONE) is True
    assert resolve.COMPOSITE_LUM == 30


# 16


def started(scene: Scene, folder: Path, **settings: Any) -> Any:
    project = project_of(scene)
    assert project.SetCurrentRenderFormatAndCodec("exr", "RGBHalfZIP") is True
    project.SetRenderSettings({"TargetDir": str(folder), "CustomName": "plate", "MarkIn": 86400, "MarkOut": 86405})
    project.SetRenderSettings(settings)
    job = project.AddRenderJob()
    assert project.GetRenderJobStatus(job)["JobStatus"] == "Ready"
    assert project.StartRendering([job], False) in {True, None}
    return job


def test_a_job_goes_on_whenever_it_is_asked_about(scene: Scene, tmp_path: Path) -> None:
    scene.place(scene.media(SEQUENCE))
    project = project_of(scene)
    codecs = project.GetRenderCodecs("exr")
    assert project.SetCurrentRenderFormatAndCodec("exr", next(iter(codecs))) is False
    assert "RGBHalfZIP" in codecs.values()
    assert set(codecs) != set(Scene("20.2.1").resolve.GetProjectManager().GetCurrentProject().GetRenderCodecs("exr"))
    assert project.GetRenderSettings is None
    job = started(scene, tmp_path)
    assert project.AddRenderJob() == ""
    assert project.DeleteRenderJob(job) is True
    seen = []
    while project.IsRenderingInProgress():
        seen.append(project.GetRenderJobStatus(job)["JobStatus"])
    assert "Rendering" in seen
    status = project.GetRenderJobStatus(job)
    assert (status["JobStatus"], status["CompletionPercentage"]) == ("Complete", 100)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"plate.{n:08d}.exr" for n in range(86400, 86406)]
    assert project.DeleteRenderJob(job) is True
    assert project.GetRenderJobList() == []


def test_an_exr_job_may_never_say_that_it_is_complete(scene: Scene, tmp_path: Path) -> None:
    scene.place(scene.media(SEQUENCE))
    scene.fake.quirks.exr_stays_rendering = True
    scene.fake.quirks.none_on_success = True
    project, job = project_of(scene), started(scene, tmp_path)
    while project.IsRenderingInProgress():
        pass
    status = project.GetRenderJobStatus(job)
    assert (status["JobStatus"], status["CompletionPercentage"]) == ("Rendering", 100)
    assert len(list(tmp_path.iterdir())) == 6


def test_a_render_is_what_is_seen_and_its_settings_stay_on_the_page(scene: Scene, tmp_path: Path) -> None:
    scene.timeline("Two", tracks=2)
    below = scene.place(scene.media(SEQUENCE))
    above = scene.place(scene.media("/above.mov"), track=2)
    written: list[Any] = []
    scene.fake.renderer = lambda path, frame, layers: written.append((Path(path).name, frame, layers))
    project = project_of(scene)
    project.SaveAsNewRenderPreset("kept")
    started(scene, tmp_path, MarkOut=86400)
    while project.IsRenderingInProgress():
        pass
    assert written == [("plate.00086400.exr", 86400, [(below, 1001), (above, 0)])]
    timeline_of(scene).SetTrackEnable("video", 2, False)
    started(scene, tmp_path, MarkOut=86400)
    while project.IsRenderingInProgress():
        pass
    assert written[1][2] == [(below, 1001)]
    assert project.GetCurrentRenderFormatAndCodec() == {"format": "exr", "codec": "RGBHalfZIP"}
    project.LoadRenderPreset("kept")
    assert project.GetCurrentRenderFormatAndCodec()["format"] == "mov"
    assert project.AddRenderJob() == ""


# 22


def test_fusions_points_keys_and_locks(scene: Scene) -> None:
    made = scene.comp(scene.place(scene.media(SEQUENCE)))
    scene.tool(made, "EllipseMask", "roto_car", Center={3: (0.25, 0.5), 9: (0.75, 0.5)}, Width={0: 0.1, 10: 0.2})
    comp = scene.handle(made)
    assert comp.AddTool("MagicWand", 0, 0) is None
    mask = comp.FindTool("roto_car")
    assert mask.GetInput("Center", 6) == {1: 0.5, 2: 0.5, 3: 0.0}
    assert mask.Center.GetKeyFrames() == {1: 3.0, 2: 9.0}
    assert mask.Height.GetKeyFrames() is None
    spline = mask.Width.GetConnectedOutput().GetTool()
    assert spline.GetKeyFrames() == {0.0: {1: 0.1}, 10.0: {1: 0.2}}
    spline.DeleteKeyFrames(0)
    assert mask.Width.GetKeyFrames() == {1: 10.0}
    transform = comp.AddTool("Transform", 1, 2)
    for given in ([0.1, 0.2], {1: 0.1, 2: 0.2}):
        transform.SetInput("Center", given)
        assert transform.GetInput("Center") == {1: 0.1, 2: 0.2, 3: 0.0}
    transform.SetInput("Center", [0.5, 0.5], 7)
    assert transform.Center.GetKeyFrames() is None
    assert transform.GetInput("Center", 0)[1] == 0.5
    comp.Lock()
    transform.SetInput("Size", 2)
    comp.Unlock()
    assert transform.GetInput("Size") == 2.0
    assert made.tool("Transform1").inputs["Size"].was_locked
    transform.SetInput("Size", 2)
    assert not made.tool("Transform1").inputs["Size"].was_locked
    assert comp.Paste({"Tools": {}}) is False


# Beyond the list


def test_a_comp_whose_end_does_not_come_from_the_clip_fails_to_render(scene: Scene, tmp_path: Path) -> None:
    made = scene.comp(scene.place(scene.media(SEQUENCE)))
    comp = scene.handle(made)
    assert made.is_rooted()
    comp.FindTool("MediaOut1").ConnectInput("Input", comp.AddTool("Background", 0, 0))
    assert not made.is_rooted()
    job = started(scene, tmp_path)
    project_of(scene).IsRenderingInProgress()
    assert project_of(scene).GetRenderJobStatus(job)["JobStatus"] == "Failed"
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [887]


def test_a_loader_forgets_its_range_with_its_clip(scene: Scene, tmp_path: Path) -> None:
    for frame in range(1001, 1011):
        (tmp_path / f"m.{frame}.exr").touch()
    made = scene.comp(scene.place(scene.media(SEQUENCE)))
    loader = scene.handle(made).AddTool("Loader", 0, 0)
    loader.SetInput("GlobalOut", 50)
    loader.SetInput("Clip", str(tmp_path / "m.1001.exr"))
    assert (loader.GetInput("GlobalIn"), loader.GetInput("GlobalOut")) == (0.0, 9.0)
    assert loader.GetAttrs("TOOLIT_Clip_Length") == {1: 10}
    loader.SetInput("HoldLastFrame", 5)
    loader.SetInput("GlobalOut", 29)
    loader.SetInput("GlobalIn", 20)
    assert loader.GetInput("HoldLastFrame") == 0.0
    state = made.tool("Loader1")
    assert state.file_at(19) is None
    assert state.file_at(29) == str(tmp_path / "m.1010.exr")


def test_a_comps_global_range_is_the_source_and_its_render_range_the_clip(scene: Scene) -> None:
    def ranges(item: Any) -> list[float]:
        attrs = scene.handle(scene.comp(item)).GetAttrs()
        names = ("GlobalStart", "GlobalEnd", "RenderStart", "RenderEnd", "RenderStartTime", "CurrentTime")
        return [attrs[f"COMPN_{name}"] for name in names]

    item = scene.place(scene.media(SEQUENCE), start=1011, end=1051)
    assert ranges(item) == [0, 99, 10, 49, 10, 10]
    assert ranges(scene.title(record_frame=90000, frames=24)) == [0, 23, 0, 23, 0, 0]
    scene.fake.quirks.comp_from_file_number = True
    assert ranges(item) == [1001, 1100, 1011, 1050, 1011, 1011]
