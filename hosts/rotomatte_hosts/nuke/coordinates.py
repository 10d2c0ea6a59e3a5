"""From Nuke's pixels to plate pixels and back.

Nuke counts continuously from the bottom-left corner of the format, y upwards: corners are whole numbers, the centre of
the first pixel is (0.5, 0.5). Points are in pixels of the format, not of the bounding box; neither the pixels' aspect
nor proxy mode changes them. Plate pixels are the same from the top-left corner, y downwards. Source: Foundry's NDK
guide, and the Python API reference of ``Node.sample``.
"""

from __future__ import annotations

from collections.abc import Sequence


def to_plate_y(y: float, height_px: float) -> float:
    """A height above the format's bottom edge, as a depth below its top edge."""
    return height_px - y


def to_nuke_y(y: float, height_px: float) -> float:
    """A depth below the format's top edge, as a height above its bottom edge."""
    return height_px - y


def to_plate_box(x: float, y: float, r: float, t: float, height_px: float) -> tuple[float, float, float, float]:
    """A box knob's left, bottom, right and top as x0, y0, x1, y1 in plate pixels, whichever corners are which."""
    return min(x, r), height_px - max(y, t), max(x, r), height_px - min(y, t)


def to_nuke_box(x0: float, y0: float, x1: float, y1: float, height_px: float) -> tuple[float, float, float, float]:
    """A box in plate pixels as a box knob's left, bottom, right and top."""
    return x0, height_px - y1, x1, height_px - y0


def viewer_sample_box(
    sampled: Sequence[float], width_px: float, height_px: float, pixel_aspect: float
) -> tuple[float, float, float, float]:
    """Where the viewer was sampled, in Nuke's pixels.

    Args:
        sampled: the knob ``colour_sample_bbox``: two corners, each x and y from -1 to 1 across the picture's width as it
            is displayed, from its middle.
        width_px: of the format that is viewed, in full size whatever the proxy mode.
        height_px: of the same.
        pixel_aspect: of the same.

    Returns:
        Left, bottom, right and top.
    """
    aspect = width_px * pixel_aspect / height_px
    xs = [(sampled[index] * 0.5 + 0.5) * width_px for index in (0, 2)]
    ys = [(sampled[index] * 0.5 * aspect + 0.5) * height_px for index in (1, 3)]
    return min(xs), min(ys), max(xs), max(ys)
