"""The modal tool: its events become gestures, and gestures what the operators do, each a step to undo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

import bpy

from rotomatte_hosts.blender import clips, edits, operators, overlay
from rotomatte_hosts.blender.adapter import redraw
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.coordinates import Xy
from rotomatte_hosts.blender.gestures import DRAG_PX, Box, Choose, Click, Event, Gestures, Meaning
from rotomatte_hosts.blender.operators import Outcome
from rotomatte_hosts.blender.views import plate_from_editor
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.worker import as_rotomatte_error

_REGIONS = {"CLIP_EDITOR": "WINDOW", "IMAGE_EDITOR": "WINDOW", "SEQUENCE_EDITOR": "PREVIEW"}
_SEEN_THROUGH = {*_REGIONS.values(), "HUD"}
"""Regions that hide nothing of the picture."""

_HELP = (
    "Click: the object    Shift-click: not the object    Drag: a box    0-9: another object    "
    "Ctrl-Z: remove the last    Esc: done"
)


@dataclass(frozen=True)
class _Place:
    """A region under the mouse."""

    area: BpyThing
    region: BpyThing


class _Running:
    """The window of the tool that is on; a window has one at most."""

    windows: set[int] = set()  # noqa: RUF012 - of the session


class ROTOMATTE_OT_tool(bpy.types.Operator):
    """Click on objects, and draw boxes around them, in this editor."""

    bl_idname = "rotomatte.tool"
    bl_label = "Rotomatte: Click and Draw"

    @classmethod
    def poll(cls, context: BpyThing) -> bool:
        return bool(context.area is not None and context.area.type in _REGIONS)

    def invoke(self, context: BpyThing, event: BpyThing) -> Outcome:
        """Begin, or end the one that is on."""
        del event
        window = context.window.as_pointer()
        if window in _Running.windows:
            _Running.windows.discard(window)
            return {"CANCELLED"}
        try:
            clips.selected(context)
        except RotomatteError as error:
            self.report({"ERROR"}, f"{error.message} {error.remedy}")
            return {"CANCELLED"}
        self._window, self._editor = window, context.area.type
        self._pressed_in: Optional[int] = None
        self._gestures = Gestures(DRAG_PX * context.preferences.system.ui_scale)
        _Running.windows.add(window)
        context.window_manager.modal_handler_add(self)
        context.workspace.status_text_set(_HELP)
        return {"RUNNING_MODAL"}

    def modal(self, context: BpyThing, event: BpyThing) -> Outcome:
        """Take an event; what is not for the tool is Blender's."""
        if self._window not in _Running.windows:
            return self._end(context)
        if self._gestures.is_pressed:
            place = self._pressed_place(context)
        else:
            place = self._under_mouse(context, event)
            self._pressed_in = None if place is None else place.area.as_pointer()
        meaning = self._gestures.take(_event(event, place))
        if meaning == "end":
            return self._end(context)
        if meaning == "pass":
            return {"PASS_THROUGH"}
        self._act(place, meaning)
        return {"RUNNING_MODAL"}

    def cancel(self, context: BpyThing) -> None:
        """Blender ends it, such as when another file is opened."""
        self._end(context)

    def _act(self, place: Optional[_Place], meaning: Meaning) -> None:
        overlay.show_box(self._gestures.box)
        if place is None:
            return
        place.area.tag_redraw()
        try:
            # No operator within it: see rest.py.
            with bpy.context.temp_override(area=place.area, region=place.region):
                step = _do(place, meaning)
        except Exception as error:  # noqa: BLE001 - the tool goes on, whatever it is
            wrong = as_rotomatte_error(error)
            self.report({"ERROR"}, f"{wrong.message} {wrong.remedy}")
        else:
            if step:
                bpy.ops.ed.undo_push(message=step)

    def _under_mouse(self, context: BpyThing, event: BpyThing) -> Optional[_Place]:
        return next((place for place in self._places(context) if _is_over(place, event)), None)

    def _pressed_place(self, context: BpyThing) -> Optional[_Place]:
        """Where the button went down, wherever the mouse is now; None where that editor is gone."""
        return next((place for place in self._places(context) if place.area.as_pointer() == self._pressed_in), None)

    def _places(self, context: BpyThing) -> Iterator[_Place]:
        for area in context.window.screen.areas:
            if area.type == self._editor:
                yield from (_Place(area, region) for region in area.regions if region.type == _REGIONS[area.type])

    def _end(self, context: BpyThing) -> Outcome:
        _Running.windows.discard(self._window)
        overlay.show_box(None)
        if context.workspace is not None:
            context.workspace.status_text_set(None)
        redraw()
        return {"FINISHED"}


def _do(place: _Place, meaning: Meaning) -> str:
    """Gives the name of the step to undo, which is that of the operator; empty where nothing was to be done."""
    if not isinstance(meaning, (Click, Box, Choose)) and meaning != "remove last":
        return ""
    found = clips.selected(bpy.context)
    operator: BpyThing = operators.ROTOMATTE_OT_remove_last_prompt
    if isinstance(meaning, Click):
        operator = operators.ROTOMATTE_OT_add_point
        edits.add_point(found, _plate(found, place, meaning.at_px), include=meaning.include)
    elif isinstance(meaning, Box):
        operator = operators.ROTOMATTE_OT_add_box
        edits.add_box(found, _plate(found, place, meaning.one_px), _plate(found, place, meaning.other_px))
    elif isinstance(meaning, Choose):
        operator = operators.ROTOMATTE_OT_choose_object
        edits.choose_object(found, meaning.number)
    else:
        edits.remove_last_prompt(found)
    return str(operator.bl_label)


def _plate(found: BlenderClip, place: _Place, at_px: Xy) -> Xy:
    """A pixel of the region in plate pixels."""
    view_xy = place.region.view2d.region_to_view(*at_px)
    return plate_from_editor(found)((view_xy[0], view_xy[1]))


def _event(event: BpyThing, place: Optional[_Place]) -> Event:
    at_px = None
    if place is not None:
        at_px = (float(event.mouse_x - place.region.x), float(event.mouse_y - place.region.y))
    return Event(event.type, event.value, at_px, event.shift, event.ctrl, event.alt, event.oskey)


def _is_over(place: _Place, event: BpyThing) -> bool:
    """Whether the mouse is over a region, and not over one that lies above it, such as the sidebar."""

    def holds(one: BpyThing) -> bool:
        return bool(one.x <= event.mouse_x < one.x + one.width and one.y <= event.mouse_y < one.y + one.height)

    others = (one for one in place.area.regions if one.type not in _SEEN_THROUGH and one.width > 1 and one.height > 1)
    return holds(place.region) and not any(holds(one) for one in others)


def end_all() -> None:
    """Let every tool that is on end at its next event."""
    _Running.windows.clear()


CLASSES = (ROTOMATTE_OT_tool,)
