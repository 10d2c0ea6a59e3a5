"""The engine's jobs: one at a time, the others visibly waiting; what needs no device goes on beside them."""

from __future__ import annotations

import logging
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from threading import Condition, Event, Thread, current_thread
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rotomatte.engine.roots import AllowedRoots
from rotomatte.engine.runner import Runner, run_matte_job
from rotomatte_plugin.errors import CancelledError, EngineError, JobError, RotomatteError
from rotomatte_plugin.messages.errors import to_words
from rotomatte_plugin.messages.job import ENDED, JobEvent, JobState
from rotomatte_plugin.model import MatteJob

if TYPE_CHECKING:
    from rotomatte.work import Progress

LEADS_TO: Mapping[JobState, frozenset[JobState]] = {
    "queued": frozenset({"running", "cancelled"}),
    "running": frozenset({"done", "failed", "cancelled"}),
    "done": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}
"""The states that may follow each state."""

_ENDED_REMEMBERED = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watch:
    """What a task tells of itself, and asks: ``cancelled`` between frames, and then it raises ``CancelledError``.

    ``on_amount`` is for what is no matte: how much is done, of how much.
    """

    on_warning: Callable[[str], None]
    on_progress: Callable[[Progress], None]
    on_amount: Callable[[int, int], None]
    cancelled: Callable[[], bool]


Task = Callable[[Watch], str]
"""Something that takes time. Gives a sentence for the artist on what came of it."""


@dataclass(frozen=True)
class _Order:
    """A waiting task; gone when it has ended, since prompts can be large."""

    job_id: str
    task: Task


@dataclass
class _Known:
    """What is remembered of a job."""

    event: JobEvent
    is_beside: bool = False
    cancel: Event = field(default_factory=Event)


