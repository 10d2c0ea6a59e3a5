"""`rotomatte matte`, `rotomatte run` and `rotomatte view`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Optional

import cv2
import numpy as np
import typer

from rotomatte.cli.running import console, run_in_terminal
from rotomatte.colour.view import open_view
from rotomatte.document import encode, read_job, read_objects
from rotomatte.mattes.files import write_atomically
from rotomatte.models.store import best_present, resolve_model
from rotomatte.plate.open import open_plate
from rotomatte.prompts.parse import DEFAULT_OBJECT, merge_objects, parse_frames, parse_prompts
from rotomatte_plugin.errors import FrameMissingError, JobError
from rotomatte_plugin.model import (
    Clip,
    Device,
    Direction,
    MaskPrompt,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    TrackSettings,
)

PlateArgument = Annotated[
    str,
    typer.Argument(metavar="PLATE", help="shot.%04d.exr, shot.####.exr, a folder, one file of a sequence, or a movie."),
]
OutOption = Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Folder of the mattes.")]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Write every frame anew, over whatever is there.")]
ColourSpaceOption = Annotated[
    Optional[str],
    typer.Option("--colour-space", metavar="NAME", help="The plate's space in the OCIO config. [default: the file's]"),
]
SizeOption = Annotated[
    Optional[int],
    typer.Option("--size", metavar="N", help="Side of the image the model sees, in pixels. [default: its own]"),
]


def matte_command(
    plate: PlateArgument,
    out: OutOption,
    include: Annotated[
        Optional[list[str]], typer.Option(metavar="[OBJ@]FRAME:X,Y", help="A click on the object, in plate pixels.")
    ] = None,
    exclude: Annotated[
        Optional[list[str]], typer.Option(metavar="[OBJ@]FRAME:X,Y", help="A click on what is not the object.")
    ] = None,
    box: Annotated[
        Optional[list[str]], typer.Option(metavar="[OBJ@]FRAME:X0,Y0,X1,Y1", help="A box around the object.")
    ] = None,
    mask: Annotated[
        Optional[list[str]], typer.Option(metavar="[OBJ@]FRAME:FILE", help="The object's matte on that frame.")
    ] = None,
    prompts: Annotated[
        Optional[Path], typer.Option(metavar="FILE.json", help="Prompts as JSON: a prompt set, or a list of objects.")
    ] = None,
    frames: Annotated[Optional[str], typer.Option(metavar="FIRST-LAST", help="Frames to matte. [default: all]")] = None,
    model: Annotated[
        Optional[str],
        typer.Option(metavar="NAME", help="A model's name, or a checkpoint's path. [default: the best one here]"),
    ] = None,
    config: Annotated[
        Optional[Path], typer.Option(metavar="FILE.yaml", help="The network of a checkpoint given by path.")
    ] = None,
    device: Annotated[Device, typer.Option(help="Where to run.")] = "auto",
    size: SizeOption = None,
    direction: Annotated[Direction, typer.Option(help="Where to track from the prompts.")] = "both",
    pattern: Annotated[
        str, typer.Option(metavar="PATTERN", help="Names of the mattes below OUT.")
    ] = MatteOutput.pattern,
    colour_space: ColourSpaceOption = None,
    save_job: Annotated[
        Optional[Path], typer.Option(metavar="JOB.json", help="Also write the job, for `rotomatte run`.")
    ] = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Cut objects out of a plate: prompts in, one EXR matte sequence an object out.

    Running the same command again writes only what is missing or changed.
    """
    listed = [read_objects(prompts, DEFAULT_OBJECT)] if prompts else []
    listed.append(parse_prompts(include or (), exclude or (), box or (), mask or ()))
    job = MatteJob(
        clip=Clip(
            Plate(str(Path(plate).absolute()), colour_space=colour_space),
            parse_frames(frames) if frames else None,
        ),
        objects=_with_absolute_masks(merge_objects(listed)),
        track=TrackSettings(
            model=_absolute_checkpoint(model) if model else best_present(),
            config=str(config.absolute()) if config else None,
            device=device,
            image_size=size,
            direction=direction,
        ),
        output=MatteOutput(pattern),
    )
    if save_job:
        write_atomically(save_job, encode(job))
    run_in_terminal(job, out, overwrite=overwrite)


def run_command(
    job: Annotated[Path, typer.Argument(metavar="JOB.json", help="A job made by --save-job or by a host.")],
    out: OutOption,
    overwrite: OverwriteOption = False,
) -> None:
    """Run a job document."""
    run_in_terminal(read_job(job), out, overwrite=overwrite)


def view_command(
    plate: PlateArgument,
    frame: Annotated[int, typer.Argument(metavar="FRAME", help="In the plate's own numbering.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="SEEN.png", help="The picture to write.")],
    size: SizeOption = None,
    colour_space: ColourSpaceOption = None,
) -> None:
    """Write what the model sees of a frame, as a PNG."""
    if out.suffix.lower() != ".png":
        raise JobError(f"{out} does not end in .png.", remedy="Give the picture's name with -o, such as seen.png.")
    reader = open_plate(Plate(str(Path(plate).absolute()), colour_space=colour_space))
    try:
        if frame not in reader.info.frames:
            raise FrameMissingError(
                f"{reader.info.name} has no frame {frame}.",
                remedy=f"Give one of {reader.info.frames}.",
                clip=reader.info.name,
                frame=frame,
            )
        view = open_view(reader.info, colour_space)
        seen_hwc = view.see(reader.read(frame), size or resolve_model(best_present(), None).image_size)
    finally:
        reader.close()
    encoded = cv2.imencode(".png", np.round(seen_hwc[..., ::-1] * 255).astype(np.uint8))[1]
    write_atomically(out, encoded.tobytes())
    for warning in (*reader.info.warnings, *view.choice.warnings):
        console.print(f"Warning: {warning}", style="yellow", highlight=False, markup=False)
    console.print(f"{out}: {view.choice.describe()}", highlight=False, markup=False, soft_wrap=True)


def _with_absolute_masks(objects: tuple[MatteObject, ...]) -> tuple[MatteObject, ...]:
    return tuple(
        replace(
            item,
            prompts=replace(
                item.prompts,
                masks=tuple(MaskPrompt(mask.frame, str(Path(mask.path).absolute())) for mask in item.prompts.masks),
            ),
        )
        for item in objects
    )


def _absolute_checkpoint(model: str) -> str:
    """A checkpoint's path made independent of the folder that the command ran in; a name stays a name."""
    path = Path(model)
    return str(path.absolute()) if path.is_file() else model
