"""Running an edit: shot after shot, each a job of its own, and what became of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from rotomatte.engine.trackers import WarmTrackers
from rotomatte.job import run_job
from rotomatte.timeline.edit_document import earlier_report, write_edit_report
from rotomatte.timeline.edit_report import EditReport, ShotReport
from rotomatte.timeline.first_report import first_report
from rotomatte.timeline.jobs import JobSettings, matte_job
from rotomatte.timeline.plan_edit import EditPlan
from rotomatte.timeline.shots import Shot
from rotomatte.work import Progress
from rotomatte_plugin.errors import CancelledError, RotomatteError
from rotomatte_plugin.model import JobReport

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EditRun:
    """What came of a run: of all shots, and the reports of the jobs of those that are done, by the shots' names."""

    report: EditReport
    jobs: Mapping[str, JobReport]


class EditWatch:
    """Who is told of a run; this one listens to nothing."""

    def on_shot(self, shot: Shot, number: int, total: int) -> None:
        """A shot begins, with its number from 1 and how many there are."""

    def on_end(self, shot: ShotReport, job: Optional[JobReport]) -> None:
        """A shot has ended; ``job`` is its job's report where it is done."""

    def on_note(self, sentence: str) -> None:
        """See ``run_job``."""

    def on_warning(self, sentence: str) -> None:
        """See ``run_job``."""

    def on_progress(self, progress: Progress) -> None:
        """See ``run_job``."""


_NOBODY = EditWatch()


def run_edit(
    plan: EditPlan, settings: JobSettings, out: Path, *, overwrite: bool = False, watch: EditWatch = _NOBODY
) -> EditRun:
    """Make the mattes of every shot that has prompts, each in a folder of its own below ``out``.

    A shot that fails does not stop the others. What is known of the edit is in ``rotomatte-edit.json`` at any time, so a
    run that was stopped, or of which a part failed, goes on when it is run again: a shot whose mattes are there is not
    tracked again. One model stays loaded for all shots.

    Args:
        plan: the edit and its shots.
        settings: what all jobs have in common.
        out: folder of the shots' folders, made if needed.
        overwrite: write every frame anew, over whatever is there.
        watch: who is told.

    Raises:
        OutputError: ``out`` cannot be written to, or has a ``rotomatte-edit.json`` that is none.
        KeyboardInterrupt: Ctrl-C; what is finished is kept.
    """
    report = first_report(plan, None if overwrite else earlier_report(out))
    write_edit_report(report, out)
    wanted = [shot for shot in plan.shots if shot.objects]
    trackers = WarmTrackers()
    jobs: dict[str, JobReport] = {}
    for number, shot in enumerate(wanted, 1):
        watch.on_shot(shot, number, len(wanted))
        planned = next(item for item in report.shots if item.name == shot.name)
        ended, job_report = _run_shot(shot, planned, settings, out / shot.name, trackers, watch, overwrite=overwrite)
        if job_report is not None:
            jobs[shot.name] = job_report
        report = replace(report, shots=tuple(_replaced(report.shots, ended)))
        write_edit_report(report, out)
        watch.on_end(ended, job_report)
    return EditRun(report, jobs)


def _run_shot(
    shot: Shot,
    planned: ShotReport,
    settings: JobSettings,
    out: Path,
    trackers: WarmTrackers,
    watch: EditWatch,
    *,
    overwrite: bool,
) -> tuple[ShotReport, Optional[JobReport]]:
    made: list[Progress] = []

    def progress(step: Progress) -> None:
        made[:] = [step]
        watch.on_progress(step)

    try:
        job_report = run_job(
            matte_job(shot, settings),
            out,
            overwrite=overwrite,
            tracker_of=trackers.get,
            on_note=watch.on_note,
            on_warning=watch.on_warning,
            on_progress=progress,
        )
    except CancelledError:
        raise
    except RotomatteError as error:
        return replace(planned, state="failed", reason=f"{error.message} {error.remedy}"), None
    except Exception as error:  # noqa: BLE001 - one shot's bug must not take the night from the others
        _log.exception("The shot %s failed by a bug.", shot.name)
        reason = f"It failed by a bug in Rotomatte ({error!r}). Report it with the traceback from the terminal."
        return replace(planned, state="failed", reason=reason), None
    # A run that found everything there took no time worth telling.
    seconds = job_report.seconds if made or not planned.seconds else planned.seconds
    return replace(planned, state="done", reason="", seconds=seconds), job_report


def _replaced(shots: Iterable[ShotReport], ended: ShotReport) -> Iterable[ShotReport]:
    return (ended if shot.name == ended.name else shot for shot in shots)
