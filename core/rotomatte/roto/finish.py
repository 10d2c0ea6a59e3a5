"""From an object's answer on a frame to its matte at plate resolution."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Optional

import numpy as np

from rotomatte.mattes.alpha import alpha_from_logits
from rotomatte.mattes.blend import blend
from rotomatte.mattes.clean_up import cleaned
from rotomatte.mattes.edges import edge_refiner
from rotomatte.mattes.holdouts import holdout_matte
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte.prompts.key_frame import artist_matte
from rotomatte.roto.fuse import Sighting
from rotomatte.roto.windows import CloseUp
from rotomatte_plugin.model import Holdout, MatteObject, RefineSettings

_HOLDOUTS_KEPT = 4
"""A still holdout serves every frame; one a frame serves the objects that share it."""


class Finisher:
    """The stages behind the model: ramp, close-up, edges, clean-up.

    ``seen`` gives a frame's canvas as ``seen_hwc`` at plate size and is asked only where edges are looked for.
    """

    def __init__(self, info: PlateInfo, refine: RefineSettings, seen: Callable[[int], FloatArray]) -> None:
        self._info = info
        self._refine = refine
        self._seen = seen
        self._edges = None if refine.edges == "none" else edge_refiner(refine.edges)
        self._holdout = lru_cache(_HOLDOUTS_KEPT)(self._read_holdout)

    def drawn(self, item: MatteObject, frame: int) -> Optional[FloatArray]:
        """The artist's own matte on a frame, cleaned up as asked, None where there is none."""
        prompts = item.prompts.at(frame)
        alpha_hw = artist_matte(prompts, self._info) if prompts else None
        return None if alpha_hw is None else self._cleaned(item, frame, alpha_hw)

    def untracked(self, item: MatteObject, frame: int) -> FloatArray:
        """The matte of a frame that no track leads to: empty, but for a core matte."""
        canvas = self._info.canvas
        return self._cleaned(item, frame, np.zeros((canvas.height, canvas.width), np.float32))

    def tracked(self, item: MatteObject, frame: int, sighting: Sighting, close_up: Optional[CloseUp]) -> FloatArray:
        """The matte of what the model saw on a frame."""
        canvas, ramp_cells = self._info.canvas, self._refine.ramp_cells
        alpha_hw = alpha_from_logits(sighting.logits_hw, canvas.width, canvas.height, ramp_cells)
        if close_up is not None:
            window = close_up.window
            close_hw = alpha_from_logits(close_up.logits_hw, window.width, window.height, ramp_cells)
            alpha_hw = blend(alpha_hw, close_hw, canvas, window)
        if self._edges is not None and alpha_hw.any():
            alpha_hw = self._edges(self._seen(frame), alpha_hw, self._refine.band_px)
        return self._cleaned(item, frame, alpha_hw)

    def _cleaned(self, item: MatteObject, frame: int, alpha_hw: FloatArray) -> FloatArray:
        return cleaned(alpha_hw, item.clean_up, frame, self._holdout)

    def _read_holdout(self, holdout: Holdout, frame: int) -> FloatArray:
        return holdout_matte(holdout, frame, self._info)
