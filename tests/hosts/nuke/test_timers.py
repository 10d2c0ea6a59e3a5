"""Ticks on Nuke's main thread, with a window and without."""

from __future__ import annotations

import threading

import pytest
from tests.hosts.nuke import fake

from rotomatte_hosts.nuke.progress import Progress, message_of, percent_of
from rotomatte_hosts.nuke.timers import WindowTimers, make_timers
from rotomatte_plugin.messages import JobEvent
from rotomatte_plugin.terminal import TerminalTimers


def is_ticking() -> bool:
    return any(thread.name == "Rotomatte" for thread in threading.enumerate())


def test_with_a_window_the_main_thread_ticks_when_it_has_time() -> None:
    session = fake.new_script()
    threads: list[threading.Thread] = []

    def tick() -> bool:
        threads.append(threading.current_thread())
        return len(threads) < 3

    timers = make_timers()
    assert isinstance(timers, WindowTimers)
    timers.start(0.001, tick)
    assert threads == []
    session.pump(lambda: not is_ticking())
    assert threads == [threading.main_thread()] * 3
    assert session.printed == []


def test_a_tick_that_fails_ends_its_timer_and_nuke_prints_it() -> None:
    session = fake.new_script()

    def tick() -> bool:
        raise ValueError("oops")

    make_timers().start(0.001, tick)
    session.pump(lambda: not is_ticking())
    assert "oops" in session.printed[0]


def test_without_a_window_the_program_has_them_tick() -> None:
    fake.new_script(gui=False)
    assert isinstance(make_timers(), TerminalTimers)


@pytest.mark.parametrize(
    ("event", "message", "percent"),
    [
        (JobEvent("j", "queued", place=1), "waiting behind 1 other job", 0),
        (JobEvent("j", "queued", place=2), "waiting behind 2 other jobs", 0),
        (JobEvent("j", "running", 3, 8, object="car", frame=1003), "car, frame 1003: 3 of 8", 37),
        (JobEvent("j", "running", 3, 8), "3 of 8", 37),
        (JobEvent("j", "running", message="Loading the model."), "Loading the model.", 0),
        (JobEvent("j", "done"), "done", 0),
    ],
)
def test_a_job_in_a_line(event: JobEvent, message: str, percent: int) -> None:
    assert message_of(event) == message
    assert percent_of(event) == percent


def test_progress_in_a_terminal_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    fake.new_script(gui=False)
    progress = Progress()
    progress.show(JobEvent("j", "running", 3, 8, object="car", frame=1003))
    assert capsys.readouterr().out == "Rotomatte: car, frame 1003: 3 of 8\n"
    assert not progress.is_cancelled()
