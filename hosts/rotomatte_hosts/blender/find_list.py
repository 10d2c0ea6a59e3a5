"""What was found, as a list with check boxes, and what is looked for.

These are properties of the window manager's, which no .blend file has and no undo changes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import bpy
from bpy.props import BoolProperty, CollectionProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from rotomatte_hosts.blender.adapter import redraw
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_plugin.messages import Finds


def _changed(item: BpyThing, context: BpyThing) -> None:
    del item, context
    redraw()


class RotomatteFind(bpy.types.PropertyGroup):
    """Something that was found, by its frame in the clip's numbering and its number there."""

    frame: IntProperty()
    number: IntProperty()
    score: FloatProperty()
    is_chosen: BoolProperty(name="Choose", description="Add this one as an object", update=_changed)


class RotomatteFinding(bpy.types.PropertyGroup):
    """The panel *Find*."""

    words: StringProperty(name="Words", description="What to look for, such as: red car")
    is_shown: BoolProperty(
        name="Show Finds", description="Draw what was found over the plate", default=True, update=_changed
    )
    finds: CollectionProperty(type=RotomatteFind)
    find_index: IntProperty(update=_changed)


CLASSES = (RotomatteFind, RotomatteFinding)


def register() -> None:
    """Give the window manager its ``rotomatte_finding``."""
    for kind in CLASSES:
        bpy.utils.register_class(kind)
    bpy.types.WindowManager.rotomatte_finding = PointerProperty(type=RotomatteFinding)


def unregister() -> None:
    """Take it back."""
    del bpy.types.WindowManager.rotomatte_finding
    for kind in reversed(CLASSES):
        bpy.utils.unregister_class(kind)


def state() -> Any:
    """The panel's properties."""
    return bpy.context.window_manager.rotomatte_finding


def fill(finds: Finds) -> None:
    """List finds in place of those that were, none of them chosen."""
    listed = state().finds
    listed.clear()
    for on_frame in finds.on_frames:
        for find in on_frame.objects:
            item = listed.add()
            item.name, item.frame, item.number, item.score = find.name, on_frame.frame, find.id, find.score


def chosen_on(frame: int) -> tuple[int, ...]:
    """The numbers of the finds on a frame that the artist has chosen, as they are listed."""
    return tuple(item.number for item in state().finds if item.frame == frame and item.is_chosen)


def meant_on(frame: int) -> tuple[int, ...]:
    """The numbers of the finds on a frame that are chosen, or selected in the list."""
    listed = enumerate(state().finds)
    return tuple(
        item.number for at, item in listed if item.frame == frame and (item.is_chosen or at == state().find_index)
    )


def choose_none(frame: int, numbers: Collection[int]) -> None:
    """Choose some finds of a frame no more."""
    for item in state().finds:
        if item.frame == frame and item.number in numbers:
            item.is_chosen = False
