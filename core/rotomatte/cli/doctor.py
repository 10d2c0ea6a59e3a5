"""`rotomatte doctor`: what works on this machine."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rotomatte.doctor import State, checks

FAILED_EXIT_CODE = 5
"""The command's exit code where something that the main job needs does not work."""

_STYLES: dict[State, str] = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor_command() -> None:
    """Say what works on this machine and what to do about what does not; exit code 5 if something essential fails."""
    console = Console()
    with console.status("Looking at this machine ..."):
        findings = checks()
    table = Table("", "Part")
    table.add_column("Found", overflow="fold")
    table.add_column("What to do", overflow="fold")
    for check in findings:
        # As Text, since a path may hold square brackets, which rich would take for markup.
        table.add_row(Text(check.state, _STYLES[check.state]), check.title, Text(check.found), Text(check.remedy))
    console.print(table)
    if any(check.state == "fail" for check in findings):
        raise typer.Exit(FAILED_EXIT_CODE)
