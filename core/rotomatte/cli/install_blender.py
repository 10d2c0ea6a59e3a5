"""`rotomatte install blender` and `rotomatte uninstall blender`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte import __version__
from rotomatte.cli.running import console
from rotomatte_install.blender import OLDEST, install_in_blender, remove_from_blender
from rotomatte_install.blender_zip import extension_zip
from rotomatte_install.engine_setting import write_engine_setting
from rotomatte_install.find_hosts import find_hosts
from rotomatte_plugin.errors import OutputError

_PART_FAILED = 3

_Programs = Annotated[
    Optional[list[Path]],
    typer.Option(metavar="FILE", help="Blender's own program; may be given again. [default: all that are found]"),
]


def install_blender_command(
    program: _Programs = None,
    zip_file: Annotated[
        Optional[Path],
        typer.Option("--zip", metavar="FILE", help="Only write the extension's zip, to be installed by hand."),
    ] = None,
) -> None:
    """Put the Rotomatte extension into every Blender of this machine, for this user, and switch it on."""
    extension = extension_zip(__version__)
    if zip_file is not None:
        _write(zip_file, extension)
        _say(f"{zip_file} is written: drag it into Blender, or take Install from Disk in its preferences.")
        return

    def install(blender: Path) -> str:
        version = ".".join(str(number) for number in install_in_blender(blender, extension))
        return f"Blender {version} has Rotomatte: {blender}."

    code = _for_each(program, install)
    setting = write_engine_setting(Path(sys.executable))
    _say(f"{setting} names this engine.")
    raise typer.Exit(code)


def uninstall_blender_command(program: _Programs = None) -> None:
    """Take the Rotomatte extension out of every Blender of this machine; .blend files keep their prompts."""

    def remove(blender: Path) -> str:
        was_there = remove_from_blender(blender)
        return f"Rotomatte is no longer in {blender}." if was_there else f"Rotomatte was not in {blender}."

    raise typer.Exit(_for_each(program, remove))


def _for_each(programs: Optional[list[Path]], act: Callable[[Path], str]) -> int:
    """Do it with every Blender, say what came of each, and give the exit code.

    Raises:
        OutputError: no Blender is there, or none has done it.
    """
    blenders = programs or [
        found.path for found in find_hosts(sys.platform, os.environ, Path("/")) if found.host == "Blender"
    ]
    if not blenders:
        oldest = ".".join(str(number) for number in OLDEST)
        raise OutputError(
            "No Blender is found on this machine.",
            remedy=f"Name its program with --program, {oldest} or later, or write the extension with --zip FILE.",
        )
    errors = []
    for blender in blenders:
        try:
            _say(act(blender))
        except OutputError as error:
            errors.append(error)
    if len(errors) == len(blenders):
        raise errors[0]
    for problem in errors:
        _say(f"{problem.message} {problem.remedy}")
    return _PART_FAILED if errors else 0


def _write(path: Path, extension: bytes) -> None:
    try:
        path.write_bytes(extension)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error}.", remedy="Name a file in a folder that is there.", path=str(path)
        ) from error


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
