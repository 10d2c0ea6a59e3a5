"""`rotomatte report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rotomatte.page.write_page import write_page


def report_command(
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="The folder that `rotomatte timeline` or `matte` has written to.")
    ],
) -> None:
    """Write OUT/report.html anew: contact sheets, curves, and what needs an artist, of an edit or of one job."""
    typer.echo(write_page(out))
