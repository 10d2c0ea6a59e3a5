"""What a panel says when something goes wrong, and that the next press works."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import DiscPlate
from tests.plugin.conftest import Machine, wait_until
from tests.plugin.desk_room import LOST, Host, Room, clip_of, disc, opened_room

from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.desk import Desk
from rotomatte_plugin.errors import EngineError, JobError, PlateError
from rotomatte_plugin.memory_host import ClipInMemory
from rotomatte_plugin.messages import CLIP_OPEN, JOB_LIST, Nothing
from rotomatte_plugin.model import Clip, FrameRange, MatteObject, Plate, PromptSet


@pytest.fixture
def room(engine: Machine, disc_plate: DiscPlate) -> Iterator[Room]:
    with opened_room(engine, disc_plate(without=LOST)) as room:
        yield room


def test_one_object_that_cannot_be_placed_stops_no_other(room: Room, tmp_path: Path) -> None:
    room.clip.objects = (disc("first"), disc("second"))
    room.host.refused = "first"
    room.desk.write(str(tmp_path / "out"), splines=True)
    view = room.settle()
    assert view.error is not None
    assert "no room on the timeline" in view.error.message
    assert list(room.clip.mattes) == ["second"]
    assert list(room.clip.splines) == ["first", "second"]
    assert room.clip.markers
    assert view.phase == "idle"
    assert room.host.shown is None


def test_a_host_that_cannot_draw_does_not_stop_tracking(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("the viewer is gone")

    monkeypatch.setattr(Host, "draw_outline", refuse)
    room.desk.track("both")
    view = room.settle()
    assert view.error is not None
    assert "the viewer is gone" in view.error.message
    assert view.problems
    assert view.phase == "idle"


def test_a_plate_that_cannot_be_rendered_is_an_error(room: Room, tmp_path: Path) -> None:
    room.select(clip_of(tmp_path / "rendered", source=str(tmp_path / "nowhere")))
    room.desk.track("both")
    view = room.settle()
    assert isinstance(view.error, PlateError)
    assert (view.phase, room.host.shown) == ("idle", None)


def test_what_the_artist_forgot_is_said(room: Room) -> None:
    room.host.selection = []
    room.desk.preview("disc")
    assert isinstance(room.desk.view.error, JobError)
    assert room.desk.view.error.remedy == "Select one clip."
    room.host.selection = [room.clip.clip.clip.host_id]
    room.desk.preview("dog")
    assert "Use one of disc." in str(room.desk.view.error)
    room.clip.objects = (MatteObject("empty", PromptSet()),)
    room.desk.track("both")
    assert "no prompts yet" in str(room.desk.view.error)
    room.desk.next_problem()
    assert room.desk.view.error is None
    assert room.desk.view.message == "No problem is known."


def test_a_prompt_that_means_nothing_there_is_the_engines_word(room: Room) -> None:
    room.clip.playhead = 1002
    room.desk.preview("disc")
    view = room.settle()
    assert isinstance(view.error, JobError)
    room.clip.playhead = 1001
    room.desk.preview("disc")
    assert room.settle().error is None
    assert room.client.count(CLIP_OPEN) == 1, "the clip is open still"


def test_after_closing_nothing_comes_any_more(room: Room, disc_plate: DiscPlate) -> None:
    room.select(clip_of(disc_plate("long", count=400), 400))
    room.desk.track("both")
    room.settle(lambda view: view.done >= 1)
    # More is told before it is closed, and waits for the next tick.
    seen = room.desk.view.done
    wait_until(lambda: room.client.call(JOB_LIST, Nothing()).jobs[-1].done > seen + 1)
    room.desk.close()
    assert room.host.shown is None
    drawn = len(room.clip.outlines_drawn)
    wait_until(lambda: "clip/close" in room.client.asked)
    wait_until(lambda: not any(thread.name == "rotomatte-desk" for thread in threading.enumerate()))
    assert not room.host.run_timers()
    assert len(room.clip.outlines_drawn) == drawn
    room.desk.track("both")
    assert "was closed" in str(room.desk.view.error)


def test_an_engine_that_crashes_twice_is_told_and_the_next_press_works(
    room: Room, engine: Machine, disc_plate: DiscPlate
) -> None:
    room.select(clip_of(disc_plate("long", count=600), 600))
    room.desk.track("both")
    room.settle(lambda view: view.done >= 3)
    engine.kill()
    room.settle(lambda view: view.done < 3)
    room.settle(lambda view: view.done >= 3)
    engine.kill()
    view = room.settle()
    assert isinstance(view.error, EngineError)
    assert "crashed twice" in view.error.message
    assert (view.phase, room.host.shown) == ("idle", None)
    room.clip.playhead = 1001
    room.desk.track("both", one_frame=True)
    assert room.settle().error is None


def test_an_engine_that_dies_of_a_preview_is_told_and_the_next_press_works(machine: Machine) -> None:
    client = machine.client()
    clip = ClipInMemory(HostClip(Clip(Plate("/a.mov"), FrameRange(1, 999), "a", "a")), (disc(),), playhead=666)
    host = Host([clip])
    desk = Desk(host, client)
    desk.preview("disc")
    wait_until(lambda: not host.run_timers())
    assert isinstance(desk.view.error, EngineError)
    assert "ended before it answered" in desk.view.error.message
    assert "stands in" not in desk.view.message
    clip.playhead = 5
    desk.preview("disc")
    wait_until(lambda: not host.run_timers())
    assert desk.view.error is None
    assert ("disc", 5) in clip.outlines_drawn
    assert "stands in" in desk.view.message, "the model that was meant is not there"
    desk.close()
