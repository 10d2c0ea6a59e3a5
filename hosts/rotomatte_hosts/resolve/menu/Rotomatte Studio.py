"""Workspace > Scripts > Rotomatte Studio, and Rotomatte Studio Panel: the clip under the playhead.

It starts ``rotomatte resolve`` with a command in the engine's Python and ends; that goes on by itself, reaches Resolve from
outside, and brings the mattes back. Standard library of Python 3.9 only. Resolve does not tell a script its own path.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Optional

COMMAND = "matte"
"""What is started; the panel's script is this one with ``panel``."""

DROPPED = ("PYTHON", "DYLD_", "QT_", "LD_LIBRARY_PATH", "LD_PRELOAD", "VIRTUAL_ENV")
"""What Resolve sets for itself, and would lead another Python astray."""


def settings_folder() -> Path:
    """Rotomatte's folder of this user."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData/Roaming") / "rotomatte"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/rotomatte"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "rotomatte"


def fusion_folders() -> list[Path]:
    """Where `rotomatte install resolve` writes down the engine as well, for all users of the machine."""
    tail = Path("Blackmagic Design/DaVinci Resolve/Fusion/Rotomatte")
    if sys.platform == "win32":
        return [Path(os.environ.get("PROGRAMDATA") or "C:/ProgramData") / tail]
    if sys.platform == "darwin":
        return [Path("/Library/Application Support") / tail]
    return [Path("/opt/resolve/Fusion/Rotomatte"), Path("/home/resolve/Fusion/Rotomatte")]


def engine_python() -> Optional[str]:
    """The Python with the engine; None where none is written down."""
    if os.environ.get("ROTOMATTE_ENGINE"):
        return os.environ["ROTOMATTE_ENGINE"]
    for folder in [settings_folder(), *fusion_folders()]:
        try:
            return str(json.loads((folder / "host.json").read_text(encoding="utf-8"))["engine_python"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def start(python: str, log: Path) -> None:
    """Start the engine's command line, so that it outlives this script."""
    environ = {name: value for name, value in os.environ.items() if not name.upper().startswith(DROPPED)}
    command = [python, "-I", "-m", "rotomatte", "resolve", COMMAND]
    how: dict[str, Any]
    if sys.platform == "win32":
        how = {"creationflags": 0x00000008 | 0x00000200}
    else:
        how = {"start_new_session": True}
    with log.open("wb") as words:
        subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=words, stderr=words, **how)  # noqa: S603


def main() -> None:
    """Start it, and say where it says how it goes."""
    python = engine_python()
    if python is None:
        print("Rotomatte: no engine is named on this machine: run `rotomatte install resolve`.")  # noqa: T201
        return
    log = settings_folder() / f"resolve-studio-{COMMAND}.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        start(python, log)
    except OSError as error:
        print(f"Rotomatte: the engine cannot be started with {python}: {error}.")  # noqa: T201
        return
    print(f"Rotomatte: begun; how it goes is in {log}, and the mattes come into the timeline.")  # noqa: T201


main()
