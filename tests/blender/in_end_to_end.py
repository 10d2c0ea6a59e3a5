"""Runs in Blender's own Python, with nothing but the extension's zip: a shot from an edit to mattes in it.

    python in_end_to_end.py ZIP FOLDER

``FOLDER/shot.json`` says what is cut and where is clicked (see ``test_end_to_end.py``). Renders, all of the timeline's
frames: ``plate`` before anything comes back, ``strip`` the masked strip, ``nodes`` the compositor's result.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

import bpy

PATIENCE_S = 400.0
TICK_S = 0.05


def main(extension: str, folder: Path) -> None:
    shot = json.loads((folder / "shot.json").read_text(encoding="utf-8"))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.extensions.package_install_files(repo="user_default", filepath=extension, enable_on_install=True)
    import rotomatte_plugin  # noqa: PLC0415 - there only now

    scene = bpy.context.scene
    scene.render.resolution_x, scene.render.resolution_y = shot["size_px"]
    scene.render.fps, scene.render.fps_base = shot["rate"]
    strip = cut(scene, shot)
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "edit.blend"))
    render(scene, folder / "plate", shot, is_sequencer=True)

    bpy.ops.rotomatte.add_object(name="ball")
    for x, y in shot["points_px"]:
        bpy.ops.rotomatte.add_point(at_px=(x, y), frame=shot["frame"], object="ball")
    for box in shot["boxes_px"]:
        bpy.ops.rotomatte.add_box(one_px=box[:2], other_px=box[2:], frame=shot["frame"], object="ball")
    scene.rotomatte.quality = "draft"
    views = [write(scene, "STRIP")]
    render(scene, folder / "strip", shot, is_sequencer=True)
    views.append(write(scene, "NODES"))
    render(scene, folder / "nodes", shot, is_sequencer=False)
    told = {
        "version": bpy.app.version_string,
        "plugin": rotomatte_plugin.__file__,
        "errors": [str(view.error) if view.error else "" for view in views],
        "messages": [view.message for view in views],
        "name": strip.name,
        "strips": sorted(item.name for item in scene.sequence_editor.strips),
    }
    (folder / "facts.json").write_text(json.dumps(told), encoding="utf-8")
    bpy.ops.preferences.addon_disable(module="bl_ext.user_default.rotomatte")
    assert not hasattr(bpy.types.Scene, "rotomatte")


def cut(scene: Any, shot: Any) -> Any:
    """The edit: one trimmed strip, active."""
    for workspace in bpy.data.workspaces:
        if hasattr(workspace, "sequencer_scene"):
            workspace.sequencer_scene = scene
    editor = scene.sequence_editor_create()
    first, *rest = shot["files"]
    if shot["is_movie"]:
        strip = editor.strips.new_movie(name="shot", filepath=first, channel=1, frame_start=shot["start"])
    else:
        strip = editor.strips.new_image(name="shot", filepath=first, channel=1, frame_start=shot["start"])
        for file in rest:
            strip.elements.append(Path(file).name)
    left, right = shot["handles"]
    if hasattr(strip, "left_handle"):
        strip.left_handle, strip.right_handle = left, right
    else:
        strip.frame_final_start, strip.frame_final_end = left, right
    editor.active_strip = strip
    strip.select = True
    scene.frame_current = left
    return strip


def write(scene: Any, way: str) -> Any:
    """Write the mattes and wait for them to be back; gives what the panel would show."""
    from rotomatte_hosts.blender import session  # noqa: PLC0415

    scene.rotomatte.place = way
    bpy.ops.rotomatte.write()
    held = session.current()
    assert held is not None
    never = threading.Event()
    for _ in range(int(PATIENCE_S / TICK_S)):
        if not held.host.run_timers():
            return held.desk.view
        never.wait(TICK_S)
    raise AssertionError(f"it never came to an end: {held.desk.view}")


def render(scene: Any, out: Path, shot: Any, *, is_sequencer: bool) -> None:
    settings = scene.render
    settings.use_sequencer, settings.use_compositing = is_sequencer, not is_sequencer
    if hasattr(settings, "compositor_device"):
        settings.compositor_device = "CPU"
    if hasattr(settings.image_settings, "media_type"):
        settings.image_settings.media_type = "IMAGE"
    settings.image_settings.file_format = "OPEN_EXR"
    settings.image_settings.color_mode, settings.image_settings.color_depth = "RGBA", "32"
    settings.filepath = f"{out}.####.exr"
    scene.frame_start, scene.frame_end = shot["handles"][0], shot["handles"][1] - 1
    bpy.ops.render.render(animation=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
