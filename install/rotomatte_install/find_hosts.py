"""Which hosts are on this machine: Blender, Nuke and DaVinci Resolve in their standard places and on PATH."""

from __future__ import annotations

import plistlib
import re
import xml.parsers.expat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Optional


@dataclass(frozen=True)
class HostFound:
    """A host's program; ``version`` is None where neither its folder nor its bundle tells."""

    host: str
    version: Optional[str]
    path: Path


def find_hosts(platform: str, environ: Mapping[str, str], root: Path) -> tuple[HostFound, ...]:
    """Every host found, each program once, ordered by host and path.

    ``platform`` is as ``sys.platform``. ``root`` stands for ``/`` of Linux and macOS; the places of Windows and
    of the user come from ``environ``.
    """
    found: dict[Path, HostFound] = {}
    for host, path in _candidates(platform, environ, root):
        if path.is_file():
            program = path.resolve()
            # The path is kept as found: a snap's program is a link to snap itself, which runs what the link names.
            found.setdefault(program, HostFound(host, _version(host, program), path))
    return tuple(sorted(found.values(), key=lambda item: (item.host, str(item.path))))


def _candidates(platform: str, environ: Mapping[str, str], root: Path) -> Iterator[tuple[str, Path]]:
    if platform == "win32":
        yield from _windows(environ)
    elif platform == "darwin":
        yield from _mac(environ, root)
    else:
        yield from _linux(environ, root)
    suffix = ".exe" if platform == "win32" else ""
    for folder in environ.get("PATH", "").split(";" if platform == "win32" else ":"):
        if folder:
            yield "Blender", Path(folder) / f"blender{suffix}"
            yield from _nuke_programs(Path(folder), suffix)
            yield "DaVinci Resolve", Path(folder) / f"resolve{suffix}"


def _linux(environ: Mapping[str, str], root: Path) -> Iterator[tuple[str, Path]]:
    homes = [Path(environ["HOME"])] if environ.get("HOME") else []
    for place in (root / "opt", root / "usr/local", *homes):
        for folder in _matching(place, "[Bb]lender*"):
            yield "Blender", folder / "blender"
        for folder in _matching(place, "Nuke*"):
            yield from _nuke_programs(folder, "")
    for programs in ("usr/bin", "usr/local/bin", "snap/bin"):
        yield "Blender", root / programs / "blender"
    for installation in ("opt/resolve", "home/resolve"):
        yield "DaVinci Resolve", root / installation / "bin/resolve"


def _mac(environ: Mapping[str, str], root: Path) -> Iterator[tuple[str, Path]]:
    homes = [Path(environ["HOME"]) / "Applications"] if environ.get("HOME") else []
    for place in (root / "Applications", *homes):
        for bundle in _matching(place, "Blender*.app"):
            yield "Blender", bundle / "Contents/MacOS/Blender"
        for bundle in _matching(place, "Nuke*/Nuke*.app"):
            if re.fullmatch(r"Nuke[\d.v]+\.app", bundle.name):
                yield from _nuke_programs(bundle / "Contents/MacOS", "")
        # The App Store puts the bundle itself into Applications, the installer puts it into a folder.
        for pattern in ("DaVinci Resolve*.app", "DaVinci Resolve*/DaVinci Resolve*.app"):
            for bundle in _matching(place, pattern):
                yield "DaVinci Resolve", bundle / "Contents/MacOS/Resolve"


def _windows(environ: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    if not environ.get("ProgramFiles"):
        return
    place = Path(environ["ProgramFiles"])
    for folder in _matching(place, "Blender Foundation/Blender*"):
        yield "Blender", folder / "blender.exe"
    for folder in _matching(place, "Nuke*"):
        yield from _nuke_programs(folder, ".exe")
    yield "DaVinci Resolve", place / "Blackmagic Design/DaVinci Resolve/Resolve.exe"


def _nuke_programs(folder: Path, suffix: str) -> Iterator[tuple[str, Path]]:
    """Nuke's program carries its version, as in ``Nuke15.1``; its helpers are named otherwise."""
    for program in _matching(folder, f"Nuke*{suffix}"):
        if re.fullmatch(r"Nuke\d+\.\d+(v\d+)?", program.name[: len(program.name) - len(suffix)]):
            yield "Nuke", program


def _matching(folder: Path, pattern: str) -> tuple[Path, ...]:
    try:
        return tuple(sorted(folder.glob(pattern)))
    except OSError:  # a folder that this user may not read holds nothing for them
        return ()


def _version(host: str, program: Path) -> Optional[str]:
    bundle = next((parent for parent in program.parents if parent.suffix == ".app"), None)
    if bundle is not None:
        return _bundle_version(bundle)
    if host == "Blender":
        # Blender keeps its scripts and data in a folder named by its version, beside the program.
        folders = (path.name for path in _matching(program.parent, "[0-9]*.[0-9]*") if path.is_dir())
        return next(folders, None)
    if host == "Nuke":
        for name in (program.parent.name, program.name):
            match = re.search(r"Nuke(\d+\.\d+(v\d+)?)", name)
            if match:
                return match[1]
    return None


def _bundle_version(bundle: Path) -> Optional[str]:
    try:
        with (bundle / "Contents/Info.plist").open("rb") as stream:
            facts = plistlib.load(stream)
    except (OSError, ValueError, xml.parsers.expat.ExpatError):
        return None
    version = facts.get("CFBundleShortVersionString") if isinstance(facts, dict) else None
    return version if isinstance(version, str) else None
