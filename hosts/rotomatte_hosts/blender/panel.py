"""The sidebar's tab in the clip editor, the image editor and the sequencer."""

from __future__ import annotations

from typing import Optional

import bpy

from rotomatte_hosts.blender import clips, session, store
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.find_panel import draw_find
from rotomatte_hosts.blender.panel_words import error_lines, lines_of, problem_line, progress_line
from rotomatte_hosts.blender.prompt_rows import describe
from rotomatte_plugin.desk_view import DeskView

_SPACES = (("clip", "CLIP_EDITOR"), ("image", "IMAGE_EDITOR"), ("sequencer", "SEQUENCE_EDITOR"))
_MOST_PROBLEMS = 12
_KIND_ICONS = {"POINT": "ADD", "BOX": "MESH_PLANE", "SHAPE": "MOD_MASK", "STROKE": "GREASEPENCIL", "MASK": "IMAGE_DATA"}


class ROTOMATTE_UL_objects(bpy.types.UIList):
    """Objects with their colours and numbers."""

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
        swatch = row.row()
        swatch.ui_units_x = 1
        swatch.prop(item, "colour", text="")
        row.prop(item, "name", text="", emboss=False)
        row.label(text=str(item.number) if item.number >= 0 else "")


class ROTOMATTE_UL_prompts(bpy.types.UIList):
    """Prompts of the active object; the frame leads there."""

    def draw_item(
        self,
        context: BpyThing,
        layout: BpyThing,
        data: BpyThing,
        item: BpyThing,
        icon: int,
        active_data: BpyThing,
        active_property: str,
        index: int = 0,
    ) -> None:
        del context, data, icon, active_data, active_property
        prompt = store.row_of(item)
        row = layout.split(factor=0.28, align=True)
        row.operator("rotomatte.go_to", text=str(prompt.frame), emboss=False).frame = prompt.frame
        row = row.row(align=True)
        row.label(text=describe(prompt), icon=_KIND_ICONS[prompt.kind] if prompt.include else "REMOVE")
        row.operator("rotomatte.remove_prompt", text="", icon="X", emboss=False).index = index


class _Panel(bpy.types.Panel):
    bl_region_type = "UI"
    bl_category = "Rotomatte"


class _Objects(_Panel):
    bl_label = "Rotomatte"

    def draw(self, context: BpyThing) -> None:
        layout = self.layout
        found = clips.shown(context)
        if found is None:
            layout.label(text="Select a clip", icon="INFO")
            return
        scene, host_id = found.scene, found.clip.clip.host_id
        layout.operator("rotomatte.tool", text="Click and Draw", icon="RESTRICT_SELECT_OFF")
        clip = store.stored_clip(scene, host_id)
        row = layout.row()
        if clip is not None:
            row.template_list("ROTOMATTE_UL_objects", "", clip, "objects", clip, "object_index", rows=3)
        buttons = row.column(align=True)
        buttons.operator("rotomatte.add_object", text="" if clip is not None else "Add Object", icon="ADD")
        item = store.active_object(scene, host_id)
        if item is None:
            return
        buttons.operator("rotomatte.remove_object", text="", icon="REMOVE").name = item.name
        layout.template_list("ROTOMATTE_UL_prompts", "", item, "prompts", item, "prompt_index", rows=3)
        masks = layout.row(align=True)
        masks.operator("rotomatte.take_mask", text="Take Mask").frames = "CURRENT"
        masks.operator("rotomatte.take_mask", text="Its Keys").frames = "KEYS"


class _Find(_Panel):
    bl_label = "Find"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 - Blender's own words

    def draw(self, context: BpyThing) -> None:
        draw_find(self.layout, context)


class _Track(_Panel):
    bl_label = "Track"

    def draw(self, context: BpyThing) -> None:
        layout = self.layout
        settings = session.scene_of(context).rotomatte
        view = _view()
        layout.prop(settings, "quality")
        layout.prop(settings, "colour_space")
        row = layout.row(align=True)
        row.enabled = clips.shown(context) is not None
        for icon, direction, one_frame in (
            ("TRACKING_BACKWARDS", "backward", False),
            ("TRACKING_BACKWARDS_SINGLE", "backward", True),
            ("ARROW_LEFTRIGHT", "both", False),
            ("TRACKING_FORWARDS_SINGLE", "forward", True),
            ("TRACKING_FORWARDS", "forward", False),
        ):
            button = row.operator("rotomatte.track", text="", icon=icon)
            button.direction, button.one_frame = direction, one_frame
        row.operator("rotomatte.stop", text="", icon="X")
        if view is not None:
            _draw_state(layout, view, context)
        layout.operator("rotomatte.free_memory")


class _Problems(_Panel):
    bl_label = "Frames to Look At"

    def draw(self, context: BpyThing) -> None:
        layout = self.layout
        view, found = _view(), clips.shown(context)
        problems = view.problems if view is not None and _is_about(view, found) else ()
        if not problems:
            layout.label(text="None is known")
            return
        layout.operator("rotomatte.next_problem")
        for problem in problems[:_MOST_PROBLEMS]:
            layout.operator("rotomatte.go_to", text=problem_line(problem), emboss=False).frame = problem.frames.first
        if len(problems) > _MOST_PROBLEMS:
            layout.label(text=f"and {len(problems) - _MOST_PROBLEMS} more")


class _Mattes(_Panel):
    bl_label = "Mattes"

    def draw(self, context: BpyThing) -> None:
        layout = self.layout
        settings, found = session.scene_of(context).rotomatte, clips.shown(context)
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(settings, "folder")
        layout.prop(settings, "profile")
        layout.prop(settings, "brings_back")
        if found is None or found.kind == "strip":
            row = layout.row()
            row.enabled = settings.brings_back
            row.prop(settings, "place", expand=True)
        layout.prop(settings, "splines")
        layout.prop(settings, "markers")
        layout.operator("rotomatte.write", icon="FILE_TICK")


def _draw_state(layout: BpyThing, view: DeskView, context: BpyThing) -> None:
    width_px, scale = context.region.width, context.preferences.system.ui_scale
    doing = progress_line(view)
    if doing and view.total:
        layout.progress(factor=min(view.done / view.total, 1.0), text=doing)
    elif doing:
        layout.label(text=doing, icon="SORTTIME")
    column = layout.column(align=True)
    for line in lines_of(view.message, width_px, scale):
        column.label(text=line)
    errors, remedies = error_lines(view, width_px, scale)
    if errors:
        box = layout.box().column(align=True)
        box.alert = True
        for line in errors:
            box.label(text=line)
        box.alert = False
        for line in remedies or ():
            box.label(text=line)


def _view() -> Optional[DeskView]:
    held = session.current()
    return None if held is None else held.desk.view


def _is_about(view: DeskView, found: Optional[BlenderClip]) -> bool:
    return view.clip is not None and found is not None and view.clip.clip.host_id == found.clip.clip.host_id


def _panels() -> list[type]:
    """Blender wants a class for each editor."""
    made = []
    for word, space_type in _SPACES:
        for part in (_Objects, _Find, _Track, _Problems, _Mattes):
            name = f"ROTOMATTE_PT_{word}_{part.__name__.strip('_').lower()}"
            words = {"bl_idname": name, "bl_space_type": space_type}
            made.append(type(name, (part,), words))
    return made


CLASSES = (ROTOMATTE_UL_objects, ROTOMATTE_UL_prompts, *_panels())
