"""What surrounds the demo's object: an out-of-focus wood in low sun behind it, a birch trunk in front."""

from __future__ import annotations

import cv2
import numpy as np

from rotomatte.demo.noise import fractal_noise
from rotomatte.plate.base import FloatArray


def backdrop(height: int, width: int) -> FloatArray:
    """``rgb_hwc``, linear Rec.709: foliage, far trunks, litter, and glints of the sun far above 1.0."""
    y_hw, x_hw = np.mgrid[0:height, 0:width].astype(np.float32)
    down_hw = y_hw / height

    haze, shade = np.array((0.62, 0.56, 0.33)), np.array((0.055, 0.085, 0.040))
    leafage_hw = fractal_noise(height, width, cell_px=110, octaves=5, seed=21)
    open_hw = np.clip(0.95 - 1.5 * down_hw + 0.33 * leafage_hw, 0, 1)[..., None] ** 1.5
    wood_hwc = haze * open_hw + shade * (1 - open_hw)
    sunlit_hw = np.clip(0.30 * fractal_noise(height, width, cell_px=60, octaves=4, seed=22), 0, 1)[..., None]
    wood_hwc = wood_hwc + np.array((0.30, 0.24, 0.04)) * sunlit_hw

    for centre, breadth, depth in ((90, 26, 0.75), (250, 15, 0.5), (395, 38, 0.8), (560, 18, 0.55), (700, 30, 0.7)):
        lean_hw = centre + 14 * (down_hw - 0.5) + 3 * np.sin(down_hw * 5 + centre)
        trunk_hw = depth * _smooth_step((breadth / 2 - np.abs(x_hw - lean_hw)) / 2.5)
        wood_hwc = wood_hwc * (1 - trunk_hw[..., None]) + np.array((0.050, 0.042, 0.032)) * trunk_hw[..., None]

    litter_hw = fractal_noise(height, width, cell_px=70, octaves=5, seed=23, stretch=0.35)[..., None]
    litter_hwc = np.clip(np.array((0.17, 0.095, 0.035)) * (1 + 0.45 * litter_hw), 0.01, None)
    ground_hw = _smooth_step((down_hw - 0.74 - 0.02 * np.sin(x_hw / 90)) / 0.02)[..., None]
    scene_hwc = wood_hwc * (1 - ground_hw) + litter_hwc * ground_hw
    scene_hwc = cv2.GaussianBlur(scene_hwc.astype(np.float32), (0, 0), 3.5)

    scene_hwc += _glints(height, width)
    return np.asarray(scene_hwc, dtype=np.float32)


def _glints(height: int, width: int) -> FloatArray:
    """Gaps in the leaves as an open lens draws them, discs of light, and the sun itself with its glow."""
    generator = np.random.default_rng(24)
    light_hwc = np.zeros((height, width, 3), np.float32)
    for _ in range(95):
        x_px, up = generator.uniform(0, width), generator.uniform(0, 1)
        y_px, radius_px = 0.62 * height * up**1.4, generator.uniform(4, 13)
        strength = 0.05 + 0.55 * generator.uniform(0, 1) ** 3
        tint = np.array((1.0, generator.uniform(0.72, 0.98), generator.uniform(0.28, 0.65)))
        light_hwc += _disc(height, width, x_px, y_px, radius_px)[..., None] * (strength * tint).astype(np.float32)
    sun_x_px, sun_y_px = 0.80 * width, 0.13 * height
    y_hw, x_hw = np.mgrid[0:height, 0:width].astype(np.float32)
    distance_hw = np.hypot(x_hw - sun_x_px, y_hw - sun_y_px)
    glow_hw = 0.9 * np.exp(-distance_hw / 55) + 0.35 * np.exp(-distance_hw / 150)
    sun_hw = 9.0 * _disc(height, width, sun_x_px, sun_y_px, 15) + glow_hw
    return np.asarray(light_hwc + sun_hw[..., None] * np.array((1.0, 0.86, 0.58), np.float32), dtype=np.float32)


def _disc(height: int, width: int, x_px: float, y_px: float, radius_px: float) -> FloatArray:
    y_hw, x_hw = np.mgrid[0:height, 0:width].astype(np.float32)
    return _smooth_step((radius_px - np.hypot(x_hw - x_px, y_hw - y_px)) / 0.8)


def _smooth_step(position_hw: FloatArray) -> FloatArray:
    """From 0 to 1 across position 0, as a logistic curve; far off it stays within float range."""
    return np.asarray(1 / (1 + np.exp(-np.clip(position_hw, -40, 40))), dtype=np.float32)


def birch_trunk(height: int, width: int, centre_px: float, breadth_px: float) -> FloatArray:
    """``rgba_hwc`` as the leaf's: a birch a little nearer than the focus, so with slightly soft edges."""
    y_hw, x_hw = np.mgrid[0:height, 0:width].astype(np.float32)
    bulge_hw = 1.5 * np.sin(y_hw / 47) + 1.2 * np.sin(y_hw / 19 + 1)
    across_hw = (x_hw - centre_px - 0.035 * (y_hw - height / 2) + 0.4 * bulge_hw) / (breadth_px / 2 + 0.5 * bulge_hw)
    inside_hw = np.clip((1 - np.abs(across_hw)) * breadth_px / 2 + 0.5, 0, 1).astype(np.float32)

    bark_hw = fractal_noise(height, width, cell_px=40, octaves=5, seed=31)
    bands_hw = fractal_noise(height, width, cell_px=42, octaves=4, seed=32, stretch=0.22)
    scars_hw = np.clip(1.7 * (fractal_noise(height, width, cell_px=56, octaves=4, seed=33, stretch=0.3) - 1.05), 0, 1)
    white = np.array((0.56, 0.51, 0.42))
    bark_hwc = white * (1 + 0.10 * bark_hw + 0.13 * bands_hw)[..., None]
    bark_hwc = bark_hwc * (1 - scars_hw[..., None]) + np.array((0.035, 0.028, 0.022)) * scars_hw[..., None]
    round_hw = np.sqrt(np.clip(1 - across_hw**2, 0.02, 1))
    light_hw = 0.16 + 0.55 * np.clip(0.62 * across_hw + 0.5 * round_hw, 0, None) + 0.12 * round_hw
    colour_hwc = np.clip(bark_hwc * light_hw[..., None], 0.004, None)
    premultiplied_hwc = np.dstack([colour_hwc * inside_hw[..., None], inside_hw]).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(premultiplied_hwc, (0, 0), 1.3), dtype=np.float32)
