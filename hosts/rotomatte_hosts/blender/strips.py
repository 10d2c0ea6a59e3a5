"""A strip of the sequencer as a clip: its file where Blender plays that frame by frame, else a plate to be rendered."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Optional

import bpy

from rotomatte_hosts.blender import compat
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.disk import changed_ns
from rotomatte_hosts.blender.exr_header import read_exr_header
from rotomatte_hosts.blender.fingerprint import fingerprint
from rotomatte_hosts.blender.frames import FrameMap, is_same_rate
from rotomatte_hosts.blender.ids import id_of
from rotomatte_hosts.blender.marks import MATTE_MARK
from rotomatte_hosts.blender.numbered import (
    LONE_FRAME,
    MOVIE_SUFFIXES,
    STILL_SUFFIXES,
    as_sequence,
    looks_unnumbered,
)
from rotomatte_hosts.blender.plates import plate_pattern
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.errors import JobError, PlateError
from rotomatte_plugin.model import Clip, ColourSettings, FrameRange, Plate

_NO_PICTURE = {"SOUND"}
_FIRST_RENDERED = 0
"""Blender renders no frames before it."""


@dataclass(frozen=True)
class _Footage:
    """Files of a strip that Blender plays one to one."""

    path: str
    frames: FrameMap


def strip_clip(strip: BpyThing) -> BlenderClip:
    """The clip of a strip.

    Raises:
        JobError: it has no picture, or is a matte of ours.
        PlateError: Blender could not read its first file, or it lies before frame 0 and has to be rendered.
    """
    if strip.type in _NO_PICTURE or strip.get(MATTE_MARK) is not None:
        what = "has no picture" if strip.type in _NO_PICTURE else "is a matte of Rotomatte"
        raise JobError(f"The strip {strip.name!r} {what}.", remedy="Select the strip of the plate.", clip=strip.name)
    footage = _footage(strip)
    if footage is None:
        return _rendered(strip)
    clip = Clip(Plate(footage.path), footage.frames.frames, strip.name, id_of(strip))
    colour = ColourSettings(host_space=strip.colorspace_settings.name, host_config=compat.ocio_config())
    return BlenderClip("strip", strip, HostClip(clip, colour), footage.frames, picture_size_px(strip))


def picture_size_px(strip: BpyThing) -> tuple[int, int]:
    """The width and height of a strip's picture before it is scaled.

    Raises:
        PlateError: Blender could not read its first file.
    """
    if strip.type in {"MOVIE", "IMAGE"}:
        first = strip.elements[0]
        if not (first.orig_width and first.orig_height):
            raise PlateError(
                f"Blender could not read the strip {strip.name!r}.",
                remedy="Restore its files, then add them to the sequencer again.",
                clip=strip.name,
                path=_path(strip, first.filename),
            )
        return first.orig_width, first.orig_height
    if strip.type == "SCENE" and strip.scene is not None and strip.scene_input == "CAMERA":
        return render_size_px(strip.scene)
    return render_size_px(strip.id_data)


def render_size_px(scene: BpyThing) -> tuple[int, int]:
    """The width and height of a scene's render."""
    render = scene.render
    # As Blender does, which cuts off what is left of a pixel.
    width, height = (side * render.resolution_percentage // 100 for side in (render.resolution_x, render.resolution_y))
    return width, height


def _rendered(strip: BpyThing) -> BlenderClip:
    left, right = compat.handles(strip)
    if right <= _FIRST_RENDERED:
        raise PlateError(
            f"The strip {strip.name!r} ends before frame {_FIRST_RENDERED}, and has to be rendered.",
            remedy="Move it to where Blender renders.",
            clip=strip.name,
        )
    size_px = picture_size_px(strip)
    frames = FrameMap(0, FrameRange(max(left, _FIRST_RENDERED), right - 1))
    path = plate_pattern(id_of(strip), fingerprint(strip, size_px))
    colour = ColourSettings(host_space=compat.scene_linear_space(), host_config=compat.ocio_config())
    clip = Clip(Plate(str(path)), frames.frames, strip.name, id_of(strip))
    return BlenderClip("strip", strip, HostClip(clip, colour, must_render=True), frames, size_px)


def _footage(strip: BpyThing) -> Optional[_Footage]:
    """The files of a strip that is nothing but these, each for one frame; None of any other."""
    if strip.type not in {"MOVIE", "IMAGE"} or _is_bent(strip):
        return None
    return _movie(strip) if strip.type == "MOVIE" else _images(strip)


def _is_bent(strip: BpyThing) -> bool:
    """Whether something comes between a strip's files and its frames."""
    start, _ = compat.content(strip)
    return bool(
        len(strip.retiming_keys)
        or strip.use_reverse_frames
        or strip.strobe > 1
        or strip.use_multiview
        or start != math.floor(start)
        or speed_effect(strip) is not None
    )


def speed_effect(strip: BpyThing) -> Optional[BpyThing]:
    """The effect that plays a strip faster or slower; None where there is none."""
    others = strip.id_data.sequence_editor.strips_all
    return next((other for other in others if other.type == "SPEED" and other.input_1 == strip), None)


def _shown(strip: BpyThing) -> tuple[int, int]:
    """The first and the last timeline frame at which the strip shows another picture than just before or behind."""
    left, right = compat.handles(strip)
    start, end = (int(frame) for frame in compat.content(strip))
    first = min(max(left, start), end - 1)
    return first, max(min(right, end) - 1, first)


def _movie(strip: BpyThing) -> Optional[_Footage]:
    scene_rate = strip.id_data.render.fps / strip.id_data.render.fps_base
    path = bpy.path.abspath(strip.filepath, library=strip.id_data.library)
    if strip.stream_index or Path(path).suffix.lower() not in MOVIE_SUFFIXES or not is_same_rate(strip.fps, scene_rate):
        return None
    first, last = _shown(strip)
    offset = LONE_FRAME + compat.content_trim_start(strip) - int(compat.content(strip)[0])
    return _Footage(path, FrameMap(offset, FrameRange(first + offset, last + offset)))


def _images(strip: BpyThing) -> Optional[_Footage]:
    first, last = _shown(strip)
    names = [strip.strip_elem_from_frame(frame).filename for frame in range(first, last + 1)]
    files = [Path(_path(strip, name)) for name in names]
    if any(file.suffix.lower() not in STILL_SUFFIXES for file in files) or _is_cropped(files):
        return None
    if looks_unnumbered(names[0]) and len(names) == 1:
        return _Footage(_path(strip, names[0]), FrameMap(LONE_FRAME - first, FrameRange(LONE_FRAME, LONE_FRAME)))
    name = as_sequence(names)
    if name is None:
        return None
    frames = FrameRange(name.frame, name.frame + last - first)
    return _Footage(_path(strip, name.pattern), FrameMap(name.frame - first, frames))


def _is_cropped(files: list[Path]) -> bool:
    """Whether a file's pixels are not those of its display window, which Blender does not look at."""
    # What is missing is the engine's to say, with the frame.
    seen = ((file, changed_ns(file)) for file in files if file.suffix.lower() == ".exr")
    return any(_has_other_windows(file, changed) for file, changed in seen if changed is not None)


@lru_cache(maxsize=1 << 16)
def _has_other_windows(file: Path, changed: int) -> bool:
    del changed  # only there so that a file that has changed is read again
    header = read_exr_header(file)
    return header.data != header.display


def _path(strip: BpyThing, name: str) -> str:
    if strip.type == "MOVIE":
        return str(bpy.path.abspath(strip.filepath, library=strip.id_data.library))
    return str(Path(bpy.path.abspath(strip.directory, library=strip.id_data.library)) / name)
