"""A clip in Blender: what the engine needs to know of it, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import bpy

from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.frames import FrameMap
from rotomatte_plugin.adapter import HostClip

ClipKind = Literal["strip", "movie clip", "image"]


@dataclass(frozen=True)
class BlenderClip:
    """A clip and the strip, movie clip or image that it belongs to.

    ``owner`` is Blender's own: it must not be kept over an undo or the opening of a file. ``frames`` are the clip's
    among those of its scene; ``size_px`` is the width and height of its picture.
    """

    kind: ClipKind
    owner: BpyThing
    clip: HostClip
    frames: FrameMap
    size_px: tuple[int, int]

    @property
    def scene(self) -> BpyThing:
        """The scene whose playhead moves over the clip, and which has its prompts."""
        return self.owner.id_data if self.kind == "strip" else bpy.context.scene
