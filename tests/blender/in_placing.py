"""Runs in Blender's own Python: brings mattes back as the extension does, and renders what comes of it.

    python in_placing.py SCENE FOLDER

FOLDER has ``plate/plate.%04d.exr`` and ``mattes/…`` (see ``test_placing.py``). What is rendered goes to
``FOLDER/NAME.FRAME.exr``, what is to be told to ``FOLDER/facts.json``.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import bpy

from rotomatte_hosts.blender import compat
from rotomatte_hosts.blender.blender_clip import BlenderClip, ClipKind
from rotomatte_hosts.blender.coordinates import plate_from_mask
from rotomatte_hosts.blender.frames import FrameMap
from rotomatte_hosts.blender.place import Way, bring_markers, bring_matte, bring_spline
from rotomatte_plugin.adapter import HostClip, Marker
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.model import (
    Clip,
    ColourSettings,
    FrameRange,
    MatteTrack,
    Plate,
    ShapePoint,
    ShapePrompt,
    StateRange,
)

SIZE_PX = (40, 28)
FIRST, LAST = 1001, 1012
START = 101
"""The scene's frame that shows the plate's first."""

Facts = dict[str, Any]


def strip_trimmed(folder: Path) -> Facts:
    """Trimmed on both sides, at another frame than its number."""
    scene = new_scene()
    plate = plate_strip(scene, folder)
    compat.set_handles(plate, START + 3, START + 10)
    bring_matte(strip_clip(plate, 1004, 1010), str(folder / "mattes"), track("car", 1004, 1010), "strip")
    render(scene, folder / "out", START + 3, START + 9)
    return facts_of_strips(scene)


def strip_held(folder: Path) -> Facts:
    """Longer than its files on both sides."""
    scene = new_scene()
    plate = plate_strip(scene, folder)
    compat.set_handles(plate, START - 2, START + 14)
    bring_matte(strip_clip(plate, FIRST, LAST), str(folder / "mattes"), track("car", FIRST, LAST), "strip")
    render(scene, folder / "out", START - 2, START + 13)
    return {}


def strip_moved(folder: Path, mattes: str = "mattes") -> Facts:
    """Scaled, turned, moved and flipped; beside it the same of the product of plate and matte, and of the plate alone."""
    scene = new_scene((64, 48))
    plate = plate_strip(scene, folder)
    transform(plate)
    render(scene, folder / "alone", START + 4, START + 4)
    bring_matte(strip_clip(plate, FIRST, LAST), str(folder / mattes), track("car", FIRST, LAST), "strip")
    render(scene, folder / "out", START + 4, START + 4)
    scene = new_scene((64, 48))
    transform(image_strip(scene, folder / "product" / "product.%04d.exr", FIRST, LAST))
    render(scene, folder / "reference", START + 4, START + 4)
    return {}


def strip_overscan(folder: Path) -> Facts:
    return strip_moved(folder, "overscan")


def strip_again(folder: Path) -> Facts:
    """Twice, with another object and things of the artist's around it."""
    scene = new_scene()
    plate = plate_strip(scene, folder)
    title = image_strip(scene, folder / "plate" / "plate.%04d.exr", FIRST, LAST, channel=2, start=START + 6)
    title.name, title.mute = "title", True
    with compat.sequencer_of(scene):
        plate.modifiers.new("grade", "BRIGHT_CONTRAST")
    found = strip_clip(plate, FIRST, LAST)
    bring_matte(found, str(folder / "mattes"), track("car", FIRST, LAST), "strip")
    bring_matte(found, str(folder / "mattes"), track("dog", FIRST, LAST), "strip")
    first = facts_of_strips(scene)
    render(scene, folder / "first", START, START)
    plate.modifiers["Rotomatte car"].mute = True
    plate.modifiers["Rotomatte dog"].mute = False
    bring_matte(found, str(folder / "other"), track("car", FIRST, LAST), "strip")
    bring_matte(found, str(folder / "other"), track("dog", FIRST, LAST), "strip")
    render(scene, folder / "second", START, START)
    return {"first": first, "second": facts_of_strips(scene)}


def strip_in_meta(folder: Path) -> Facts:
    """Beside the plate's strip, though that lies in a meta strip."""
    scene = new_scene()
    meta = scene.sequence_editor.strips.new_meta(name="meta", channel=1, frame_start=START)
    plate = image_strip(scene, folder / "plate" / "plate.%04d.exr", FIRST, LAST, strips=meta.strips)
    compat.set_handles(meta, START, START + LAST - FIRST + 1)
    bring_matte(strip_clip(plate, FIRST, LAST), str(folder / "mattes"), track("car", FIRST, LAST), "strip")
    render(scene, folder / "out", START + 4, START + 4)
    return {"inside": sorted(strip.name for strip in meta.strips), "outside": [meta.name]}


