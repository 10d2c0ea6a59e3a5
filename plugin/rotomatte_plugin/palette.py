"""Colours that tell objects apart, also for colour-blind eyes.

Okabe and Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/, without its black. The order is
ours: first the colour least like skin and foliage, and neighbours differ much.
"""

from __future__ import annotations

PALETTE: tuple[tuple[str, tuple[int, int, int]], ...] = (
    ("sky blue", (86, 180, 233)),
    ("orange", (230, 159, 0)),
    ("bluish green", (0, 158, 115)),
    ("reddish purple", (204, 121, 167)),
    ("yellow", (240, 228, 66)),
    ("blue", (0, 114, 178)),
    ("vermillion", (213, 94, 0)),
)
"""Name and 8-bit sRGB of each colour; the eighth object starts over."""


def colour_of(index: int) -> tuple[int, int, int]:
    """The 8-bit sRGB colour of the object at that place in the job."""
    return PALETTE[index % len(PALETTE)][1]
