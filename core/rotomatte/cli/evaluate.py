"""``rotomatte eval``: the quality of mattes in figures."""

from __future__ import annotations

from typing import Annotated, Optional

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from rotomatte.metrics.evaluate import Evaluation, Measures, ObjectEvaluation, evaluate


def evaluate_command(
    mattes: Annotated[
        str, typer.Argument(metavar="MATTES", help="A matte sequence (folder or pattern), or an output folder.")
    ],
    truth: Annotated[
        str, typer.Argument(metavar="TRUTH", help="The truth: a sequence, or a folder with one folder an object.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, with every frame's values.")] = False,
) -> None:
    """Measure mattes against the truth: J, F and J&F as DAVIS defines them, and errors of soft mattes."""
    evaluation = evaluate(mattes, truth)
    if as_json:
        typer.echo(msgspec.json.encode(evaluation).decode())
        return
    console = Console()
    console.print(_table(evaluation))
    for line in _remarks(evaluation):
        console.print(line, highlight=False, markup=False)


def _table(evaluation: Evaluation) -> Table:
    soft = evaluation.mean.mad is not None
    table = Table("object")
    for heading in ("frames", "J", "F", "J&F", *(("MAD", "MSE", "gradient", "dtSSD") if soft else ())):
        table.add_column(heading, justify="right")
    for item in evaluation.objects:
        table.add_row(item.name, str(len(item.frames)), *_figures(item.mean, soft=soft))
    if len(evaluation.objects) > 1:
        table.add_section()
        frames = sum(len(item.frames) for item in evaluation.objects)
        table.add_row("mean", str(frames), *_figures(evaluation.mean, soft=soft))
    return table


def _figures(mean: Measures, *, soft: bool) -> list[str]:
    regions = [f"{value:.3f}" for value in (mean.j, mean.f, mean.j_and_f)]
    return regions + ([_figure(value) for value in (mean.mad, mean.mse, mean.gradient, mean.dtssd)] if soft else [])


def _figure(value: Optional[float]) -> str:
    return "-" if value is None else f"{value:.5f}"


def _remarks(evaluation: Evaluation) -> list[str]:
    lines = []
    if evaluation.objects_missing:
        lines.append(f"Not measured, no mattes: {', '.join(evaluation.objects_missing)}.")
    if evaluation.objects_unknown:
        lines.append(f"Not measured, no truth: {', '.join(evaluation.objects_unknown)}.")
    for item in evaluation.objects:
        lines += _missing_frames(item)
    return lines


def _missing_frames(item: ObjectEvaluation) -> list[str]:
    return [
        f"{item.name}: {len(frames)} frame(s) without {kind} not measured: {_runs(frames)}."
        for kind, frames in (("a matte", item.mattes_missing), ("truth", item.truth_missing))
        if frames
    ]


def _runs(frames: tuple[int, ...]) -> str:
    """The frames as ranges: ``1001-1004, 1009``."""
    runs: list[list[int]] = []
    for frame in frames:
        if runs and runs[-1][-1] == frame - 1:
            runs[-1][1:] = [frame]
        else:
            runs.append([frame])
    return ", ".join("-".join(str(end) for end in run) for run in runs)
