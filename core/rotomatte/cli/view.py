"""`rotomatte view`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer

from rotomatte.cli.options import (
    ColourSpaceOption,
    ConfigOption,
    ExposureOption,
    LookOption,
    PlateArgument,
    SizeOption,
)
from rotomatte.cli.running import warn
from rotomatte.colour.view import open_view
from rotomatte.mattes.files import write_atomically
from rotomatte.models.store import best_present, resolve_model
from rotomatte.plate.open import open_plate
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import ColourSettings, Plate


def view_command(
    plate: PlateArgument,
    frame: Annotated[int, typer.Argument(metavar="FRAME", help="In the plate's own numbering.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="SEEN.png", help="The picture to write.")],
    full: Annotated[bool, typer.Option("--full", help="At the plate's size instead of the model's.")] = False,
    size: SizeOption = None,
    colour_space: ColourSpaceOption = None,
    ocio: ConfigOption = None,
    look: LookOption = None,
    exposure: ExposureOption = 0.0,
) -> None:
    """Write what the model sees of a frame, as a PNG."""
    if out.suffix.lower() != ".png":
        raise JobError(f"{out} does not end in .png.", remedy="Give the picture's name with -o, such as seen.png.")
    if full and size:
        raise JobError("--full and --size name two sizes.", remedy="Give one of them.")
    settings = ColourSettings(space=colour_space, config=ocio, look=look, exposure_stops=exposure)
    with closing(open_plate(Plate(str(Path(plate).absolute())))) as reader:
        view = open_view(reader.info, settings)
        rgb_hwc = reader.read(frame)
        if full:
            seen_hwc = view.see_full(rgb_hwc)
        else:
            seen_hwc = view.see(rgb_hwc, size or resolve_model(best_present(), None).image_size)
        for warning in (*reader.info.warnings, *view.choice.warnings):
            warn(warning)
    encoded = cv2.imencode(".png", np.round(seen_hwc[..., ::-1] * 255).astype(np.uint8))[1]
    write_atomically(out, encoded.tobytes())
    typer.echo(f"{out}: {view.choice.describe()}")