class JobQueue:
    """Runs jobs, and other tasks, one after the other in a thread of its own; those beside them each in another.

    ``run`` makes a job's mattes; with ``roots``, only below these. ``on_event`` is told of every change of a job in
    the order in which they came, in another thread of the queue's, so it may call the queue and holds no job up; all
    but ``stop``, which waits for it. A job that has ended is remembered until 200 later ones have ended too.
    """

    def __init__(
        self,
        run: Runner = run_matte_job,
        *,
        roots: AllowedRoots | None = None,
        on_event: Callable[[JobEvent], None] = lambda _: None,
    ) -> None:
        self._run = run
        self._roots = roots
        self._on_event = on_event
        self._known: dict[str, _Known] = {}
        self._waiting: deque[_Order] = deque()
        self._is_stopping = False
        self._changed = Condition()
        self._events: SimpleQueue[JobEvent | None] = SimpleQueue()
        self._beside: set[Thread] = set()
        self._worker = Thread(target=self._work, name="rotomatte-jobs")
        self._teller = Thread(target=self._tell, name="rotomatte-job-events")
        self._worker.start()
        self._teller.start()

    def __enter__(self) -> JobQueue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def submit(self, job: MatteJob, out: Path, *, overwrite: bool = False) -> str:
        """Put a job at the end of the queue; gives its id, which no other job ever has.

        Raises:
            OutputError: ``out`` is not below an allowed root.
            EngineError: the queue is being stopped.
        """
        return self.put(self.matte_task(job, out, overwrite=overwrite, run=self._run))

    def matte_task(self, job: MatteJob, out: Path, *, overwrite: bool, run: Runner) -> Task:
        """The task that makes a job's mattes with ``run``, below an allowed root.

        Raises:
            OutputError: ``out`` is not below one.
        """
        self.allowed(out)

        def make(watch: Watch) -> str:
            run(
                job,
                # Again, since a link may have been put there while the job waited.
                self.allowed(out),
                overwrite=overwrite,
                on_warning=watch.on_warning,
                on_progress=watch.on_progress,
                cancelled=watch.cancelled,
            )
            return f"The mattes are in {out}."

        return make

    def put(self, task: Task) -> str:
        """Put any task at the end of the queue, as a job of its own.

        Raises:
            EngineError: the queue is being stopped.
        """
        order = _Order(uuid.uuid4().hex, task)
        with self._changed:
            self._require_open()
            self._waiting.append(order)
            event = JobEvent(order.job_id, "queued", place=self._place(order))
            self._known[order.job_id] = _Known(event)
            self._told(event)
        return order.job_id

    def put_beside(self, task: Task) -> str:
        """Run a task that needs no device at once, as a job of its own that holds no other up.

        Raises:
            EngineError: the queue is being stopped.
        """
        order = _Order(uuid.uuid4().hex, task)
        thread = Thread(target=self._run_beside, args=(order,), name="rotomatte-beside")
        with self._changed:
            self._require_open()
            known = self._known[order.job_id] = _Known(JobEvent(order.job_id, "queued"), is_beside=True)
            self._told(known.event)
            self._change(known, state="running")
            self._beside.add(thread)
        thread.start()
        return order.job_id

    def status(self, job_id: str) -> JobEvent:
        """A job as it is now.

        Raises:
            JobError: no job has that id, or it is forgotten.
        """
        with self._changed:
            return self._find(job_id).event

    def list(self) -> tuple[JobEvent, ...]:
        """Every job that is remembered, in the order in which they came."""
        with self._changed:
            return tuple(known.event for known in self._known.values())

    def cancel(self, job_id: str) -> None:
        """Stop a job: at once where it waits, after the current frame where it runs, without effect once it has ended.

        Raises:
            JobError: no job has that id, or it is forgotten.
        """
        with self._changed:
            self._cancel(self._find(job_id))

    def wait(self, job_id: str, timeout_s: float | None = None) -> JobEvent:
        """Wait until a job has ended, for a time at most; gives the job as it is then.

        Raises:
            JobError: no job has that id, or it is forgotten.
        """
        with self._changed:
            known = self._find(job_id)
            self._changed.wait_for(lambda: known.event.state in ENDED, timeout_s)
            return known.event

    def allowed(self, out: Path) -> Path:
        """The folder that ``out`` really is.

        Raises:
            OutputError: it is not below an allowed root.
        """
        return out if self._roots is None else self._roots.resolved(out)

    def stop(self) -> None:
        """Cancel everything, and come back when running jobs have left their current frame and all events are told."""
        with self._changed:
            self._is_stopping = True
            for known in tuple(self._known.values()):
                self._cancel(known)
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._beside)
        self._worker.join()
        self._events.put(None)
        self._teller.join()

    def _work(self) -> None:
        while self._work_once():
            pass

    def _work_once(self) -> bool:
        """Run the next job, and let go of all that it held; False when the queue is stopped."""
        order = self._next()
        if order is None:
            return False
        self._end(order)
        return True

    def _run_beside(self, order: _Order) -> None:
        self._end(order)
        with self._changed:
            self._beside.remove(current_thread())
            self._changed.notify_all()

    def _end(self, order: _Order) -> None:
        """Run a task to its end, and tell of it."""
        known = self._known[order.job_id]
        changes = self._outcome(order, known)
        with self._changed:
            self._change(known, **changes)
            self._forget_oldest()

    def _next(self) -> _Order | None:
        """The next job, now running; None when the queue is stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_stopping)
            if not self._waiting:
                return None
            order = self._waiting.popleft()
            self._change(self._known[order.job_id], state="running", place=0)
            self._tell_places()
            return order

    def _outcome(self, order: _Order, known: _Known) -> dict[str, Any]:
        """Run a task; gives the fields in which its end shows."""

        def warn(sentence: str) -> None:
            with self._changed:
                self._change(known, message=sentence)

        def progress(step: Progress) -> None:
            outline_xy = step.find_outline()
            with self._changed:
                done = known.event.done + 1
                self._change(
                    known,
                    done=done,
                    total=step.total,
                    object=step.object,
                    frame=step.frame,
                    outline_xy=outline_xy,
                    score=step.score,
                )

        def amount(done: int, total: int) -> None:
            with self._changed:
                self._change(known, done=done, total=total)

        try:
            message = order.task(Watch(warn, progress, amount, known.cancel.is_set))
        except CancelledError as error:
            return {"state": "cancelled", "message": error.message}
        except RotomatteError as error:
            return {"state": "failed", "message": error.message, "error": to_words(error)}
        except Exception:  # noqa: BLE001 - one job's bug must not take the engine from the others
            _log.exception("Job %s failed by a bug.", order.job_id)
            bug = RotomatteError(
                "The job failed by a bug in Rotomatte. Finished frames are kept.",
                remedy="Report it with the traceback from the log.",
            )
            return {"state": "failed", "message": bug.message, "error": to_words(bug)}
        return {"state": "done", "message": message}

    def _cancel(self, known: _Known) -> None:
        known.cancel.set()
        if known.event.state == "queued":
            self._waiting = deque(order for order in self._waiting if order.job_id != known.event.job_id)
            self._change(known, state="cancelled", place=0, message="The job was cancelled before it began.")
            self._forget_oldest()
            self._tell_places()

    def _tell_places(self) -> None:
        for order in self._waiting:
            known = self._known[order.job_id]
            if known.event.place != self._place(order):
                self._change(known, place=self._place(order))

    def _place(self, order: _Order) -> int:
        running = sum(known.event.state == "running" and not known.is_beside for known in self._known.values())
        return running + self._waiting.index(order)

    def _change(self, known: _Known, **fields: Any) -> None:
        """Change what is known of a job, and tell it."""
        event = replace(known.event, **fields)
        if event.state != known.event.state and event.state not in LEADS_TO[known.event.state]:
            raise ValueError(f"A job cannot go from {known.event.state} to {event.state}.")
        known.event = event
        self._told(event)

    def _told(self, event: JobEvent) -> None:
        self._changed.notify_all()
        self._events.put(event)

    def _forget_oldest(self) -> None:
        ended = [job_id for job_id, known in self._known.items() if known.event.state in ENDED]
        for job_id in ended[: max(0, len(ended) - _ENDED_REMEMBERED)]:
            del self._known[job_id]

    def _require_open(self) -> None:
        if self._is_stopping:
            raise EngineError("The engine is stopping and takes no more jobs.", remedy="Start it again.")

    def _find(self, job_id: str) -> _Known:
        try:
            return self._known[job_id]
        except KeyError:
            raise JobError(
                f"The engine knows no job {job_id!r}.",
                remedy="Ask for the list of jobs: it names those that the engine remembers.",
            ) from None

    def _tell(self) -> None:
        while (event := self._events.get()) is not None:
            try:
                self._on_event(event)
            except Exception:  # noqa: BLE001 - whoever listens badly must not make the others deaf
                _log.exception("An event of job %s could not be told.", event.job_id)
