"""What is seen to when a .blend file is saved: paths in prompts stay good, which Blender leaves alone."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from bpy.app.handlers import persistent

from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.stored_paths import full_path, leaves_folder, path_to_store


@persistent
def before_save(target: str, *_: object) -> None:
    """Write paths out in full where the file goes to another folder."""
    if leaves_folder(target):
        for prompt in _with_path():
            prompt.path = full_path(prompt.path)


@persistent
def after_save(*_: object) -> None:
    """Where only a copy was saved, or nothing, paths lead from the file's own folder again."""
    for prompt in _with_path():
        stored = path_to_store(full_path(prompt.path))
        if stored != prompt.path:
            prompt.path = stored


def _with_path() -> Iterator[BpyThing]:
    for scene in bpy.data.scenes:
        for clip in scene.rotomatte.clips:
            for item in clip.objects:
                yield from (prompt for prompt in item.prompts if prompt.path)
