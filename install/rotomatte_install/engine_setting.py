"""Where the engine is, written down for hosts: what ``rotomatte_plugin.locate`` reads."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from rotomatte_plugin.errors import OutputError
from rotomatte_plugin.locate import setting_path


def write_engine_setting(python: Path, environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """Let every host of this user start the engine with that Python; gives the file that says so.

    What else is in there stays.

    Raises:
        OutputError: it cannot be written.
    """
    path = setting_path(environ, system)
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps({**_known(path), "engine_python": str(python)}, indent=1) + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path}, which tells hosts where the engine is, cannot be written: {error}.",
            remedy="Make that folder writable, and run the same command again.",
            path=str(path),
        ) from error
    return path


def _known(path: Path) -> dict[str, object]:
    try:
        setting = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return setting if isinstance(setting, dict) else {}
