"""The buttons that ask something of the engine: each hands over to the desk, whose view tells what comes of it."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty

from rotomatte_hosts.blender import clips, folders, session
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.operators import Outcome, told

_DIRECTIONS = (
    ("both", "Both", "The whole clip"),
    ("forward", "Forward", "From the playhead to the clip's end"),
    ("backward", "Backward", "From the playhead to the clip's beginning"),
)


class ROTOMATTE_OT_preview(bpy.types.Operator):
    """Show what the active object is on this frame, by its prompts here."""

    bl_idname = "rotomatte.preview"
    bl_label = "Preview"

    def execute(self, context: BpyThing) -> Outcome:
        return told(self, lambda: session.preview_active(clips.selected(context)))


class ROTOMATTE_OT_track(bpy.types.Operator):
    """Track all objects of the clip."""

    bl_idname = "rotomatte.track"
    bl_label = "Track"

    direction: EnumProperty(name="Direction", items=_DIRECTIONS)
    one_frame: BoolProperty(name="One frame")

    @classmethod
    def description(cls, context: BpyThing, properties: BpyThing) -> str:
        del context
        if properties.one_frame:
            return f"Track one frame {properties.direction}"
        return next(meaning for name, _, meaning in _DIRECTIONS if name == properties.direction)

    def execute(self, context: BpyThing) -> Outcome:
        session.desk_for(session.scene_of(context)).track(self.direction, one_frame=self.one_frame)
        return {"FINISHED"}


class ROTOMATTE_OT_write(bpy.types.Operator):
    """Write the mattes of all objects of the clip, and bring them back as chosen."""

    bl_idname = "rotomatte.write"
    bl_label = "Write Mattes"

    def execute(self, context: BpyThing) -> Outcome:
        return told(self, lambda: self._write(context))

    def _write(self, context: BpyThing) -> None:
        found = clips.selected(context)
        stored = found.scene.rotomatte
        session.desk_for(found.scene).write(
            folders.mattes_folder(found),
            place=stored.brings_back,
            splines=stored.splines,
            markers=stored.markers,
        )


class _WithEngine(bpy.types.Operator):
    """Of use once the engine has been asked for something."""

    @classmethod
    def poll(cls, context: BpyThing) -> bool:
        del context
        return session.current() is not None


class ROTOMATTE_OT_stop(_WithEngine):
    """Stop what is under way after the current frame; what is finished is kept."""

    bl_idname = "rotomatte.stop"
    bl_label = "Stop"

    def execute(self, context: BpyThing) -> Outcome:
        session.desk_for(session.scene_of(context)).cancel()
        return {"FINISHED"}


class ROTOMATTE_OT_free_memory(_WithEngine):
    """Free the memory of what the engine keeps warm and can make again."""

    bl_idname = "rotomatte.free_memory"
    bl_label = "Free Memory"

    def execute(self, context: BpyThing) -> Outcome:
        session.desk_for(session.scene_of(context)).free_memory()
        return {"FINISHED"}


class ROTOMATTE_OT_next_problem(_WithEngine):
    """Go to the next frame on which an object needs a look."""

    bl_idname = "rotomatte.next_problem"
    bl_label = "Next Problem"

    def execute(self, context: BpyThing) -> Outcome:
        session.desk_for(session.scene_of(context)).next_problem()
        return {"FINISHED"}


CLASSES = (
    ROTOMATTE_OT_preview,
    ROTOMATTE_OT_track,
    ROTOMATTE_OT_write,
    ROTOMATTE_OT_stop,
    ROTOMATTE_OT_free_memory,
    ROTOMATTE_OT_next_problem,
)
