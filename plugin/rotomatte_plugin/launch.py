"""Starting the engine from inside a host, untouched by the host's environment and outside its process tree."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rotomatte_plugin.connection import require_private_folder
from rotomatte_plugin.errors import EngineError
from rotomatte_plugin.locate import engine_python, runtime_folder

_DROPPED = frozenset({"LD_LIBRARY_PATH", "LD_PRELOAD", "VIRTUAL_ENV", "OCIO", "__PYVENV_LAUNCHER__"})
"""What a host sets for itself. Its OCIO config is not every other host's: it travels with each job."""

_DROPPED_STARTS = ("PYTHON", "DYLD_", "QT_")

_ERROR_NAME = "engine.err"

# Of Windows, where `subprocess` has them by these names.
_DETACHED_PROCESS = 0x00000008
_CREATE_NEW_PROCESS_GROUP = 0x00000200
_CREATE_BREAKAWAY_FROM_JOB = 0x01000000


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what leads another Python or its libraries astray."""
    return {
        name: value
        for name, value in environ.items()
        if name.upper() not in _DROPPED and not name.upper().startswith(_DROPPED_STARTS)
    }


def engine_command(python: Path) -> list[str]:
    """The command that starts the engine; ``-I`` leaves out the user's site-packages and the current folder."""
    return [str(python), "-I", "-m", "rotomatte.engine"]


def creation_flags(system: str, *, breaks_away: bool) -> int:
    """How Windows is asked to start the engine: without a console, in a group, and a job object, of its own."""
    if system != "win32":
        return 0
    return _DETACHED_PROCESS | _CREATE_NEW_PROCESS_GROUP | (_CREATE_BREAKAWAY_FROM_JOB if breaks_away else 0)


def launch(environ: Mapping[str, str] = os.environ) -> subprocess.Popen[bytes]:
    """Start the engine.

    What is returned ends with exit code 0 once an engine can be reached, be it this or another one, and with another
    code where it failed (``why_failed``). On Windows it is the engine itself, and ends only where it failed.

    Raises:
        EngineMissingError: no Python with the engine is found.
        EngineError: that Python cannot be started, or the user's runtime folder not used.
    """
    python = engine_python(environ)
    folder = runtime_folder(environ)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        require_private_folder(folder)
        # Opened before the engine takes its place, and shared by those who start one at the same time.
        with (folder / _ERROR_NAME).open("wb") as errors:
            return _start(engine_command(python), clean_environment(environ), errors)
    except OSError as error:
        raise EngineError(
            f"The engine cannot be started with {python}: {error.strerror}.",
            remedy="Check that it is a Python that you may run, and the permissions of your runtime folder.",
            path=str(python),
        ) from error


def why_failed(environ: Mapping[str, str] = os.environ) -> EngineError:
    """The error of an engine that did not start, with the last thing that it said."""
    path = runtime_folder(environ) / _ERROR_NAME
    try:
        said = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        said = []
    last = said[-1].rstrip(".") if said else "it said nothing"
    return EngineError(
        f"The engine did not start: {last}.",
        remedy="Run `rotomatte doctor` in a terminal.",
        path=str(path),
    )


def _start(command: list[str], environ: Mapping[str, str], errors: Any) -> subprocess.Popen[bytes]:
    def start(*, breaks_away: bool) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - the user's own Python
            command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            creationflags=creation_flags(sys.platform, breaks_away=breaks_away),
        )

    try:
        return start(breaks_away=True)
    except PermissionError:
        if sys.platform != "win32":
            raise
        # The host's job object lets nothing out.
        return start(breaks_away=False)
