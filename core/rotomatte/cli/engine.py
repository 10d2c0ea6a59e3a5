"""`rotomatte engine`: the engine process in the foreground."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte.cli.running import console
from rotomatte.engine.main import IDLE_MINUTES, run_engine
from rotomatte.engine.stop import stop_engine
from rotomatte_plugin.locate import runtime_folder

_STOP_TIMEOUT_S = 60.0


def engine_command(
    idle_minutes: Annotated[
        float, typer.Option(metavar="N", min=0.0, help="End after so long without a client or a job.")
    ] = IDLE_MINUTES,
    allow_output: Annotated[
        Optional[list[Path]],
        typer.Option(
            metavar="ROOT", help="Write mattes only below this folder; may be given again. [default: anywhere]"
        ),
    ] = None,
    stop: Annotated[bool, typer.Option("--stop", help="End the engine that runs, and wait until it is gone.")] = False,
) -> None:
    """Be the process that serves every host of this user; hosts start it by themselves."""
    if stop:
        _say("The engine has ended." if stop_engine(runtime_folder(), _STOP_TIMEOUT_S) else "No engine runs.")
        return

    def tell(port: int) -> None:
        _say(f"The engine listens on port {port} of this machine. Ctrl-C ends it.")

    if not run_engine(idle_s=idle_minutes * 60, on_ready=tell, roots=allow_output or ()):
        _say("An engine runs already.")


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
