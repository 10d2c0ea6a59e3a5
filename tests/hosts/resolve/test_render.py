"""Rendering a plate: which frames come out, and that the artist finds everything as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve.edit import RECORD, Edit
from tests.hosts.resolve.fake import FLAVOURS
from tests.hosts.resolve.fake.item import TimelineItem
from tests.hosts.resolve.fake.remote import Thing

from rotomatte_hosts.resolve import render
from rotomatte_hosts.resolve.render import RenderedPlate
from rotomatte_plugin.errors import PlateError
from rotomatte_plugin.model import Clip, FrameRange, Plate

FRAMES = FrameRange(RECORD, RECORD + 4)
PRESET = "H.264 Master"


class Retimed(Edit):
    """The first clip plays twice as fast, below a title, an adjustment and a transition; ``shown`` is what was rendered."""

    def __init__(self, folder: Path, flavour: str = "21.0.4") -> None:
        super().__init__(flavour)
        self.timeline.tracks["video"][0].items.remove(self.clip)
        self.clip = self.scene.place(self.media, record_frame=RECORD, start=1011, end=1021, speed=2.0)
        self.scene.title(track=2, record_frame=RECORD, frames=20)
        self.scene.transition(track=1, record_frame=RECORD + 3, frames=4)
        self.clip.properties.update(ZoomX=2.0, Pan=100.0, FlipX=True, Opacity=20.0)
        comp = self.scene.comp(self.clip)
        comp.tool("MediaOut1").inputs["Input"].source = None
        self.before = self.everything()
        self.shown: list[tuple[int, list[int], dict[str, Any]]] = []
        self.fake.renderer = self.write
        self.plate = Clip(Plate(str(folder / "50% sh010" / "plate.%04d.exr")), FRAMES, "sh010", "id")

    def write(self, path: str, frame: int, layers: list[tuple[Any, int]]) -> None:
        self.shown.append((frame, [number for _, number in layers], layers[-1][0].properties))
        Path(path).write_text(f"{[number for _, number in layers]}")

    def start(self) -> RenderedPlate:
        return RenderedPlate(self.spot, self.plate)

    def everything(self) -> dict[str, Any]:
        """What must not have changed when all is done."""
        project = self.fake.project
        return {
            "timelines": [one.name for one in project.timelines],
            "media": sorted(clip.properties["Clip Name"] for clip in project.pool.all_clips()),
            "tracks": [(one.name, one.is_enabled, len(one.items)) for one in self.timeline.tracks["video"]],
            "look": dict(self.clip.properties),
            "comps": [comp.name for comp in self.clip.comps],
            "delivery": project.delivery.copy(),
            "presets": list(project.presets),
            "jobs": [job.uid for job in project.jobs],
        }

    def files(self) -> dict[str, str]:
        folder = Path(self.plate.plate.path).parent
        return {path.name: path.read_text() for path in sorted(folder.iterdir())} if folder.exists() else {}


@pytest.fixture(params=FLAVOURS)
def edit(request: pytest.FixtureRequest, tmp_path: Path) -> Retimed:
    return Retimed(tmp_path, request.param)


def finish(rendered: RenderedPlate) -> list[int]:
    seen: list[int] = []
    for _ in range(20):
        if rendered.is_finished():
            return [*seen, rendered.done()]
        seen.append(rendered.done())
    pytest.fail("it never ends")


@pytest.mark.parametrize(
    "quirks", [{}, {"exr_stays_rendering": True}, {"none_on_success": True}], ids=["plain", "never complete", "None"]
)
def test_the_frames_of_the_retimed_clip_alone_have_the_timelines_numbers(
    edit: Retimed, quirks: dict[str, bool]
) -> None:
    for name, value in quirks.items():
        setattr(edit.fake.quirks, name, value)
    assert edit.timeline.visible(RECORD)[-1].item_kind == "title"
    seen = finish(edit.start())
    assert seen == sorted(seen)
    assert seen[-1] == 5
    assert edit.files() == {f"plate.{RECORD + index}.exr": f"[{1011 + 2 * index}]" for index in range(5)}
    assert edit.everything() == edit.before
    assert edit.is_as_it_was()


def test_what_is_rendered_is_the_media_as_it_is(edit: Retimed) -> None:
    finish(edit.start())
    for _, _, look in edit.shown:
        assert (look["ZoomX"], look["Pan"], look["FlipX"], look["Opacity"]) == (1.0, 0.0, False, 100.0)


def test_the_grade_goes_where_resolve_lets_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reset: list[str] = []

    class Graph(Thing):
        def ResetAllGrades(self) -> bool:  # noqa: N802 - as Resolve names it
            reset.append(self.uid)
            return True

    edit = Retimed(tmp_path)
    graphs: dict[str, Graph] = {}

    def graph_of(item: TimelineItem, layer: Any = None) -> Graph:
        return graphs.setdefault(item.uid, Graph(item.app))

    monkeypatch.setattr(TimelineItem, "GetNodeGraph", graph_of, raising=False)
    finish(edit.start())
    assert len(reset) == 1
    assert edit.clip.uid not in graphs, "the artist's own stays"


def test_a_fusion_clip_keeps_its_comp(tmp_path: Path) -> None:
    edit = Retimed(tmp_path)
    edit.clip.media.properties["Type"] = "Fusion"
    edit.clip.comps[0].tool("MediaOut1").inputs["Input"].source = edit.clip.comps[0].tool("MediaIn1")
    finish(edit.start())
    copies = [label for label in edit.fake.calls if label == "TimelineItem.DeleteFusionCompByName"]
    assert copies == []


def test_the_artists_deliver_page_comes_back(edit: Retimed) -> None:
    delivery = edit.fake.project.delivery
    delivery.format, delivery.codec, delivery.mode = "dpx", "RGB10", 0
    delivery.settings.update(TargetDir="/artist", CustomName="final", MarkIn=3)
    before = delivery.copy()
    finish(edit.start())
    assert edit.fake.project.delivery == before


def test_another_job_of_the_artists_stays_in_the_queue(edit: Retimed) -> None:
    project = edit.fake.project
    project.delivery.settings["TargetDir"] = "/artist"
    job = edit.fake.handle(project).AddRenderJob()
    finish(edit.start())
    assert [one.uid for one in project.jobs] == [job]
    assert project.jobs[0].status == "Ready"


def test_a_plate_that_is_there_is_not_rendered_again(edit: Retimed) -> None:
    finish(edit.start())
    again = edit.start()
    assert again.is_finished()
    assert again.done() == 5
    assert edit.fake.calls.count("Project.StartRendering") == 1
    (Path(edit.plate.plate.path).parent / f"plate.{RECORD + 1}.exr").unlink()
    finish(edit.start())
    assert edit.fake.calls.count("Project.StartRendering") == 2
    assert len(edit.files()) == 5


def test_cancelled_it_leaves_nothing(edit: Retimed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "_STOPS_S", 0.0)
    rendered = edit.start()
    assert not rendered.is_finished()
    assert rendered.done() > 0
    edit.fake.quirks.polls_per_render = 1_000_000
    rendered.cancel()
    assert rendered.is_finished()
    assert rendered.done() == 0
    assert edit.files() == {}
    assert edit.everything() == edit.before
    assert edit.is_as_it_was()
    rendered.cancel()


def test_what_is_finished_stays_when_it_is_cancelled_after_that(edit: Retimed) -> None:
    rendered = edit.start()
    finish(rendered)
    rendered.cancel()
    assert len(edit.files()) == rendered.done() == 5


@pytest.mark.parametrize("label", ["Project.AddRenderJob", "Project.StartRendering", "Timeline.DuplicateTimeline"])
def test_a_render_that_does_not_begin_leaves_nothing(edit: Retimed, label: str) -> None:
    kind, _, method = label.partition(".")
    thing = edit.fake.project if kind == "Project" else edit.timeline
    thing.answers[method] = {"AddRenderJob": "", "StartRendering": False, "DuplicateTimeline": None}[method]
    with pytest.raises(PlateError, match="could not be rendered"):
        edit.start()
    assert edit.files() == {}
    assert edit.everything() == edit.before
    assert edit.is_as_it_was()


def test_a_render_that_fails_says_why_and_leaves_nothing(edit: Retimed) -> None:
    edit.fake.quirks.render_fails = "The disk is full"
    rendered = edit.start()
    with pytest.raises(PlateError, match="The disk is full"):
        finish(rendered)
    assert edit.files() == {}
    assert edit.everything() == edit.before
    assert edit.is_as_it_was()


def test_files_that_resolve_numbers_otherwise_get_the_timelines_numbers(edit: Retimed) -> None:
    def write(path: str, frame: int, layers: list[tuple[Any, int]]) -> None:
        edit.write(str(Path(path).with_name(f"plate.{frame - RECORD:08d}.exr")), frame, layers)

    edit.fake.renderer = write
    finish(edit.start())
    assert edit.files() == {f"plate.{RECORD + index}.exr": f"[{1011 + 2 * index}]" for index in range(5)}


@pytest.mark.parametrize("missing", [RECORD, RECORD + 2, RECORD + 4])
def test_frames_that_are_missing_are_counted(edit: Retimed, missing: int) -> None:
    def write(path: str, frame: int, layers: object) -> None:
        if frame != missing:
            Path(path).write_bytes(b"a frame")

    edit.fake.renderer = write
    rendered = edit.start()
    with pytest.raises(PlateError, match="4 of 5"):
        finish(rendered)
    assert edit.files() == {}
    assert edit.everything() == edit.before


def test_a_render_that_the_artist_stops_is_told(edit: Retimed) -> None:
    rendered = edit.start()
    edit.fake.project.StopRendering()
    with pytest.raises(PlateError, match="Cancelled"):
        rendered.is_finished()
    assert edit.everything() == edit.before


def test_a_render_that_does_not_go_on_is_told(edit: Retimed, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered = edit.start()
    edit.fake.project.answers.update(IsRenderingInProgress=False, GetRenderJobStatus={"JobStatus": "Ready"})
    assert not rendered.is_finished()
    monkeypatch.setattr(render, "_STALLED_S", -1.0)
    with pytest.raises(PlateError, match="does not go on"):
        rendered.is_finished()


def test_while_resolve_renders_something_else_it_is_refused(edit: Retimed) -> None:
    edit.fake.project.answers["IsRenderingInProgress"] = True
    with pytest.raises(PlateError, match="something else"):
        edit.start()


def test_a_folder_that_cannot_be_made_is_told(edit: Retimed, tmp_path: Path) -> None:
    (tmp_path / "50% sh010").write_bytes(b"in the way")
    with pytest.raises(PlateError, match="could not be rendered"):
        edit.start()
    assert edit.everything() == edit.before
