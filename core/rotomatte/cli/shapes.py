"""`rotomatte shapes`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rotomatte.cli.running import warn
from rotomatte.matte_shapes import DEFAULT_POINTS, write_shapes


def shapes_command(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder in which a job has written its mattes.")],
    name: Annotated[str, typer.Argument(metavar="OBJECT", help="Whose outline is wanted.")],
    file: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.json", help="The prompt set to write.")],
    points: Annotated[
        int, typer.Option("--points", metavar="N", help="Corners of the outline, 8 to 512, the same on every frame.")
    ] = DEFAULT_POINTS,
) -> None:
    """Write the outline of an object's finished mattes as shapes, one a frame, to go on by hand.

    The file is a prompt set, as --prompts of `rotomatte matte` reads it.
    """
    made = write_shapes(out, name, points, file)
    if made.message:
        warn(made.message)
    without = ", ".join(str(frames) for frames in made.frames_without)
    typer.echo(f"{file}: the outline of {name}" + (f", none on {without}" if without else ""))
