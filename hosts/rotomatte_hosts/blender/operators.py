"""What the panel and the tool do to objects and prompts: each an operator, so that it can be undone and scripted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatVectorProperty, IntProperty, StringProperty

from rotomatte_hosts.blender import clips, edits, from_masks, session, store
from rotomatte_hosts.blender.as_prompts import rows_of_splines
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_plugin.errors import JobError, RotomatteError

Outcome = set[str]


def told(operator: BpyThing, act: Callable[[], Any]) -> Outcome:
    """Do something, and let Blender tell what went wrong with it."""
    try:
        act()
    except RotomatteError as error:
        operator.report({"ERROR"}, f"{error.message} {error.remedy}")
        return {"CANCELLED"}
    return {"FINISHED"}


class _OnClip(bpy.types.Operator):
    """Acts on the clip that is selected."""

    bl_options = {"UNDO"}  # noqa: RUF012 - Blender's own words

    def execute(self, context: BpyThing) -> Outcome:
        return told(self, lambda: self.act(clips.selected(context)))

    def act(self, found: BlenderClip) -> None:
        raise NotImplementedError


class ROTOMATTE_OT_add_object(_OnClip):
    """Add something to be cut out."""

    bl_idname = "rotomatte.add_object"
    bl_label = "Add Object"

    name: StringProperty(name="Name")

    def act(self, found: BlenderClip) -> None:
        store.add_object(found.scene, found.clip.clip.host_id, self.name)


class ROTOMATTE_OT_remove_object(_OnClip):
    """Remove the object with all its prompts."""

    bl_idname = "rotomatte.remove_object"
    bl_label = "Remove Object"

    name: StringProperty(name="Name", description="The active one where empty")

    def act(self, found: BlenderClip) -> None:
        item = active_of(found)
        name = self.name or item.name
        store.remove_object(found.scene, found.clip.clip.host_id, name)
        session.forget_outlines(found, name)


class ROTOMATTE_OT_choose_object(_OnClip):
    """Choose the object with a number, or make it."""

    bl_idname = "rotomatte.choose_object"
    bl_label = "Choose Object"

    number: IntProperty(name="Number", min=0, max=9)

    def act(self, found: BlenderClip) -> None:
        edits.choose_object(found, self.number)


class _AddsPrompt(_OnClip):
    """Adds a prompt to an object, and shows what comes of it."""

    def given_frame(self) -> Optional[int]:
        return int(self.frame) if self.properties.is_property_set("frame") else None


class ROTOMATTE_OT_add_point(_AddsPrompt):
    """Say that the object is at a point of the plate, or is not."""

    bl_idname = "rotomatte.add_point"
    bl_label = "Add Point"

    at_px: FloatVectorProperty(name="Point", description="Plate pixels from the top left", size=2)
    include: BoolProperty(name="Include", default=True)
    frame: IntProperty(name="Frame", description="The clip's own number; the one that is shown where not given")
    object: StringProperty(name="Object", description="The active one where empty")

    def act(self, found: BlenderClip) -> None:
        x, y = self.at_px
        edits.add_point(found, (x, y), include=self.include, frame=self.given_frame(), name=self.object)


class ROTOMATTE_OT_add_box(_AddsPrompt):
    """Say that the object is within a box; it takes the place of the frame's earlier one."""

    bl_idname = "rotomatte.add_box"
    bl_label = "Add Box"

    one_px: FloatVectorProperty(name="Corner", description="Plate pixels from the top left", size=2)
    other_px: FloatVectorProperty(name="Opposite corner", size=2)
    frame: IntProperty(name="Frame", description="The clip's own number; the one that is shown where not given")
    object: StringProperty(name="Object", description="The active one where empty")

    def act(self, found: BlenderClip) -> None:
        (x, y), (x1, y1) = self.one_px, self.other_px
        edits.add_box(found, (x, y), (x1, y1), frame=self.given_frame(), name=self.object)


