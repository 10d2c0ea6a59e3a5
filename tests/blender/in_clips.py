"""Runs in Blender's own Python: an edit of many kinds of strips, what the adapter says of each, and what Blender shows.

    python in_clips.py FOLDER

FOLDER has ``grey.0101.png`` to ``grey.0112.png``, ``m24.mp4``, ``m30.mp4``, ``ntsc.mp4`` and ``cropped.0001.exr`` to
``.0012`` (see ``test_clips.py``). ``FOLDER/facts.json`` tells what each clip is and, by timeline frame, the grey that
Blender itself renders there. Plates that have to be rendered are rendered.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy

from rotomatte_hosts.blender import clips, compat, properties
from rotomatte_hosts.blender.adapter import BlenderHost

COUNT = 12
SIZE_PX = (64, 48)

Facts = dict[str, Any]
Add = Callable[[Any, Path], Any]


def trimmed(strips: Any, folder: Path) -> Any:
    strip = images(strips, folder, "trimmed")
    compat.set_handles(strip, 13, 20)
    return strip


def trimmed_twice(strips: Any, folder: Path) -> Any:
    strip = images(strips, folder, "trimmed twice")
    if hasattr(strip, "content_trim_start"):
        strip.content_trim_start = 2
    else:
        strip.animation_offset_start = 2
    compat.set_handles(strip, compat.handles(strip)[0] + 1, compat.handles(strip)[1] - 2)
    return strip


def held(strips: Any, folder: Path) -> Any:
    strip = images(strips, folder, "held")
    compat.set_handles(strip, 7, 26)
    return strip


def still(strips: Any, folder: Path) -> Any:
    strip = strips.new_image("still", str(folder / "grey.0105.png"), free(strips), 11)
    compat.set_handles(strip, 11, 17)
    return strip


def movie(strips: Any, folder: Path) -> Any:
    strip = strips.new_movie("movie", str(folder / "m24.mp4"), free(strips), 31)
    compat.set_handles(strip, 34, 40)
    return strip


def moved(strips: Any, folder: Path) -> Any:
    """Whatever the artist does to its look, the file is the same."""
    strip = images(strips, folder, "moved")
    strip.transform.scale_x, strip.transform.offset_y, strip.use_flip_x = 2, 3, True
    return strip


def other_rate(strips: Any, folder: Path) -> Any:
    """As the sequencer's own menu adds a movie: played at its own speed, with nothing in Python that says so."""
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    options = {"move_strips": False} if bpy.app.version >= (5, 0) else {}
    with bpy.context.temp_override(window=window, area=area, region=area.regions[0]):
        bpy.ops.sequencer.movie_strip_add(
            filepath=str(folder / "m30.mp4"), frame_start=11, channel=free(strips), sound=False,
            adjust_playback_rate=True, use_framerate=False, set_view_transform=False, **options,
        )  # fmt: skip
    return next(strip for strip in strips if strip.name in {"m30.mp4", "m30"})


def backwards(strips: Any, folder: Path) -> Any:
    """Moved and masked besides, which a rendered plate has nothing of."""
    strip = images(strips, folder, "backwards")
    strip.use_reverse_frames = True
    compat.set_handles(strip, 13, 20)
    return strip


def flickering(strips: Any, folder: Path) -> Any:
    strip = images(strips, folder, "flickering")
    strip.strobe = 3
    return strip


def with_a_gap(strips: Any, folder: Path) -> Any:
    strip = strips.new_image("with a gap", str(folder / "grey.0101.png"), free(strips), 11)
    for frame in (102, 104, 110, 103):
        strip.elements.append(f"grey.{frame:04d}.png")
    return strip


def cropped(strips: Any, folder: Path) -> Any:
    strip = strips.new_image("cropped", str(folder / "cropped.0001.exr"), free(strips), 11)
    for frame in range(2, 5):
        strip.elements.append(f"cropped.{frame:04d}.exr")
    return strip


def meta(strips: Any, folder: Path) -> Any:
    strip = strips.new_meta("meta", free(strips), 11)
    inner = images(strip.strips, folder, "first inside")
    compat.set_handles(inner, 11, 15)
    images(strip.strips, folder, "second inside").mute = True
    compat.set_handles(strip, 11, 15)
    return strip


def scene(strips: Any, folder: Path) -> Any:
    other = bpy.data.scenes.new("other")
    set_up(other)
    compat.set_sequencer_scene(strips.id_data)
    images(other.sequence_editor.strips, folder, "in the other")
    other.frame_start, other.frame_end = 11, 16
    strip = strips.new_scene("scene", other, free(strips), 21)
    strip.scene_input = "SEQUENCER"
    return strip


