"""How a clip is found again by its id."""

from __future__ import annotations

import bpy

from rotomatte_hosts.blender import ids
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.footage import image_clip, image_user, movie_clip
from rotomatte_hosts.blender.strips import strip_clip
from rotomatte_plugin.errors import JobError


def find(host_id: str) -> BlenderClip:
    """The clip with an id.

    Raises:
        JobError: it is not in the .blend file any more.
        PlateError: it cannot be read.
    """
    owner = next((owner for owner in ids.owners() if host_id and ids.id_of(owner) == host_id), None)
    if owner is None:
        raise JobError("The clip is not in this .blend file any more.", remedy="Select the clip again.")
    if isinstance(owner, bpy.types.MovieClip):
        return movie_clip(owner)
    if isinstance(owner, bpy.types.Image):
        return image_clip(owner, image_user(owner))
    return strip_clip(owner)
