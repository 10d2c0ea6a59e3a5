"""The demo's object: a maple leaf in autumn, lit from behind."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.demo.noise import fractal_noise
from rotomatte.plate.base import FloatArray

SPRITE_PX = 512
"""Side of the square picture of the leaf; its base, where the lobes meet, is at its centre."""

_EDGE_SUPERSAMPLING = 4

# One half of the outline, from the tip of the middle lobe to the base at the stem, in units of half the
# sprite's side with y up; the other half mirrors it. Tips and notches of a maple's five lobes.
_HALF_OUTLINE = (
    (0.00, 0.94), (0.06, 0.80), (0.15, 0.73), (0.13, 0.62), (0.24, 0.60), (0.18, 0.44), (0.14, 0.27),
    (0.27, 0.37), (0.33, 0.49), (0.39, 0.46), (0.52, 0.60), (0.53, 0.49), (0.66, 0.53), (0.82, 0.58),
    (0.74, 0.44), (0.80, 0.34), (0.68, 0.30), (0.70, 0.21), (0.52, 0.12), (0.36, 0.02), (0.45, -0.05),
    (0.56, -0.08), (0.57, -0.17), (0.68, -0.26), (0.52, -0.29), (0.45, -0.36), (0.34, -0.31), (0.19, -0.25),
    (0.06, -0.20), (0.025, -0.24),
)  # fmt: skip
_STEM = ((0.0, -0.18), (0.03, -0.42), (0.075, -0.66), (0.15, -0.86))
_LOBE_TIPS = ((0.0, 0.94), (0.82, 0.58), (-0.82, 0.58), (0.68, -0.26), (-0.68, -0.26))
_BASE = (0.0, -0.21)
_BRANCHING = math.radians(42)


def leaf_sprite() -> FloatArray:
    """``rgba_hwc``: linear Rec.709, premultiplied, with anti-aliased coverage as alpha."""
    coverage_hw = _coverage()
    colour_hwc = _colour()
    return np.dstack([colour_hwc * coverage_hw[..., None], coverage_hw]).astype(np.float32)


def _coverage() -> FloatArray:
    side_px = SPRITE_PX * _EDGE_SUPERSAMPLING
    large_hw = np.zeros((side_px, side_px), np.uint8)
    cv2.fillPoly(large_hw, [_to_pixels(_serrated_outline(), side_px)], 255)
    stem_px = _to_pixels(_smooth_line(np.array(_STEM)), side_px)
    cv2.polylines(large_hw, [stem_px], isClosed=False, color=255, thickness=round(side_px * 0.016))
    small_hw = cv2.resize(large_hw, (SPRITE_PX, SPRITE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(small_hw / 255, dtype=np.float32)


def _serrated_outline() -> NDArray[np.float64]:
    """The whole outline with sagging, finely toothed edges between its corners, no two lobes alike."""
    right = np.array(_HALF_OUTLINE)
    left = right[::-1] * (-1, 1)
    corners = np.concatenate([right, left[:-1]])
    generator = np.random.default_rng(7)
    corners = corners + generator.uniform(-0.018, 0.018, corners.shape)
    edges = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = math.dist(start, end)
        steps = max(2, round(length / 0.012))
        along = np.arange(steps)[:, None] / steps
        inward = np.array([end[1] - start[1], start[0] - end[0]])
        sag = 0.10 * np.sin(np.pi * along)
        teeth = generator.uniform(-0.006, 0.006, (steps, 1)) / max(length, 0.05)
        edges.append(start + along * (end - start) + (sag + teeth) * inward)
    return np.concatenate(edges)


def _smooth_line(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    along = np.linspace(0, len(corners) - 1, 40)
    at = np.arange(len(corners))
    coarse = np.stack([np.interp(along, at, corners[:, axis]) for axis in range(2)], axis=1)
    kernel = np.ones(9) / 9
    smooth = np.stack([np.convolve(np.pad(coarse[:, axis], 4, "edge"), kernel, "valid") for axis in range(2)], axis=1)
    return np.asarray(smooth)


def _to_pixels(points: NDArray[np.float64], side_px: int) -> NDArray[np.int32]:
    x_px = (points[:, 0] + 1) * side_px / 2
    y_px = (1 - points[:, 1]) * side_px / 2
    return np.stack([x_px, y_px], axis=1).round().astype(np.int32)


def _colour() -> FloatArray:
    y_hw, x_hw = np.mgrid[0:SPRITE_PX, 0:SPRITE_PX].astype(np.float32)
    radius_hw = np.hypot(x_hw / SPRITE_PX - 0.5, y_hw / SPRITE_PX - 0.55) * 2
    patches_hw = fractal_noise(SPRITE_PX, SPRITE_PX, cell_px=150, octaves=4, seed=11)
    fine_hw = fractal_noise(SPRITE_PX, SPRITE_PX, cell_px=24, octaves=4, seed=12)
    turned_hw = np.clip(0.25 + 0.75 * radius_hw + 0.28 * patches_hw, 0, 1)[..., None]
    golden, crimson = np.array((0.80, 0.30, 0.025)), np.array((0.42, 0.032, 0.012))
    colour_hwc = golden * (1 - turned_hw) + crimson * turned_hw
    colour_hwc = colour_hwc * (1 + 0.10 * fine_hw + 0.12 * patches_hw)[..., None]
    spots_hw = np.clip(fractal_noise(SPRITE_PX, SPRITE_PX, cell_px=34, octaves=3, seed=13) - 1.9, 0, 1)[..., None]
    colour_hwc = colour_hwc * (1 - 0.75 * spots_hw) + np.array((0.05, 0.02, 0.01)) * 0.75 * spots_hw
    veins_hw = _veins()[..., None]
    colour_hwc = colour_hwc * (1 - 0.7 * veins_hw) + np.array((0.95, 0.52, 0.12)) * 0.7 * veins_hw
    relief_hw = cv2.GaussianBlur(veins_hw[..., 0] * 2.0 + 0.25 * patches_hw + 0.06 * fine_hw, (0, 0), 3)
    light_hw = 1 + 1.6 * (np.roll(relief_hw, 2, axis=0) - np.roll(relief_hw, -2, axis=0))
    lit_hwc = colour_hwc * np.clip(light_hw, 0.45, 1.7)[..., None]
    return np.asarray(np.clip(lit_hwc, 0.002, None), dtype=np.float32)


def _veins() -> FloatArray:
    """How much of a vein is at each pixel: a main one to each lobe, side veins branching off, and the stem."""
    drawn_hw = np.zeros((SPRITE_PX * 2, SPRITE_PX * 2), np.uint8)
    base = np.array(_BASE)
    for tip in _LOBE_TIPS:
        reach = np.array(tip) - base
        for part in np.arange(0.22, 0.86, 0.11):
            for side_angle in (-_BRANCHING, _BRANCHING):
                branch = _turned(reach, side_angle) * 0.34 * (1 - 0.75 * part)
                _draw(drawn_hw, np.stack([base + reach * part, base + reach * part + branch]), 3, 150)
    for tip in _LOBE_TIPS:
        stages = base + (np.array(tip) - base) * np.linspace(0, 1, 9)[:, None]
        for stage in range(8):
            _draw(drawn_hw, stages[stage : stage + 2], max(2, 9 - stage), 255)
    _draw(drawn_hw, np.array(_STEM), 20, 200)
    small_hw = cv2.resize(drawn_hw, (SPRITE_PX, SPRITE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small_hw.astype(np.float32) / 255, (0, 0), 0.8), dtype=np.float32)


def _turned(direction: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array(((cosine, -sine), (sine, cosine))) @ direction


def _draw(drawn_hw: NDArray[np.uint8], points: NDArray[np.float64], thickness_px: int, strength: int) -> None:
    line_px = _to_pixels(points, drawn_hw.shape[0])
    cv2.polylines(drawn_hw, [line_px], isClosed=False, color=strength, thickness=thickness_px, lineType=cv2.LINE_AA)
