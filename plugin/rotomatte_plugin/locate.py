"""Where the engine's connection file lies, and which Python has the engine; by the environment, without touching it."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Optional

from rotomatte_plugin.errors import EngineMissingError

ENGINE_VARIABLE = "ROTOMATTE_ENGINE"
"""Environment variable that names the Python of the engine's environment."""

CONNECTION_NAME = "engine.json"
SETTING_NAME = "host.json"


def runtime_folder(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """The user's folder for what lives as long as a session; it need not exist yet.

    The places are those of platformdirs, which hosts do not have: ``$XDG_RUNTIME_DIR`` or ``/run/user/UID`` on Linux,
    else a folder of the user's own below the temporary folder.
    """
    if system == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "Temp" / "rotomatte"
    if system == "darwin":
        return Path.home() / "Library/Caches/TemporaryItems/rotomatte"
    uid = os.getuid()
    for candidate in (environ.get("XDG_RUNTIME_DIR"), f"/run/user/{uid}"):
        if candidate and _is_ours_alone(Path(candidate), uid):
            return Path(candidate) / "rotomatte"
    return Path(tempfile.gettempdir()) / f"rotomatte-{uid}"


def connection_path(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """The engine's connection file."""
    return runtime_folder(environ, system) / CONNECTION_NAME


def setting_path(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """The file in which the installer says where the engine is: ``{"engine_python": "…"}``."""
    if system == "win32":
        folder = Path(environ.get("APPDATA") or Path.home() / "AppData/Roaming")
    elif system == "darwin":
        folder = Path.home() / "Library/Application Support"
    else:
        folder = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return folder / "rotomatte" / SETTING_NAME


def engine_python(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """The Python that starts the engine.

    What ROTOMATTE_ENGINE names, else what the installer wrote, else the ``.venv`` of the checkout that this plug-in
    lies in. What is named and absent is an error rather than a reason to look further.

    Raises:
        EngineMissingError: there is none, or the one that is named is not there.
    """
    setting = setting_path(environ, system)
    named = environ.get(ENGINE_VARIABLE)
    if named:
        return _require(Path(named), f"{ENGINE_VARIABLE} names", f"Correct or unset {ENGINE_VARIABLE}.")
    installed = _read_setting(setting)
    if installed:
        return _require(Path(installed), f"{setting} names", "Run Rotomatte's installer again.")
    checkout = Path(__file__).resolve().parents[2]
    beside = checkout / ".venv" / ("Scripts/python.exe" if system == "win32" else "bin/python")
    if beside.is_file():
        return beside
    raise EngineMissingError(
        "No Python with the Rotomatte engine is found on this machine.",
        remedy="Run `python3 install/bootstrap.py` in Rotomatte's folder, or set "
        f"{ENGINE_VARIABLE} to the Python that has it.",
    )


def _require(python: Path, who: str, remedy: str) -> Path:
    if not python.is_file():
        raise EngineMissingError(f"{who} {python}, which is not there.", remedy=remedy, path=str(python))
    return python


def _read_setting(path: Path) -> Optional[str]:
    try:
        setting = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise EngineMissingError(
            f"{path} cannot be read: {error}.", remedy="Run Rotomatte's installer again.", path=str(path)
        ) from error
    python = setting.get("engine_python") if isinstance(setting, dict) else None
    return python if isinstance(python, str) else None


def _is_ours_alone(folder: Path, uid: int) -> bool:
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return facts.st_uid == uid and facts.st_mode & 0o170077 == 0o040000
