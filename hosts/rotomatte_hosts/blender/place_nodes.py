"""Mattes as nodes of the compositor: the plate, cut out by the matte.

Each object has a matte node and a Set Alpha node; those of one clip share the plate's node. Ours carry a mark, so that
placing again changes them and nothing else: whatever the artist has linked to them stays linked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import bpy

from rotomatte_hosts.blender import compat
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.marks import MATTE_MARK, mark_of
from rotomatte_hosts.blender.matte_files import MatteFiles, numbered
from rotomatte_hosts.blender.stored_paths import path_to_store
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import FrameRange

_COLUMN_PX, _ROW_PX = 300, 340
_PLATE = "plate"
_CRYPTOMATTE = "cryptomatte"


def place_nodes(found: BlenderClip, matte: MatteFiles) -> None:
    """Add an object's nodes to the scene's compositor, or bring those that are there up to date.

    A scene without a compositor gets one that shows the object. In an artist's own tree nothing is linked to the new
    nodes: their last one is for the artist to use.

    Raises:
        JobError: the matte has overscan.
    """
    if matte.size_px != found.size_px:
        # Up to 5.1 the compositor centres such a picture; 5.2 heeds its data window, upside down.
        raise JobError(
            f"The matte of {matte.name} has overscan, which the compositor puts elsewhere.",
            remedy="Bring it back as a strip, or render the plate without overscan first.",
            clip=found.clip.clip.name,
        )
    scene = found.scene
    tree = compat.compositor_tree(scene)
    is_new = tree is None
    if tree is None:
        tree = compat.new_compositor_tree(scene)
    nodes = _Nodes(tree, found.clip.clip.host_id)
    plate = _plate_node(nodes, found)
    alpha = nodes.get("CompositorNodeSetAlpha", matte.name, "alpha", column=2)
    compat.set_apply_mask(alpha)
    _link(tree, plate.outputs["Image"], alpha.inputs["Image"])
    _link(tree, _matte_socket(nodes, found, matte), alpha.inputs["Alpha"])
    if is_new:
        compat.link_to_output(tree, alpha.outputs["Image"])


class _Nodes:
    """The nodes of one clip in a tree; new ones go below all that are there."""

    def __init__(self, tree: BpyThing, host_id: str) -> None:
        self.tree = tree
        self.host_id = host_id
        self._y = min((node.location.y for node in tree.nodes), default=_ROW_PX) - _ROW_PX

    def find(self, name: str, part: str) -> Optional[BpyThing]:
        """The node that plays that part for an object."""
        mark = mark_of(self.host_id, name, part)
        return next((node for node in self.tree.nodes if node.get(MATTE_MARK) == mark), None)

    def get(self, kind: str, name: str, part: str, *, column: int) -> BpyThing:
        """The same, made where it is not there or of another kind."""
        node = self.find(name, part)
        if node is not None and node.bl_idname == kind:
            return node
        self.remove(name, part)
        node = self.tree.nodes.new(kind)
        node[MATTE_MARK] = mark_of(self.host_id, name, part)
        node.label = f"Rotomatte {name}"
        node.location = (column * _COLUMN_PX, self._y)
        return node

    def remove(self, name: str, part: str) -> None:
        """Away with it, if it is there."""
        node = self.find(name, part)
        if node is not None:
            self.tree.nodes.remove(node)


def _plate_node(nodes: _Nodes, found: BlenderClip) -> BpyThing:
    if found.kind == "movie clip" and not found.clip.must_render:
        node = nodes.get("CompositorNodeMovieClip", _PLATE, _PLATE, column=0)
        node.clip = found.owner
        return node
    node = nodes.get("CompositorNodeImage", _PLATE, _PLATE, column=0)
    clip = found.clip.clip
    if found.kind == "image" and not found.clip.must_render:
        node.image = found.owner
    else:
        path = Path(clip.plate.path)
        # A sequence; a movie and a still have no number in their names.
        is_sequence = numbered(path.name, 0) != path.name
        frames = clip.frames if is_sequence else None
        first = path if frames is None else path.with_name(numbered(path.name, frames.first))
        node.image = _image(first, frames, mark_of(nodes.host_id, _PLATE, _PLATE))
        if found.clip.colour.host_space:
            node.image.colorspace_settings.name = found.clip.colour.host_space
    if clip.frames is not None and node.image.source in {"SEQUENCE", "MOVIE"}:
        _set_frames(node, found, clip.frames)
    return node


def _matte_socket(nodes: _Nodes, found: BlenderClip, matte: MatteFiles) -> BpyThing:
    """The output that is the object's matte."""
    if matte.crypto_layer is None:
        node = nodes.get("CompositorNodeImage", matte.name, "matte", column=1)
        node.image = _image(matte.file(matte.frames.first), matte.frames, mark_of(nodes.host_id, matte.name, "matte"))
        node.image.colorspace_settings.is_data = True
        socket = node.outputs["Alpha"]
    else:
        node = nodes.get("CompositorNodeCryptomatteV2", matte.name, "matte", column=1)
        node.source = "IMAGE"
        mark = mark_of(nodes.host_id, _CRYPTOMATTE, "matte")
        node.image = _image(matte.file(matte.frames.first), matte.frames, mark)
        node.layer_name = matte.crypto_layer
        node.matte_id = matte.name
        socket = node.outputs["Matte"]
    if node.image.source == "SEQUENCE":
        _set_frames(node, found, matte.frames)
    return socket


def _image(first: Path, frames: Optional[FrameRange], mark: str) -> BpyThing:
    """Our image of the files from the first one on, read anew; ``frames`` of a sequence, None of another file."""
    image = next((image for image in bpy.data.images if image.get(MATTE_MARK) == mark), None)
    if image is None:
        image = bpy.data.images.load(str(first)) if first.is_file() else bpy.data.images.new(first.stem, 1, 1)
        image[MATTE_MARK] = mark
    # Blender reads it anew, even where the path is the same.
    image.filepath = path_to_store(str(first))
    if frames is not None:
        image.source = "FILE" if len(frames) == 1 else "SEQUENCE"
    return image


def _set_frames(node: BpyThing, found: BlenderClip, frames: FrameRange) -> None:
    """Show a clip's frame where the host shows it: the file's number is the scene's - start + 1 + offset."""
    node.frame_start = found.frames.to_host(frames.first)
    node.frame_offset = frames.first - 1
    node.frame_duration = len(frames)
    node.use_auto_refresh = True


def _link(tree: BpyThing, output: BpyThing, socket: BpyThing) -> None:
    """Link them, unless the artist has put something in between."""
    if all(link.from_node.get(MATTE_MARK) for link in socket.links):
        tree.links.new(output, socket)
