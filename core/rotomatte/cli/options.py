"""Options that several commands share, and what a quality makes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte.models.registry import find_spec
from rotomatte.models.store import best_present, present_models
from rotomatte_plugin.model import Device, EdgeMode, Profile, RefineSettings, TrackSettings
from rotomatte_plugin.quality import PRESETS, ChosenQuality, Quality, with_quality

PlateArgument = Annotated[
    str,
    typer.Argument(metavar="PLATE", help="shot.%04d.exr, shot.####.exr, a folder, one file of a sequence, or a movie."),
]
OutOption = Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Folder of the mattes.")]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Write every frame anew, over whatever is there.")]
ModelOption = Annotated[
    Optional[str],
    typer.Option("--model", metavar="NAME", help="A model's name, or a checkpoint's path. [default: by quality]"),
]
DeviceOption = Annotated[Device, typer.Option("--device", help="Where to run.")]
SizeOption = Annotated[
    Optional[int],
    typer.Option("--size", metavar="N", help="Side of the image the model sees, in pixels. [default: its own]"),
]
QualityOption = Annotated[
    Optional[Quality],
    typer.Option(
        "--quality",
        help=" ".join(f"{name}: {preset.meaning}" for name, preset in PRESETS.items())
        + " What other options say comes first. [default: the best model here at its own size, and what they say]",
    ),
]
ProfileOption = Annotated[Profile, typer.Option("--profile", help="What is delivered.")]
AllowDegradeOption = Annotated[
    bool,
    typer.Option(
        "--allow-degrade",
        help="Where memory does not suffice, go on with a smaller size, a smaller model or the CPU instead of stopping.",
    ),
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


def at_quality(
    quality: Optional[Quality],
    track: TrackSettings,
    refine: RefineSettings,
    *,
    model: Optional[str],
    size: Optional[int],
    crop: Optional[bool],
    edges: Optional[EdgeMode],
) -> ChosenQuality:
    """The settings that the options of a command come to, on this machine; None where an option was not given."""
    if quality is None:
        track = replace(track, model=model or best_present(), image_size=size)
        return ChosenQuality(track, replace(refine, crop=bool(crop), edges=edges or "none"), None)
    spec = find_spec(model) if model else None
    return with_quality(
        quality,
        present_models(),
        track,
        refine,
        model=spec.name if spec else model,
        image_size=size,
        crop=crop,
        edges=edges,
    )


def absolute_checkpoint(model: str) -> str:
    """A checkpoint's path made independent of the folder that the command ran in; a name stays a name."""
    path = Path(model)
    return str(path.absolute()) if path.is_file() else model
