"""A panel's controller on a host in memory, with the real engine in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import DiscPlate
from tests.plugin.conftest import Machine
from tests.plugin.desk_room import LOST, Room, clip_of, disc, frames_drawn, opened_room

from rotomatte_plugin.adapter import Marker
from rotomatte_plugin.desk_view import Problem
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.messages import (
    CLIP_CHANGE,
    CLIP_OPEN,
    CLIP_REMOVE_OBJECT,
    CLIP_SET_OBJECT,
    MATTE_SHAPES,
    MatteShapesAsked,
)
from rotomatte_plugin.model import FrameRange, MatteOutput, RefineSettings
from rotomatte_plugin.report_file import read_shapes


@pytest.fixture
def room(engine: Machine, disc_plate: DiscPlate) -> Iterator[Room]:
    with opened_room(engine, disc_plate(without=LOST)) as room:
        yield room


def test_a_preview_is_drawn_when_it_comes(room: Room) -> None:
    room.desk.preview("disc")
    assert room.desk.view.phase == "previewing"
    assert room.clip.outlines_drawn == {}, "it returns at once"
    view = room.settle()
    assert (view.phase, view.error) == ("idle", None)
    assert {one.phase for one in room.views} >= {"opening", "idle"}
    ((polygon,),) = room.clip.outlines_drawn.values()
    assert all(9 < ((x - 30.5) ** 2 + (y - 40.5) ** 2) ** 0.5 < 15 for x, y in polygon)
    assert view.scores["disc"].frame == 1001
    assert view.scores["disc"].object_score > 0
    assert view.clip == room.clip.clip
    assert not room.host.run_timers(), "no timer is left"


def test_a_clip_is_open_before_anything_is_asked_of_it(room: Room) -> None:
    assert room.desk.view.opened is None
    room.desk.open()
    opened = room.settle().opened
    assert opened is not None
    assert (opened.frames, opened.width_px, opened.height_px) == (FrameRange(1001, 1008), 160, 90)
    room.desk.open()
    room.desk.track("both")
    view = room.settle()
    assert room.client.asked.count("clip/open") == 1, "it is open already"
    assert view.opened == opened
    assert sorted(view.tracked["disc"]) == list(range(1001, 1009))


def test_other_settings_keep_the_clip_open_unless_it_is_seen_in_another_way(room: Room) -> None:
    room.desk.open()
    before = room.settle().opened
    room.desk.track("both")
    scores = dict(room.settle().tracked["disc"])
    room.desk.settings = replace(room.desk.settings, refine=RefineSettings(ramp_cells=3.0), edges="guided")
    room.desk.open()
    view = room.settle()
    assert view.opened == before
    assert view.tracked["disc"] == scores
    assert room.client.count(CLIP_CHANGE) == 1
    room.desk.open()
    room.settle()
    assert room.client.count(CLIP_CHANGE) == 1, "it is so already"
    room.desk.settings = replace(room.desk.settings, colour_space="sRGB - Texture")
    room.desk.open()
    after = room.settle().opened
    assert before is not None
    assert after is not None
    assert before.clip_id != after.clip_id


def test_other_frames_keep_the_clip_open_and_are_those_that_are_tracked_and_written(room: Room, tmp_path: Path) -> None:
    room.desk.track("both")
    opened = room.settle().opened
    whole = room.clip.clip
    for name, some in (
        ("in and out", replace(whole, working=FrameRange(1003, 1006))),
        ("trimmed", replace(whole, clip=replace(whole.clip, frames=FrameRange(1003, 1006)))),
    ):
        room.clip.clip = some
        room.clip.objects = (disc("disc", 1003),)
        room.clip.outlines_drawn.clear()
        room.desk.track("both")
        assert room.settle().opened == opened
        assert frames_drawn(room) == [1003, 1004, 1005, 1006]
        room.clip.playhead = 1005
        room.clip.outlines_drawn.clear()
        room.desk.track("forward")
        room.settle()
        assert frames_drawn(room) == [1005, 1006]
        room.desk.write(str(tmp_path / name))
        assert room.settle().error is None
        written = sorted(path.name for path in (tmp_path / name / "disc").glob("*.exr"))
        assert [int(name.split(".")[-2]) for name in written] == [1003, 1004, 1005, 1006]
        room.clip.clip = whole
        room.desk.open()
        assert room.settle().opened == opened
    assert room.client.count(CLIP_OPEN) == 1


def test_frames_that_are_not_open_open_the_clip_anew(room: Room) -> None:
    whole = room.clip.clip
    room.clip.clip = replace(whole, clip=replace(whole.clip, frames=FrameRange(1003, 1006)))
    room.desk.open()
    room.settle()
    room.clip.clip = whole
    room.desk.open()
    opened = room.settle().opened
    assert opened is not None
    assert opened.frames == FrameRange(1001, 1008)


def test_only_the_latest_preview_counts(room: Room) -> None:
    room.clip.objects = (disc("disc", 1001, 1002, 1003),)
    for frame in (1001, 1002, 1003):
        room.clip.playhead = frame
        room.desk.preview("disc")
    room.settle()
    assert frames_drawn(room) == [1003]
    assert room.client.asked.count("clip/preview") == 2, "the one between was never asked for"


def test_a_preview_that_is_dropped_is_not_drawn(room: Room) -> None:
    room.clip.objects = (disc("disc", 1001, 1002),)
    room.desk.preview("disc")
    room.clip.playhead = 1002
    room.desk.preview("disc")
    room.desk.drop_preview("other")
    assert room.desk.view.phase == "previewing"
    room.desk.drop_preview("disc")
    assert room.settle().error is None
    assert frames_drawn(room) == []


def test_tracking_draws_every_frame_and_finds_what_is_lost(room: Room) -> None:
    room.desk.track("both")
    assert room.host.shown is not None, "the artist can press Cancel from the beginning"
    view = room.settle()
    assert view.error is None
    assert frames_drawn(room) == list(range(1001, 1009))
    assert view.problems == (
        Problem("disc", "lost", FrameRange(*LOST)),
        Problem("disc", "returned", FrameRange(1006, 1006)),
    )
    assert {"opening", "tracking"} <= {one.phase for one in room.views}
    seen = [one for one in room.views if one.phase == "tracking" and one.total]
    assert seen
    assert {one.total for one in seen} == {8}
    assert view.scores["disc"].frame == 1008
    assert room.host.shown is None
    assert (view.phase, view.done, view.total, view.seconds_left) == ("idle", 0, 0, None)
    assert "tracked" in view.message


@pytest.mark.parametrize(
    ("direction", "one_frame", "frames", "playhead"),
    [
        ("forward", False, range(1003, 1009), 1003),
        ("backward", False, range(1001, 1004), 1003),
        ("forward", True, [1004], 1004),
        ("backward", True, [1002], 1002),
        ("both", True, [1003], 1003),
    ],
)
def test_tracking_begins_at_the_playhead(
    room: Room, direction: Any, one_frame: bool, frames: Any, playhead: int
) -> None:
    room.clip.playhead = 1003
    room.desk.track(direction, one_frame=one_frame)
    assert room.settle().error is None
    assert frames_drawn(room) == list(frames)
    assert room.clip.playhead == playhead


def test_beyond_the_last_frame_is_nothing_to_track(room: Room) -> None:
    room.clip.playhead = 1008
    room.desk.track("forward", one_frame=True)
    error = room.desk.view.error
    assert isinstance(error, JobError)
    assert "1008 is the clip's last" in error.message
    assert room.desk.view.phase == "idle"


def test_mattes_come_back_with_splines_and_markers(room: Room, tmp_path: Path) -> None:
    room.desk.write(str(tmp_path / "out"), splines=True)
    view = room.settle()
    assert view.error is None
    folder, track = room.clip.mattes["disc"]
    assert folder == str(tmp_path / "out")
    assert (tmp_path / "out" / (track.pattern % 1001)).is_file()
    shapes = room.clip.splines["disc"]
    assert [shape.frame for shape in shapes] == [1001, 1002, 1003, 1006, 1007, 1008]
    assert {len(shape.points) for shape in shapes} == {48}
    assert any(marker == Marker(1004, "disc: lost") for marker in room.clip.markers)
    assert view.problems[0] == Problem("disc", "lost", FrameRange(*LOST))
    assert "writing" in {one.phase for one in room.views}
    playheads = []
    for _ in range(len(view.problems) + 1):
        room.desk.next_problem()
        playheads.append(room.clip.playhead)
    assert playheads[0] == 1004
    assert playheads[-1] == 1004, "after the last one the first comes again"


def test_what_was_not_asked_for_does_not_come(room: Room, tmp_path: Path) -> None:
    room.desk.write(str(tmp_path / "out"), place=False, markers=False)
    assert room.settle().error is None
    assert (room.clip.mattes, room.clip.splines, room.clip.markers) == ({}, {}, ())
    assert room.desk.view.problems


def test_while_it_tracks_another_order_is_refused_and_nothing_stops(
    room: Room, disc_plate: DiscPlate, tmp_path: Path
) -> None:
    room.select(clip_of(disc_plate("long", count=60), 60))
    room.desk.track("both")
    room.desk.write(str(tmp_path / "out"))
    error = room.desk.view.error
    assert isinstance(error, JobError)
    assert "Tracking long is still under way" in error.message
    assert "top it first" in error.remedy
    room.settle(lambda view: view.done >= 2)
    other = clip_of(disc_plate("other"))
    long = room.clip
    room.select(other)
    room.desk.preview("disc")
    assert isinstance(room.desk.view.error, JobError), "it would close the clip that is tracked"
    room.select(long)
    room.desk.preview("disc")
    room.settle()
    assert room.desk.view.error is None
    assert frames_drawn(room) == list(range(1001, 1061))


@pytest.mark.parametrize("where", ["host", "panel"])
def test_cancel_keeps_what_is_there_and_the_next_press_goes_on(room: Room, disc_plate: DiscPlate, where: str) -> None:
    room.select(clip_of(disc_plate("long", count=400), 400))
    room.desk.track("both")
    room.settle(lambda view: view.done >= 3)
    if where == "host":
        room.host.cancels = True
    else:
        room.desk.cancel()
    view = room.settle()
    assert (view.phase, view.error, room.host.shown, room.host.cancels) == ("idle", None, None, False)
    stopped = len(frames_drawn(room))
    assert 3 <= stopped < 400
    room.desk.track("both", one_frame=True)
    assert room.settle().error is None


def test_cancel_before_the_engine_began_stops_it_too(room: Room) -> None:
    room.desk.track("both")
    room.desk.cancel()
    view = room.settle()
    assert (view.phase, view.error) == ("idle", None)
    assert "was stopped" in view.message
    assert frames_drawn(room) == []
    assert room.client.asked.count("clip/propagate") == 0


def test_a_plate_that_must_be_rendered_is_rendered_once(room: Room, tmp_path: Path) -> None:
    source = Path(room.clip.clip.clip.plate.path)
    room.select(clip_of(tmp_path / "rendered", source=str(source)))
    room.desk.track("both")
    view = room.desk.view
    assert (view.phase, view.done, view.total) == ("rendering", 0, 8)
    assert room.host.shown is not None
    room.settle(lambda view: view.done >= 3)
    assert room.desk.view.phase == "rendering"
    assert room.settle().error is None
    assert frames_drawn(room) == list(range(1001, 1009))
    (tmp_path / "rendered" / "plate.1001.png").touch()
    rendered = room.host.renders
    room.desk.track("both")
    room.settle()
    room.desk.preview("disc")
    room.settle()
    assert room.host.renders == rendered == 1
    assert room.client.count(CLIP_OPEN) == 1


def test_cancel_while_rendering_leaves_nothing(room: Room, tmp_path: Path) -> None:
    room.select(clip_of(tmp_path / "rendered", source=room.clip.clip.clip.plate.path))
    room.desk.track("both")
    room.settle(lambda view: view.done >= 2)
    room.host.cancels = True
    view = room.settle()
    assert (view.phase, view.error, room.host.shown) == ("idle", None, None)
    assert list((tmp_path / "rendered").iterdir()) == []
    assert room.client.asked == []
    room.desk.preview("disc")
    room.settle()
    assert room.desk.view.error is None
    assert frames_drawn(room) == [1001]


def test_the_engine_keeps_what_has_not_changed(room: Room) -> None:
    room.clip.objects = (disc("first"), disc("second"))
    room.desk.track("both")
    room.settle()
    assert (room.client.count(CLIP_OPEN), room.client.count(CLIP_SET_OBJECT)) == (1, 2)
    room.clip.objects = (disc("first", 1001, 1003),)
    room.desk.track("both", one_frame=True)
    view = room.settle()
    assert (room.client.count(CLIP_OPEN), room.client.count(CLIP_SET_OBJECT)) == (1, 3)
    assert room.client.count(CLIP_REMOVE_OBJECT) == 1
    assert list(view.scores) == ["first"], "what was found of the others does not hold any more"
    assert view.problems == ()
    room.desk.settings = replace(room.desk.settings, output=MatteOutput("nuke"))
    room.desk.track("both", one_frame=True)
    room.settle()
    assert room.client.count(CLIP_OPEN) == 1
    room.desk.settings = replace(room.desk.settings, colour_space="sRGB - Texture")
    room.desk.track("both", one_frame=True)
    assert room.settle().error is None
    assert room.client.count(CLIP_OPEN) == 2


def test_memory_is_freed(room: Room) -> None:
    room.desk.preview("disc")
    room.settle()
    room.desk.free_memory()
    assert "freed" in room.settle().message
    assert room.desk.view.error is None


def test_splines_come_while_a_job_of_another_host_runs(
    room: Room, engine: Machine, disc_plate: DiscPlate, tmp_path: Path
) -> None:
    room.desk.write(str(tmp_path / "out"), place=False)
    room.settle()
    with opened_room(engine, disc_plate("long", count=300)) as second:
        second.select(clip_of(tmp_path / "long", 300))
        second.desk.track("both")
        second.settle(lambda view: view.done >= 2)
        made = room.client.call(MATTE_SHAPES, MatteShapesAsked(str(tmp_path / "out"), "disc", 12))
        assert len(read_shapes(made.path)) == 6
        second.host.run_timers()
        assert second.desk.view.phase == "tracking"
