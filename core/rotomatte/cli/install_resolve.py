"""`rotomatte install resolve` and `rotomatte uninstall resolve`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte.cli.running import console
from rotomatte_install.engine_setting import write_engine_setting
from rotomatte_install.resolve import fusion_folder, install_resolve, uninstall_resolve

_System = Annotated[bool, typer.Option("--system", help="For all users of this machine, as an administrator.")]
_Folder = Annotated[
    Optional[Path], typer.Option(metavar="FOLDER", help="Fusion's folder. [default: this user's, of Resolve]")
]


def install_resolve_command(for_all: _System = False, folder: _Folder = None) -> None:
    """Put Rotomatte's scripts and prompt macro into DaVinci Resolve."""
    engine = Path(sys.executable)
    files = install_resolve(folder or fusion_folder(os.environ, sys.platform, for_all=for_all), engine)
    setting = write_engine_setting(engine)
    for path in files:
        _say(f"{path} is written.")
    _say(
        "Resolve has Rotomatte in Workspace > Scripts, and the RotomattePrompt macro in the Effects of its Fusion page from "
        f"its next start on. {setting} names this engine."
    )


def uninstall_resolve_command(for_all: _System = False, folder: _Folder = None) -> None:
    """Take Rotomatte out of DaVinci Resolve; projects keep their mattes, and their macros with all prompts."""
    home = folder or fusion_folder(os.environ, sys.platform, for_all=for_all)
    _say("Rotomatte is no longer in Resolve." if uninstall_resolve(home) else f"Rotomatte was not in {home}.")


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
