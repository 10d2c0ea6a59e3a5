"""What decides a matte, as a hash: equal recipes, equal pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from rotomatte.document import canonical
from rotomatte.mattes.edges import edge_version
from rotomatte.plate.base import PlateInfo
from rotomatte.tracker.base import Pass
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import ModelUsed, PromptSet, RefineSettings, TrackSettings

RECIPE_VERSION = 4
"""Raised whenever the same job gives other pixels than before, so that old mattes are not taken for new ones."""


class Recipes:
    """Hashes of passes and mattes on one plate, seen in one way by one model."""

    def __init__(
        self, info: PlateInfo, colour: str, model: ModelUsed, track: TrackSettings, refine: RefineSettings
    ) -> None:
        self._info = info
        self._colour = colour
        self._model = model
        self._track = track
        self._refine = refine
        self._of_mattes: dict[tuple[object, ...], str] = {}

    def of_pass(self, one: Pass, prompts: PromptSet, corrected: Mapping[int, Pass]) -> str:
        """A hash of all that decides what a pass finds on any frame it visits, however far it is run.

        Raises:
            JobError: a mask, or the network's description, cannot be read.
        """
        return _hash(
            {
                "common": self._common,
                "clip_length": one.clip_length,
                "step": one.frames.step,
                "memory": one.memory,
                "stops_at_cuts": one.stops_at_cuts,
                "fades": one.fades,
                "keys": [self._key(frame, prompts, corrected) for frame in one.keys],
            }
        )

    def of_matte(self, sources: tuple[str, ...], smoothed_frames: int, changes: tuple[str, ...]) -> str:
        """A hash of all that decides a matte: what it comes from, and what is done to it; no source: not tracked."""
        whole = (sources, smoothed_frames, changes)
        if whole not in self._of_mattes:
            self._of_mattes[whole] = _hash({"common": self._common, "matte": whole, "refine": self._stages})
        return self._of_mattes[whole]

    @cached_property
    def _stages(self) -> dict[str, object]:
        """The stages that all objects share; close-ups are among the sources."""
        refine = self._refine
        edges = None if refine.edges == "none" else (edge_version(refine.edges), refine.band_px)
        return {"ramp_cells": refine.ramp_cells, "exclusive": refine.exclusive, "edges": edges}

    def of_exclusive(self, own: str, others: tuple[str, ...]) -> str:
        """The recipe of a matte that others on the same frame must not overlap."""
        return _hash({"own": own, "others": sorted(others)})

    @cached_property
    def _common(self) -> dict[str, object]:
        info = self._info
        return {
            "version": RECIPE_VERSION,
            "plate": info.plate_id,
            "canvas": msgspec.to_builtins(info.canvas),
            "colour": self._colour,
            "model": self._model.sha256,
            "network": _file_hash(self._track.config) if self._track.config else None,
            "image_size": self._model.image_size,
            "mode": self._track.mode,
        }

    def _key(self, frame: int, prompts: PromptSet, corrected: Mapping[int, Pass]) -> dict[str, object]:
        here = prompts.at(frame)
        told = msgspec.to_builtins(here)
        # A mask counts by its content, wherever it lies.
        told["masks"] = [_file_hash(mask.path) for mask in here.masks]
        hint = self.of_pass(corrected[frame], prompts, corrected) if frame in corrected else None
        return {"frame": frame, "prompts": told, "hint": hint}


def _hash(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def _file_hash(path: str) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise JobError(
            f"{path} cannot be read: {error.strerror}.", remedy="Check the path and its permissions.", path=path
        ) from error
