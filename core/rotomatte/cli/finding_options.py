"""Options that the commands share which look at a plate before there is a job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte.cli.options import absolute_checkpoint
from rotomatte.models.store import best_present
from rotomatte_plugin.model import Device, TrackSettings

FrameArgument = Annotated[int, typer.Argument(metavar="FRAME", help="In the plate's own numbering.")]
CheckpointConfigOption = Annotated[
    Optional[Path], typer.Option("--config", metavar="FILE.yaml", help="The network of a checkpoint given by path.")
]


def track_settings(model: Optional[str], config: Optional[Path], device: Device, size: Optional[int]) -> TrackSettings:
    """The settings that name a network; the best one here where none is named."""
    return TrackSettings(
        model=absolute_checkpoint(model) if model else best_present(),
        config=str(config.absolute()) if config else None,
        device=device,
        image_size=size,
    )
