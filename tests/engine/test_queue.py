"""The engine's queue: one job at a time, visible, cancelled within a frame, and hard to kill."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import DiscPlate
from tests.engine.conftest import wait_until

from rotomatte.engine.queue import LEADS_TO, JobQueue, Watch
from rotomatte.engine.roots import AllowedRoots
from rotomatte.engine.runner import run_matte_job
from rotomatte.job import run_job
from rotomatte.mattes.exr import read_matte_header
from rotomatte.work import Progress
from rotomatte_plugin.errors import CancelledError, DiskFullError, EngineError, JobError, OutputError, RotomatteError
from rotomatte_plugin.messages.errors import from_words
from rotomatte_plugin.messages.job import ENDED, JobEvent
from rotomatte_plugin.model import (
    Clip,
    FrameScore,
    MatteJob,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    TrackSettings,
)

OUT = Path("out")
CLICK = PromptSet(points=(PointPrompt(1003, 38, 40),))


def job(plate: str = "plate") -> MatteJob:
    return MatteJob(Clip(Plate(plate)), (MatteObject("disc", CLICK),), track=TrackSettings(model="disc"))


class Stage:
    """Runs jobs as the test says: each makes a frame whenever it is let, and ends after the last."""

    def __init__(self, frames: int = 1) -> None:
        self.frames = frames
        self.began: threading.Semaphore = threading.Semaphore(0)
        self.let: threading.Semaphore = threading.Semaphore(0)
        self.ran: list[str] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self.ends: dict[str, BaseException] = {}

    def __call__(
        self,
        job: MatteJob,
        out: Path,
        *,
        overwrite: bool,
        on_warning: Callable[[str], None],
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> Any:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self.ran.append(job.clip.plate.path)
        self.began.release()
        try:
            for frame in range(1, self.frames + 1):
                assert self.let.acquire(timeout=30)
                if cancelled():
                    raise CancelledError("Stopped.", remedy="Go on.")
                on_progress(Progress("disc", frame, self.frames))
            if job.clip.plate.path in self.ends:
                on_warning("something is doubtful")
                raise self.ends[job.clip.plate.path]
        finally:
            with self._lock:
                self._at_once -= 1


@pytest.fixture
def told() -> list[JobEvent]:
    return []


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def queue(stage: Stage, told: list[JobEvent]) -> Iterator[JobQueue]:
    before = set(threading.enumerate())
    with JobQueue(stage, on_event=told.append) as made:
        yield made
        stage.let.release(1000)
    assert set(threading.enumerate()) == before, "stopping leaves no thread behind"


def test_jobs_run_one_by_one_in_order_and_their_places_are_seen(
    queue: JobQueue, stage: Stage, told: list[JobEvent]
) -> None:
    first = queue.submit(job("1"), OUT)
    assert stage.began.acquire(timeout=30)
    second, third = queue.submit(job("2"), OUT), queue.submit(job("3"), OUT)
    assert [(event.state, event.place) for event in queue.list()] == [("running", 0), ("queued", 1), ("queued", 2)]
    stage.let.release()
    assert queue.wait(first).state == "done"
    assert stage.began.acquire(timeout=30)
    assert (queue.status(second).state, queue.status(third).place) == ("running", 1)
    stage.let.release(2)
    assert queue.wait(third).state == "done"
    assert stage.ran == ["1", "2", "3"]
    assert stage.most_at_once == 1
    queue.stop()
    of_third = [(event.state, event.place) for event in told if event.job_id == third]
    assert of_third == [("queued", 2), ("queued", 1), ("running", 0), ("running", 0), ("done", 0)]
    of_first = [(event.state, event.done, event.total, event.frame) for event in told if event.job_id == first]
    assert of_first[1:] == [("running", 0, 0, None), ("running", 1, 1, 1), ("done", 1, 1, 1)]


def test_a_waiting_job_is_cancelled_at_once_and_the_others_move_up(queue: JobQueue, stage: Stage) -> None:
    running, second, third = (queue.submit(job(name), OUT) for name in "123")
    assert stage.began.acquire(timeout=30)
    queue.cancel(second)
    assert queue.status(second).state == "cancelled"
    assert queue.status(third).place == 1
    stage.let.release(3)
    assert queue.wait(third).state == "done"
    assert stage.ran == ["1", "3"]
    assert queue.wait(running).state == "done"


def test_a_running_job_ends_with_its_frame_and_the_next_begins(queue: JobQueue, stage: Stage) -> None:
    stage.frames = 5
    first, second = queue.submit(job("1"), OUT), queue.submit(job("2"), OUT)
    assert stage.began.acquire(timeout=30)
    queue.cancel(first)
    queue.cancel(first)
    assert queue.status(first).state == "running", "it still makes its frame"
    stage.let.release()
    ended = queue.wait(first)
    assert (ended.state, ended.done, ended.error) == ("cancelled", 0, None)
    assert stage.began.acquire(timeout=30)
    queue.cancel(first)
    stage.let.release(5)
    assert queue.wait(second).state == "done"


def test_an_error_keeps_its_sentence_and_remedy(queue: JobQueue, stage: Stage) -> None:
    stage.ends["full"] = DiskFullError("The disk is full.", remedy="Make space.", frame=1004, path="/out")
    stage.let.release(2)
    ended = queue.wait(queue.submit(job("full"), OUT))
    assert ended.state == "failed"
    assert ended.error is not None
    error = from_words(ended.error)
    assert isinstance(error, DiskFullError)
    assert (error.message, error.remedy, error.frame, error.path) == ("The disk is full.", "Make space.", 1004, "/out")
    assert queue.wait(queue.submit(job("fine"), OUT)).state == "done"


def test_a_bug_ends_its_job_alone_and_its_traceback_stays_in_the_log(
    queue: JobQueue, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.ends["bad"] = ZeroDivisionError("in some line")
    stage.let.release(2)
    with caplog.at_level(logging.ERROR):
        ended = queue.wait(queue.submit(job("bad"), OUT))
    assert ended.state == "failed"
    assert ended.error is not None
    assert type(from_words(ended.error)) is RotomatteError
    assert "in some line" not in ended.error.message + ended.message
    assert "in some line" in caplog.text
    assert queue.wait(queue.submit(job("fine"), OUT)).state == "done"


def test_a_warning_is_told(queue: JobQueue, stage: Stage, told: list[JobEvent]) -> None:
    stage.ends["w"] = JobError("no", remedy="No.")
    stage.let.release()
    queue.wait(queue.submit(job("w"), OUT))
    queue.stop()
    assert "something is doubtful" in [event.message for event in told if event.state == "running"]


def test_other_tasks_take_their_turn_and_tell_of_themselves(
    queue: JobQueue, stage: Stage, told: list[JobEvent]
) -> None:
    square_xy = (((1.0, 1.0), (4.0, 1.0), (4.0, 4.0)),)
    score = FrameScore(7, 1.0, 0.5, 4.5, (2.0, 2.0))

    def task(watch: Watch) -> str:
        watch.on_warning("look out")
        watch.on_progress(Progress("disc", 7, 2, score, lambda: square_xy))
        assert not watch.cancelled()
        queue.cancel(second)
        assert watch.cancelled()
        return "That was it."

    first, second = queue.submit(job("1"), OUT), queue.put(task)
    assert queue.status(second).place == 1
    stage.let.release()
    ended = queue.wait(second)
    assert (queue.wait(first).state, ended.state, ended.message) == ("done", "done", "That was it.")
    queue.stop()
    of_task = [event for event in told if event.job_id == second and event.state == "running"]
    assert [(event.message, event.done, event.frame) for event in of_task[-2:]] == [
        ("look out", 0, None),
        ("look out", 1, 7),
    ]
    assert (of_task[-1].total, of_task[-1].score, of_task[-1].outline_xy) == (2, score, square_xy)
    with pytest.raises(EngineError, match="stopping"):
        queue.put(task)


def test_an_ended_task_is_let_go_of(queue: JobQueue) -> None:
    class Task:
        def __call__(self, watch: Watch) -> str:
            return str(watch.cancelled())

    task = Task()
    gone = ref(task)
    job_id = queue.put(task)
    del task
    assert queue.wait(job_id).state == "done"
    # Its end is told a moment before it is wholly over.
    wait_until(lambda: gone() is None)


def test_an_unknown_job_is_a_sentence(queue: JobQueue) -> None:
    for ask in (queue.status, queue.cancel, queue.wait):
        with pytest.raises(JobError, match="no job 'x'"):
            ask("x")


def test_stopping_ends_everything_and_takes_nothing_more(queue: JobQueue, stage: Stage) -> None:
    stage.frames = 100
    running, waiting = queue.submit(job("1"), OUT), queue.submit(job("2"), OUT)
    assert stage.began.acquire(timeout=30)
    stopper = threading.Thread(target=queue.stop)
    stopper.start()
    assert queue.wait(waiting).state == "cancelled"
    stage.let.release()
    stopper.join(timeout=30)
    assert not stopper.is_alive()
    assert queue.status(running).state == "cancelled"
    assert stage.ran == ["1"]
    with pytest.raises(EngineError, match="stopping"):
        queue.submit(job("3"), OUT)
    queue.stop()


def test_ended_jobs_are_forgotten_in_the_end(queue: JobQueue, stage: Stage) -> None:
    stage.frames = 0
    first = queue.submit(job("0"), OUT)
    queue.wait(first)
    stage.frames = 1
    running = queue.submit(job("1"), OUT)
    for number in range(200):
        queue.cancel(queue.submit(job(str(number)), OUT))
    assert len(queue.list()) == 201
    with pytest.raises(JobError, match="no job"):
        queue.status(first)
    assert queue.status(running).state != "cancelled", "only jobs that have ended are forgotten"


def test_a_listener_may_ask_the_queue_and_may_fail(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []

    def listen(event: JobEvent) -> None:
        heard.append(queue.status(event.job_id).job_id)
        if event.state == "queued":
            raise ValueError("a bad listener")

    stage.let.release(2)
    with caplog.at_level(logging.ERROR), JobQueue(stage, on_event=listen) as queue:
        ids = [queue.submit(job(), OUT) for _ in range(2)]
        for one in ids:
            assert queue.wait(one).state == "done"
    assert set(heard) == set(ids)
    assert "a bad listener" in caplog.text


def test_outputs_are_checked_when_a_job_comes_and_when_it_runs(stage: Stage, tmp_path: Path) -> None:
    root = tmp_path / "renders"
    root.mkdir()
    with JobQueue(stage, roots=AllowedRoots([root])) as queue:
        with pytest.raises(OutputError, match="not below"):
            queue.submit(job("0"), root / ".." / "secret")
        assert queue.list() == ()
        first, second = queue.submit(job("1"), root / "a"), queue.submit(job("2"), root / "b")
        assert stage.began.acquire(timeout=30)
        (root / "b").symlink_to(tmp_path)
        stage.let.release(2)
        assert queue.wait(first).state == "done"
        ended = queue.wait(second)
    assert ended.error is not None
    assert "not below" in ended.error.message
    assert stage.ran == ["1"]


def test_the_states_that_nothing_follows_are_those_of_the_protocol() -> None:
    assert {state for state, later in LEADS_TO.items() if not later} == ENDED
    assert {state for later in LEADS_TO.values() for state in later} | {"queued"} == set(LEADS_TO)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["submit", "let", "cancel first", "cancel last", "fail"]), max_size=14))
def test_whatever_happens_each_job_goes_from_state_to_state_as_it_may(actions: list[str]) -> None:
    stage, told = Stage(), list[JobEvent]()
    stage.ends["fail"] = JobError("no", remedy="No.")
    ids = []
    with JobQueue(stage, on_event=told.append) as queue:
        for action in actions:
            if action in {"submit", "fail"}:
                ids.append(queue.submit(job(action), OUT))
            elif action == "let":
                stage.let.release()
            elif ids:
                queue.cancel(ids[0 if action == "cancel first" else -1])
        stage.let.release(100)
        ends = [queue.wait(one) for one in ids]
    assert stage.most_at_once <= 1
    for one, end in zip(ids, ends, strict=True):
        events = [event for event in told if event.job_id == one]
        assert events[0].state == "queued"
        assert events[-1] == end
        assert end.state in ENDED
        for before, after in pairwise(events):
            assert after.state == before.state or after.state in LEADS_TO[before.state]


def test_a_real_job_is_cancelled_within_a_frame_and_goes_on_later(disc_plate: DiscPlate, tmp_path: Path) -> None:
    asked, out, whole = job(str(disc_plate(count=60))), tmp_path / "out", tmp_path / "whole"
    run_job(asked, whole)

    def run(job: MatteJob, out: Path, *, on_progress: Callable[[Progress], None], **rest: Any) -> Any:
        def progress(step: Progress) -> None:
            on_progress(step)
            if queue.list()[0].done == 5:
                queue.cancel(queue.list()[0].job_id)

        return run_matte_job(job, out, on_progress=progress, **rest)

    with JobQueue(run) as queue:
        ended = queue.wait(queue.submit(asked, out))
    kept = {path.name: path.read_bytes() for path in out.rglob("*.exr")}
    assert ended.state == "cancelled"
    # Those that were waiting to be written behind the tracker's back, and the one in hand.
    assert 5 <= ended.done <= len(kept) <= 5 + 6
    assert all(read_matte_header(path) for path in out.rglob("*.exr"))
    run_job(asked, out)
    mattes = {path.name: path.read_bytes() for path in out.rglob("*.exr")}
    assert mattes == {path.name: path.read_bytes() for path in whole.rglob("*.exr")}
    assert kept.items() <= mattes.items()
