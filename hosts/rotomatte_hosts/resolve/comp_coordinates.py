"""Fusion's coordinates and plate pixels; pure.

Fusion counts in fractions of the picture's whole width and height from its bottom-left corner, y up (Fuse SDK,
"Coordinates"); Rotomatte in plate pixels from the top-left one, y down. The clip attributes H-FLIP and V-FLIP turn the
picture before Fusion sees it, and plates that Resolve renders have been turned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_OFF = {"", "0", "off", "none", "no", "false"}


def is_flipped(properties: Mapping[str, str], key: str) -> bool:
    """Whether a clip of the media pool has ``H-FLIP`` or ``V-FLIP`` on."""
    return properties.get(key, "").strip().lower() not in _OFF


@dataclass(frozen=True)
class Picture:
    """How what Fusion sees lies on the plate.

    ``width_px`` and ``height_px`` are the plate's. What Fusion sees takes up ``shown_width_px`` by ``shown_height_px`` of
    it, in its middle: less than all where Resolve has fitted it into a timeline of another shape.
    """

    width_px: float
    height_px: float
    shown_width_px: float
    shown_height_px: float
    flips_x: bool = False
    flips_y: bool = False

    def to_plate_px(self, x: float, y: float) -> tuple[float, float]:
        """Plate pixels of a point in fractions."""
        across = 1 - x if self.flips_x else x
        down = y if self.flips_y else 1 - y
        left, top = (self.width_px - self.shown_width_px) / 2, (self.height_px - self.shown_height_px) / 2
        return left + across * self.shown_width_px, top + down * self.shown_height_px

    def to_fractions(self, x_px: float, y_px: float) -> tuple[float, float]:
        """A point of the plate in fractions."""
        left, top = (self.width_px - self.shown_width_px) / 2, (self.height_px - self.shown_height_px) / 2
        across, down = (x_px - left) / self.shown_width_px, (y_px - top) / self.shown_height_px
        return 1 - across if self.flips_x else across, down if self.flips_y else 1 - down

    def box_to_plate_px(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """A box from its top-left to its bottom-right corner in plate pixels."""
        one, other = self.to_plate_px(x0, y0), self.to_plate_px(x1, y1)
        return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def whole(width_px: float, height_px: float) -> Picture:
    """A plate that Fusion sees all of."""
    return Picture(width_px, height_px, width_px, height_px)


def fitted(width_px: float, height_px: float, source_width_px: float, source_height_px: float) -> Picture:
    """A plate into which a source was fitted whole, as Resolve does unless told otherwise."""
    scale = min(width_px / source_width_px, height_px / source_height_px)
    return Picture(width_px, height_px, source_width_px * scale, source_height_px * scale)
