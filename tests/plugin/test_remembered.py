"""The client's bookkeeping, and answers that come at a bad moment."""

from __future__ import annotations

import json
import socket
import threading

import pytest
from tests.plugin.conftest import PATIENCE_S

from rotomatte_plugin import link as link_module
from rotomatte_plugin.connection import Connection
from rotomatte_plugin.errors import EngineBusyError, EngineError
from rotomatte_plugin.link import Link
from rotomatte_plugin.messages import (
    CLIP_CHANGE,
    CLIP_OPEN,
    JOB_SUBMIT,
    PROTOCOL,
    CanvasWindow,
    ChangeClip,
    ClipOpened,
    JobAsked,
    JobEvent,
    JobList,
    JobStarted,
    Nothing,
    OpenClip,
    SubmitJob,
)
from rotomatte_plugin.model import (
    Clip,
    FrameRange,
    MatteJob,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    RefineSettings,
)
from rotomatte_plugin.remembered import Remembered

SUBMIT = SubmitJob(
    MatteJob(Clip(Plate("/p")), (MatteObject("a", PromptSet(points=(PointPrompt(1, 2.0, 3.0),))),)), "/out"
)


def test_a_clip_is_remembered_with_its_latest_change() -> None:
    """Which a new engine is told before anything is asked of the clip there: `test_client.py`."""
    remembered = Remembered(lambda _: None)
    opened = ClipOpened("c", "p", FrameRange(1, 5), 9, 9, CanvasWindow(0, 0, 9, 9), 1.0, None, "")
    remembered.learn(CLIP_OPEN, OpenClip(Clip(Plate("/p"))), opened)
    assert remembered.clips()["c"].change is None
    for cells in (2.0, 3.0):
        change = ChangeClip("c", RefineSettings(ramp_cells=cells))
        remembered.learn(CLIP_CHANGE, change, Nothing())
        assert remembered.clips()["c"].change == change


def test_events_that_come_before_their_job_is_known_are_kept_in_order() -> None:
    passed: list[JobEvent] = []
    remembered = Remembered(passed.append)
    remembered.take_event(JobEvent("j", "queued"))
    remembered.take_event(JobEvent("j", "running", 1, 2))
    assert passed == []
    remembered.learn(JOB_SUBMIT, SUBMIT, JobStarted("j"))
    remembered.take_event(JobEvent("j", "running", 2, 2))
    assert [event.done for event in passed] == [0, 1, 2]
    assert remembered.jobs()


def test_a_job_may_end_before_it_is_known() -> None:
    passed: list[JobEvent] = []
    remembered = Remembered(passed.append)
    remembered.take_event(JobEvent("j", "done"))
    remembered.learn(JOB_SUBMIT, SUBMIT, JobStarted("j"))
    assert passed == [JobEvent("j", "done")]
    assert not remembered.jobs()


def test_a_job_keeps_its_name_in_a_later_engine() -> None:
    passed: list[JobEvent] = []
    remembered = Remembered(passed.append)
    remembered.learn(JOB_SUBMIT, SUBMIT, JobStarted("old"))
    remembered.take_event(JobEvent("new", "queued"))
    remembered.try_again("old")
    remembered.restarted("old", JobStarted("new"))
    remembered.take_event(JobEvent("new", "running"))
    assert [(event.job_id, event.state) for event in passed] == [("old", "queued"), ("old", "running")]
    assert remembered.to_engine(JobAsked("old")) == JobAsked("new")
    assert remembered.to_caller(JobList((JobEvent("new", "running"),))).jobs[0].job_id == "old"
    assert remembered.jobs()["old"].is_second_try
    error = EngineError("No.", remedy="Do.")
    remembered.give_up("old", error)
    remembered.give_up("old", error)
    assert [event.state for event in passed] == ["queued", "running", "failed"]


def test_an_answer_counts_even_where_the_connection_ends_right_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class SlowToWake(threading.Event):
        """Whoever waits wakes only after the connection has ended."""

        def wait(self, timeout: float | None = None) -> bool:
            found = super().wait(timeout)
            for thread in threading.enumerate():
                if thread.name == "rotomatte-link":
                    thread.join(PATIENCE_S)
            return found

    def refuse(listener: socket.socket) -> None:
        door, _ = listener.accept()
        with door, door.makefile("rb") as file:
            number = json.loads(file.readline())["id"]
            error = {"code": 802, "message": "Full.", "data": {"remedy": "Wait."}}
            door.sendall(json.dumps({"jsonrpc": "2.0", "id": number, "error": error}).encode() + b"\n")

    class Waiting(link_module._Waiting):
        def __init__(self) -> None:
            super().__init__()
            self.is_answered = SlowToWake()

    monkeypatch.setattr(link_module, "_Waiting", Waiting)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=refuse, args=(listener,))
        thread.start()
        connection = Connection("127.0.0.1", listener.getsockname()[1], "t", 1, PROTOCOL, "")
        with pytest.raises(EngineBusyError, match="Full"):
            Link(connection, "test", lambda _: None, lambda: None)
        thread.join(PATIENCE_S)
