"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

PlateArgument = Annotated[
    str,
    typer.Argument(metavar="PLATE", help="shot.%04d.exr, shot.####.exr, a folder, one file of a sequence, or a movie."),
]
OutOption = Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Folder of the mattes.")]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Write every frame anew, over whatever is there.")]
SizeOption = Annotated[
    Optional[int],
    typer.Option("--size", metavar="N", help="Side of the image the model sees, in pixels. [default: its own]"),
]
ColourSpaceOption = Annotated[
    Optional[str],
    typer.Option("--colour-space", metavar="NAME", help="The plate's space in the OCIO config. [default: the file's]"),
]
ConfigOption = Annotated[
    Optional[str],
    typer.Option(
        "--ocio", metavar="CONFIG", help="OCIO config: a path or an ocio:// name. [default: $OCIO, else a built-in one]"
    ),
]
LookOption = Annotated[
    Optional[str], typer.Option("--look", metavar="NAME", help="A look of the config, for what the model sees.")
]
ExposureOption = Annotated[
    float, typer.Option("--exposure", metavar="STOPS", help="Brightens a dark plate for the model.")
]
