"""Rotomatte in Blender: what registers all of it, and what goes on when files are opened and steps undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import bpy
from bpy.app.handlers import persistent

from rotomatte_hosts.blender import (
    clips,
    engine_operators,
    find_list,
    find_operators,
    find_panel,
    operators,
    overlay,
    panel,
    properties,
    saving,
    session,
    tool,
)

_CLASSES = (
    *operators.CLASSES,
    *engine_operators.CLASSES,
    *find_operators.CLASSES,
    *tool.CLASSES,
    *find_panel.CLASSES,
    *panel.CLASSES,
)


def register() -> None:
    """Add everything to Blender; a second time takes the place of the first."""
    if hasattr(bpy.types.Scene, "rotomatte"):
        unregister()
    properties.register()
    find_list.register()
    for kind in _CLASSES:
        bpy.utils.register_class(kind)
    overlay.register()
    for handlers, handler in _handlers():
        handlers.append(handler)


def unregister() -> None:
    """Take everything away again and leave the engine; nothing where nothing is registered."""
    if not hasattr(bpy.types.Scene, "rotomatte"):
        return
    for handlers, handler in _handlers():
        handlers.remove(handler)
    session.close()
    overlay.unregister()
    for kind in reversed(_CLASSES):
        bpy.utils.unregister_class(kind)
    find_list.unregister()
    properties.unregister()


def _handlers() -> Iterator[tuple[list[Callable[..., None]], Callable[..., None]]]:
    known: Any = bpy.app.handlers
    yield known.load_pre, _before_load
    yield known.save_pre, saving.before_save
    yield known.save_post, saving.after_save
    yield known.save_post_fail, saving.after_save
    yield known.undo_post, _after_step
    yield known.redo_post, _after_step


@persistent
def _before_load(*_: object) -> None:
    """Clips of the file that goes are open in the engine no more, and nothing of them is drawn."""
    session.close()
    tool.end_all()


@persistent
def _after_step(*_: object) -> None:
    """Prompts may have come or gone, so outlines are asked for anew where some are shown."""
    if session.current() is not None:
        found = clips.shown(bpy.context)
        if found is not None:
            session.preview_active(found)
