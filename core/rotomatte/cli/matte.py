"""`rotomatte matte` and `rotomatte run`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte.cli.clean_up_options import (
    CloseOption,
    CoreOption,
    FeatherOption,
    FillHolesOption,
    GarbageOption,
    GrowOption,
    OpenOption,
    RemoveSpecksOption,
    SmoothOption,
)
from rotomatte.cli.options import (
    AllowDegradeOption,
    ColourSpaceOption,
    ConfigOption,
    DeviceOption,
    ExposureOption,
    LookOption,
    ModelOption,
    OutOption,
    OverwriteOption,
    PlateArgument,
    ProfileOption,
    QualityOption,
    SizeOption,
    absolute_checkpoint,
    at_quality,
)
from rotomatte.cli.running import run_in_terminal, warn
from rotomatte.document import encode, read_job, read_objects
from rotomatte.mattes.files import write_atomically
from rotomatte.prompts.parse import DEFAULT_OBJECT, merge_objects, parse_frames, parse_prompts
from rotomatte.prompts.parse_clean_up import parse_clean_up, with_clean_up
from rotomatte_plugin.model import (
    Clip,
    ColourSettings,
    Compression,
    Direction,
    EdgeMode,
    Fill,
    MaskPrompt,
    MatteJob,
    MatteObject,
    MatteOutput,
    MemoryPolicy,
    Plate,
    RefineSettings,
    TrackSettings,
)


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
    frames: Annotated[
        Optional[str],
        typer.Option(metavar="FIRST-LAST", help="Frames to matte; prompts may be on others. [default: all]"),
    ] = None,
    model: ModelOption = None,
    config: Annotated[
        Optional[Path], typer.Option(metavar="FILE.yaml", help="The network of a checkpoint given by path.")
    ] = None,
    device: DeviceOption = "auto",
    quality: QualityOption = None,
    size: SizeOption = None,
    allow_degrade: AllowDegradeOption = False,
    direction: Annotated[Direction, typer.Option(help="Where to track from the prompts.")] = "both",
    memory: Annotated[
        Optional[MemoryPolicy],
        typer.Option(
            help="What the model looks back at: stock, the latest frames; visible, the latest on which the object was "
            "well seen; distractor, these and a few on which something else looked like it. [default: visible]"
        ),
    ] = None,
    across_cuts: Annotated[
        bool, typer.Option("--across-cuts", help="Track through shot cuts too, instead of stopping there.")
    ] = False,
    exclusive: Annotated[
        bool, typer.Option("--exclusive", help="Objects do not overlap: each pixel goes to the surest one.")
    ] = False,
    crop: Annotated[
        Optional[bool],
        typer.Option("--crop/--no-crop", help="Track small objects again from close up. [default: by quality]"),
    ] = None,
    edges: Annotated[
        Optional[EdgeMode],
        typer.Option(
            help="What finds the edge in the plate: guided, a guided filter; matting, closed-form matting; vitmatte, a "
            "network. [default: by quality]"
        ),
    ] = None,
    band: Annotated[
        float, typer.Option(metavar="PX", help="How far from the model's edge it is looked for, on either side.")
    ] = 12.0,
    smooth: SmoothOption = None,
    fill_holes: FillHolesOption = None,
    remove_specks: RemoveSpecksOption = None,
    close: CloseOption = None,
    open_: OpenOption = None,
    grow: GrowOption = None,
    feather: FeatherOption = None,
    garbage: GarbageOption = None,
    core: CoreOption = None,
    profile: ProfileOption = "universal",
    fill: Annotated[
        Optional[Fill],
        typer.Option(help="Also deliver each object's own colours, without the background's, as EXR."),
    ] = None,
    compression: Annotated[Compression, typer.Option(help="Of EXR files.")] = "zips",
    pattern: Annotated[
        Optional[str], typer.Option(metavar="PATTERN", help="Names of the mattes below OUT. [default: the profile's]")
    ] = None,
    colour_space: ColourSpaceOption = None,
    ocio: ConfigOption = None,
    look: LookOption = None,
    exposure: ExposureOption = 0.0,
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
    chosen = at_quality(
        quality,
        TrackSettings(
            config=str(config.absolute()) if config else None,
            device=device,
            direction=direction,
            memory=memory,
            stops_at_cuts=not across_cuts,
            allow_degrade=allow_degrade,
        ),
        RefineSettings(exclusive=exclusive, band_px=band),
        model=absolute_checkpoint(model) if model else None,
        size=size,
        crop=crop,
        edges=edges,
    )
    if chosen.advice:
        warn(chosen.advice)
    amounts = {
        "fill-holes": fill_holes,
        "remove-specks": remove_specks,
        "close": close,
        "open": open_,
        "grow": grow,
        "feather": feather,
    }
    clean_up = parse_clean_up(amounts=amounts, smooth=smooth, garbage=garbage, core=core)
    job = MatteJob(
        clip=Clip(
            Plate(str(Path(plate).absolute())),
            parse_frames(frames) if frames else None,
        ),
        objects=with_clean_up(_with_absolute_masks(merge_objects(listed)), clean_up),
        track=chosen.track,
        refine=chosen.refine,
        colour=ColourSettings(space=colour_space, config=ocio, look=look, exposure_stops=exposure),
        output=MatteOutput(profile, pattern, compression, fill),
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