class ROTOMATTE_OT_remove_prompt(_OnClip):
    """Remove a prompt of the active object."""

    bl_idname = "rotomatte.remove_prompt"
    bl_label = "Remove Prompt"

    index: IntProperty(name="Index")

    def act(self, found: BlenderClip) -> None:
        item = active_of(found)
        store.remove_prompt(item, self.index)
        session.preview(found, item.name)


class ROTOMATTE_OT_remove_last_prompt(_OnClip):
    """Remove the prompt that came last."""

    bl_idname = "rotomatte.remove_last_prompt"
    bl_label = "Remove Last Prompt"

    def act(self, found: BlenderClip) -> None:
        edits.remove_last_prompt(found)


class ROTOMATTE_OT_take_mask(_OnClip):
    """Take the splines of a mask as prompts: closed ones are outlines, the points of open ones are clicks."""

    bl_idname = "rotomatte.take_mask"
    bl_label = "Take Mask"

    mask: StringProperty(name="Mask", description="The one that the editor shows where empty")
    frames: EnumProperty(
        name="Frames",
        items=(
            ("CURRENT", "This Frame", "The mask as it is on the current frame"),
            ("KEYS", "Key Frames", "The mask on each of its key frames within the clip"),
        ),
    )

    def act(self, found: BlenderClip) -> None:
        mask, host_id = self._mask(), found.clip.clip.host_id
        if self.frames == "KEYS":
            taken = from_masks.on_each_key(found.scene, mask, found)
        else:
            taken = ((edits.current_frame(found), from_masks.splines_of(mask)),)
        active = store.active_object(found.scene, host_id)
        otherwise = store.add_object(found.scene, host_id).name if active is None else active.name
        known = [item.name for item in store.objects(found.scene, host_id)]
        changed = set()
        for frame, splines in taken:
            rows = rows_of_splines(splines, mask.name, known, otherwise, frame, found.size_px)
            for name, added in rows.items():
                store.add_rows(found.scene, host_id, name, added)
                changed.add(name)
        if not changed:
            raise JobError(
                f"The mask {mask.name!r} has nothing to take.",
                remedy="Draw a spline, or insert a key on a frame of the clip.",
            )
        for name in sorted(changed):
            session.preview(found, name)

    def _mask(self) -> BpyThing:
        shown = getattr(bpy.context.space_data, "mask", None)
        mask = bpy.data.masks.get(self.mask) if self.mask else shown
        if mask is None:
            raise JobError("No mask is shown.", remedy="Choose one in the editor's mask mode.")
        return mask


class ROTOMATTE_OT_go_to(_OnClip):
    """Show a frame of the clip."""

    bl_idname = "rotomatte.go_to"
    bl_label = "Go to Frame"
    bl_options = {"INTERNAL"}  # noqa: RUF012 - the playhead is no change of the artist's to be undone

    frame: IntProperty(name="Frame", description="The clip's own number")

    def act(self, found: BlenderClip) -> None:
        found.scene.frame_set(found.frames.to_host(self.frame))


CLASSES = (
    ROTOMATTE_OT_add_object,
    ROTOMATTE_OT_remove_object,
    ROTOMATTE_OT_choose_object,
    ROTOMATTE_OT_add_point,
    ROTOMATTE_OT_add_box,
    ROTOMATTE_OT_remove_prompt,
    ROTOMATTE_OT_remove_last_prompt,
    ROTOMATTE_OT_take_mask,
    ROTOMATTE_OT_go_to,
)


def active_of(found: BlenderClip) -> BpyThing:
    """The object that new prompts go to.

    Raises:
        JobError: the clip has none.
    """
    item = store.active_object(found.scene, found.clip.clip.host_id)
    if item is None:
        raise JobError(
            "The clip has no objects yet.", remedy="Add one, or click on something.", clip=found.clip.clip.name
        )
    return item
