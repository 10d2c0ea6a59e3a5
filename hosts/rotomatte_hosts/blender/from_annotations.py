"""Reads annotations as prompts; see ``as_prompts``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import bpy

from rotomatte_hosts.blender import compat
from rotomatte_hosts.blender.as_prompts import DrawnStroke, strokes
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.views import plate_from_editor
from rotomatte_plugin.model import PromptSet


def prompts(found: BlenderClip, known: Collection[str]) -> Mapping[str, PromptSet]:
    """What is drawn over a clip, by object."""
    return strokes(_read(found), known, found.frames, found.size_px, plate_from_editor(found))


def _read(found: BlenderClip) -> Iterator[DrawnStroke]:
    for annotation in _annotations(found):
        for layer in annotation.layers:
            for frame in () if layer.annotation_hide else layer.frames:
                for stroke in frame.strokes:
                    if compat.is_in_picture(stroke):
                        points_xy = tuple((point.co[0], point.co[1]) for point in stroke.points)
                        yield DrawnStroke(layer.info, frame.frame_number, points_xy)


def _annotations(found: BlenderClip) -> tuple[BpyThing, ...]:
    """A movie clip has its own; those over images and the timeline belong to the editors that show them."""
    if found.kind == "movie clip":
        owners = [found.owner]
    else:
        spaces = (area.spaces.active for screen in bpy.data.screens for area in screen.areas)
        owners = [space for space in spaces if _shows(space, found)]
    found_ones = (compat.annotation_of(owner) for owner in owners)
    return tuple(dict.fromkeys(one for one in found_ones if one is not None))


def _shows(space: BpyThing, found: BlenderClip) -> bool:
    if found.kind == "image":
        return bool(space.type == "IMAGE_EDITOR" and space.image == found.owner)
    return bool(space.type == "SEQUENCE_EDITOR")
