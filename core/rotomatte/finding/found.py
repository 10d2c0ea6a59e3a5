"""What was found on a frame: a description of each find, and its matte, made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Optional

import cv2
import numpy as np

from rotomatte.finding.candidates import Candidate
from rotomatte.finding.frame import FoundFrame
from rotomatte.finding.settings import FindSettings
from rotomatte.mattes.alpha import alpha_from_logits
from rotomatte.mattes.edges import edge_refiner
from rotomatte.mattes.outline import outline
from rotomatte.mattes.specks import holes_filled, specks_removed
from rotomatte.plate.base import FloatArray, Window
from rotomatte_plugin.messages import FoundObject, Outline
from rotomatte_plugin.model import RefineSettings

GRID = "grid"
"""Found by clicking everywhere."""

_INSIDE_FROM = 0.5
_DIGITS = 2
_MOST_OUTLINE_POINTS = 20_000
"""Of all outlines of a frame together, so that they fit into one message."""
_LEAST_OUTLINE_POINTS = 60
_REFINE = RefineSettings()


@dataclass(frozen=True)
class Find:
    """A find and what its matte is made of: a candidate takes some kilobytes, a matte as much as a plate."""

    described: FoundObject
    candidate: Candidate


class Found:
    """The finds of a frame."""

    def __init__(self, finds: Sequence[Find], mattes: Mattes) -> None:
        self._finds = {one.described.id: one for one in finds}
        self._mattes = mattes

    @property
    def objects(self) -> tuple[FoundObject, ...]:
        """Descriptions, the largest first."""
        return tuple(one.described for one in self._finds.values())

    @property
    def canvas(self) -> Window:
        """What mattes cover."""
        return self._mattes.canvas

    def matte(self, id_: int) -> FloatArray:
        """A find's ``matte_hw`` in 0..1 over the canvas."""
        return self._mattes.of(self._finds[id_].candidate)

    def mattes(self) -> Iterator[tuple[FoundObject, FloatArray]]:
        """Every find with its matte, one in memory at a time."""
        for one in self._finds.values():
            yield one.described, self._mattes.of(one.candidate)


class Mattes:
    """Mattes of candidates at plate size, as a track's would be."""

    def __init__(self, frame: FoundFrame, settings: FindSettings) -> None:
        self.canvas = frame.canvas
        self._frame = frame
        self._settings = settings
        self._edges = None if settings.edges == "none" else edge_refiner(settings.edges)

    @cached_property
    def _seen_hwc(self) -> FloatArray:
        return self._frame.seen_full()

    def of(self, candidate: Candidate) -> FloatArray:
        """A candidate's ``matte_hw`` in 0..1 over the canvas, without specks and small holes."""
        canvas, window = self.canvas, candidate.window
        logits_hw = candidate.logits_hw.astype(np.float32)
        alpha_hw = np.zeros((canvas.height, canvas.width), np.float32)
        part_hw = alpha_from_logits(logits_hw, window.width, window.height, _REFINE.ramp_cells)
        window.cut(alpha_hw, canvas)[:] = part_hw
        if self._edges is not None and alpha_hw.any():
            alpha_hw = self._edges(self._seen_hwc, alpha_hw, _REFINE.band_px)
        # One pixel less: what is as large as asked for stays.
        small_px = self._settings.min_area_px - 1
        return holes_filled(specks_removed(alpha_hw, small_px), small_px)


def described(candidates: Sequence[Candidate], mattes: Mattes, min_area_px: float, source: str = GRID) -> list[Find]:
    """Candidates with their descriptions, numbered and named; those that come to nothing at plate size are left out."""
    measured = []
    for candidate in candidates:
        alpha_hw = mattes.of(candidate)
        area_px = float(alpha_hw.sum(dtype=np.float64))
        box = _box(alpha_hw, mattes.canvas)
        if box is not None and area_px >= min_area_px:
            measured.append((area_px, box, outline(alpha_hw, mattes.canvas), candidate))
    measured.sort(key=lambda one: -one[0])
    most_points = max(_LEAST_OUTLINE_POINTS, _MOST_OUTLINE_POINTS // max(1, len(measured)))
    return [
        Find(
            FoundObject(
                id=number,
                name=f"object_{number:0{_DIGITS}d}",
                outline_xy=_simpler(outline_xy, most_points),
                box_xyxy_px=box,
                area_px=round(area_px, 1),
                score=round(candidate.score, 4),
                source=source,
            ),
            candidate,
        )
        for number, (area_px, box, outline_xy, candidate) in enumerate(measured, start=1)
    ]


def _box(alpha_hw: FloatArray, canvas: Window) -> Optional[tuple[float, float, float, float]]:
    left, top, width, height = cv2.boundingRect((alpha_hw >= _INSIDE_FROM).astype(np.uint8))
    if not width:
        return None
    left, top = left + canvas.left, top + canvas.top
    return float(left), float(top), float(left + width), float(top + height)


def _simpler(outline_xy: Outline, most_points: int) -> Outline:
    """An outline with at most about so many points: coarser, and without its smallest polygons."""
    tolerance_px = 0.25
    while sum(map(len, outline_xy)) > most_points:
        tolerance_px *= 2
        polygons = [
            cv2.approxPolyDP(np.array(polygon, np.float32), tolerance_px, closed=True)[:, 0] for polygon in outline_xy
        ]
        outline_xy = tuple(
            tuple((round(x, 1), round(y, 1)) for x, y in polygon.tolist()) for polygon in polygons if len(polygon) > 2
        )
    return outline_xy
