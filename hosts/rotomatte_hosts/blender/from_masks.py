"""Reads masks as prompts, on one frame or on each of the mask's key frames; see ``as_prompts``.

Blender tells nobody on which frames a mask has keys, and a mask without keys is the same on all: so masks are taken when
the artist says so, and not followed.
"""

from __future__ import annotations

from collections.abc import Iterator

import bpy

from rotomatte_hosts.blender.as_prompts import MaskPoint, MaskSpline
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.mask_editor import mask_editor

_MOST_KEYS = 1000
"""Far more than anybody sets by hand: where looking for more ends."""


def splines_of(mask: BpyThing) -> tuple[MaskSpline, ...]:
    """The splines that are shown, as they are on the scene's current frame."""
    return tuple(
        MaskSpline(layer.name, tuple(map(_point, spline.points)), spline.use_cyclic, spline.use_fill)
        for layer in mask.layers
        for spline in (() if layer.hide else layer.splines)
    )


def on_each_key(scene: BpyThing, mask: BpyThing, found: BlenderClip) -> tuple[tuple[int, tuple[MaskSpline, ...]], ...]:
    """The mask's splines on each frame of the clip on which one of its layers has a key, in the clip's numbering."""
    active, current = mask.layers.active, scene.frame_current
    host_frames = found.frames.host_frames
    keyed: set[int] = set()
    try:
        with mask_editor(scene, mask):
            for layer in mask.layers:
                mask.layers.active = layer
                keyed.update(_keys(scene, host_frames.first))
        taken = []
        for host_frame in sorted(frame for frame in keyed if frame in host_frames):
            scene.frame_set(host_frame)
            taken.append((host_frame + found.frames.offset, splines_of(mask)))
        return tuple(taken)
    finally:
        mask.layers.active = active
        scene.frame_set(current)


def _keys(scene: BpyThing, first: int) -> Iterator[int]:
    """The key frames of the editor's active layer from ``first`` on: by jumping from one to the next."""
    scene.frame_current = first - 1
    for _ in range(_MOST_KEYS):
        before = scene.frame_current
        if bpy.ops.screen.keyframe_jump(next=True) != {"FINISHED"} or scene.frame_current <= before:
            return
        yield scene.frame_current


def _point(point: BpyThing) -> MaskPoint:
    at = (point.co[0], point.co[1])
    # Blender moves the handles of a corner only when it next draws it.
    left = at if point.handle_left_type == "VECTOR" else (point.handle_left[0], point.handle_left[1])
    right = at if point.handle_right_type == "VECTOR" else (point.handle_right[0], point.handle_right[1])
    return MaskPoint(at, left, right)
