"""Running a job in a terminal: progress, warnings, and a way on after Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from rotomatte.job import run_job
from rotomatte.work import Progress
from rotomatte_plugin.errors import CancelledError
from rotomatte_plugin.model import FrameRange, JobReport, MatteJob, TrackState

_SPOKEN_STATES: tuple[tuple[TrackState, str], ...] = (
    ("lost", "not seen on"),
    ("returned", "back on"),
    ("uncertain", "doubtful on"),
    ("cut", "beyond a cut on"),
    ("untracked", "not tracked on"),
)
_MOST_RANGES = 6

console = Console(stderr=True)


def warn(sentence: str) -> None:
    """Say something doubtful, on stderr."""
    console.print(f"Warning: {sentence}", style="yellow", highlight=False, markup=False, soft_wrap=True)


def note(sentence: str) -> None:
    """Say something worth knowing, on stderr."""
    console.print(sentence, style="dim", highlight=False, markup=False, soft_wrap=True)


@contextmanager
def progress_bar(shot: str = "") -> Iterator[Callable[[Progress], None]]:
    """A bar on stderr that is there for as long as a job runs; ``shot`` names it where there are several."""
    bar = ProgressBar(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    before = f"{shot}: " if shot else ""
    task = bar.add_task(f"{before}loading", total=None, rate="")

    def show(progress: Progress) -> None:
        per_s = bar.tasks[task].speed
        bar.update(
            task,
            description=f"{before}{progress.object} {progress.frame}",
            advance=1,
            total=progress.total,
            rate=f"{per_s:.1f} frames/s" if per_s else "",
        )

    with bar:
        yield show


def run_in_terminal(job: MatteJob, out: Path, *, overwrite: bool) -> JobReport:
    """Run a job with a progress bar on stderr and a summary at the end.

    Raises:
        CancelledError: Ctrl-C; the sentence says how to go on.
        RotomatteError: see ``run_job``.
    """
    try:
        with progress_bar() as show:
            report = run_job(job, out, overwrite=overwrite, on_note=note, on_warning=warn, on_progress=show)
    except KeyboardInterrupt as error:
        raise CancelledError(
            f"Stopped. The finished frames are in {out}.", remedy="Run the same command again to go on.", path=str(out)
        ) from error
    summarise(report, out)
    return report


def summarise(report: JobReport, out: Path) -> None:
    """Say on stderr what came out, a line an object."""
    for track in report.tracks:
        parts = [f"{track.object}: {len(report.frames)} frames {report.frames} in {out / track.pattern}"]
        if track.fill_pattern:
            parts.append(f"fill in {out / track.fill_pattern}")
        parts += [f"{words} {_listed(ranges)}" for state, words in _SPOKEN_STATES if (ranges := track.ranges(state))]
        line = "; ".join(parts)
        if track.suggestions:
            line += f". A prompt would help most on {', '.join(str(item.frame) for item in track.suggestions)}."
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _listed(ranges: tuple[FrameRange, ...]) -> str:
    shown = [str(run) for run in ranges[:_MOST_RANGES]]
    left_out = len(ranges) - len(shown)
    return ", ".join(shown) + (f" and {left_out} more" if left_out else "")
