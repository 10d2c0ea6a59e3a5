"""Runs in a Blender of its own, which ``bake.py`` starts: renders a strip's pictures frame by frame.

It works on a copy of the .blend file and saves nothing of it. The task comes as JSON in the last argument.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_TASK: Mapping[str, Any] = json.loads(sys.argv[-1])
# Blender starts a program by its path, without the extension whose part this is.
sys.path[:0] = _TASK["packages"]

import bpy  # noqa: E402

from rotomatte_hosts.blender import compat  # noqa: E402
from rotomatte_hosts.blender.animation import let_go  # noqa: E402
from rotomatte_hosts.blender.compat import BpyThing  # noqa: E402
from rotomatte_hosts.blender.fingerprint import LAID_ASIDE  # noqa: E402
from rotomatte_hosts.blender.ids import id_of  # noqa: E402
from rotomatte_hosts.blender.strips import speed_effect  # noqa: E402

_UNFINISHED = "unfinished.exr"
_ORPHANED = 3


def main() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    bpy.ops.wm.open_mainfile(filepath=_TASK["blend"], load_ui=False, use_scripts=_TASK["runs_scripts"])
    strip = next(
        strip
        for scene in bpy.data.scenes
        if scene.sequence_editor is not None
        for strip in scene.sequence_editor.strips_all
        if id_of(strip) == _TASK["host_id"]
    )
    scene = strip.id_data
    compat.set_sequencer_scene(scene)
    _prepare_render(scene, _TASK["size_px"])
    _show_alone(strip)
    first, last = _TASK["frames"]
    for frame in range(first, last + 1):
        _render(scene, frame, Path(_TASK["folder"], _TASK["pattern"] % frame))


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(_ORPHANED)


def _prepare_render(scene: BpyThing, size_px: tuple[int, int]) -> None:
    render = scene.render
    render.resolution_x, render.resolution_y = size_px
    render.resolution_percentage = 100
    render.use_sequencer, render.use_compositing = True, False
    render.use_border = render.use_stamp = render.use_multiview = False
    render.use_overwrite, render.use_file_extension = True, True
    render.dither_intensity = 0
    compat.set_linear_exr(render.image_settings)


def _show_alone(strip: BpyThing) -> None:
    """Leave nothing in the picture but the strip and what it is made of, as large as it is itself."""
    editor, effect, parents = strip.id_data.sequence_editor, speed_effect(strip), _parents(strip)
    shown = [strip, *parents] if effect is None else [strip, effect, *parents]
    parts = _made_of(strip)
    for other in editor.strips_all:
        if other not in parts:
            let_go(strip.id_data, other, LAID_ASIDE)
            other.mute = other not in shown
    for item in shown:
        _lay_aside(item)
    for channel in (*editor.channels, *(channel for meta in parents for channel in meta.channels)):
        channel.mute = False


def _made_of(strip: BpyThing) -> list[BpyThing]:
    """The strips inside a meta strip, and the inputs of an effect, all the way down; those that are muted are not seen."""
    inputs = [getattr(strip, name, None) for name in ("input_1", "input_2")]
    parts = [part for part in (*getattr(strip, "strips", ()), *inputs) if part is not None and not part.mute]
    return [one for part in parts for one in (part, *_made_of(part))]


def _parents(strip: BpyThing) -> list[BpyThing]:
    metas = [other for other in strip.id_data.sequence_editor.strips_all if other.type == "META"]
    return [meta for meta in metas if strip in _inside(meta)]


def _inside(meta: BpyThing) -> list[BpyThing]:
    return [one for part in meta.strips for one in (part, *(_inside(part) if part.type == "META" else ()))]


def _lay_aside(strip: BpyThing) -> None:
    strip.blend_type, strip.blend_alpha = "REPLACE", 1
    strip.modifiers.clear()
    transform, crop = strip.transform, strip.crop
    transform.scale_x = transform.scale_y = 1
    transform.offset_x = transform.offset_y = transform.rotation = 0
    transform.origin = 0.5, 0.5
    crop.min_x = crop.max_x = crop.min_y = crop.max_y = 0
    strip.use_flip_x = strip.use_flip_y = False
    strip.color_multiply, strip.color_saturation, strip.multiply_alpha = 1, 1, False


def _render(scene: BpyThing, frame: int, file: Path) -> None:
    scene.frame_set(frame)
    unfinished = file.with_name(_UNFINISHED)
    scene.render.filepath = str(unfinished)
    bpy.ops.render.render(write_still=True, scene=scene.name)
    unfinished.replace(file)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        logging.exception("The plate is not rendered.")
        os._exit(1)
    # At once: Blender as a module may hang as it ends.
    os._exit(0)
