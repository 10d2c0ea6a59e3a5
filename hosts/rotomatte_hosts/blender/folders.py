"""Where the mattes of a clip lie: those that are written, and those that are prompts."""

from __future__ import annotations

from pathlib import Path

import bpy

from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.naming import clean_name
from rotomatte_plugin.errors import JobError


def mattes_folder(found: BlenderClip) -> str:
    """The folder of a clip's mattes, as a full path.

    Raises:
        JobError: it lies beside a .blend file that has not been saved yet.
    """
    if not _has_folder(found):
        raise JobError(
            "The .blend file has no folder yet in which mattes could lie.",
            remedy="Save it, or choose a full path for the mattes.",
            clip=found.clip.clip.name,
        )
    return str(Path(bpy.path.abspath(found.scene.rotomatte.folder)).resolve() / clean_name(found.clip.clip.name))


def prompts_folder(found: BlenderClip) -> str:
    """The folder of the mattes that are prompts of a clip, as a full path.

    It is below that of the mattes, and in Blender's folder of the user as long as the .blend file is not saved: what
    lies there stays there, and is found from wherever the file is saved later.
    """
    if _has_folder(found):
        return str(Path(mattes_folder(found)) / "prompts")
    users = bpy.utils.user_resource("DATAFILES", path="rotomatte/prompts")
    return str(Path(users).resolve() / found.clip.clip.host_id)


def _has_folder(found: BlenderClip) -> bool:
    folder = found.scene.rotomatte.folder
    return bool(folder.strip()) and (bool(bpy.data.filepath) or not folder.startswith("//"))
