"""`rotomatte install nuke` and `rotomatte uninstall nuke`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte.cli.running import console
from rotomatte_install.engine_setting import write_engine_setting
from rotomatte_install.nuke import install_nuke, nuke_folder, uninstall_nuke

_Folder = Annotated[
    Optional[Path], typer.Option(metavar="FOLDER", help="A folder that is on NUKE_PATH. [default: ~/.nuke]")
]


def install_nuke_command(folder: _Folder = None) -> None:
    """Put the Rotomatte node into Nuke: a folder beside your own files, and a marked block in init.py."""
    copy = install_nuke(folder or nuke_folder(os.environ, sys.platform))
    setting = write_engine_setting(Path(sys.executable))
    _say(f"Nuke has Rotomatte from its next start on, in {copy}. {setting} names this engine.")


def uninstall_nuke_command(folder: _Folder = None) -> None:
    """Take the Rotomatte node out of Nuke; scripts that have one still open."""
    home = folder or nuke_folder(os.environ, sys.platform)
    _say("Rotomatte is no longer in Nuke." if uninstall_nuke(home) else f"Rotomatte was not in {home}.")


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
