"""Synthetic clips: moving objects over moving backgrounds, with the exact coverage of every object."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rotomatte.training.degrade import Degradation
from rotomatte.training.library import ImageLibrary
from rotomatte.training.scene import SceneSettings, make_scene

U8 = NDArray[np.uint8]

_LEAST_FIRST_SHARE = 0.004


@dataclass(frozen=True)
class Clip:
    """A clip and its truth.

    Attributes:
        frames_thwc: RGB, uint8.
        coverage_kthw: visible share 0..255 of every pixel by each of the K objects.
    """

    frames_thwc: U8
    coverage_kthw: U8


def make_clip(rng: np.random.Generator, library: ImageLibrary | None, settings: SceneSettings) -> Clip:
    """A random clip. At least one object is returned, and every returned object is visible in the first frame."""
    while True:
        clip = _render(rng, library, settings)
        first_share_k = clip.coverage_kthw[:, 0].mean(axis=(1, 2)) / 255
        good = np.flatnonzero(first_share_k > _LEAST_FIRST_SHARE)[: settings.objects]
        if good.size:
            return Clip(clip.frames_thwc, clip.coverage_kthw[good])


def _render(rng: np.random.Generator, library: ImageLibrary | None, settings: SceneSettings) -> Clip:
    scene = make_scene(rng, library, settings)
    degradation = Degradation.random(rng, settings.frames)
    size = settings.size_px
    frames = np.empty((settings.frames, size, size, 3), np.uint8)
    coverage = np.empty((scene.object_count, settings.frames, size, size), np.uint8)
    for index in range(settings.frames):
        picture, visible = scene.exposed(index)
        frames[index] = degradation.apply(rng, picture, index)
        coverage[:, index] = np.clip(visible * 255 + 0.5, 0, 255).astype(np.uint8)
    return Clip(frames, coverage)