def strip_refused(folder: Path) -> Facts:
    """A Cryptomatte, and a plate with no room above it."""
    scene = new_scene()
    plate = plate_strip(scene, folder)
    found = strip_clip(plate, FIRST, LAST)
    crypto = refusal(
        lambda: bring_matte(found, str(folder), track("car", FIRST, LAST, "cryptomatte.%04d.exr"), "strip")
    )
    layers = refusal(lambda: bring_matte(found, str(folder), track("car", FIRST, LAST, "layers.%04d.exr"), "nodes"))
    overscan = refusal(lambda: bring_matte(found, str(folder / "overscan"), track("car", FIRST, LAST), "nodes"))
    plate.channel = 128
    full = refusal(lambda: bring_matte(found, str(folder / "mattes"), track("car", FIRST, LAST), "strip"))
    return {"crypto": crypto, "layers": layers, "overscan": overscan, "full": full, **facts_of_strips(scene)}


def nodes_new(folder: Path) -> Facts:
    """Into a scene without a compositor."""
    scene = new_scene()
    found = strip_clip(plate_strip(scene, folder), FIRST, LAST)
    bring_matte(found, str(folder / "mattes"), track("car", FIRST, LAST), "nodes")
    bring_matte(found, str(folder / "mattes"), track("dog", FIRST, LAST), "nodes")
    first = facts_of_nodes(scene)
    compose(scene, folder / "first", START, START + 11)
    bring_matte(found, str(folder / "other"), track("car", FIRST, LAST), "nodes")
    compose(scene, folder / "second", START, START + 11)
    second = facts_of_nodes(scene)
    for path in (folder / "mattes/car").iterdir():
        shutil.copyfile(path, folder / "other/car" / path.name)
    bring_matte(found, str(folder / "other"), track("car", FIRST, LAST), "nodes")
    compose(scene, folder / "third", START, START + 11)
    return {"first": first, "second": second}


def nodes_of_artist(folder: Path) -> Facts:
    """Into an artist's own tree, and again after the artist has put our nodes to use."""
    scene = new_scene()
    tree = compat.new_compositor_tree(scene)
    picture = tree.nodes.new("CompositorNodeRGB")
    compat.link_to_output(tree, picture.outputs[0])
    found = strip_clip(plate_strip(scene, folder), FIRST, LAST)
    bring_matte(found, str(folder / "mattes"), track("car", FIRST, LAST), "nodes")
    first = facts_of_nodes(scene)
    alpha = next(node for node in tree.nodes if node.bl_idname == "CompositorNodeSetAlpha")
    matte = alpha.inputs["Alpha"].links[0].from_node
    between = tree.nodes.new("CompositorNodeInvert")
    tree.links.new(matte.outputs["Alpha"], between.inputs["Color"])
    tree.links.new(between.outputs[0], alpha.inputs["Alpha"])
    compat.link_to_output(tree, alpha.outputs["Image"])
    bring_matte(found, str(folder / "other"), track("car", FIRST, LAST), "nodes")
    compose(scene, folder / "out", START, START)
    return {"first": first, "second": facts_of_nodes(scene)}


def nodes_cryptomatte(folder: Path) -> Facts:
    """Two objects of one Cryptomatte; then the first one as a matte of its own."""
    scene = new_scene()
    found = strip_clip(plate_strip(scene, folder), FIRST, LAST)
    for name in ("car", "dog"):
        bring_matte(found, str(folder), track(name, FIRST, LAST, "cryptomatte.%04d.exr"), "nodes")
    tree = compat.compositor_tree(scene)
    first = facts_of_nodes(scene)
    for name in ("car", "dog"):
        compat.link_to_output(tree, alpha_of(tree, name).outputs["Image"])
        compose(scene, folder / name, START + 2, START + 2)
    bring_matte(found, str(folder / "mattes"), track("car", FIRST, LAST), "nodes")
    compat.link_to_output(tree, alpha_of(tree, "car").outputs["Image"])
    compose(scene, folder / "alone", START + 2, START + 2)
    return {"first": first, "second": facts_of_nodes(scene)}


def nodes_of_others(folder: Path) -> Facts:
    """A movie clip, then an image sequence; neither has a strip, so both come as nodes."""
    file = str(folder / "plate" / f"plate.{FIRST}.exr")
    clip = bpy.data.movieclips.load(file)
    clip.frame_start = START
    image = bpy.data.images.load(file)
    image.source = "SEQUENCE"
    owners: tuple[tuple[ClipKind, Any], ...] = (("movie clip", clip), ("image", image))
    for kind, owner in owners:
        scene = new_scene()
        found = blender_clip(kind, owner, FIRST, LAST)
        bring_matte(found, str(folder / "mattes"), track("car", FIRST, LAST), "strip")
        compose(scene, folder / kind, START + 2, START + 3)
    return facts_of_nodes(scene)


