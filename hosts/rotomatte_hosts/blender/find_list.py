"""What was found, as a list with check boxes, and what is looked for: of the session, and in no .blend file.

Blender's lists want properties, so the finds are some of the window manager's, which undo leaves alone. That is saved
with the file, so the list is empty meanwhile (see ``saving.py``). What the artist sets is kept in Python.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import bpy
from bpy.props import BoolProperty, CollectionProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from rotomatte_hosts.blender.adapter import redraw
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_plugin.messages import Finds


class _Set:
    """By the artist; a find is known by its frame, in the clip's numbering, and its number."""

    words: str = ""
    is_shown: bool = True
    chosen: set[tuple[int, int]] = set()  # noqa: RUF012 - of the session


def _set_words(_: BpyThing, words: str) -> None:
    _Set.words = words


def _set_shown(_: BpyThing, is_shown: bool) -> None:
    _Set.is_shown = is_shown
    redraw()


def _set_chosen(item: BpyThing, is_chosen: bool) -> None:
    known = (item.frame, item.number)
    if is_chosen:
        _Set.chosen.add(known)
    else:
        _Set.chosen.discard(known)
    redraw()


class RotomatteFind(bpy.types.PropertyGroup):
    """Something that was found on a frame of the clip."""

    frame: IntProperty()
    number: IntProperty()
    score: FloatProperty()
    is_chosen: BoolProperty(
        name="Choose",
        description="Add this one as an object",
        get=lambda item: is_chosen(item.frame, item.number),
        set=_set_chosen,
    )


class RotomatteFinding(bpy.types.PropertyGroup):
    """The panel *Find*."""

    words: StringProperty(
        name="Words", description="What to look for, such as: red car", get=lambda _: _Set.words, set=_set_words
    )
    is_shown: BoolProperty(
        name="Show Finds",
        description="Draw what was found over the plate",
        get=lambda _: _Set.is_shown,
        set=_set_shown,
    )
    finds: CollectionProperty(type=RotomatteFind)
    find_index: IntProperty()


CLASSES = (RotomatteFind, RotomatteFinding)


def register() -> None:
    """Give the window manager its ``rotomatte_finding``."""
    for kind in CLASSES:
        bpy.utils.register_class(kind)
    bpy.types.WindowManager.rotomatte_finding = PointerProperty(type=RotomatteFinding)


def unregister() -> None:
    """Take it back."""
    empty()
    _Set.chosen.clear()
    del bpy.types.WindowManager.rotomatte_finding
    for kind in reversed(CLASSES):
        bpy.utils.unregister_class(kind)


def state() -> Any:
    """The panel's properties."""
    return bpy.context.window_manager.rotomatte_finding


def fill(finds: Finds) -> None:
    """List finds in place of those that were; of these, the same ones stay chosen."""
    listed = state().finds
    listed.clear()
    for on_frame in finds.on_frames:
        for find in on_frame.objects:
            item = listed.add()
            item.name, item.frame, item.number, item.score = find.name, on_frame.frame, find.id, find.score


def empty() -> None:
    """List nothing."""
    state().finds.clear()


def chosen_on(frame: int) -> tuple[int, ...]:
    """The numbers of the finds on a frame that the artist has chosen, ascending."""
    return tuple(sorted(number for on_frame, number in _Set.chosen if on_frame == frame))


def is_chosen(frame: int, number: int) -> bool:
    """Whether the artist has chosen a find."""
    return (frame, number) in _Set.chosen


def choose_none(frame: int, numbers: Collection[int]) -> None:
    """Choose some finds of a frame no more."""
    _Set.chosen.difference_update((frame, number) for number in numbers)


def forget_chosen() -> None:
    """Choose nothing any more, since other things were found."""
    _Set.chosen.clear()


def is_shown() -> bool:
    """Whether finds are drawn over the plate."""
    return _Set.is_shown


def words() -> str:
    """What is looked for."""
    return _Set.words
