"""What the model sees of a plate: display-referred RGB, as a person at an SDR monitor would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import cv2
import numpy as np
import PyOpenColorIO

from rotomatte.colour.choice import SpaceSource, choose_space
from rotomatte.colour.config import OCIO_ERRORS, content_sha256, first_line, open_config
from rotomatte.colour.cube import apply, compile_steps
from rotomatte.colour.route import PLAIN, Route, route
from rotomatte.colour.spaces import interop_id
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.errors import ColourError
from rotomatte_plugin.model import ColourSettings

_SOURCES: dict[SpaceSource, str] = {
    "job": "named by the job",
    "host": "named by the host",
    "file": "named by the file",
    "rules": "given by the config's file rules",
    "kind": "the custom for such files",
    "guess": "a guess",
}

_HASH_DIGITS = 16


@dataclass(frozen=True)
class ColourChoice:
    """The colour decisions of a job: part of its report and of every matte's header.

    ``display`` is empty and ``view`` "plain" where the codes are shown as they are. ``source`` says who named
    the space; ``warnings`` are sentences for the user. ``config_sha256`` is the hash of the config's file and of
    the LUTs that were taken from it, None for a built-in config. ``interop_id`` is the space's interop id, where the
    config knows one.
    """

    config: str
    space: str
    display: str
    view: str
    source: SpaceSource
    warnings: tuple[str, ...]
    look: Optional[str] = None
    exposure_stops: float = 0.0
    config_sha256: Optional[str] = None
    interop_id: Optional[str] = None

    def describe(self) -> str:
        """The choice in one line for a person, who named the space included."""
        return f"{self.identity()}; the space is {_SOURCES[self.source]}"

    def identity(self) -> str:
        """The choice in one line: the same for the same pixels, whoever chose, and another for others."""
        exposure = f", {self.exposure_stops:+g} stops" if self.exposure_stops else ""
        look = f", look {self.look}" if self.look else ""
        seen = "shown plainly" if self.view == PLAIN else f"through {self.view} on {self.display}"
        content = f" (sha256 {self.config_sha256[:_HASH_DIGITS]})" if self.config_sha256 else ""
        return f"{self.space}{exposure}{look}, {seen}; config {self.config}{content}"


class ModelView:
    """From frames in the plate's space to what the model sees. Threads may share one."""

    def __init__(self, choice: ColourChoice, processor: Optional[PyOpenColorIO.CPUProcessor]) -> None:
        self.choice = choice
        self._processor = processor

    def see(self, rgb_hwc: FloatArray, size_px: int) -> FloatArray:
        """The whole frame squeezed to a square: ``seen_hwc`` float32 in 0..1, ``size_px`` on each side."""
        return self.see_at(rgb_hwc, size_px, size_px)

    def see_full(self, rgb_hwc: FloatArray) -> FloatArray:
        """The frame at its own size: ``seen_hwc`` float32 in 0..1."""
        return self.see_at(rgb_hwc, rgb_hwc.shape[1], rgb_hwc.shape[0])

    def see_at(self, rgb_hwc: FloatArray, width_px: int, height_px: int) -> FloatArray:
        """The whole frame at another size, whatever that does to its aspect: ``seen_hwc`` float32 in 0..1.

        Resized first, in the plate's own space: 0.4 of an 8-bit code away from the other order on average, and
        several times cheaper.
        """
        sized_hwc = _resized(rgb_hwc, width_px, height_px)
        seen_hwc = sized_hwc if self._processor is None else apply(self._processor, sized_hwc)
        clipped_hwc: FloatArray = np.clip(seen_hwc, 0.0, 1.0)
        return clipped_hwc


def open_view(info: PlateInfo, settings: ColourSettings) -> ModelView:
    """Decide how a plate is shown to the model, from what the job, the host and the plate say of its colours.

    Raises:
        ColourError: an unknown space, display, view or look, a plate of data, or an unusable config.
    """
    config = open_config(settings)
    chosen = choose_space(config, info, settings)
    try:
        way = route(config, chosen.space, settings)
        steps = (*way.exact, *way.baked)
        processor = compile_steps(way.exact, way.baked, unbounded=way.unbounded) if steps else None
    except OCIO_ERRORS as why:
        raise ColourError(
            f"The config {config.name} cannot show {chosen.space}: {first_line(why)}.",
            remedy="Mend the config, or name another one.",
        ) from why
    return ModelView(
        ColourChoice(
            config=config.name,
            space=str(chosen.space),
            display=way.display,
            view=way.view,
            source=chosen.source,
            warnings=(*chosen.warnings, *_unused(way, settings)),
            look=None if way.view == PLAIN else settings.look,
            exposure_stops=settings.exposure_stops,
            config_sha256=content_sha256(config, steps),
            interop_id=interop_id(chosen.space),
        ),
        processor,
    )


def _unused(way: Route, settings: ColourSettings) -> tuple[str, ...]:
    asked = [f"the look {settings.look}"] if settings.look else []
    asked += [f"the view {settings.view}"] if settings.view else []
    if way.view != PLAIN or not asked:
        return ()
    return (f"The plate is made for a display already and shown as it is, without {' and '.join(asked)}.",)


def _resized(rgb_hwc: FloatArray, width_px: int, height_px: int) -> FloatArray:
    height, width = rgb_hwc.shape[:2]
    if (width, height) == (width_px, height_px):
        return rgb_hwc
    # Area averaging only averages: an axis that grows is interpolated afterwards.
    shrunk_hwc = cv2.resize(rgb_hwc, (min(width, width_px), min(height, height_px)), interpolation=cv2.INTER_AREA)
    if shrunk_hwc.shape[:2] != (height_px, width_px):
        shrunk_hwc = cv2.resize(shrunk_hwc, (width_px, height_px), interpolation=cv2.INTER_LINEAR)
    return np.asarray(shrunk_hwc, dtype=np.float32)