def spline(folder: Path) -> Facts:
    """A triangle that moves, is away, and comes back; twice."""
    scene = new_scene()
    scene.frame_current = 7
    found = strip_clip(plate_strip(scene, folder), FIRST, LAST)
    area = bpy.context.window_manager.windows[0].screen.areas[0]
    before = area.type, [item.type for item in bpy.context.window_manager.windows[0].screen.areas]
    bring_spline(found, "car", (triangle(1003, 30.0), triangle(1004, 0.0)))
    shown_by_artist = bpy.data.masks["Rotomatte car"]
    shapes = tuple(triangle(frame, frame - FIRST) for frame in (1002, 1003, 1006, 1007))
    bring_spline(found, "car", shapes)
    bring_spline(found, "dog", shapes[:1])
    after = area.type, [item.type for item in bpy.context.window_manager.windows[0].screen.areas]
    mask = bpy.data.masks["Rotomatte car"]
    tree = compat.new_compositor_tree(scene)
    node = tree.nodes.new("CompositorNodeMask")
    node.mask = mask
    compat.link_to_output(tree, node.outputs[0])
    frame = scene.frame_current
    compose(scene, folder / "out", START, START + 11)
    (layer,) = mask.layers
    read = {}
    for clip_frame in (1002, 1007):
        scene.frame_set(found.frames.to_host(clip_frame))
        read[clip_frame] = [plate_from_mask(point.co, SIZE_PX) for point in layer.splines[0].points]
    return {
        "is_same": mask == shown_by_artist,
        "before": before,
        "after": after,
        "frame": frame,
        "layers": [layer.name],
        "range": [mask.frame_start, mask.frame_end],
        "masks": [item.name for item in bpy.data.masks],
        "read": read,
    }


def markers(folder: Path) -> Facts:
    """Two clips and the artist on one timeline."""
    scene = new_scene()
    mine = strip_clip(plate_strip(scene, folder), FIRST, LAST)
    other = blender_clip("strip", mine.owner, FIRST, LAST, host_id="other")
    scene.timeline_markers.new("Rotomatte is nice", frame=START)
    bring_markers(mine, (Marker(1002, "car lost"), Marker(1005, "car returned, " + "é" * 60)))
    bring_markers(other, (Marker(1002, "dog lost"), Marker(1009, "dog lost")))
    first = facts_of_markers(scene)
    scene.timeline_markers[1].frame += 1
    bring_markers(mine, (Marker(1006, "car lost"),))
    second = facts_of_markers(scene)
    bring_markers(other, ())
    return {"first": first, "second": second, "third": facts_of_markers(scene)}


def undone(folder: Path) -> Facts:
    """Each result is one step back."""
    scene = bpy.context.scene
    scene.sequence_editor_create()
    plate_strip(scene, folder)
    bpy.ops.ed.undo_push(message="the artist's")
    ways: tuple[Way, ...] = ("strip", "nodes")
    for way in ways:
        found = strip_clip(bpy.context.scene.sequence_editor.strips["plate"], FIRST, LAST)
        bring_matte(found, str(folder / "mattes"), track("car", FIRST, LAST), way)
    told = [_what_is_there()]
    for _ in ways:
        bpy.ops.ed.undo()
        told.append(_what_is_there())
    return {"told": told}


def _what_is_there() -> list[object]:
    scene = bpy.context.scene
    return [len(scene.sequence_editor.strips), compat.compositor_tree(scene) is not None]


def relative(folder: Path) -> Facts:
    """Below a saved .blend file, files are named from there on."""
    scene = new_scene()
    found = strip_clip(plate_strip(scene, folder), FIRST, LAST)
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "shot.blend"))
    ways: tuple[Way, ...] = ("strip", "nodes")
    for way in ways:
        bring_matte(found, str(folder / "mattes"), track("car", FIRST, LAST), way)
    strip = scene.sequence_editor.strips["Rotomatte car"]
    render(scene, folder / "out", START, START)
    return {"strip": strip.directory, "images": sorted(image.filepath for image in bpy.data.images if image.filepath)}


def new_scene(size_px: tuple[int, int] = SIZE_PX) -> Any:
    scene = bpy.data.scenes.new("shot")
    bpy.context.window_manager.windows[0].scene = scene
    scene.render.resolution_x, scene.render.resolution_y = size_px
    scene.sequence_editor_create()
    return scene


