"""`rotomatte everything`."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte.cli.finding_options import CheckpointConfigOption, FrameArgument, looking, track_settings
from rotomatte.cli.options import (
    ColourSpaceOption,
    ConfigOption,
    DeviceOption,
    ExposureOption,
    LookOption,
    ModelOption,
    OutOption,
    OverwriteOption,
    PlateArgument,
    SizeOption,
)
from rotomatte.cli.running import note, run_in_terminal, warn
from rotomatte.colour.view import open_view
from rotomatte.device_lock import hold_device
from rotomatte.finding.everything import find_everything
from rotomatte.finding.labels import label_picture
from rotomatte.finding.memory import finding_memory
from rotomatte.finding.picking import id_at, parse_ids, parse_place, require_ids
from rotomatte.finding.settings import FindSettings, usual_settings
from rotomatte.finding.write import write_found, write_masks, write_prompts
from rotomatte.network import network
from rotomatte.plate.open import open_plate
from rotomatte.prompts.parse import parse_frames
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import Clip, ColourSettings, MatteJob, MatteObject, MatteOutput, Plate, Profile


def everything_command(
    plate: PlateArgument,
    frame: FrameArgument,
    out: OutOption,
    pick: Annotated[
        Optional[str], typer.Option(metavar="ID,ID", help="Make mask prompts of these finds, by their numbers.")
    ] = None,
    at: Annotated[
        Optional[list[str]], typer.Option(metavar="X,Y", help="Make a mask prompt of what is at this place.")
    ] = None,
    track: Annotated[
        bool, typer.Option("--track", help="Track what was picked, or else all finds, through the clip.")
    ] = False,
    min_area: Annotated[
        Optional[float], typer.Option(metavar="PX", help="Leave out what is smaller. [default: 64]")
    ] = None,
    max_count: Annotated[
        Optional[int], typer.Option(metavar="N", help="Keep so many finds, the best. [default: 100]")
    ] = None,
    min_score: Annotated[
        Optional[float],
        typer.Option(metavar="0..1", help="Drop masks of which the model thinks less. [default: the model's]"),
    ] = None,
    merge: Annotated[
        Optional[float],
        typer.Option(metavar="IOU", help="Of finds that overlap more, keep the best. [default: the model's]"),
    ] = None,
    points: Annotated[
        Optional[int], typer.Option(metavar="N", help="Click N by N times on a frame. [default: the model's]")
    ] = None,
    crops: Annotated[
        Optional[int],
        typer.Option(metavar="LAYERS", help="Look at 2 by 2 crops too, or 4 by 4 as well. [default: the model's]"),
    ] = None,
    frames: Annotated[
        Optional[str], typer.Option(metavar="FIRST-LAST", help="Frames to track over. [default: all]")
    ] = None,
    profile: Annotated[Profile, typer.Option("--profile", help="What is delivered with --track.")] = "cryptomatte",
    model: ModelOption = None,
    config: CheckpointConfigOption = None,
    device: DeviceOption = "auto",
    size: SizeOption = None,
    colour_space: ColourSpaceOption = None,
    ocio: ConfigOption = None,
    look: LookOption = None,
    exposure: ExposureOption = 0.0,
    overwrite: OverwriteOption = False,
) -> None:
    """Find everything on a frame: numbered masks, which can be picked as prompts, or tracked all together."""
    wanted, places = parse_ids(pick) if pick else (), [parse_place(text) for text in at or ()]
    over = parse_frames(frames) if frames else None
    tracking = track_settings(model, config, device, size)
    colour = ColourSettings(space=colour_space, config=ocio, look=look, exposure_stops=exposure)
    whole = network(tracking)
    asked = {
        "min_area_px": min_area,
        "max_count": max_count,
        "least_iou": min_score,
        "merge_iou": merge,
        "points_per_side": points,
        "crop_layers": crops,
    }
    usual = usual_settings(is_preview=whole.files is not None and whole.files.is_preview)
    settings: FindSettings = replace(usual, **{name: value for name, value in asked.items() if value is not None})  # type: ignore[arg-type]
    source = Plate(str(Path(plate).absolute()))
    with closing(open_plate(source)) as reader:
        view = open_view(reader.info, colour)
        for warning in (*reader.info.warnings, *view.choice.warnings, *whole.warnings):
            warn(warning)
        needed, shortage = finding_memory(reader.info, whole, settings)
        note(needed)
        if shortage:
            warn(shortage)
        with hold_device(whole.device, on_wait=warn, cancelled=lambda: False):
            tracker = whole.load()
            tracker.tell(warn)
            with looking("looking") as show:
                found = find_everything(reader, view, tracker, frame, settings, show)
        model_used = tracker.model
        ids = [*wanted, *(id_at(place, label_picture(found), found.canvas, frame) for place in places)]
        require_ids(ids, found.objects, frame)
        document = write_found(out, found, reader, view, frame, model_used, settings, plate=source.path)
        typer.echo(f"{out / document.picture}: {len(found.objects)} finds")
        objects: tuple[MatteObject, ...] = ()
        if ids or track:
            chosen = tuple(dict.fromkeys(ids)) or tuple(one.id for one in found.objects)
            objects = write_masks(out, found, chosen, frame, reader.info.padding)
            typer.echo(f"{write_prompts(out, objects, frame, reader.info.padding)}: prompts for {len(objects)} objects")
    if not track:
        return
    if not objects:
        raise PromptError(
            f"Nothing was found on frame {frame}, so there is nothing to track.",
            remedy="Lower --min-score or --min-area, or choose another frame.",
            frame=frame,
        )
    job = MatteJob(
        clip=Clip(source, over),
        objects=objects,
        track=tracking,
        colour=colour,
        output=MatteOutput(profile),
    )
    run_in_terminal(job, out, overwrite=overwrite)
