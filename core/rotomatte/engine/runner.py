"""What the queue runs: a job from its words to its mattes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rotomatte.engine.trackers import WarmTrackers
from rotomatte_plugin.model import JobReport, MatteJob

if TYPE_CHECKING:
    from rotomatte.roto.track_log import TrackLog
    from rotomatte.work import Progress


class Runner(Protocol):
    """Makes a job's mattes, as ``rotomatte.job.run_job`` does.

    ``cancelled`` is asked between frames; once it says so, ``CancelledError`` is raised and finished frames stay.
    """

    def __call__(
        self,
        job: MatteJob,
        out: Path,
        *,
        overwrite: bool,
        on_warning: Callable[[str], None],
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> JobReport: ...


def run_matte_job(
    job: MatteJob,
    out: Path,
    *,
    overwrite: bool,
    on_warning: Callable[[str], None],
    on_progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    trackers: WarmTrackers | None = None,
    log: TrackLog | None = None,
) -> JobReport:
    """``rotomatte.job.run_job``, imported when the first job runs, so that an engine starts at once.

    With ``trackers`` its model stays warm; ``log`` is what an open clip knows of the job's passes already.
    """
    from rotomatte.job import run_job  # noqa: PLC0415

    return run_job(
        job,
        out,
        overwrite=overwrite,
        tracker_of=None if trackers is None else trackers.get,
        log=log,
        on_warning=on_warning,
        on_progress=on_progress,
        cancelled=cancelled,
    )
