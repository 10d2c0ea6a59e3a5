"""Results on their way into the .blend file, as one step to undo."""

from __future__ import annotations

from typing import Literal, Optional

import bpy

from rotomatte_hosts.blender import rest, store
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.matte_files import matte_files
from rotomatte_hosts.blender.place_markers import place_markers
from rotomatte_hosts.blender.place_nodes import place_nodes
from rotomatte_hosts.blender.place_spline import place_spline
from rotomatte_hosts.blender.place_strip import place_strip
from rotomatte_hosts.blender.prompt_rows import rows_of_object
from rotomatte_plugin.adapter import Marker
from rotomatte_plugin.model import MatteObject, MatteTrack, ShapePrompt

Way = Literal["strip", "nodes"]
"""How a strip's mattes come back: on the timeline, or to the compositor, where those of other clips always come."""

_WAIT_S = 0.1


def bring_matte(found: BlenderClip, folder: str, track: MatteTrack, way: Way) -> None:
    """Bring a finished matte to its clip, in place of an earlier one of the same object.

    Raises:
        JobError: Blender could not show it there; the remedy says what would do.
        FrameUnreadableError: its first file is damaged.
    """
    matte = matte_files(folder, track, found.size_px)
    if found.kind == "strip" and way == "strip":
        place_strip(found, matte)
    else:
        place_nodes(found, matte)
    _push_undo()


def bring_spline(found: BlenderClip, name: str, shapes: tuple[ShapePrompt, ...]) -> None:
    """Bring an object's outline to its clip, in place of an earlier one."""
    place_spline(found, name, shapes)
    _push_undo()


def bring_markers(found: BlenderClip, markers: tuple[Marker, ...]) -> None:
    """Set a clip's markers in place of its earlier ones."""
    place_markers(found, markers)
    _push_undo()


def bring_objects(found: BlenderClip, objects: tuple[MatteObject, ...]) -> None:
    """Add objects with their prompts to a clip; the last is the active one from then on.

    Raises:
        PromptError: one has prompts that a .blend file does not keep; nothing is added then.
    """
    host_id = found.clip.clip.host_id
    for name, rows in [(item.name, rows_of_object(item)) for item in objects]:
        store.add_rows(found.scene, host_id, store.add_object(found.scene, host_id, name).name, rows)
    _push_undo()


def _push_undo() -> None:
    """One step for all that is brought in one go: a timer's changes are no step of their own otherwise."""
    if bpy.app.background:
        # No later here: a script that tracks meanwhile has no step of it.
        _push_when_safe()
    elif not bpy.app.timers.is_registered(_push_when_safe):
        bpy.app.timers.register(_push_when_safe, first_interval=0)


def _push_when_safe() -> Optional[float]:
    """When to be called again, None once the step is there."""
    if not rest.may_override():
        return _WAIT_S
    _push()
    return None


def _push() -> None:
    # A timer may have no window, and the operator needs one.
    with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):
        bpy.ops.ed.undo_push(message="Rotomatte")
