"""What decides the pixels of a rendered plate, as one word: another word, another plate.

What a scene's own objects look like is not part of it: Blender has no cheap way to say that they have changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Optional

import bpy

from rotomatte_hosts.blender import compat
from rotomatte_hosts.blender.animation import keys
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.disk import changed_ns

_DIGITS = 16

_OF_THE_EDIT = {
    "rna_type", "name", "select", "select_left_handle", "select_right_handle", "lock", "channel", "color_tag",
    "show_retiming_keys", "use_default_fade", "use_proxy", "proxy", "sound", "connections", "volume", "pan",
    "show_waveform", "is_active", "show_expanded", "show_preview", "override_cache_settings",
}  # fmt: skip
"""Properties that no pixel depends on."""

LAID_ASIDE = {
    "transform", "crop", "use_flip_x", "use_flip_y", "modifiers", "blend_type", "blend_alpha", "mute",
    "color_multiply", "multiply_alpha", "color_saturation", "use_linear_modifiers",
}  # fmt: skip
"""Properties that the plate is rendered without: the matte is placed with them again."""


def fingerprint(strip: BpyThing, size_px: tuple[int, int]) -> str:
    """A word for all that decides a strip's own pictures on the timeline, the same on every frame.

    ``size_px`` is the width and height that they are rendered at.
    """
    scene = strip.id_data
    said = {
        "strip": _said(strip, keys(scene), LAID_ASIDE, set()),
        "effects": [
            _said(other, keys(scene), (), {strip.as_pointer()})
            for other in scene.sequence_editor.strips_all
            if other.type == "SPEED" and other.input_1 == strip
        ],
        "rate": [scene.render.fps, scene.render.fps_base],
        "size_px": size_px,
        "space": compat.scene_linear_space(),
        "config": compat.ocio_config(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:_DIGITS]


def _said(thing: BpyThing, animated: Mapping[str, Any], without: Collection[str], seen: set[int]) -> Mapping[str, Any]:
    """The properties of a strip, and of what it refers to."""
    if thing.as_pointer() in seen:
        return {}
    seen.add(thing.as_pointer())
    said: dict[str, Any] = {}
    for prop in thing.bl_rna.properties:
        name = prop.identifier
        if name in _OF_THE_EDIT or name in without or compat.is_deprecated(prop):
            continue
        said[name] = _value(thing, prop, animated, seen)
    return said


def _value(thing: BpyThing, prop: BpyThing, animated: Mapping[str, Any], seen: set[int]) -> object:
    value = getattr(thing, prop.identifier)
    if prop.type == "POINTER":
        return _referred(value, animated, seen)
    if prop.type == "COLLECTION":
        said = [_referred(item, animated, seen) for item in value]
        return [said, _elements_changed_ns(thing)] if prop.identifier == "elements" else said
    keys_of = animated.get(_path(thing, prop.identifier))
    if keys_of is not None:
        return keys_of
    if prop.identifier in {"filepath", "directory"}:
        # However the .blend file names it. What is in a folder is told file by file: other files may come to it.
        file = Path(bpy.path.abspath(value))
        return [str(file), changed_ns(file) if prop.identifier == "filepath" else None]
    if prop.type == "ENUM":
        return sorted(value) if prop.is_enum_flag else value
    return list(value) if getattr(prop, "is_array", False) else value


def _referred(value: Optional[BpyThing], animated: Mapping[str, Any], seen: set[int]) -> object:
    if value is None:
        return None
    if isinstance(value, bpy.types.Scene):
        camera = value.camera and value.camera.name_full
        return [value.name_full, value.frame_start, value.frame_end, value.render.fps, camera]
    if isinstance(value, bpy.types.ID):
        return [value.name_full, getattr(value, "filepath", "")]
    return _said(value, animated, (), seen)


def _path(thing: BpyThing, name: str) -> str:
    try:
        return str(thing.path_from_id(name))
    except (ValueError, TypeError):
        # Not every struct knows its way from the scene.
        return ""


def _elements_changed_ns(strip: BpyThing) -> list[Optional[int]]:
    """When each file of a strip was changed; a movie's is told by its path."""
    if strip.type != "IMAGE":
        return []
    folder = Path(bpy.path.abspath(strip.directory))
    return [changed_ns(folder / element.filename) for element in strip.elements]
