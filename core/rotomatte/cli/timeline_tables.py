"""The tables of `rotomatte timeline`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rotomatte.timeline.edit_report import EditReport
from rotomatte.timeline.list_edit import MISSING, SWITCHED_OFF, ListedClip

_WIDTH_OF_FILES = 240
"""Characters a line where the output is no terminal, whose width would fold the cells beyond recognition."""

_COLUMNS = tuple(field.name for field in fields(ListedClip) if field.name != "missing")
_STYLES = {"done": "green", "failed": "red", "skipped": "dim", MISSING: "red", SWITCHED_OFF: "dim"}


def print_clips(listed: Iterable[ListedClip]) -> None:
    """What `--list` prints on stdout: a line a clip, and below that what is missing, a line each."""
    clips = tuple(listed)
    rows = [
        [
            Text(getattr(clip, column), style=_STYLES.get(clip.shot, "") if column == "shot" else "")
            for column in _COLUMNS
        ]
        for clip in clips
    ]
    _print([column.capitalize() for column in _COLUMNS], rows)
    missing: dict[str, list[str]] = {}
    for clip in clips:
        if clip.missing:
            missing.setdefault(clip.missing, []).append(clip.clip)
    for problem, lacking in missing.items():
        # No rich here, which folds lines where a script reads them.
        typer.echo(f"{', '.join(lacking)}: {problem}")


def print_outcome(report: EditReport) -> None:
    """What became of each shot, and why, on stderr."""
    rows = [
        (
            Text(shot.state, style=_STYLES[shot.state]),
            Text(shot.name),
            Text(", ".join(dict.fromkeys(use.name for use in shot.uses))),
            Text("" if shot.frames is None else str(shot.frames)),
            Text(", ".join(shot.objects)),
            Text(shot.reason),
        )
        for shot in report.shots
    ]
    _print(("State", "Shot", "Clips", "Frames", "Objects", "Why"), rows, stderr=True)


def _print(headings: Sequence[str], rows: Iterable[Sequence[Text]], *, stderr: bool = False) -> None:
    """A table. Cells are Text, since names and paths may hold square brackets, which rich would take for markup."""
    table = Table()
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console = Console(stderr=stderr)
    if not console.is_terminal:
        console.width = _WIDTH_OF_FILES
    console.print(table)
