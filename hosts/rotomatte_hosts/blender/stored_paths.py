"""How a .blend file names other files."""

from __future__ import annotations

from pathlib import Path

import bpy


def path_to_store(path: str) -> str:
    """A file's path as Blender stores it: from the .blend file on (``//``) where it lies below that one's folder.

    So a folder with both can be moved as a whole. The full path where it lies elsewhere, where the .blend file is not
    saved yet, and where the preferences ask for full paths.
    """
    if not (bpy.data.filepath and bpy.context.preferences.filepaths.use_relative_paths):
        return path
    try:
        below = Path(path).relative_to(Path(bpy.data.filepath).parent)
    except ValueError:
        return path
    return f"//{below.as_posix()}"


def full_path(stored: str) -> str:
    """The path of a file that is stored as ``path_to_store`` says; empty where it is."""
    return str(Path(bpy.path.abspath(stored))) if stored else ""


def leaves_folder(target: str) -> bool:
    """Whether a .blend file that is saved as ``target`` lies in another folder then, so that stored paths would break."""
    former = bpy.data.filepath
    return bool(former) and Path(target).parent != Path(former).parent
