"""From the model's answers to mattes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from rotomatte_plugin.errors import JobError

EdgeMode = Literal["none", "guided", "matting", "vitmatte"]


@dataclass(frozen=True)
class RefineSettings:
    """From the model's logits to alpha.

    ``ramp_cells`` is the width of the edge in cells of the model's grid. ``exclusive``: where objects would overlap,
    each pixel goes to the one that the model is surest of; mattes that the artist drew stay as they are.
    ``crop``: objects small in the plate are tracked a second time in a window that follows them. ``edges`` says what
    finds the edge in the plate, within ``band_px`` plate pixels on either side of the model's: "none", nothing;
    "guided", a guided filter; "matting", closed-form matting; "vitmatte", a network for matting.
    """

    ramp_cells: float = 1.0
    exclusive: bool = False
    crop: bool = False
    edges: EdgeMode = "none"
    band_px: float = 12.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.ramp_cells) and self.ramp_cells > 0):
            raise JobError(
                f"An edge {self.ramp_cells} cells wide is not possible.", remedy="Give a positive width, such as 1."
            )
        if not 1 <= self.band_px <= 256:
            raise JobError(
                f"An edge cannot be looked for within {self.band_px:g} pixels.", remedy="Give 1 to 256, such as 12."
            )
