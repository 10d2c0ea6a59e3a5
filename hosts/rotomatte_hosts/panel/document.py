"""What an artist has open in the panel, as one frozen value: undo is an earlier one. Pure code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Optional, Union

from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import (
    BoxPrompt,
    CleanUp,
    FrameRange,
    MaskPrompt,
    MatteObject,
    PointPrompt,
    PromptSet,
    ShapePrompt,
    StrokePrompt,
)

Prompt = Union[PointPrompt, BoxPrompt, MaskPrompt, ShapePrompt, StrokePrompt]

_FIELDS: dict[type, str] = {
    PointPrompt: "points",
    BoxPrompt: "boxes",
    MaskPrompt: "masks",
    ShapePrompt: "shapes",
    StrokePrompt: "strokes",
}
"""Where each kind lies in a ``PromptSet``."""


@dataclass(frozen=True)
class PanelObject:
    """An object with its place in the palette, and how it is shown.

    ``is_locked``: its prompts cannot be changed; ``is_hidden``: it is not drawn; ``is_solo``: where any object is, only
    those are drawn.
    """

    item: MatteObject
    colour: int = 0
    is_locked: bool = False
    is_hidden: bool = False
    is_solo: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return self.item.name


@dataclass(frozen=True)
class PanelDocument:
    """A clip, its objects with their prompts, and the settings that go with them.

    ``active`` names the object that new prompts go to, None where there is none yet: then the first prompt makes it.
    ``working`` is what lies between the in and the out point, None for the whole clip: it is tracked and written.
    ``folder`` is where mattes are written, empty where that has not been said.
    """

    clip: HostClip
    objects: tuple[PanelObject, ...] = ()
    active: Optional[str] = None
    working: Optional[FrameRange] = None
    settings: DeskSettings = field(default_factory=DeskSettings)
    folder: str = ""

    def object(self, name: str) -> PanelObject:
        """The object of that name.

        Raises:
            JobError: there is none.
        """
        for item in self.objects:
            if item.name == name:
                return item
        known = ", ".join(item.name for item in self.objects)
        raise JobError(
            f"There is no object {name!r}.", remedy=f"Choose one of {known}." if known else "Add an object first."
        )

    def shown(self) -> tuple[PanelObject, ...]:
        """The objects that are drawn."""
        solo = tuple(item for item in self.objects if item.is_solo)
        return tuple(item for item in (solo or self.objects) if not item.is_hidden)


def with_object(document: PanelDocument, name: str = "") -> PanelDocument:
    """With a new object, which becomes the active one; a free name such as ``object_2`` where none is given.

    Raises:
        JobError: the name is taken, or no name for an object.
    """
    taken = {item.name.lower() for item in document.objects}
    number = len(taken) + 1
    while not name and f"object_{number}" in taken:
        number += 1
    name = name or f"object_{number}"
    if name.lower() in taken:
        raise JobError(f"There is an object {name!r} already.", remedy="Give it another name.")
    colours = [item.colour for item in document.objects]
    made = PanelObject(MatteObject(name, PromptSet()), colour=1 + max(colours, default=-1))
    return replace(document, objects=(*document.objects, made), active=name)


def without_object(document: PanelDocument, name: str) -> PanelDocument:
    """Without an object; the one after it, or else the last, becomes active.

    Raises:
        JobError: there is none of that name, or it is locked.
    """
    gone = _unlocked(document, name)
    place = document.objects.index(gone)
    left = tuple(item for item in document.objects if item is not gone)
    active = document.active
    if active == name:
        active = left[min(place, len(left) - 1)].name if left else None
    return replace(document, objects=left, active=active)


def renamed(document: PanelDocument, name: str, new_name: str) -> PanelDocument:
    """With another name for an object.

    Raises:
        JobError: the name is taken, or no name for an object, or the object is locked.
    """
    if any(item.name.lower() == new_name.lower() != name.lower() for item in document.objects):
        raise JobError(f"There is an object {new_name!r} already.", remedy="Give it another name.")
    _unlocked(document, name)
    changed = with_changed(document, name, lambda held: replace(held, item=replace(held.item, name=new_name)))
    return replace(changed, active=new_name if document.active == name else document.active)


def with_changed(document: PanelDocument, name: str, change: Callable[[PanelObject], PanelObject]) -> PanelDocument:
    """With an object changed, such as hidden or locked.

    Raises:
        JobError: there is none of that name.
    """
    held = document.object(name)
    return replace(document, objects=tuple(change(item) if item is held else item for item in document.objects))


def with_prompt(document: PanelDocument, prompt: Prompt) -> PanelDocument:
    """With a prompt for the active object, which is made where there is none.

    A box, a mask and a shape take the place of that object's earlier one on the frame.

    Raises:
        JobError: the active object is locked.
    """
    if document.active is None:
        document = with_object(document)
    held = _unlocked(document, document.active or "")
    kind = _FIELDS[type(prompt)]
    kept = getattr(held.item.prompts, kind)
    if not isinstance(prompt, (PointPrompt, StrokePrompt)):
        kept = tuple(one for one in kept if one.frame != prompt.frame)
    return _with_prompts(document, held, kind, (*kept, prompt))


def with_prompts(document: PanelDocument, prompts: Iterable[Prompt]) -> PanelDocument:
    """With prompts for the active object, one after the other as by ``with_prompt``.

    Raises:
        JobError: the active object is locked.
    """
    for prompt in prompts:
        document = with_prompt(document, prompt)
    return document


def without_prompt(document: PanelDocument, name: str, prompt: Prompt) -> PanelDocument:
    """Without one prompt of an object; nothing changes where it is not there.

    Raises:
        JobError: the object is locked.
    """
    held = _unlocked(document, name)
    kind = _FIELDS[type(prompt)]
    kept = list(getattr(held.item.prompts, kind))
    if prompt in kept:
        # The last of equal ones, as it was added last.
        del kept[len(kept) - 1 - kept[::-1].index(prompt)]
    return _with_prompts(document, held, kind, tuple(kept))


def with_prompt_changed(document: PanelDocument, name: str, old: Prompt, new: Prompt) -> PanelDocument:
    """With a prompt of the same kind in another's place, such as one that was moved.

    Raises:
        JobError: the object is locked, or has no such prompt.
    """
    held = _unlocked(document, name)
    kind = _FIELDS[type(old)]
    prompts = list(getattr(held.item.prompts, kind))
    if type(new) is not type(old) or old not in prompts:
        raise JobError(f"{name} has no such prompt any more.", remedy="Choose one from the list.")
    prompts[prompts.index(old)] = new
    return _with_prompts(document, held, kind, tuple(prompts))


def with_clean_up(document: PanelDocument, name: str, clean_up: tuple[CleanUp, ...]) -> PanelDocument:
    """With other clean-up for an object.

    Raises:
        JobError: the object is locked.
    """
    _unlocked(document, name)
    return with_changed(document, name, lambda held: replace(held, item=replace(held.item, clean_up=clean_up)))


def prompts_of(item: MatteObject) -> tuple[Prompt, ...]:
    """An object's prompts, by frame and on each as they were made within their kind."""
    found: list[Prompt] = [one for kind in _FIELDS.values() for one in getattr(item.prompts, kind)]
    return tuple(sorted(found, key=lambda one: one.frame))


def _with_prompts(document: PanelDocument, held: PanelObject, kind: str, prompts: tuple[Prompt, ...]) -> PanelDocument:
    given: dict[str, Any] = {kind: prompts}
    changed = replace(held.item, prompts=replace(held.item.prompts, **given))
    return with_changed(document, held.name, lambda one: replace(one, item=changed))


def _unlocked(document: PanelDocument, name: str) -> PanelObject:
    held = document.object(name)
    if held.is_locked:
        raise JobError(f"{name} is locked.", remedy="Unlock it first.")
    return held
