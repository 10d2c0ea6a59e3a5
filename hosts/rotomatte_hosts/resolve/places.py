"""Where Resolve keeps what scripts need, and which Pythons there are to run one with."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

API_VARIABLE = "RESOLVE_SCRIPT_API"
LIBRARY_VARIABLE = "RESOLVE_SCRIPT_LIB"
MODULE = "DaVinciResolveScript.py"

_MINORS = (12, 11, 10, 9, 13, 14)
"""Python's minor versions, those first that every supported Resolve has been seen to work with."""


@dataclass(frozen=True)
class Scripting:
    """The folder of Resolve's scripting module, and the library that it loads; None where only Resolve knows it."""

    modules: Path
    library: Optional[Path]


def find_scripting(environ: Mapping[str, str], system: str) -> Optional[Scripting]:
    """Resolve's scripting module: where its two variables say, else where its installer puts it; None without one.

    What a variable names and is not there is passed over, since both are often left behind by an older Resolve.
    """
    library = _file(environ.get(LIBRARY_VARIABLE))
    named = environ.get(API_VARIABLE)
    if named:
        for folder in (Path(named) / "Modules", Path(named)):
            if (folder / MODULE).is_file():
                return Scripting(folder, library)
    for api, default in _installed(environ, system):
        if (api / "Modules" / MODULE).is_file():
            return Scripting(api / "Modules", library or _file(default))
    return None


def worker_environment(environ: Mapping[str, str], scripting: Scripting) -> dict[str, str]:
    """The environment with the library named, where it is known, so that the module finds the one that belongs to it."""
    named = dict(environ)
    named.pop(LIBRARY_VARIABLE, None)
    return named if scripting.library is None else {**named, LIBRARY_VARIABLE: str(scripting.library)}


def pythons(environ: Mapping[str, str], system: str) -> tuple[Path, ...]:
    """Pythons to run a script with, this one first; which versions they are is not known yet."""
    found = dict.fromkeys(path for path in _candidates(environ, system) if path.is_file())
    return (Path(sys.executable), *(path for path in found if path != Path(sys.executable)))


def _installed(environ: Mapping[str, str], system: str) -> Iterator[tuple[Path, Path]]:
    """Pairs of the folder of the API and the library."""
    if system == "win32":
        data = Path(environ.get("PROGRAMDATA") or "C:/ProgramData")
        programs = Path(environ.get("PROGRAMFILES") or "C:/Program Files")
        yield (
            data / "Blackmagic Design/DaVinci Resolve/Support/Developer/Scripting",
            programs / "Blackmagic Design/DaVinci Resolve/fusionscript.dll",
        )
    elif system == "darwin":
        yield (
            Path("/Library/Application Support/Blackmagic Design/DaVinci Resolve/Developer/Scripting"),
            Path("/Applications/DaVinci Resolve/DaVinci Resolve.app/Contents/Libraries/Fusion/fusionscript.so"),
        )
    else:
        for root in (Path("/opt/resolve"), Path("/home/resolve")):
            yield root / "Developer/Scripting", root / "libs/Fusion/fusionscript.so"


def _candidates(environ: Mapping[str, str], system: str) -> Iterator[Path]:
    path = environ.get("PATH")
    for minor in _MINORS:
        name = f"3.{minor}"
        if system == "win32":
            local = environ.get("LOCALAPPDATA")
            for root in filter(None, (local and f"{local}/Programs/Python", environ.get("PROGRAMFILES"))):
                yield Path(root) / f"Python3{minor}/python.exe"
            continue
        if system == "darwin":
            yield Path(f"/Library/Frameworks/Python.framework/Versions/{name}/bin/python3")
        on_path = shutil.which(f"python{name}", path=path)
        if on_path:
            yield Path(on_path)
    if system == "darwin":
        yield Path("/usr/local/bin/python3")
    elif system != "win32":
        # Resolve's own, which its Studio edition brings from 21.1 on.
        yield Path("/opt/resolve/ResolvePython/bin/python3")


def _file(path: object) -> Optional[Path]:
    return Path(str(path)) if path and Path(str(path)).is_file() else None
