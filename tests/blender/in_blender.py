"""Runs in Blender's own Python: loads one matte as an artist would, and writes down what Blender makes of it.

    python in_blender.py pixels MATTE.exr OUT.npz                 Image.pixels, top line first, and how the file was taken
    python in_blender.py sockets MATTE.exr OUT.exr                every socket of the compositor's Image node
    python in_blender.py cryptomatte MATTE.exr OUT.exr NAMES...   the Cryptomatte node's matte of each name

The compositor writes an EXR of 32 bits with a part a socket.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import bpy
import numpy as np


def pixels(matte: str, out: Path) -> None:
    image = bpy.data.images.load(matte)
    width, height = image.size
    values = np.zeros(width * height * image.channels, np.float32)
    image.pixels.foreach_get(values)
    rgba_hwc = values.reshape(height, width, image.channels)[::-1]
    np.savez(out, rgba_hwc=rgba_hwc, is_data=image.colorspace_settings.is_data, version=bpy.app.version)


def sockets(matte: str, out: Path) -> None:
    tree = new_tree()
    node = tree.nodes.new("CompositorNodeImage")
    node.image = bpy.data.images.load(matte)
    write(tree, {socket.name: socket for socket in node.outputs if socket.enabled}, out)


def cryptomatte(matte: str, out: Path, names: list[str]) -> None:
    tree = new_tree()
    image = bpy.data.images.load(matte)
    found = {}
    for name in names:
        node = tree.nodes.new("CompositorNodeCryptomatteV2")
        node.source, node.image = "IMAGE", image
        node.layer_name = "RotoMatte"
        node.matte_id = name
        found[name] = node.outputs["Matte"]
    write(tree, found, out)


def new_tree() -> Any:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    if hasattr(scene, "compositing_node_group"):
        scene.compositing_node_group = bpy.data.node_groups.new("mattes", "CompositorNodeTree")
        return scene.compositing_node_group
    scene.use_nodes = True
    scene.node_tree.nodes.clear()
    return scene.node_tree


def write(tree: Any, found: dict[str, Any], out: Path) -> None:
    node = tree.nodes.new("CompositorNodeOutputFile")
    if hasattr(node, "file_output_items"):
        node.directory, node.file_name = str(out.parent), out.stem
        node.format.media_type = "MULTI_LAYER_IMAGE"
        for name, socket in found.items():
            node.file_output_items.new("FLOAT" if socket.type == "VALUE" else "RGBA", name)
    else:
        # Blender 4.5, which adds the frame's number to the file's name.
        node.format.file_format = "OPEN_EXR_MULTILAYER"
        node.base_path = str(out.with_suffix(""))
        node.layer_slots.clear()
        for name in found:
            node.layer_slots.new(name)
    node.format.color_depth = "32"
    for name, socket in found.items():
        tree.links.new(socket, node.inputs[name])
    scene = bpy.context.scene
    scene.render.compositor_device = "CPU"
    bpy.ops.render.render()
    if not out.exists():
        (numbered,) = out.parent.glob(f"{out.stem}[0-9]*.exr")
        numbered.rename(out)


if __name__ == "__main__":
    kind, matte_path, out_path, *object_names = sys.argv[1:]
    if kind == "pixels":
        pixels(matte_path, Path(out_path))
    elif kind == "sockets":
        sockets(matte_path, Path(out_path))
    else:
        cryptomatte(matte_path, Path(out_path), object_names)
