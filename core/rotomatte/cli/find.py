"""`rotomatte find`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte.cli.finding_options import looking, track_settings
from rotomatte.cli.options import (
    ColourSpaceOption,
    ConfigOption,
    DeviceOption,
    ExposureOption,
    LookOption,
    OutOption,
    PlateArgument,
)
from rotomatte.cli.running import warn
from rotomatte.colour.view import open_view
from rotomatte.device_lock import hold_device
from rotomatte.finding.find_words import WordFinds, find_words
from rotomatte.finding.open_detector import open_detector
from rotomatte.finding.picking import parse_ids, require_ids
from rotomatte.finding.words import phrases, require_score
from rotomatte.finding.write import write_prompts
from rotomatte.finding.write_words import box_objects, write_words
from rotomatte.network import network
from rotomatte.plate.open import open_plate
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import ColourSettings, Plate


def find_command(
    plate: PlateArgument,
    frames: Annotated[list[int], typer.Argument(metavar="FRAME...", help="In the plate's own numbering.")],
    out: OutOption,
    text: Annotated[str, typer.Option(metavar="WORDS", help='What to look for, such as "red car, driver".')],
    accept: Annotated[
        Optional[str], typer.Option(metavar="ID,ID", help="Make box prompts of these, by their numbers.")
    ] = None,
    min_score: Annotated[
        Optional[float], typer.Option(metavar="0..1", help="Make box prompts of all that score so much.")
    ] = None,
    detector: Annotated[
        Optional[str],
        typer.Option(metavar="NAME|FOLDER", help="What looks. [default: the first of `models list` that is here]"),
    ] = None,
    device: DeviceOption = "auto",
    colour_space: ColourSpaceOption = None,
    ocio: ConfigOption = None,
    look: LookOption = None,
    exposure: ExposureOption = 0.0,
) -> None:
    """Find what words name: numbered boxes with scores, to be accepted as prompts; on several frames, the best one."""
    phrases(text)
    if min_score is not None:
        require_score(min_score)
    wanted = parse_ids(accept, "--accept") if accept else ()
    if wanted and (len(frames) > 1 or min_score is not None):
        raise PromptError(
            "--accept takes the numbers of one frame's picture.",
            remedy="Give one frame, and no --min-score, with it.",
        )
    colour = ColourSettings(space=colour_space, config=ocio, look=look, exposure_stops=exposure)
    source = Plate(str(Path(plate).absolute()))
    where = network(track_settings(None, None, device, None)).device
    looks = open_detector(detector, where)
    with closing(open_plate(source)) as reader:
        info = reader.info
        view = open_view(info, colour)
        for warning in (*info.warnings, *view.choice.warnings):
            warn(warning)
        with hold_device(where, on_wait=warn, cancelled=lambda: False), looking("looking") as show:
            found = find_words(reader, view, looks, text, tuple(dict.fromkeys(frames)), min_score, show)
        for one in found.on_frames:
            require_ids(wanted, one.objects, one.frame)
            typer.echo(write_words(out, one, info, view, looks.model, text, plate=source.path))
            _list(one)
            chosen = [item for item in one.objects if item.id in wanted or min_score is not None]
            if chosen:
                path = write_prompts(out, box_objects(chosen, one.frame), one.frame, info.padding)
                typer.echo(f"{path}: prompts for {len(chosen)} objects")
        typer.echo(found.message)
        if any(one.objects for one in found.on_frames) and not wanted and min_score is None:
            typer.echo("Nothing is accepted yet: run it again on one frame with --accept 1, or with --min-score 0.4.")


def _list(found: WordFinds) -> None:
    for item in found.objects:
        box = ",".join(f"{value:.0f}" for value in item.box_xyxy_px)
        typer.echo(f"  {item.id}  {item.score:.2f}  {item.name}  {box}")
