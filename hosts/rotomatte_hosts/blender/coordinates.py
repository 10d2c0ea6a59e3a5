"""From the coordinates of Blender's editors to plate pixels (origin top-left, y down), and back.

Formulas measured in Blender 4.5, 5.0 and 5.2, those of strips by rendering.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Xy = tuple[float, float]
SizePx = tuple[int, int]


def plate_from_view(view_xy: Xy, size_px: SizePx) -> Xy:
    """From the clip and the image editor, tracking markers and annotations: 0 to 1, origin at the bottom left."""
    width, height = size_px
    return view_xy[0] * width, (1 - view_xy[1]) * height


def view_from_plate(plate_xy: Xy, size_px: SizePx) -> Xy:
    """The inverse of ``plate_from_view``."""
    width, height = size_px
    return plate_xy[0] / width, 1 - plate_xy[1] / height


def plate_from_mask(mask_xy: Xy, size_px: SizePx) -> Xy:
    """From the points of a mask: square, 0 to 1 over the picture's longer side, which it shares its centre with."""
    width, height = size_px
    side = max(width, height)
    return (mask_xy[0] - 0.5) * side + width / 2, (0.5 - mask_xy[1]) * side + height / 2


def mask_from_plate(plate_xy: Xy, size_px: SizePx) -> Xy:
    """The inverse of ``plate_from_mask``."""
    width, height = size_px
    side = max(width, height)
    return (plate_xy[0] - width / 2) / side + 0.5, 0.5 - (plate_xy[1] - height / 2) / side


@dataclass(frozen=True)
class Placement:
    """Where a strip's picture lies in the sequencer's preview.

    ``origin_xy`` is the point that it is scaled and turned about, 0 to 1 over the picture from the bottom left, and
    ``offset_px`` moves it, y up. ``rotation_rad`` turns counter-clockwise. ``flip_x`` and ``flip_y`` mirror what comes
    of that about the frame's centre. ``pixel_aspect`` is the render's, by which the preview is wider than its pixels.
    """

    size_px: SizePx
    offset_px: Xy = (0.0, 0.0)
    scale_xy: Xy = (1.0, 1.0)
    origin_xy: Xy = (0.5, 0.5)
    rotation_rad: float = 0.0
    flip_x: bool = False
    flip_y: bool = False
    pixel_aspect: float = 1.0

    def preview_from_plate(self, plate_xy: Xy) -> Xy:
        """A plate pixel in the preview: render pixels from the frame's centre, y up."""
        width, height = self.size_px
        x, y = plate_xy[0] - width / 2, height / 2 - plate_xy[1]
        pivot_x, pivot_y = self._pivot_xy()
        x, y = self.scale_xy[0] * (x - pivot_x), self.scale_xy[1] * (y - pivot_y)
        cos, sin = math.cos(self.rotation_rad), math.sin(self.rotation_rad)
        preview_x = pivot_x + self.offset_px[0] + cos * x - sin * y
        preview_y = pivot_y + self.offset_px[1] + sin * x + cos * y
        return self._mirrored((preview_x * self.pixel_aspect, preview_y))

    def plate_from_preview(self, preview_xy: Xy) -> Xy:
        """The inverse of ``preview_from_plate``; the picture's centre where it is scaled to nothing."""
        width, height = self.size_px
        pivot_x, pivot_y = self._pivot_xy()
        preview_x, preview_y = self._mirrored(preview_xy)
        x = preview_x / self.pixel_aspect - pivot_x - self.offset_px[0]
        y = preview_y - pivot_y - self.offset_px[1]
        cos, sin = math.cos(self.rotation_rad), math.sin(self.rotation_rad)
        x, y = cos * x + sin * y, cos * y - sin * x
        x = x / self.scale_xy[0] + pivot_x if self.scale_xy[0] else 0.0
        y = y / self.scale_xy[1] + pivot_y if self.scale_xy[1] else 0.0
        return width / 2 + x, height / 2 - y

    def _mirrored(self, xy: Xy) -> Xy:
        return -xy[0] if self.flip_x else xy[0], -xy[1] if self.flip_y else xy[1]

    def _pivot_xy(self) -> Xy:
        width, height = self.size_px
        return (self.origin_xy[0] - 0.5) * width, (self.origin_xy[1] - 0.5) * height
