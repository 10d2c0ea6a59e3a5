"""Fractal noise for textures: the same values on every machine and in every run."""

from __future__ import annotations

import cv2
import numpy as np

from rotomatte.plate.base import FloatArray


def fractal_noise(
    height: int, width: int, *, cell_px: float, octaves: int, seed: int, stretch: float = 1.0
) -> FloatArray:
    """Noise of zero mean and unit deviation, summed over octaves of halving size and weight.

    ``cell_px`` is the size of the coarsest grain, ``stretch`` its height over its width.
    """
    generator = np.random.default_rng(seed)
    sum_hw = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cell_width_px = cell_px / 2**octave
        columns = max(2, round(width / cell_width_px) + 1)
        rows = max(2, round(height / (cell_width_px * stretch)) + 1)
        coarse_hw = generator.uniform(-1.0, 1.0, (rows, columns)).astype(np.float32)
        sum_hw += cv2.resize(coarse_hw, (width, height), interpolation=cv2.INTER_CUBIC) * np.float32(0.5**octave)
    sum_hw -= sum_hw.mean()
    return np.asarray(sum_hw / sum_hw.std(), dtype=np.float32)