def image_strip(
    scene: Any, pattern: Path, first: int, last: int, *, channel: int = 1, start: int = START, strips: Any = None
) -> Any:
    strips = scene.sequence_editor.strips if strips is None else strips
    strip = strips.new_image(name="plate", filepath=str(pattern) % first, channel=channel, frame_start=start)
    for frame in range(first + 1, last + 1):
        strip.elements.append(pattern.name % frame)
    return strip


def plate_strip(scene: Any, folder: Path) -> Any:
    return image_strip(scene, folder / "plate" / "plate.%04d.exr", FIRST, LAST)


def transform(strip: Any) -> None:
    strip.use_flip_x = True
    placing = strip.transform
    placing.scale_x, placing.scale_y, placing.rotation = 1.3, 0.9, 0.4
    placing.offset_x, placing.offset_y, placing.origin = 5, -3, (0.2, 0.7)


def strip_clip(strip: Any, first: int, last: int) -> BlenderClip:
    return blender_clip("strip", strip, first, last)


def blender_clip(kind: ClipKind, owner: Any, first: int, last: int, host_id: str = "id") -> BlenderClip:
    plate = Path(sys.argv[2]) / "plate" / "plate.%04d.exr"
    frames = FrameRange(first, last)
    clip = HostClip(Clip(Plate(str(plate)), frames, "sh010", host_id), ColourSettings(host_space="Linear Rec.709"))
    return BlenderClip(kind, owner, clip, FrameMap(FIRST - START, frames), SIZE_PX)


def track(name: str, first: int, last: int, pattern: str = "") -> MatteTrack:
    # Two ranges, as a job's report has them.
    states = (StateRange("present", FrameRange(first, first)), StateRange("lost", FrameRange(first + 1, last)))
    return MatteTrack(name, pattern or f"{name}/{name}.%04d.exr", (), states, ())


def triangle(frame: int, x: float) -> ShapePrompt:
    return ShapePrompt(frame, (ShapePoint(x, 4.0), ShapePoint(x + 20.0, 4.0), ShapePoint(x, 24.0)))


def refusal(act: Any) -> list[str]:
    try:
        act()
    except RotomatteError as error:
        return [type(error).__name__, error.message, error.remedy]
    return []


def render(scene: Any, out: Path, first: int, last: int, *, is_sequencer: bool = True) -> None:
    with bpy.context.temp_override(scene=scene):
        settings = scene.render
        settings.use_sequencer, settings.use_compositing = is_sequencer, not is_sequencer
        compat.set_linear_exr(settings.image_settings)
        settings.image_settings.color_mode, settings.image_settings.color_depth = "RGBA", "32"
        settings.filepath = f"{out}.####.exr"
        scene.frame_start, scene.frame_end = first, last
        bpy.ops.render.render(animation=True, scene=scene.name)


def compose(scene: Any, out: Path, first: int, last: int) -> None:
    scene.render.compositor_device = "CPU"
    render(scene, out, first, last, is_sequencer=False)


def alpha_of(tree: Any, name: str) -> Any:
    kind = "CompositorNodeSetAlpha"
    return next(node for node in tree.nodes if node.bl_idname == kind and node.label == f"Rotomatte {name}")


def facts_of_strips(scene: Any) -> Facts:
    strips = {strip.name: [strip.channel, strip.mute, *compat.handles(strip)] for strip in scene.sequence_editor.strips}
    plate = next(strip for strip in scene.sequence_editor.strips if strip.name == "plate")
    modifiers = [
        [item.name, item.mute, getattr(getattr(item, "input_mask_strip", None), "name", None)]
        for item in plate.modifiers
    ]
    return {"strips": strips, "modifiers": modifiers}


def facts_of_nodes(scene: Any) -> Facts:
    tree = compat.compositor_tree(scene)
    links = sorted(f"{link.from_node.bl_idname} > {link.to_node.bl_idname}" for link in tree.links)
    return {
        "nodes": sorted(f"{node.bl_idname} {node.label}" for node in tree.nodes),
        "links": links,
        "images": len([image for image in bpy.data.images if image.users and image.filepath]),
    }


def facts_of_markers(scene: Any) -> list[tuple[int, str]]:
    return sorted((marker.frame, marker.name) for marker in scene.timeline_markers)


if __name__ == "__main__":
    scene_name, folder_name = sys.argv[1:]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    compat.set_sequencer_scene(bpy.context.scene)
    told = globals()[scene_name](Path(folder_name))
    (Path(folder_name) / "facts.json").write_text(json.dumps({**told, "version": compat.version()}), encoding="utf-8")
