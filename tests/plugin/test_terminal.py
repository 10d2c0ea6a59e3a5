"""A desk without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk import Desk, DeskView
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.memory_host import ClipInMemory, MemoryHost
from rotomatte_plugin.messages import JobEvent
from rotomatte_plugin.model import Clip, FrameRange, MatteObject, Plate, PointPrompt, PromptSet
from rotomatte_plugin.terminal import TerminalTimers, Tick, work_off


class TerminalHost(MemoryHost):
    """Its artist cancels as soon as something is shown to be under way."""

    def __init__(self, timers: TerminalTimers, clips: list[ClipInMemory]) -> None:
        super().__init__(clips)
        self._terminal = timers

    def start_timer(self, interval_s: float, tick: Tick) -> None:
        self._terminal.start(interval_s, tick)

    def show_progress(self, event: JobEvent) -> None:
        super().show_progress(event)
        self.cancels = self.shown is not None and event.done > 0


def test_timers_tick_when_their_time_has_come_until_they_have_enough() -> None:
    timers = TerminalTimers()
    ticks: list[int] = []

    def often() -> bool:
        ticks.append(1)
        return len(ticks) < 3

    def seldom() -> bool:
        ticks.append(100)
        return True

    timers.start(0.0, often)
    timers.start(3600.0, seldom)
    assert ticks == [], "starting one does not wait"
    for _ in range(5):
        assert timers.run_timers()
    assert ticks == [1, 1, 1], "the other one's time has not come"


def test_it_waits_until_the_desk_has_nothing_to_do_any_more(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for frame in range(11, 15):
        (source / f"{frame}.exr").write_bytes(b"a frame")
    car = MatteObject("car", PromptSet(points=(PointPrompt(11, 2, 2),)))
    clip = HostClip(Clip(Plate(str(tmp_path / "plate")), FrameRange(11, 14), host_id="r"), must_render=True)
    timers, client = TerminalTimers(), EngineClient("test")
    desk = Desk(TerminalHost(timers, [ClipInMemory(clip, (car,), source=str(source))]), client)
    desk.write(str(tmp_path / "out"))
    seen: list[DeskView] = []
    work_off(desk, timers, seen.append)
    assert [(view.phase, view.total) for view in seen[:1]] == [("rendering", 4)]
    assert desk.view.phase == "idle"
    assert list((tmp_path / "plate").iterdir()) == [], "the artist has cancelled"


def test_what_went_wrong_is_raised() -> None:
    timers, client = TerminalTimers(), EngineClient("test")
    desk = Desk(TerminalHost(timers, []), client)
    desk.write("/out")
    with pytest.raises(JobError, match="0 clips are selected"):
        work_off(desk, timers, lambda view: None)
