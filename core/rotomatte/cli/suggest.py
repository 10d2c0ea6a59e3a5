"""`rotomatte suggest`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from rotomatte.cli.finding_options import CheckpointConfigOption, looking, track_settings
from rotomatte.cli.options import (
    ColourSpaceOption,
    ConfigOption,
    DeviceOption,
    ExposureOption,
    LookOption,
    PlateArgument,
    SizeOption,
)
from rotomatte.cli.running import warn
from rotomatte.device_lock import hold_device
from rotomatte.document import read_objects
from rotomatte.finding.suggest import suggest_frames
from rotomatte.models.registry import BUNDLED
from rotomatte.network import network
from rotomatte.prompts.parse import DEFAULT_OBJECT, merge_objects, parse_frames, parse_prompts
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.messages import PromptFrame
from rotomatte_plugin.model import Clip, ColourSettings, Plate


def suggest_command(
    plate: PlateArgument,
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
        Optional[str], typer.Option(metavar="FIRST-LAST", help="Frames to choose from. [default: all]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    model: Annotated[
        str, typer.Option(metavar="NAME", help="The model to track coarsely with: a name, or a checkpoint's path.")
    ] = BUNDLED,
    config: CheckpointConfigOption = None,
    device: DeviceOption = "auto",
    size: SizeOption = None,
    colour_space: ColourSpaceOption = None,
    ocio: ConfigOption = None,
    look: LookOption = None,
    exposure: ExposureOption = 0.0,
) -> None:
    """Say on which frames prompts for an object are worth most, given one click, box or mask of it on any frame."""
    listed = [read_objects(prompts, DEFAULT_OBJECT)] if prompts else []
    listed.append(parse_prompts(include or (), exclude or (), box or (), mask or ()))
    objects = merge_objects(listed)
    if not objects or not all(item.prompts for item in objects):
        raise PromptError(
            "Nothing says which object to look for.",
            remedy="Give a click, a box or a mask of it on any frame: --include FRAME:X,Y, --box, --mask or --prompts.",
        )
    track = track_settings(model, config, device, size)
    one = network(track)
    with hold_device(one.device, on_wait=warn, cancelled=lambda: False):
        tracker = one.load()
        tracker.tell(warn)
        with looking("tracking") as show:
            found = suggest_frames(
                Clip(Plate(str(Path(plate).absolute())), parse_frames(frames) if frames else None),
                objects,
                ColourSettings(space=colour_space, config=ocio, look=look, exposure_stops=exposure),
                track,
                tracker,
                on_progress=show,
            )
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    Console().print(_table(found))
    for name, of_object in found.items():
        if not of_object:
            typer.echo(f"{name} is not seen on any frame.")


def _table(found: dict[str, tuple[PromptFrame, ...]]) -> Table:
    table = Table("object", "frame")
    for heading in ("score", "large", "sharp", "inside", "alone", "seen", "box"):
        table.add_column(heading, justify="right", overflow="fold")
    for name, of_object in found.items():
        for one in of_object:
            figures = (one.score, one.large, one.sharp, one.inside, one.alone, one.seen)
            box = ",".join(f"{value:.0f}" for value in one.box_xyxy_px)
            table.add_row(name, str(one.frame), *(f"{value:.2f}" for value in figures), box)
    return table
