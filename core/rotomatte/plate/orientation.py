"""How a movie is turned when it is shown: the display matrix of QuickTime and MP4 (ISO/IEC 14496-12, ``tkhd``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from rotomatte.plate.base import FloatArray

_QUARTER_TURNS_CLOCKWISE = {(1, 0, 0, 1): 0, (0, 1, -1, 0): 1, (-1, 0, 0, -1): 2, (0, -1, 1, 0): 3}


@dataclass(frozen=True)
class Orientation:
    """From stored to shown pixels: a stored column x and row y are shown at column ax + cy and row bx + dy.

    One of ``a`` and ``c`` is 1 or -1 and the other 0; ``b`` and ``d`` alike, the other way round. Offsets keep the
    picture's corner where it is.
    """

    a: int = 1
    b: int = 0
    c: int = 0
    d: int = 1

    @property
    def swaps_sides(self) -> bool:
        """Whether width and height change places."""
        return self.a == 0

    @property
    def said(self) -> str:
        """What is done, for a person; empty where nothing is."""
        turns = _QUARTER_TURNS_CLOCKWISE.get((self.a, self.b, self.c, self.d))
        if turns is None:
            return "mirrored and turned"
        return f"turned by {90 * turns} degrees clockwise" if turns else ""

    def applied(self, stored_hwc: FloatArray) -> FloatArray:
        """The picture as it is shown."""
        shown_hwc = stored_hwc.swapaxes(0, 1) if self.swaps_sides else stored_hwc
        if self.a + self.c < 0:
            shown_hwc = shown_hwc[:, ::-1]
        if self.b + self.d < 0:
            shown_hwc = shown_hwc[::-1]
        return np.ascontiguousarray(shown_hwc)


def orientation_of(display_matrix: bytes) -> Optional[Orientation]:
    """The orientation in FFmpeg's display matrix (nine native 32-bit numbers), None where it is no quarter turn."""
    if len(display_matrix) != 36:
        return None
    matrix = np.frombuffer(display_matrix, np.int32).reshape(3, 3)[:2, :2]
    signs = np.sign(matrix)
    a, b, c, d = (int(sign) for sign in signs.ravel())
    if np.abs(signs).sum() != 2 or a * d + b * c == 0 or len(set(np.abs(matrix[matrix != 0]).tolist())) != 1:
        return None
    return Orientation(a, b, c, d)
