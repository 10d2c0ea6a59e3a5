"""Names that clips keep for good: a custom property of the strip, movie clip or image, which the .blend file saves."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import bpy

from rotomatte_hosts.blender.compat import BpyThing

HOST_ID = "rotomatte_id"
"""The custom property."""


def id_of(owner: BpyThing) -> str:
    """A clip's id, empty where it has none yet."""
    return str(owner.get(HOST_ID, ""))


def give_id(owner: BpyThing) -> str:
    """Give a clip an id of its own, whatever it had, and say it."""
    owner[HOST_ID] = uuid.uuid4().hex
    return id_of(owner)


def is_shared(owner: BpyThing) -> bool:
    """Whether another clip has the same id, as the copy of a strip does."""
    host_id = id_of(owner)
    return any(other != owner for other in owners() if id_of(other) == host_id)


def owners() -> Iterator[BpyThing]:
    """Everything in the .blend file that can be a clip."""
    for scene in bpy.data.scenes:
        if scene.sequence_editor is not None:
            yield from scene.sequence_editor.strips_all
    yield from bpy.data.movieclips
    yield from bpy.data.images
