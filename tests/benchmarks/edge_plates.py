"""Rendered plates with exact soft truth for the edge stage: hair, motion blur, and a sharp edge with fuzz at UHD.

Everything is painted from seeds, composited premultiplied in linear light, and has sensor noise. The truth is the part
of each pixel that shows the object, as light fell on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.demo.leaf import SPRITE_PX, leaf_sprite
from rotomatte.demo.noise import fractal_noise
from rotomatte.demo.scenery import backdrop
from rotomatte.mattes.alpha import alpha_from_logits
from rotomatte.plate.base import FloatArray

Colour = tuple[float, float, float]

GRID_CELLS = 256
"""Side of the model's grid of logits."""

FRAMES = 3

_SHUTTER_FRAMES = 0.5
_SURE_LOGIT = 8.0
_FINE = 4
"""Samples a pixel, along each axis, with which strands are drawn."""


@dataclass(frozen=True)
class EdgeFrame:
    """``linear_hwc`` is linear Rec.709, ``seen_hwc`` the same through sRGB's curve in 0..1, ``truth_hw`` alpha."""

    linear_hwc: FloatArray
    seen_hwc: FloatArray
    truth_hw: FloatArray


@dataclass(frozen=True)
class Plate:
    """One shot: a sprite that goes over a backdrop at a steady pace. Speeds are pixels (or degrees) a frame."""

    width_px: int
    height_px: int
    sprite_rgba_hwc: FloatArray
    scale: float
    speed_xy_px: tuple[float, float]
    spin_degrees: float
    subframes: int

    def frame(self, index: int, backdrop_hwc: FloatArray) -> EdgeFrame:
        """Frame ``index``, counted from 0, through a shutter that is open half of the frame's time."""
        size = (self.width_px, self.height_px)
        light_hwc = np.zeros_like(backdrop_hwc)
        truth_hw = np.zeros(backdrop_hwc.shape[:2], np.float32)
        for part in range(self.subframes):
            time = index - (FRAMES - 1) / 2 + _SHUTTER_FRAMES * ((part + 0.5) / self.subframes - 0.5)
            rgba_hwc = cv2.warpAffine(self.sprite_rgba_hwc, self._place(time), size, flags=cv2.INTER_LINEAR)
            truth_hw += rgba_hwc[..., 3]
            light_hwc += backdrop_hwc * (1 - rgba_hwc[..., 3:]) + rgba_hwc[..., :3]
        noisy_hwc = _with_noise(light_hwc / np.float32(self.subframes), seed=index)
        truth_hw = np.clip(truth_hw / np.float32(self.subframes), 0, 1)
        # What bilinear sampling leaves far from the edge is rounding, and no hair.
        truth_hw[truth_hw > 1 - 1e-4] = 1
        return EdgeFrame(noisy_hwc, seen(noisy_hwc), truth_hw)

    def _place(self, time: float) -> NDArray[np.float64]:
        side_px = self.sprite_rgba_hwc.shape[0]
        place = cv2.getRotationMatrix2D((side_px / 2, side_px / 2), self.spin_degrees * time + 12, self.scale)
        place[:, 2] += np.array((self.width_px, self.height_px)) / 2 - side_px / 2
        place[:, 2] += np.array(self.speed_xy_px) * time
        return np.asarray(place, np.float64)


def hair() -> Plate:
    """HD: a ball of fur, strands up to 50 px long and a pixel or two thick."""
    auburn = ((0.34, 0.15, 0.07), (0.09, 0.035, 0.02))
    sprite = furry(1000, auburn, core_part=0.62, strands=4500, reach_px=60, thickness_px=1.4, seed=41)
    return Plate(1920, 1080, sprite, 1.0, (2.6, 0.7), 0.4, subframes=4)


def motion_blur() -> Plate:
    """HD: the demo's leaf, flung by at 70 px a frame: edges up to 35 px wide."""
    return Plate(1920, 1080, leaf_sprite(), 780 / SPRITE_PX, (70.0, 8.0), 2.0, subframes=32)


def uhd() -> Plate:
    """UHD: a body with a smooth outline of about 5,000 px, sharp, with fuzz of 12 px."""
    grey = ((0.30, 0.31, 0.36), (0.08, 0.08, 0.10))
    sprite = furry(1900, grey, core_part=0.84, strands=8000, reach_px=12, thickness_px=1.2, seed=42)
    return Plate(3840, 2160, sprite, 1.0, (4.3, 1.1), 0.3, subframes=2)


CASES: Mapping[str, Callable[[], Plate]] = {"hair": hair, "motion blur": motion_blur, "UHD": uhd}


def painted_backdrop(plate: Plate) -> FloatArray:
    """The demo's wood out of focus, with patches of light and shade at the plate's size."""
    stops_hw = fractal_noise(plate.height_px, plate.width_px, cell_px=plate.width_px / 9, octaves=5, seed=43)
    wood_hwc = backdrop(plate.height_px, plate.width_px) * np.exp2(0.5 * stops_hw)[..., None]
    return np.asarray(wood_hwc, np.float32)


