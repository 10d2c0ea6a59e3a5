"""Options that the commands share which look at a plate before there is a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from rotomatte.cli.options import absolute_checkpoint
from rotomatte.cli.running import console
from rotomatte.models.store import best_present
from rotomatte_plugin.errors import CancelledError
from rotomatte_plugin.model import Device, TrackSettings

FrameArgument = Annotated[int, typer.Argument(metavar="FRAME", help="In the plate's own numbering.")]
CheckpointConfigOption = Annotated[
    Optional[Path], typer.Option("--config", metavar="FILE.yaml", help="The network of a checkpoint given by path.")
]


@contextmanager
def looking(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr while a plate is looked at; what it gives is told how many looks are done, and of how many.

    Raises:
        CancelledError: Ctrl-C.
    """
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True)
    task = bar.add_task(what, total=None)
    try:
        with bar:
            yield lambda done, total: bar.update(task, completed=done, total=total)
    except KeyboardInterrupt as error:
        raise CancelledError("Stopped. Nothing was written.", remedy="Run the same command again.") from error


def track_settings(model: Optional[str], config: Optional[Path], device: Device, size: Optional[int]) -> TrackSettings:
    """The settings that name a network; the best one here where none is named."""
    return TrackSettings(
        model=absolute_checkpoint(model) if model else best_present(),
        config=str(config.absolute()) if config else None,
        device=device,
        image_size=size,
    )
