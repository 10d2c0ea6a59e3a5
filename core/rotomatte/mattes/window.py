"""What the formats without windows show of a plate."""

from __future__ import annotations

from rotomatte.plate.base import FloatArray, PlateInfo


def display_part(picture: FloatArray, info: PlateInfo) -> FloatArray:
    """The display window's part of a picture over the canvas, ``_hw`` or ``_hwc``."""
    left, top = info.display.left - info.canvas.left, info.display.top - info.canvas.top
    return picture[top : top + info.display.height, left : left + info.display.width]
