"""What is seen to when a .blend file is saved: nothing of a search goes into it, and paths that it has stay good."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from bpy.app.handlers import persistent

from rotomatte_hosts.blender import find_list, session
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.stored_paths import full_path, leaves_folder, path_to_store


@persistent
def before_save(target: str, *_: object) -> None:
    """Empty the list of finds, and write out paths where the file goes to another folder: Blender leaves ours alone."""
    find_list.empty()
    if leaves_folder(target):
        for prompt in _with_path():
            prompt.path = full_path(prompt.path)


@persistent
def after_save(*_: object) -> None:
    """As it was; where only a copy was saved, paths lead from the file's own folder again."""
    session.list_finds()
    for prompt in _with_path():
        stored = path_to_store(full_path(prompt.path))
        if stored != prompt.path:
            prompt.path = stored


@persistent
def after_load(*_: object) -> None:
    """A file that Blender saved by itself, such as after a crash, may have a list."""
    find_list.empty()


def _with_path() -> Iterator[BpyThing]:
    for scene in bpy.data.scenes:
        for clip in scene.rotomatte.clips:
            for item in clip.objects:
                yield from (prompt for prompt in item.prompts if prompt.path)
