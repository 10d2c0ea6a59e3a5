"""Where a clip's picture lies in an editor, and the editor's window in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rotomatte_hosts.blender import compat
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.coordinates import Placement, Xy, plate_from_view, view_from_plate


def plate_from_editor(found: BlenderClip) -> Callable[[Xy], Xy]:
    """From an editor's view coordinates to plate pixels."""
    if found.kind == "strip":
        return _placement(found).plate_from_preview
    return lambda view_xy: plate_from_view(view_xy, found.size_px)


def editor_from_plate(found: BlenderClip) -> Callable[[Xy], Xy]:
    """From plate pixels to an editor's view coordinates."""
    if found.kind == "strip":
        return _placement(found).preview_from_plate
    return lambda plate_xy: view_from_plate(plate_xy, found.size_px)


def is_under_playhead(found: BlenderClip) -> bool:
    """Whether a clip is to be seen at its scene's current frame; movie clips and images always are, held at their ends."""
    if found.kind != "strip":
        return True
    left, right = compat.handles(found.owner)
    return bool(left <= found.scene.frame_current < right)


@dataclass(frozen=True)
class RegionMap:
    """From view coordinates to a region's pixels: scaled and moved, each axis by itself."""

    origin_xy: Xy
    scale_xy: Xy

    def to_region(self, view_xy: Xy) -> Xy:
        """View coordinates in pixels of the region, from its bottom left."""
        return (
            self.origin_xy[0] + self.scale_xy[0] * view_xy[0],
            self.origin_xy[1] + self.scale_xy[1] * view_xy[1],
        )


def region_map(region: BpyThing) -> RegionMap:
    """How a region shows its view; Blender's own function for it rounds to whole pixels."""
    width, height = region.width, region.height
    left, bottom = region.view2d.region_to_view(0, 0)
    right, top = region.view2d.region_to_view(width, height)
    scale_xy = (width / (right - left), height / (top - bottom))
    return RegionMap((-left * scale_xy[0], -bottom * scale_xy[1]), scale_xy)


def _placement(found: BlenderClip) -> Placement:
    strip = found.owner
    transform, render = strip.transform, strip.id_data.render
    return Placement(
        size_px=found.size_px,
        offset_px=(transform.offset_x, transform.offset_y),
        scale_xy=(transform.scale_x, transform.scale_y),
        origin_xy=(transform.origin[0], transform.origin[1]),
        rotation_rad=transform.rotation,
        flip_x=strip.use_flip_x,
        flip_y=strip.use_flip_y,
        pixel_aspect=render.pixel_aspect_x / render.pixel_aspect_y,
    )