def seen(linear_hwc: FloatArray) -> FloatArray:
    """Linear light through the curve of sRGB (IEC 61966-2-1), clipped to 0..1."""
    clipped_hwc = np.clip(linear_hwc, 0, 1)
    bent_hwc = 1.055 * np.power(clipped_hwc, 1 / 2.4) - 0.055
    return np.asarray(np.where(clipped_hwc <= 0.0031308, 12.92 * clipped_hwc, bent_hwc), np.float32)


def as_the_model(truth_hw: FloatArray, ramp_cells: float = 1.0) -> FloatArray:
    """The truth as a model without fault would give it: logits on its grid, brought back to the plate.

    Means over the cells, slightly softened as no network resolves a single cell, as logits.
    """
    height_px, width_px = truth_hw.shape
    cells_hw = cv2.resize(truth_hw, (GRID_CELLS, GRID_CELLS), interpolation=cv2.INTER_AREA)
    cells_hw = cv2.GaussianBlur(cells_hw, (0, 0), 0.7)
    sure = 1 / (1 + np.exp(-_SURE_LOGIT))
    cells_hw = np.clip(cells_hw, 1 - sure, sure)
    return alpha_from_logits(np.asarray(np.log(cells_hw / (1 - cells_hw)), np.float32), width_px, height_px, ramp_cells)


def furry(
    side_px: int,
    coat: tuple[Colour, Colour],
    *,
    core_part: float,
    strands: int,
    reach_px: float,
    thickness_px: float,
    seed: int,
) -> FloatArray:
    """``rgba_hwc``, linear and premultiplied: a lumpy body whose hair stands out up to ``reach_px`` past its outline.

    ``coat`` is its light and its dark colour, ``core_part`` the body's part of the side.
    """
    generator = np.random.default_rng(seed)
    angle_n = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    radius_n = np.ones_like(angle_n)
    for harmonic in range(2, 7):
        phase = generator.uniform(0, 2 * np.pi)
        radius_n += generator.normal(0, 0.13 / harmonic) * np.cos(harmonic * angle_n + phase)
    radius_n *= core_part * side_px / 2 / radius_n.max()
    colour_hwc = _coat(side_px, coat, seed)
    outline = np.stack([np.cos(angle_n), np.sin(angle_n)], axis=1) * radius_n[:, None] + side_px / 2
    body_hw = np.zeros((side_px * _FINE, side_px * _FINE), np.uint8)
    cv2.fillPoly(body_hw, [np.round(outline * _FINE).astype(np.int32)], 255)
    for _ in range(strands):
        _draw_strand(body_hw, outline, generator, side_px, reach_px, thickness_px)
    coverage_hw = cv2.resize(body_hw, (side_px, side_px), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return np.dstack([colour_hwc * coverage_hw[..., None], coverage_hw]).astype(np.float32)


def _draw_strand(
    drawn_hw: NDArray[np.uint8],
    outline: NDArray[np.float64],
    generator: np.random.Generator,
    side_px: int,
    reach_px: float,
    thickness_px: float,
) -> None:
    at = generator.integers(len(outline))
    part = generator.uniform(0, 1)
    root = (1 - part) * outline[at - 1] + part * outline[at]
    outward = (root - side_px / 2) / np.linalg.norm(root - side_px / 2)
    aside = np.array((-outward[1], outward[0]))
    length_px = reach_px * generator.uniform(0.25, 1.0) ** 1.5
    lean, curl = generator.normal(0.25, 0.45), generator.normal(0.3, 0.5)
    along = np.linspace(-0.1, 1, 9)[:, None]
    points = root + length_px * (along * outward + (lean * along + curl * along**2) * aside)
    fine = np.round(points * _FINE).astype(np.int32)
    for step in range(len(fine) - 1):
        thick = round(_FINE * thickness_px * (1 - 0.75 * step / len(fine)))
        cv2.line(drawn_hw, fine[step].tolist(), fine[step + 1].tolist(), 255, max(1, thick))


def _coat(side_px: int, coat: tuple[Colour, Colour], seed: int) -> FloatArray:
    """A light and a dark colour in patches, with a fine grain of strands."""
    patches_hw = fractal_noise(side_px, side_px, cell_px=side_px / 4, octaves=4, seed=seed + 1)
    grain_hw = fractal_noise(side_px, side_px, cell_px=10, octaves=3, seed=seed + 2)
    dark_hw = np.clip(0.5 + 0.3 * patches_hw, 0, 1)[..., None]
    light, dark = (np.array(colour) for colour in coat)
    colour_hwc = light * (1 - dark_hw) + dark * dark_hw
    return np.asarray(np.clip(colour_hwc * (1 + 0.15 * grain_hw[..., None]), 0.004, None), np.float32)


def _with_noise(plate_hwc: FloatArray, *, seed: int) -> FloatArray:
    """Photon noise, which grows with the root of the light, on a small read noise."""
    noise_hwc = np.random.default_rng(seed).standard_normal(plate_hwc.shape, dtype=np.float32)
    deviation_hwc = np.sqrt(0.0015**2 + 0.00007 * np.clip(plate_hwc, 0, None))
    return np.asarray(np.clip(plate_hwc + noise_hwc * deviation_hwc, 0, None), np.float32)
