"""What the contract does not say of Resolve: how mattes come back, what the artist did meanwhile, and the pages."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hosts.resolve.edit import RECORD, START, Edit

from rotomatte_hosts.resolve.adapter import ResolveHost
from rotomatte_hosts.resolve.progress import TerminalProgress
from rotomatte_plugin.adapter import HostClip, Marker
from rotomatte_plugin.errors import HostError, JobError
from rotomatte_plugin.model import FrameRange, MatteTrack, StateRange

MATTE = MatteTrack("car", "car/car.%04d.exr", (), (StateRange("present", FrameRange(1011, 1020)),), ())


class AtWork(Edit):
    """A host whose artist means the first clip, and that clip as it was read."""

    def __init__(self, flavour: str = "21.0.4", bring_back: Any = None) -> None:
        super().__init__(flavour)
        self.host = ResolveHost(
            self.fake.resolve,
            which="playhead",
            bring_back=bring_back,
            plates="/plates",
            progress=TerminalProgress(lambda _: None),
        )
        self.read: HostClip = self.host.selected_clip()

    def macro(self, **values: Any) -> None:
        self.scene.plain_prompt(self.scene.comp(self.clip), **values)
        self.read = self.host.selected_clip()

    def place(self) -> None:
        self.host.place_matte(self.read, "/mattes", MATTE)


@pytest.mark.parametrize(("bring_back", "macro"), [(None, 0.0), ("track", 1.0)])
def test_a_matte_comes_on_a_track(bring_back: Any, macro: float) -> None:
    edit = AtWork(bring_back=bring_back)
    edit.macro(BringBack=macro)
    edit.place()
    assert edit.placed(3) == [(RECORD, RECORD + 10, 1011, 1020)]
    assert len(edit.clip.comps) == 1
    assert edit.is_as_it_was()


@pytest.mark.parametrize(("bring_back", "macro"), [(None, 1.0), ("comp", 0.0)])
def test_a_matte_comes_as_a_comp(bring_back: Any, macro: float) -> None:
    edit = AtWork(bring_back=bring_back)
    edit.macro(BringBack=macro)
    edit.place()
    comp = edit.clip.comp
    assert comp.name == "Rotomatte car"
    loader: Any = comp.tool("car")
    # The comp counts the files of the plate from 0, and the clip begins with the eleventh.
    assert [loader.file_at(time) for time in (10, 19)] == ["/mattes/car/car.1011.exr", "/mattes/car/car.1020.exr"]
    assert edit.track_names() == ["", ""]


@pytest.mark.parametrize("from_file_number", [False, True])
def test_a_matte_comes_as_a_comp_where_there_is_none_yet(*, from_file_number: bool) -> None:
    edit = AtWork(bring_back="comp")
    edit.fake.quirks.comp_from_file_number = from_file_number
    edit.place()
    assert [comp.name for comp in edit.clip.comps] == ["Rotomatte car"]
    loader: Any = edit.clip.comp.tool("car")
    assert loader.file_at(1011 if from_file_number else 10) == "/mattes/car/car.1011.exr"


def test_a_comp_that_would_begin_elsewhere_is_refused() -> None:
    edit = AtWork(bring_back="comp")
    # What the artist did meanwhile.
    edit.clip.source_start += 2
    edit.clip.duration -= 2
    with pytest.raises(HostError, match="begins at frame 12"):
        edit.place()
    assert edit.clip.comps == []


def test_a_clip_that_was_rendered_gets_no_clip_matte() -> None:
    edit = AtWork(bring_back="clip matte")
    edit.clip.source_end += 10
    edit.read = edit.host.selected_clip()
    assert edit.read.must_render
    with pytest.raises(JobError, match="those of the timeline"):
        edit.place()
    assert edit.media.clip_mattes == []


def test_a_matte_comes_as_a_clip_matte() -> None:
    edit = AtWork()
    edit.macro(BringBack=2.0)
    edit.place()
    assert edit.media.clip_mattes == ["/mattes/car/car.1011.exr"]
    assert any("node graph" in note for note in edit.host.notes)


@pytest.mark.parametrize("trim", [0, 4])
def test_a_clip_that_was_moved_meanwhile_has_its_matte_where_it_is_now(trim: int) -> None:
    edit = AtWork()
    edit.clip.start += 300 + trim
    edit.clip.source_start += trim
    edit.clip.duration -= trim
    edit.place()
    edit.host.set_markers(edit.read, (Marker(1015, "lost"),))
    assert edit.placed(3) == [(RECORD + 300, RECORD + 310, 1011, 1020)]
    assert list(edit.timeline.markers) == [RECORD + 304 - START]


def test_a_clip_that_was_deleted_meanwhile_is_told() -> None:
    edit = AtWork()
    edit.timeline.tracks["video"][0].items.clear()
    for act in (edit.place, lambda: edit.host.set_markers(edit.read, ()), lambda: edit.host.go_to(edit.read, 1015)):
        with pytest.raises(JobError, match="any more"):
            act()


def test_the_media_is_flipped_as_the_clips() -> None:
    edit = AtWork()
    edit.media.properties["H-FLIP"] = "On"
    edit.read = edit.host.selected_clip()
    edit.place()
    assert edit.timeline.tracks["video"][2].items[0].media.properties["H-FLIP"] == "On"


def test_on_the_fusion_page_the_comp_has_the_playhead() -> None:
    edit = AtWork()
    edit.scene.comp(edit.clip, time=14)
    edit.fake.page = "fusion"
    assert edit.host.current_frame(edit.read) == 1015
    edit.fake.page = "edit"
    assert edit.host.current_frame(edit.read) == 1014


@pytest.mark.parametrize("page", ["edit", "color", "fusion", "media"])
def test_the_playhead_goes_to_a_frame_from_every_page(page: str) -> None:
    edit = AtWork()
    edit.scene.timeline("Reel 2")
    edit.fake.page = page
    edit.host.go_to(edit.read, 1018)
    assert edit.fake.timeline is edit.timeline
    assert edit.timeline.playhead == RECORD + 7
    assert edit.fake.page == (page if page in {"edit", "color"} else "edit")


def test_a_playhead_that_does_not_go_is_told() -> None:
    edit = AtWork()
    edit.timeline.answers["SetCurrentTimecode"] = True
    with pytest.raises(HostError, match="does not go to 01:00:00:19"):
        edit.host.go_to(edit.read, 1018)


def test_mattes_are_no_clips_of_the_timeline() -> None:
    edit = AtWork()
    edit.scene.title(track=2, record_frame=RECORD, frames=4)
    before = edit.host.timeline_clips()
    edit.place()
    assert edit.host.timeline_clips() == before
    assert [clip.clip.frames for clip in before] == [FrameRange(1011, 1020), FrameRange(1050, 1059)]


def test_several_clips_are_too_many() -> None:
    edit = AtWork()
    host = ResolveHost(
        edit.fake.resolve, which="all", bring_back=None, plates="/plates", progress=TerminalProgress(lambda _: None)
    )
    with pytest.raises(JobError, match="2 clips are meant by all"):
        host.selected_clip()
    found = host.work_on(edit.timeline.uid, edit.clip.uid)
    assert host.selected_clip() == found.clip


def test_without_a_timeline_it_says_so() -> None:
    edit = AtWork()
    edit.fake.project.current_timeline = None
    with pytest.raises(HostError, match="No timeline"):
        edit.host.selected_clip()
