"""Lines in a terminal, and Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from rotomatte_hosts.resolve.progress import TerminalProgress
from rotomatte_plugin.desk_view import DeskView
from rotomatte_plugin.messages import JobEvent


def test_each_phase_is_said_once_for_each_tenth_of_it() -> None:
    said: list[str] = []
    progress = TerminalProgress(said.append)
    progress.look(DeskView(phase="opening"))
    progress.look(DeskView(phase="opening"))
    for done in range(101):
        progress.look(DeskView(phase="writing", done=done, total=100))
    progress.look(DeskView(message="Finished."))
    assert said == ["Opening the plate.", *(f"Writing mattes {done} of 100." for done in range(0, 101, 10))]


def test_what_is_shown_ends_with_its_job() -> None:
    progress = TerminalProgress(lambda _: None)
    progress.show(JobEvent("j", "running", 3, 8))
    assert progress.shown == JobEvent("j", "running", 3, 8)
    progress.cancel()
    assert progress.is_cancelled()
    progress.show(JobEvent("j", "cancelled", 3, 8))
    assert progress.shown is None
    assert progress.last_state == "cancelled"
    assert not progress.is_cancelled(), "the next job is another one"


@pytest.fixture
def in_foreground() -> Iterator[None]:
    """Behind a shell that goes on without it, a program does not hear Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_stops_the_job_and_a_second_one_the_program(in_foreground: None) -> None:
    said: list[str] = []
    progress = TerminalProgress(said.append)
    before = signal.getsignal(signal.SIGINT)
    with progress.heeding_ctrl_c():
        signal.raise_signal(signal.SIGINT)
        assert progress.is_cancelled()
        assert len(said) == 1
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
