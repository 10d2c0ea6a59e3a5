"""The inside of the panel *Find*."""

from __future__ import annotations

from typing import Optional

import bpy

from rotomatte_hosts.blender import clips, find_list, session, store
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.panel_words import best_line, finds_line, lines_of, score_text
from rotomatte_plugin.messages import Finds


class ROTOMATTE_UL_finds(bpy.types.UIList):
    """Finds on the frame that is shown, with check boxes, numbers, names and scores."""

    def draw_item(
        self,
        context: BpyThing,
        layout: BpyThing,
        data: BpyThing,
        item: BpyThing,
        icon: int,
        active_data: BpyThing,
        active_property: str,
    ) -> None:
        del context, data, icon, active_data, active_property
        row = layout.row(align=True)
        row.prop(item, "is_chosen", text="")
        split = row.split(factor=0.75, align=True)
        split.label(text=f"{item.number}  {item.name}")
        split.label(text=score_text(item.score))

    def filter_items(self, context: BpyThing, data: BpyThing, property_name: str) -> tuple[list[int], list[int]]:
        """Which are listed, by flags, in the order in which they are."""
        frame = _frame(clips.shown(context))
        items = getattr(data, property_name)
        return [self.bitflag_filter_item if item.frame == frame else 0 for item in items], []


def draw_find(layout: BpyThing, context: BpyThing) -> None:
    """Draw the panel for the clip that an editor shows."""
    found, state = clips.shown(context), find_list.state()
    asks = layout.column(align=True)
    asks.enabled = found is not None
    asks.operator("rotomatte.find_everything", icon="VIEWZOOM")
    asks.separator()
    asks.prop(state, "words", text="", placeholder="Words, such as: red car")
    row = asks.row(align=True)
    row.operator("rotomatte.find_words", text="This Frame").spread = False
    row.operator("rotomatte.find_words", text="Whole Clip").spread = True
    item = None if found is None else store.active_object(found.scene, found.clip.clip.host_id)
    best = layout.row()
    best.enabled = item is not None
    best.operator("rotomatte.best_frame", text="Best Frame" if item is None else f"Best Frame of {item.name}")
    if found is not None:
        finds = session.finds_of(found)
        _draw_found(layout, context, finds, _frame(found))
        _draw_best(layout, finds)


def _draw_found(layout: BpyThing, context: BpyThing, finds: Finds, frame: Optional[int]) -> None:
    with_finds = [one for one in finds.on_frames if one.objects]
    if not with_finds:
        width_px, scale = context.region.width, context.preferences.system.ui_scale
        for line in lines_of(finds.message, width_px, scale):
            layout.label(text=line)
        return
    state = find_list.state()
    layout.prop(state, "is_shown")
    elsewhere = layout.column(align=True)
    for one in with_finds:
        if one.frame != frame:
            elsewhere.operator("rotomatte.go_to", text=finds_line(one), icon="TRIA_RIGHT").frame = one.frame
    if any(one.frame == frame for one in with_finds):
        layout.template_list("ROTOMATTE_UL_finds", "", state, "finds", state, "find_index", rows=4)
        layout.operator("rotomatte.take_finds", icon="ADD")


def _draw_best(layout: BpyThing, finds: Finds) -> None:
    if not finds.best:
        return
    layout.operator("rotomatte.next_best")
    column = layout.column(align=True)
    for best in finds.best:
        column.operator("rotomatte.go_to", text=best_line(best), emboss=False).frame = best.frame


def _frame(found: Optional[BlenderClip]) -> Optional[int]:
    return None if found is None else found.frames.to_clip(found.scene.frame_current)


CLASSES = (ROTOMATTE_UL_finds,)
