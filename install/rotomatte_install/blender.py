"""Rotomatte into Blender and out of it, by Blender's own command line."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rotomatte_install.blender_zip import EXTENSION
from rotomatte_plugin.errors import OutputError

OLDEST = (4, 5)
"""The first Blender that the extension runs in."""

_ASK_S = 60.0
_INSTALL_S = 300.0
_REPOSITORY = "user_default"
_BY_HAND = "Mend that, or build the extension with --zip FILE and install the file from within Blender."
_LEADS_ASTRAY = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP")


def blender_version(program: Path, environ: Mapping[str, str] = os.environ) -> tuple[int, ...]:
    """What a Blender says of itself, such as (5, 0, 1).

    Raises:
        OutputError: it does not run, does not answer, or is no Blender.
    """
    told = _run(program, ["--version"], environ, _ASK_S)
    found = re.search(r"^Blender (\d+(?:\.\d+)+)", told, re.MULTILINE)
    if found is None:
        raise OutputError(f"{program} does not say which Blender it is.", remedy=_name_one(), path=str(program))
    return tuple(int(number) for number in found[1].split("."))


def install_in_blender(program: Path, extension: bytes, environ: Mapping[str, str] = os.environ) -> tuple[int, ...]:
    """Install and enable the extension for this user, in place of an earlier one; gives the Blender's version.

    Args:
        program: Blender's own.
        extension: the zip.
        environ: the environment that Blender is to run in.

    Raises:
        OutputError: this Blender is too old, does not run or refuses.
    """
    version = blender_version(program, environ)
    if version[:2] < OLDEST:
        raise OutputError(
            f"{program} is Blender {_dotted(version)}, and the extension needs {_dotted(OLDEST)} or later.",
            remedy="Install a later Blender, or name another one with --program.",
            path=str(program),
        )
    with tempfile.TemporaryDirectory(prefix="rotomatte-") as folder:
        file = Path(folder) / f"{EXTENSION}.zip"
        file.write_bytes(extension)
        told = _run(program, ["--command", "extension", "install-file", "-r", _REPOSITORY, "-e", str(file)], environ)
    # Blender's exit code is 0 where the extension could not be unpacked, too.
    if not _is_installed(program, environ):
        raise OutputError(
            f"{program} has not installed the extension: {_last_line(told)}.", remedy=_BY_HAND, path=str(program)
        )
    return version


def remove_from_blender(program: Path, environ: Mapping[str, str] = os.environ) -> bool:
    """Take the extension out again; False where it was not there.

    Raises:
        OutputError: Blender does not run, or refuses.
    """
    if not _is_installed(program, environ):
        return False
    _run(program, ["--command", "extension", "remove", f"{_REPOSITORY}.{EXTENSION}"], environ)
    return True


def _is_installed(program: Path, environ: Mapping[str, str]) -> bool:
    told = _run(program, ["--command", "extension", "list"], environ)
    return re.search(rf"^\s*{EXTENSION} \[installed\]", told, re.MULTILINE) is not None


def _run(program: Path, arguments: list[str], environ: Mapping[str, str], limit_s: float = _INSTALL_S) -> str:
    """What Blender prints.

    Raises:
        OutputError: it does not start, does not end in time, or fails.
    """
    clean = {name: value for name, value in environ.items() if name not in _LEADS_ASTRAY}
    try:
        # The program is one that was found on this machine or named by the user.
        ended = subprocess.run(  # noqa: S603
            [str(program), *arguments],
            env=clean,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=limit_s,
        )
    except subprocess.TimeoutExpired as error:
        raise OutputError(
            f"{program} has not answered within {limit_s:.0f} seconds.",
            remedy="Start Blender once by itself, close it, and run the same command again.",
            path=str(program),
        ) from error
    except OSError as error:
        raise OutputError(f"{program} cannot be run: {error}.", remedy=_name_one(), path=str(program)) from error
    if ended.returncode:
        raise OutputError(
            f"{program} has failed with exit code {ended.returncode}: {_last_line(ended.stdout)}.",
            remedy=_BY_HAND,
            path=str(program),
        )
    return ended.stdout


def _last_line(told: str) -> str:
    return (told.strip().splitlines() or ["it does not say why"])[-1].strip().rstrip(".")


def _name_one() -> str:
    return "Name Blender's own program with --program."


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version)
