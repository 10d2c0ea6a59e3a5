"""An editor with a mask in it, for operators that look nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy

from rotomatte_hosts.blender import rest
from rotomatte_hosts.blender.compat import BpyThing


@contextmanager
def mask_editor(scene: BpyThing, mask: BpyThing) -> Iterator[None]:
    """Within it operators find the mask; then everything is as it was, the playhead too.

    Raises:
        JobError: Rotomatte is at work, and this Blender could crash of it.
    """
    rest.require_override()
    window = bpy.context.window_manager.windows[0]
    # An image editor if there is one, so that no other has to stand in for a moment.
    area = min(window.screen.areas, key=lambda area: area.type != "IMAGE_EDITOR")
    kind, frame = area.type, scene.frame_current
    with bpy.context.temp_override(window=window, scene=scene):
        area.type = "IMAGE_EDITOR"
        space = area.spaces.active
        mode, earlier = space.mode, space.mask
        space.mode, space.mask = "MASK", mask
        region = next(region for region in area.regions if region.type == "WINDOW")
        try:
            with bpy.context.temp_override(area=area, region=region):
                yield
        finally:
            scene.frame_current = frame
            space.mask = earlier
            space.mode = mode
            area.type = kind
