"""Serving a watch folder: looking for jobs, running them through the queue, and answering."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from rotomatte.document import decode
from rotomatte.engine.queue import JobQueue
from rotomatte.mattes.files import output_error
from rotomatte.serve_jobs.documents import JobDone, JobFailed, done, encoded, failed, parse_job_file
from rotomatte.serve_jobs.folder import WatchFolder
from rotomatte.serve_jobs.names import DONE, FAILED, WAITING, Claim
from rotomatte.serve_jobs.patience import Patience
from rotomatte_plugin.errors import JobError, OutputError, RotomatteError
from rotomatte_plugin.messages.errors import from_words
from rotomatte_plugin.messages.job import ENDED, JobEvent
from rotomatte_plugin.model import JobReport
from rotomatte_plugin.report_file import REPORT_NAME

LOOK_EVERY_S = 1.0
"""How often the folder is looked at: by a plain listing, since a network share tells nobody of its changes."""

MOST_BEGUN = 5
"""How often a job is begun whose server dies on it each time, before it counts as what kills them."""

_CANCEL_WITHIN_S = 0.2

_Result = TypeVar("_Result")


class JobServer:
    """Serves one watch folder.

    Args:
        folder: the watch folder.
        queue: what runs the jobs.
        say: takes a line for the log.
        is_stopping: whether to end; asked between looks and while a job runs, which then ends after its frame.
        wait: waits for a number of seconds, or less where it is time to end.
        clock: counts seconds and never jumps.
    """

    def __init__(
        self,
        folder: WatchFolder,
        queue: JobQueue,
        *,
        say: Callable[[str], None],
        is_stopping: Callable[[], bool],
        wait: Callable[[float], object],
        clock: Callable[[], float],
    ) -> None:
        self._folder = folder
        self._queue = queue
        self._say = say
        self._is_stopping = is_stopping
        self._wait = wait
        self._patience = Patience(folder.read, clock)
        self._problems: tuple[str, ...] = ()

    def serve(self, *, once: bool = False) -> int:
        """Serve until it is time to end, or ``once``: until no job is left; gives the number of jobs that failed."""
        failures = 0
        with self._folder.served():
            while not self._is_stopping():
                claim, has_more = self._next()
                if claim is not None:
                    failures += not self._run(claim)
                elif once and not has_more:
                    break
                else:
                    self._wait(LOOK_EVERY_S)
        return failures

    def _next(self) -> tuple[Claim | None, bool]:
        """A job for this server, if there is one now, and whether another look may find one."""
        problems: list[str] = []
        try:
            return self._look(problems)
        except OSError as error:
            problems.append(f"{self._folder.folder} cannot be looked at: {error.strerror}. Trying again.")
            return None, True
        finally:
            for problem in problems:
                if problem not in self._problems:
                    self._say(problem)
            self._problems = tuple(problems)

    def _look(self, problems: list[str]) -> tuple[Claim | None, bool]:
        claim = self._folder.take_orphan()
        if claim is not None:
            return claim, True
        waiting = self._folder.waiting()
        self._patience.keep(waiting)
        has_more = False
        for path in waiting:
            if not self._patience.is_over(path):
                has_more = True
                continue
            try:
                claim = self._folder.take(path)
            except OSError as error:
                problems.append(f"{path} cannot be renamed, so its job is left: {error.strerror}.")
                continue
            if claim is not None:
                return claim, True
            has_more = True
        return None, has_more

    def _run(self, claim: Claim) -> bool:
        """Run a job that this server has taken; gives False where it failed."""
        if self._folder.is_answered(claim):
            self._insist(claim, partial(self._folder.see_off, claim))
            return True
        begun = self._insist(claim, partial(self._folder.begin, claim))
        answer = self._answer(begun) if begun else None
        if begun is None or answer is None:
            self._folder.leave(begun or claim)
            self._say(f"{claim.stem}: left for the next server")
            return True
        if isinstance(answer, JobDone):
            suffix, end = DONE, f"done, mattes in {answer.out}"
        else:
            suffix, end = FAILED, f"failed: {answer.message}"
        self._say(f"{claim.stem}: {end}")
        self._insist(begun, partial(self._folder.answer, begun, suffix, encoded(answer)))
        return isinstance(answer, JobDone)

    def _answer(self, claim: Claim) -> JobDone | JobFailed | None:
        """Run a job and give the answer to it, None where it was stopped."""
        name = str(self._folder.folder / f"{claim.stem}{WAITING}")
        try:
            _require_harmless(claim, name)
            asked = parse_job_file(self._read(claim, name), name)
            out = self._folder.folder / asked.out
            job_id = self._queue.submit(asked.job, out, overwrite=asked.overwrite)
            self._say(f"{claim.stem}: begins")
            event = self._ended(claim, job_id)
            if event.state == "cancelled":
                return None
            if event.error is not None:
                return failed(from_words(event.error), claim.server)
            return done(_report(out), out.resolve(), claim.server)
        except RotomatteError as error:
            return failed(error, claim.server)

    def _read(self, claim: Claim, name: str) -> bytes:
        try:
            return self._folder.read(self._folder.job_path(claim))
        except OSError as error:
            raise JobError(
                f"{name} cannot be read: {error.strerror}.", remedy="Correct its permissions.", path=name
            ) from error

    def _ended(self, claim: Claim, job_id: str) -> JobEvent:
        """The job when it has ended; what it says meanwhile goes to the log."""
        said = ""
        while True:
            event = self._queue.wait(job_id, _CANCEL_WITHIN_S)
            if event.state in ENDED:
                return event
            if event.message != said:
                said = event.message
                self._say(f"{claim.stem}: {said}")
            if self._is_stopping():
                self._queue.cancel(job_id)

    def _insist(self, claim: Claim, act: Callable[[], _Result]) -> _Result | None:
        """Do something in the folder as soon as it is there and has room; None where the server is stopped first."""
        said = ""
        while True:
            try:
                return act()
            except (OutputError, OSError) as error:
                problem = f"{claim.stem}: waits for the folder: {error}"
            if problem != said:
                said = problem
                self._say(said)
            if self._is_stopping():
                return None
            self._wait(LOOK_EVERY_S)


def _require_harmless(claim: Claim, name: str) -> None:
    if claim.begun > MOST_BEGUN:
        raise RotomatteError(
            f"Rotomatte ended abruptly {MOST_BEGUN} times while it ran this job.",
            remedy="Look in the machine's log for the reason, such as memory; then drop the job again.",
            path=name,
        )


def _report(out: Path) -> JobReport:
    path = out / REPORT_NAME
    try:
        return decode(path.read_bytes(), JobReport, str(path))
    except OSError as error:
        raise output_error(path, error) from error
