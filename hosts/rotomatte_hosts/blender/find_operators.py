"""The buttons of the panel *Find*: what is looked for, and what is taken of it."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, StringProperty

from rotomatte_hosts.blender import clips, edits, find_list, operators, rest, session
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.operators import Outcome, told


class _Finds(bpy.types.Operator):
    """Asks something of the clip that is selected; nothing of it is a step to undo before it comes back."""

    def execute(self, context: BpyThing) -> Outcome:
        return told(self, lambda: self._ask(context))

    def _ask(self, context: BpyThing) -> None:
        former, found = clips.shown(context), clips.selected(context)
        is_new = former is None or former.clip.clip.host_id != found.clip.clip.host_id
        if is_new and rest.may_override():
            # With an id that is in no step, the first undo would make it another clip, of which nothing was found.
            bpy.ops.ed.undo_push(message=self.bl_label)
        self.ask(found)

    def ask(self, found: BlenderClip) -> None:
        raise NotImplementedError


class ROTOMATTE_OT_find_everything(_Finds):
    """Find everything on this frame that may be an object."""

    bl_idname = "rotomatte.find_everything"
    bl_label = "Find Everything"

    def ask(self, found: BlenderClip) -> None:
        edits.current_frame(found)
        session.desk_for(found.scene).find_everything()


class ROTOMATTE_OT_find_words(_Finds):
    """Find what words name, such as: red car."""

    bl_idname = "rotomatte.find_words"
    bl_label = "Find by Words"

    words: StringProperty(name="Words", description="Those of the panel where empty")
    spread: BoolProperty(name="Over the clip", description="On this frame and on some others of the whole clip")

    @classmethod
    def description(cls, context: BpyThing, properties: BpyThing) -> str:
        del context
        where = "this frame and some others of the whole clip" if properties.spread else "this frame"
        return f"Find what the words name on {where}"

    def ask(self, found: BlenderClip) -> None:
        edits.current_frame(found)
        session.desk_for(found.scene).find_words(self.words or find_list.state().words, spread=self.spread)


class ROTOMATTE_OT_best_frame(_Finds):
    """Find the frames on which prompts for the active object are worth most."""

    bl_idname = "rotomatte.best_frame"
    bl_label = "Best Frame"

    def ask(self, found: BlenderClip) -> None:
        session.desk_for(found.scene).best_frame(operators.active_of(found).name)


class ROTOMATTE_OT_take_finds(_Finds):
    """Add what is chosen of the finds on this frame as objects."""

    bl_idname = "rotomatte.take_finds"
    bl_label = "Add as Objects"

    def ask(self, found: BlenderClip) -> None:
        frame = edits.current_frame(found)
        chosen = find_list.chosen_on(frame)
        desk = session.desk_for(found.scene)
        desk.take_finds(chosen)
        if desk.view.error is None:
            find_list.choose_none(frame, chosen)


class ROTOMATTE_OT_next_best(_Finds):
    """Go to the next of the best frames, the best one first."""

    bl_idname = "rotomatte.next_best"
    bl_label = "Next Best Frame"

    def ask(self, found: BlenderClip) -> None:
        session.desk_for(found.scene).next_best()


CLASSES = (
    ROTOMATTE_OT_find_everything,
    ROTOMATTE_OT_find_words,
    ROTOMATTE_OT_best_frame,
    ROTOMATTE_OT_take_finds,
    ROTOMATTE_OT_next_best,
)
