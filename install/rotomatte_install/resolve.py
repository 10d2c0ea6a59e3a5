"""Rotomatte in the folders of DaVinci Resolve's Fusion, and out of them again.

A Lua script and a Python script for the menu Workspace > Scripts, the prompt macro for the Effects of the Fusion page, and
a folder of our own beside these, with the Lua that they share. Every file is written down in that folder, and no other file
is ever touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath

from rotomatte_plugin.errors import OutputError

FOLDER = "Rotomatte"
"""Our own folder below Fusion's; Lua looks for it by that name."""

_LIST = f"{FOLDER}/installed.json"
_SCRIPTS = "Scripts/Utility"
_MACRO = "RotomattePrompt.setting"
_SHARED = ("facts.lua", "json.lua", "place.lua", "preview.lua", "shell.lua", "work.lua")


def fusion_folder(environ: Mapping[str, str], system: str, *, for_all: bool) -> Path:
    """Fusion's folder of this user, or of the whole machine.

    Raises:
        OutputError: Windows does not say where it is.
    """
    tail = "Blackmagic Design/DaVinci Resolve"
    if system == "win32":
        name = "PROGRAMDATA" if for_all else "APPDATA"
        if not environ.get(name):
            raise OutputError(f"{name} is not set.", remedy="Name Fusion's folder with --folder.")
        return Path(environ[name]) / tail / ("Fusion" if for_all else "Support/Fusion")
    home = Path(environ.get("HOME") or Path.home())
    if system == "darwin":
        return (Path("/") if for_all else home) / "Library/Application Support" / tail / "Fusion"
    if not for_all:
        return home / ".local/share/DaVinciResolve/Fusion"
    found = [root for root in (Path("/opt/resolve"), Path("/home/resolve")) if root.is_dir()]
    return (found or [Path("/opt/resolve")])[0] / "Fusion"


def install_resolve(folder: Path, engine_python: Path) -> tuple[Path, ...]:
    """Put Rotomatte below Fusion's folder, in place of an earlier copy; gives the files that an artist meets.

    Args:
        folder: Fusion's folder; it is made where Resolve has never run.
        engine_python: the Python with the engine, which is written down for every user of this folder.

    Raises:
        OutputError: a file of that name is there and not ours, or the disk refuses.
    """
    wanted = dict(_to_write(engine_python))
    try:
        before = _installed(folder)
        for name in wanted:
            if name not in before and (folder / name).exists():
                raise OutputError(
                    f"{folder / name} is there already, and is not Rotomatte's.",
                    remedy="Rename it first.",
                    path=str(folder / name),
                )
        made = sorted({*_made_folders(folder), *_missing_folders(folder, wanted)})
        _write(folder / _LIST, _list_text({*before, *wanted}, made))
        for name, data in wanted.items():
            _write(folder / name, data)
        _remove_files(folder, set(before) - set(wanted))
        _write(folder / _LIST, _list_text(wanted, made))
    except OSError as error:
        raise _refused(folder, error) from error
    return tuple(folder / name for name in wanted if not name.startswith(f"{FOLDER}/"))


def uninstall_resolve(folder: Path) -> bool:
    """Take Rotomatte out of Fusion's folder; False where it was not there. Files that it did not bring stay.

    Raises:
        OutputError: the disk refuses.
    """
    try:
        ours, made = _installed(folder), _made_folders(folder)
        if not (folder / _LIST).exists():
            return False
        _remove_files(folder, {*ours, _LIST})
        for name in sorted(made, key=lambda one: -len(PurePosixPath(one).parts)):
            path = folder / name
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
    except OSError as error:
        raise _refused(folder, error) from error
    return True


def _to_write(engine_python: Path) -> Iterator[tuple[str, bytes]]:
    """Every file by its name below Fusion's folder."""
    resolve = files("rotomatte_hosts.resolve")
    lua = resolve / "lua"
    home = (lua / "home.lua").read_bytes()
    macro = (resolve / "macro" / _MACRO).read_bytes()
    for name in ("Rotomatte.lua", "Rotomatte Panel.lua"):
        yield f"{_SCRIPTS}/{name}", home + (lua / name).read_bytes()
    studio = (resolve / "menu" / "Rotomatte Studio.py").read_text(encoding="utf-8")
    yield f"{_SCRIPTS}/Rotomatte Studio.py", studio.encode()
    yield f"{_SCRIPTS}/Rotomatte Studio Panel.py", _of_panel(studio).encode()
    yield f"Macros/{_MACRO}", macro
    for name in _SHARED:
        yield f"{FOLDER}/{name}", (lua / name).read_bytes()
    yield f"{FOLDER}/{_MACRO}", macro
    yield f"{FOLDER}/host.json", json.dumps({"engine_python": str(engine_python)}, indent=1).encode() + b"\n"


def _of_panel(studio: str) -> str:
    """The script for Studio that opens the panel."""
    return studio.replace('COMMAND = "matte"', 'COMMAND = "panel"')


def _installed(folder: Path) -> list[str]:
    """The files of an earlier copy."""
    return _listed(folder, "files")


def _made_folders(folder: Path) -> list[str]:
    """The folders that were made for it."""
    return _listed(folder, "folders")


def _listed(folder: Path, what: str) -> list[str]:
    try:
        named = json.loads((folder / _LIST).read_text(encoding="utf-8"))[what]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    inside = folder.resolve()
    # A list that somebody changed leads nowhere else.
    return [name for name in named if isinstance(name, str) and _is_inside(inside, folder / name)]


def _is_inside(folder: Path, path: Path) -> bool:
    found = path.parent.resolve() / path.name
    return folder == found or folder in found.parents


def _missing_folders(folder: Path, names: Mapping[str, bytes]) -> set[str]:
    """The folders below Fusion's, and its own, that are not there yet; ``.`` is Fusion's own."""
    needed = {str(parent) for name in (*names, _LIST) for parent in PurePosixPath(name).parents}
    return {name for name in needed if not (folder / name).exists()}


def _list_text(names: Mapping[str, bytes] | set[str], made: list[str]) -> bytes:
    return json.dumps({"files": sorted(names), "folders": made}, indent=1).encode() + b"\n"


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; Resolve may be looking at it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


def _remove_files(folder: Path, names: set[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)


def _refused(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"Fusion's folder {folder} cannot be changed: {error.strerror or error}.",
        remedy="Check its permissions; for --system, run the command as an administrator.",
        path=str(folder),
    )
