"""Everything that differs between the versions of Blender from 4.5 on; nobody else asks for the version."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Optional

import bpy

BpyThing = Any
"""Something of Blender's: it types nothing of itself, and its classes differ from version to version."""

SCENE_LINEAR_ROLE = "scene_linear"
"""The OCIO role that every config has, in place of the name of a space."""


def version() -> str:
    """Such as ``5.0.1``."""
    return ".".join(str(number) for number in bpy.app.version)


def ocio_config() -> str:
    """The OCIO config in force, by its path or ``ocio://`` name: no property says it."""
    own = Path(bpy.utils.system_resource("DATAFILES", path="colormanagement")) / "config.ocio"
    return os.environ.get("OCIO") or str(own)


def scene_linear_space() -> str:
    """The space that scene-linear files are written in, by its name in the OCIO config, or by its role before 5.0."""
    colorspace = getattr(bpy.data, "colorspace", None)
    return SCENE_LINEAR_ROLE if colorspace is None else str(colorspace.working_space)


def sequencer_scene(context: BpyThing) -> BpyThing:
    """The scene whose timeline the sequencer shows: since 5.0 a workspace's own, where it has one."""
    return getattr(context, "sequencer_scene", None) or context.scene


def set_sequencer_scene(scene: BpyThing) -> None:
    """Let every workspace show the scene's timeline; since 5.0 some of the sequencer's functions crash without one."""
    for workspace in bpy.data.workspaces:
        if hasattr(workspace, "sequencer_scene"):
            workspace.sequencer_scene = scene


def handles(strip: BpyThing) -> tuple[int, int]:
    """The timeline frame at which a strip begins, and the one before which it ends."""
    if hasattr(strip, "left_handle"):
        return strip.left_handle, strip.right_handle
    return strip.frame_final_start, strip.frame_final_end


def content(strip: BpyThing) -> tuple[float, float]:
    """The timeline frame of a strip's first picture, trimmed away or not, and the one behind its last."""
    if hasattr(strip, "content_start"):
        return strip.content_start, strip.content_end
    return strip.frame_start, strip.frame_start + strip.frame_duration


def content_trim_start(strip: BpyThing) -> int:
    """How many pictures a strip leaves out before its first."""
    trim = strip.content_trim_start if hasattr(strip, "content_trim_start") else strip.animation_offset_start
    return int(trim)


def is_deprecated(prop: BpyThing) -> bool:
    """Whether reading a property of ``bl_rna`` would warn that it is going to be removed."""
    return getattr(prop, "is_deprecated", False)


def set_linear_exr(settings: BpyThing) -> None:
    """Let images be written as scene-linear EXR files in half precision, whatever the view."""
    if hasattr(settings, "media_type"):
        settings.media_type = "IMAGE"
    settings.file_format = "OPEN_EXR"
    settings.color_mode = "RGB"
    settings.color_depth = "16"
    settings.exr_codec = "ZIPS"
    settings.color_management = "FOLLOW_SCENE"


def set_handles(strip: BpyThing, left: int, right: int) -> None:
    """Let a strip begin at a timeline frame and end before another, as ``handles`` says it."""
    if hasattr(strip, "left_handle"):
        strip.left_handle, strip.right_handle = left, right
    else:
        strip.frame_final_start, strip.frame_final_end = left, right


@contextmanager
def sequencer_of(scene: BpyThing) -> Iterator[None]:
    """The context that the sequencer's functions need, from a timer too: without it 5.0 crashes."""
    window = bpy.context.window_manager.windows[0]
    shown = getattr(window.workspace, "sequencer_scene", None)
    with bpy.context.temp_override(window=window):
        if hasattr(window.workspace, "sequencer_scene"):
            window.workspace.sequencer_scene = scene
        try:
            yield
        finally:
            if hasattr(window.workspace, "sequencer_scene"):
                window.workspace.sequencer_scene = shown


def compositor_tree(scene: BpyThing) -> Optional[BpyThing]:
    """The scene's compositor nodes; None where it has none."""
    if hasattr(scene, "compositing_node_group"):
        return scene.compositing_node_group
    return scene.node_tree


def new_compositor_tree(scene: BpyThing) -> BpyThing:
    """Compositor nodes for a scene that has none: nothing but the output."""
    if hasattr(scene, "compositing_node_group"):
        tree = bpy.data.node_groups.new("Compositing", "CompositorNodeTree")
        tree.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
        tree.nodes.new("NodeGroupOutput").location = (900, 0)
        scene.compositing_node_group = tree
        return tree
    scene.use_nodes = True
    scene.node_tree.nodes.clear()
    scene.node_tree.nodes.new("CompositorNodeComposite").location = (900, 0)
    return scene.node_tree


def link_to_output(tree: BpyThing, socket: BpyThing) -> None:
    """Let a tree of ``new_compositor_tree`` show what comes out of a socket."""
    kinds = ("NodeGroupOutput", "CompositorNodeComposite")
    output = next(node for node in tree.nodes if node.bl_idname in kinds)
    tree.links.new(socket, output.inputs[0])


def set_apply_mask(node: BpyThing) -> None:
    """Let a Set Alpha node multiply by the matte, all channels, as premultiplied pictures need."""
    if hasattr(node, "mode"):
        node.mode = "APPLY"
    else:
        node.inputs["Type"].default_value = "Apply Mask"


def annotation_of(owner: BpyThing) -> Optional[BpyThing]:
    """The annotation of a movie clip or an editor, None where nothing is drawn; grease pencil before 5.0."""
    annotation: Optional[BpyThing] = owner.annotation if hasattr(owner, "annotation") else owner.grease_pencil
    return annotation


def is_masked_before_flip() -> bool:
    """Whether a strip is masked before it is flipped, by a mask that is not: so it is since 5.0."""
    return bool(bpy.app.version >= (5, 0, 0))


def is_in_picture(stroke: BpyThing) -> bool:
    """Whether an annotation's stroke moves with the picture, and not with the window; before 5.2 nothing says so."""
    return bool(getattr(stroke, "display_mode", "2DSPACE") == "2DSPACE")