def sped_up(strips: Any, folder: Path) -> Any:
    strip = images(strips, folder, "sped up")
    options = {"frame_end": 23} if bpy.app.version < (5, 0) else {"length": COUNT}
    effect = strips.new_effect("faster", "SPEED", free(strips), 11, input1=strip, **options)
    effect.speed_control = "MULTIPLY"
    effect.speed_factor = 2
    compat.set_handles(strip, 11, 17)
    return strip


def retimed(strips: Any, folder: Path) -> Any:
    strip = strips.new_movie("retimed", str(folder / "m24.mp4"), free(strips), 11)
    strip.retiming_keys.add(timeline_frame=17)
    strip.retiming_keys[1].timeline_frame = 20
    strip.retiming_keys[-1].timeline_frame = 35
    return strip


def ntsc(strips: Any, folder: Path) -> Any:
    strip = strips.new_movie("ntsc", str(folder / "ntsc.mp4"), free(strips), 11)
    compat.set_handles(strip, 12, 22)
    return strip


IN_24: tuple[Add, ...] = (
    trimmed, trimmed_twice, held, still, movie, moved, other_rate, backwards, flickering, with_a_gap, cropped, meta,
    scene, sped_up,
)  # fmt: skip


def set_up(scene: Any, base: float = 1.0) -> None:
    scene.render.fps, scene.render.fps_base = 24, base
    scene.render.resolution_x, scene.render.resolution_y = SIZE_PX
    scene.render.resolution_percentage = 100
    scene.sequence_editor_create()
    compat.set_sequencer_scene(scene)
    compat.set_linear_exr(scene.render.image_settings)


def images(strips: Any, folder: Path, name: str) -> Any:
    strip = strips.new_image(name, str(folder / "grey.0101.png"), free(strips), 11)
    for frame in range(102, 101 + COUNT):
        strip.elements.append(f"grey.{frame:04d}.png")
    return strip


def free(strips: Any) -> int:
    return max((strip.channel for strip in strips), default=0) + 1


def told(strip: Any, host: BlenderHost, folder: Path) -> Facts:
    scene = strip.id_data
    bpy.context.window.scene = scene
    compat.set_sequencer_scene(scene)
    for other in scene.sequence_editor.strips_all:
        other.select = other == strip
    scene.sequence_editor.active_strip = strip
    clip = host.selected_clip()
    if clip.must_render:
        bake(host, clip)
    found = clips.find(clip.clip.host_id)
    frames = clip.clip.frames
    assert frames is not None
    left, right = compat.handles(strip)
    return {
        "is_same_later": host.selected_clip() == clip == found.clip,
        "path": clip.clip.plate.path,
        "frames": [frames.first, frames.last],
        "must_render": clip.must_render,
        "space": clip.colour.host_space,
        "config": clip.colour.host_config,
        "size_px": found.size_px,
        "clip_frames": {frame: found.frames.to_clip(frame) for frame in range(left, right)},
        "greys": greys(strip, folder, range(left, right)),
    }


def bake(host: BlenderHost, clip: Any) -> None:
    render = host.render_plate(clip)
    while not render.is_finished():
        time.sleep(0.05)


def greys(strip: Any, folder: Path, frames: range) -> dict[int, float]:
    """The scene-linear grey in the middle of the frame, as Blender renders the edit with that strip alone."""
    scene = strip.id_data
    effects = [other for other in scene.sequence_editor.strips if getattr(other, "input_1", None) == strip]
    for other in scene.sequence_editor.strips:
        other.mute = other != strip and other not in effects
    found = {}
    for frame in frames:
        scene.frame_set(frame)
        scene.render.filepath = str(folder / "seen.exr")
        bpy.ops.render.render(write_still=True, scene=scene.name)
        image = bpy.data.images.load(scene.render.filepath)
        middle = (SIZE_PX[1] // 2 * SIZE_PX[0] + SIZE_PX[0] // 2) * image.channels
        found[frame] = image.pixels[middle]
        bpy.data.images.remove(image)
    return found


def main(folder: Path) -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    properties.register()
    host = BlenderHost()
    first = bpy.context.scene
    set_up(first)
    # Without a window Blender crashes there before 5.2, and later too unless it comes first.
    ways = (retimed, *IN_24) if bpy.app.version >= (5, 2) else IN_24
    strips = {add.__name__: add(first.sequence_editor.strips, folder) for add in ways}
    second = bpy.data.scenes.new("ntsc")
    set_up(second, 1.001)
    strips["ntsc"] = ntsc(second.sequence_editor.strips, folder)
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "edit.blend"))
    # However paths are stored, and wherever a copy of the file lies.
    bpy.ops.file.make_paths_relative()
    assert strips["backwards"].directory.startswith("//")
    facts = {name: told(strip, host, folder) for name, strip in strips.items()}
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Exception:
        logging.exception("in_clips")
        os._exit(1)
    # At once: Blender as a module may hang as it ends.
    os._exit(0)
