"""What the model sees of a plate: display-referred RGB, as a person at an SDR monitor would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import cv2
import numpy as np
import PyOpenColorIO

from rotomatte.colour.choice import SpaceSource, choose_space
from rotomatte.colour.config import OCIO_ERRORS, open_config
from rotomatte.colour.cube import apply, bake
from rotomatte.colour.route import PLAIN, route
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.errors import ColourError

_SOURCES: dict[SpaceSource, str] = {
    "job": "named by the job",
    "file": "named by the file",
    "rules": "by the config's file rules",
    "kind": "the custom for such files",
    "guess": "a guess",
}


@dataclass(frozen=True)
class ColourChoice:
    """The colour decisions of a job: part of its report and of every matte's header.

    ``display`` is empty and ``view`` "plain" where the codes are shown as they are. ``source`` says who named
    the space; ``warnings`` are sentences for the user.
    """

    config: str
    space: str
    display: str
    view: str
    source: SpaceSource
    warnings: tuple[str, ...]

    def describe(self) -> str:
        """The choice in one line."""
        seen = "shown plainly" if self.view == PLAIN else f"through {self.view} on {self.display}"
        return f"{self.space} ({_SOURCES[self.source]}), {seen}; config {self.config}"


class ModelView:
    """From frames in the plate's space to what the model sees."""

    def __init__(self, choice: ColourChoice, processor: Optional[PyOpenColorIO.CPUProcessor]) -> None:
        self.choice = choice
        self._processor = processor

    def see(self, rgb_hwc: FloatArray, size_px: int) -> FloatArray:
        """The whole frame squeezed to a square: ``seen_hwc`` float32 in 0..1, ``size_px`` on each side.

        Resized first, in the plate's own space: 0.4 of an 8-bit code away from the other order on average, and
        several times cheaper.
        """
        return self.see_full(_squeeze(rgb_hwc, size_px))

    def see_full(self, rgb_hwc: FloatArray) -> FloatArray:
        """The frame at its own size: ``seen_hwc`` float32 in 0..1."""
        seen_hwc = rgb_hwc if self._processor is None else apply(self._processor, rgb_hwc)
        clipped_hwc: FloatArray = np.clip(seen_hwc, 0.0, 1.0)
        return clipped_hwc


def open_view(info: PlateInfo, colour_space: Optional[str]) -> ModelView:
    """Decide how a plate is shown to the model; ``colour_space`` is what the job says, None where it says nothing.

    Raises:
        ColourError: an unknown space, a plate of data, or an unusable config.
    """
    config = open_config()
    chosen = choose_space(config, info, colour_space)
    try:
        way = route(config, chosen.space)
        processor = bake(config.ocio, way.chain, linear_light=way.linear_light) if way.chain else None
    except OCIO_ERRORS as why:
        reason = str(why).splitlines()[0].rstrip(".")
        raise ColourError(
            f"The config {config.name} cannot show {chosen.space.getName()}: {reason}.",
            remedy="Mend the config, or set OCIO to another one.",
        ) from why
    choice = ColourChoice(
        config=config.name,
        space=chosen.space.getName(),
        display=way.display,
        view=way.view,
        source=chosen.source,
        warnings=chosen.warnings,
    )
    return ModelView(choice, processor)


def _squeeze(rgb_hwc: FloatArray, size_px: int) -> FloatArray:
    height, width = rgb_hwc.shape[:2]
    # Area averaging only averages: an axis that grows is interpolated afterwards.
    shrunk = cv2.resize(rgb_hwc, (min(width, size_px), min(height, size_px)), interpolation=cv2.INTER_AREA)
    squeezed = cv2.resize(shrunk, (size_px, size_px), interpolation=cv2.INTER_LINEAR)
    return np.asarray(squeezed, dtype=np.float32)
