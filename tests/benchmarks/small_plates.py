"""Rendered UHD plates with an object that is small in them, and its exact outline.

Everything is painted from seeds, with sharp edges a pixel wide and sensor noise, as display-referred RGB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.demo.leaf import leaf_sprite
from rotomatte.demo.scenery import backdrop
from rotomatte.plate.base import FloatArray
from rotomatte.training.textures import random_outline, random_surface, smooth_noise

U8 = NDArray[np.uint8]
BoolArray = NDArray[np.bool_]

WIDTH, HEIGHT = 3840, 2160
FRAMES = 12

_FAMILY = 77
_SLACK_PX = 100
_SPRITE_PX = 512
_NOISE = 0.01


@dataclass(frozen=True)
class Shot:
    """A sprite that goes over a ground, ``part`` of the plate's width at its longer side.

    ``sprite_rgba_hwc`` is premultiplied, cropped to what it shows; ``ground_hwc`` is larger than the plate by 100
    pixels on each axis and drifts. Both display-referred.
    """

    name: str
    sprite_rgba_hwc: FloatArray
    ground_hwc: FloatArray
    part: float

    def frames(self, seed: int) -> Iterator[tuple[U8, BoolArray]]:
        """Each frame as ``rgb_hwc``, and the pixels that the object covers by half or more as ``truth_hw``."""
        rng = np.random.default_rng([_FAMILY, seed, 1])
        start_xy = np.array([rng.uniform(0.25, 0.4) * WIDTH, rng.uniform(0.35, 0.6) * HEIGHT])
        speed_xy = np.array([rng.uniform(20, 40), rng.uniform(-12, 12)])
        spin_degrees = rng.uniform(-4, 4)
        height_px, width_px = self.sprite_rgba_hwc.shape[:2]
        scale = self.part * WIDTH / max(height_px, width_px)
        # One field of noise, seen at another place on each frame.
        noise_hwc = _NOISE * rng.standard_normal((HEIGHT + _SLACK_PX, WIDTH + _SLACK_PX, 3), dtype=np.float32)
        reach_px = int(self.part * WIDTH)
        for t in range(FRAMES):
            middle_xy = start_xy + speed_xy * t + (0, 20 * np.sin(t / 3))
            left, top = (int(middle) - reach_px for middle in middle_xy)
            place = cv2.getRotationMatrix2D((width_px / 2, height_px / 2), spin_degrees * t, scale)
            place[:, 2] += middle_xy - (width_px / 2 + left, height_px / 2 + top)
            rgba_hwc = cv2.warpAffine(self.sprite_rgba_hwc, place, (2 * reach_px, 2 * reach_px), flags=cv2.INTER_AREA)
            picture_hwc = self.ground_hwc[50 : 50 + HEIGHT, 50 + 3 * t : 50 + 3 * t + WIDTH].copy()
            around = np.s_[top : top + 2 * reach_px, left : left + 2 * reach_px]
            picture_hwc[around] = picture_hwc[around] * (1 - rgba_hwc[..., 3:]) + rgba_hwc[..., :3]
            picture_hwc += noise_hwc[7 * t : 7 * t + HEIGHT, 5 * t : 5 * t + WIDTH]
            truth_hw = np.zeros((HEIGHT, WIDTH), np.bool_)
            truth_hw[around] = rgba_hwc[..., 3] >= 0.5
            yield cv2.convertScaleAbs(np.clip(picture_hwc, 0, 1), alpha=255), truth_hw


def leaf() -> Shot:
    """The demo's leaf before the demo's wood."""
    rgba_hwc = leaf_sprite()
    alpha_hw1 = rgba_hwc[..., 3:]
    colour_hwc = _displayed(rgba_hwc[..., :3] / np.maximum(alpha_hw1, 1e-4)) * alpha_hw1
    sprite_hwc = np.dstack([colour_hwc, alpha_hw1]).astype(np.float32)
    # The wood is out of focus, and takes sixteen times as long to paint at full size.
    wood_hwc = backdrop((HEIGHT + _SLACK_PX) // 4, (WIDTH + _SLACK_PX) // 4)
    size = (WIDTH + _SLACK_PX, HEIGHT + _SLACK_PX)
    ground_hwc = np.asarray(cv2.resize(_displayed(wood_hwc), size, interpolation=cv2.INTER_LINEAR), np.float32)
    return Shot("leaf", _trimmed(sprite_hwc), ground_hwc, 0.09)


def shape(name: str, seed: int, part: float) -> Callable[[], Shot]:
    """A random outline with a random surface, before rough ground with patches."""

    def make() -> Shot:
        rng = np.random.default_rng([_FAMILY, seed])
        ground_hwc = _ground(rng)
        alpha_hw = random_outline(rng, _SPRITE_PX).astype(np.float32) / 255
        surface_hwc = random_surface(rng, None, _SPRITE_PX, _SPRITE_PX).astype(np.float32) / 255
        sprite_hwc = np.dstack([surface_hwc * alpha_hw[..., None], alpha_hw]).astype(np.float32)
        return Shot(name, _trimmed(sprite_hwc), ground_hwc, part)

    return make


SHOTS: Mapping[str, Callable[[], Shot]] = {
    "leaf": leaf,
    "shape": shape("shape", 1, 0.12),
    "small shape": shape("small shape", 2, 0.05),
}
"""The object's longer side is 9, 12 and 5 percent of the plate's width."""


def _ground(rng: np.random.Generator) -> FloatArray:
    height, width = HEIGHT + _SLACK_PX, WIDTH + _SLACK_PX
    colour = rng.uniform(70, 150) + rng.normal(0, 14, 3)
    rough_hw = 110 * (smooth_noise(rng, height, width, octaves=7, first_cells=6) - 0.5)
    base_hwc = np.empty((height, width, 3), np.float32)
    base_hwc[:] = colour
    for _ in range(25):
        extent_px = float(rng.uniform(200, 900))
        box = ((rng.uniform(0, width), rng.uniform(0, height)), (extent_px, extent_px * rng.uniform(0.4, 1)))
        patch_colour = rng.uniform(60, 160) + rng.normal(0, 14, 3)
        corners = cv2.boxPoints((*box, float(np.degrees(rng.uniform(0, 3)))))
        cv2.fillPoly(base_hwc, [corners.astype(np.int32)], patch_colour.tolist())
    return np.asarray(np.clip((base_hwc + rough_hw[..., None]) / 255, 0, 1), np.float32)


def _trimmed(rgba_hwc: FloatArray) -> FloatArray:
    """What shows of a sprite, with a clear pixel around it."""
    rows, columns = np.nonzero(rgba_hwc[..., 3] > 0)
    shown_hwc = rgba_hwc[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return np.asarray(np.pad(shown_hwc, ((1, 1), (1, 1), (0, 0))), np.float32)


def _displayed(linear_hwc: FloatArray) -> FloatArray:
    """Linear light through the curve of sRGB (IEC 61966-2-1), clipped to 0..1."""
    clipped_hwc = np.clip(linear_hwc, 0, 1)
    bent_hwc = 1.055 * np.power(clipped_hwc, 1 / 2.4) - 0.055
    return np.asarray(np.where(clipped_hwc <= 0.0031308, 12.92 * clipped_hwc, bent_hwc), np.float32)
