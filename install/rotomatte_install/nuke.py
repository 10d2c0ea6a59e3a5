"""Rotomatte in a folder of Nuke's plug-in path, such as ``~/.nuke``, and out of it again.

What runs inside Nuke is copied there, the standard library's own kind of Python alone, so that nothing of the engine's
environment ever comes onto Nuke's path. A marked block at the end of the folder's ``init.py`` names the copy to Nuke;
everything else there stays byte for byte as it is.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from rotomatte_plugin.errors import OutputError

FOLDER = "rotomatte"
"""The copy's name below Nuke's folder."""

_LIST = "installed.json"
"""What lists the files of the copy, and says that it is ours."""

_BEGIN, _END = b"# >>> rotomatte", b"# <<< rotomatte"
_NEW_FILE, _NO_LINE_END = b" (made this file)", b" (added the line end before)"

_BLOCK = b"""try:
    import nuke

    nuke.pluginAddPath("./rotomatte")
except Exception as error:
    print("Rotomatte is left out: %s" % error)
"""


def nuke_folder(environ: Mapping[str, str], system: str) -> Path:
    """The user's own folder of Nuke, which Nuke makes when it first starts."""
    home = environ.get("USERPROFILE" if system == "win32" else "HOME")
    return (Path(home) if home else Path.home()) / ".nuke"


def install_nuke(folder: Path) -> Path:
    """Copy Rotomatte into a folder of Nuke's plug-in path, in place of an earlier copy; gives the copy's folder.

    Raises:
        OutputError: a folder of that name is there and not ours, or the disk refuses.
    """
    copy = folder / FOLDER
    try:
        if copy.exists() and _files_of(copy) is None:
            raise OutputError(
                f"{copy} is there already, and is not Rotomatte's.", remedy="Rename it first.", path=str(copy)
            )
        # Beside it first, so that Nuke never finds half a copy.
        fresh = folder / f".{FOLDER}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        files = dict(_to_copy())
        for name, source in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, fresh / name)
        (fresh / _LIST).write_text(json.dumps(sorted(files), indent=1) + "\n", encoding="utf-8")
        _remove_copy(copy)
        if copy.exists():
            # What the artist put there stays.
            shutil.copytree(fresh, copy, dirs_exist_ok=True)
            shutil.rmtree(fresh)
        else:
            fresh.rename(copy)
        _write_block(folder / "init.py")
    except OSError as error:
        raise _refused(folder, error) from error
    return copy


def uninstall_nuke(folder: Path) -> bool:
    """Take Rotomatte out of a folder of Nuke's plug-in path; False where it was not there.

    Files that the copy did not bring stay.

    Raises:
        OutputError: the disk refuses.
    """
    copy = folder / FOLDER
    try:
        was_there = _files_of(copy) is not None
        _remove_copy(copy)
        return _remove_block(folder / "init.py") or was_there
    except OSError as error:
        raise _refused(folder, error) from error


def with_block(text: bytes) -> bytes:
    """An ``init.py`` with our block at its end, in place of one that was there."""
    text = without_block(text)
    kind = b"" if text.endswith(b"\n") or not text else _NO_LINE_END
    return text + (b"\n" if kind else b"") + _BEGIN + kind + b"\n" + _BLOCK + _END + b"\n"


def without_block(text: bytes) -> bytes:
    """An ``init.py`` as it was before our block came."""
    begin = text.find(_BEGIN)
    end = text.find(_END + b"\n", begin)
    if begin < 0 or end < 0:
        return text
    before, after = text[:begin], text[end + len(_END) + 1 :]
    if text[begin:].startswith(_BEGIN + _NO_LINE_END):
        before = before[:-1]
    return before + after


def _to_copy() -> Iterator[tuple[str, Path]]:
    """Every file of the copy by its name there, and where it comes from."""
    plugin, hosts = _package("rotomatte_plugin"), _package("rotomatte_hosts")
    startup = hosts / "nuke" / "startup"
    for path in (*plugin.rglob("*.py"), hosts / "__init__.py", *(hosts / "nuke").rglob("*.py")):
        if startup not in path.parents:
            root = plugin if plugin in path.parents else hosts
            yield f"{root.name}/{path.relative_to(root).as_posix()}", path
    for path in startup.iterdir():
        if path.is_file():
            yield path.name, path


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise OutputError(f"The package {name} is not installed.", remedy="Run `python3 install/bootstrap.py`.")
    return Path(next(iter(spec.submodule_search_locations))).resolve()


def _files_of(copy: Path) -> list[str] | None:
    """The files that a copy brought, None where the folder is not ours."""
    try:
        files = json.loads((copy / _LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return files if isinstance(files, list) and all(isinstance(name, str) for name in files) else None


def _remove_copy(copy: Path) -> None:
    files = _files_of(copy)
    if files is None:
        return
    inside = copy.resolve()
    for name in (*files, _LIST):
        path = copy / name
        # A list that somebody changed leads nowhere else.
        if inside in path.resolve().parents:
            path.unlink(missing_ok=True)
    for cache in copy.rglob("__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)
    for path in sorted(copy.rglob("*"), key=lambda path: -len(path.parts)):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    if not any(copy.iterdir()):
        copy.rmdir()


def _write_block(path: Path) -> None:
    text = path.read_bytes() if path.exists() else _BEGIN + _NEW_FILE + b"\n" + _END + b"\n"
    wanted = with_block(text)
    if text.startswith(_BEGIN + _NEW_FILE) and not without_block(text):
        wanted = wanted.replace(_BEGIN, _BEGIN + _NEW_FILE, 1)
    if not path.exists() or text != wanted:
        _replace(path, wanted)


def _remove_block(path: Path) -> bool:
    if not path.exists():
        return False
    text = path.read_bytes()
    rest = without_block(text)
    if rest == text:
        return False
    if not rest and text.startswith(_BEGIN + _NEW_FILE):
        path.unlink()
    else:
        _replace(path, rest)
    return True


def _replace(path: Path, text: bytes) -> None:
    """Write a file whole or not at all; through a link, as studios have their dot files."""
    target = path.resolve()
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(text)
    if target.exists():
        shutil.copymode(target, part)
    part.replace(target)


def _refused(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"Nuke's folder {folder} cannot be changed: {error.strerror or error}.",
        remedy="Check its permissions, or name another folder of Nuke's plug-in path with --folder.",
        path=str(folder),
    )
