"""An object's outline as an animated mask, for an artist to refine."""

from __future__ import annotations

from collections.abc import Mapping

import bpy

from rotomatte_hosts.blender import rest
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.coordinates import mask_from_plate
from rotomatte_hosts.blender.marks import MATTE_MARK, mark_of
from rotomatte_hosts.blender.mask_editor import mask_editor
from rotomatte_plugin.model import FrameRange, ShapePrompt


def place_spline(found: BlenderClip, name: str, shapes: tuple[ShapePrompt, ...]) -> None:
    """Make an object's mask, or change the one that is there, which stays wherever the artist uses it.

    One closed spline with a shape key on every frame that has a shape; on the clip's other frames the layer is hidden.
    Corners only. The mask's square lies over the plate.

    Args:
        found: the clip.
        name: of the object.
        shapes: in plate pixels, ascending by frame, all with as many points.

    Raises:
        JobError: Rotomatte is at work, and this Blender could crash of it.
    """
    # Before the mask that is there is emptied.
    rest.require_override()
    scene, mask = found.scene, _mask(found, name)
    spread = found.frames.host_frames
    mask.frame_start, mask.frame_end = spread.first, spread.last
    by_host_frame = {found.frames.to_host(shape.frame): shape for shape in shapes}
    if not by_host_frame:
        return
    layer = mask.layers.new(name=name)
    layer.select = True
    spline = layer.splines.new()
    spline.use_cyclic = True
    spline.points.add(len(shapes[0].points) - len(spline.points))
    for point in spline.points:
        # The operator that sets a key passes over layers in which nothing is selected.
        point.select = True
    with mask_editor(scene, mask):
        for frame, shape in by_host_frame.items():
            scene.frame_current = frame
            # Otherwise the operator itself would bring the mask to this frame, by its earlier keys.
            scene.view_layers[0].update()
            for point, corner in zip(spline.points, shape.points):
                point.co = mask_from_plate((corner.x, corner.y), found.size_px)
            for point in spline.points:
                # Handles stay behind when points move, and are laid anew when their kind is set.
                point.handle_type = "VECTOR"
            bpy.ops.mask.shape_key_insert()
    _hide_where_absent(layer, by_host_frame, spread)


def _mask(found: BlenderClip, name: str) -> BpyThing:
    """The object's mask with nothing in it."""
    mark = mark_of(found.clip.clip.host_id, name, "spline")
    mask = next((mask for mask in bpy.data.masks if mask.get(MATTE_MARK) == mark), None)
    if mask is None:
        mask = bpy.data.masks.new(f"Rotomatte {name}")
        mask[MATTE_MARK] = mark
        # Nothing uses it yet, and Blender saves only what is used.
        mask.use_fake_user = True
    mask.layers.clear()
    mask.animation_data_clear()
    return mask


def _hide_where_absent(layer: BpyThing, shown: Mapping[int, ShapePrompt], spread: FrameRange) -> None:
    """Keys on the frames where the layer comes or goes; keys of a switch hold until the next one."""
    for frame in spread:
        is_hidden = frame not in shown
        if frame == spread.first or is_hidden != (frame - 1 not in shown):
            for switch in ("hide", "hide_render"):
                setattr(layer, switch, is_hidden)
                layer.keyframe_insert(switch, frame=frame)
