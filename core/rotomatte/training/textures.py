"""Random surfaces and outlines: what an object or a background may look like and be shaped like."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.training.library import ImageLibrary

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]


def random_surface(rng: np.random.Generator, library: ImageLibrary | None, height: int, width: int) -> U8:
    """A surface (height, width, 3) RGB: a piece of a photograph or a procedural pattern."""
    if library is not None and rng.random() < 0.75:
        surface = photo_crop(rng, library, library.surfaces, height, width, least_share=0.12)
        if float(surface.std()) > 6:
            return _recoloured(rng, surface)
    return _procedural(rng, height, width)


def photo_crop(
    rng: np.random.Generator, library: ImageLibrary, choices: list[int], height: int, width: int, least_share: float
) -> U8:
    """A random crop of one of the library's backdrops, resized to (height, width, 3).

    It covers at least `least_share` of the picture's shorter side.
    """
    photo = library.backdrop(choices[int(rng.integers(len(choices)))])
    share = rng.uniform(least_share, 1.0)
    aspect = width / height
    crop_h = min(photo.shape[0], photo.shape[1] / aspect) * share
    rows, columns = max(8, int(crop_h)), max(8, int(crop_h * aspect))
    top = int(rng.integers(0, max(1, photo.shape[0] - rows)))
    left = int(rng.integers(0, max(1, photo.shape[1] - columns)))
    crop = photo[top : top + rows, left : left + columns]
    if rng.random() < 0.5:
        crop = crop[:, ::-1]
    shrinking = rows > height
    resized = cv2.resize(
        np.ascontiguousarray(crop), (width, height), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    )
    return resized.astype(np.uint8)


def smooth_noise(rng: np.random.Generator, height: int, width: int, octaves: int = 4, first_cells: int = 3) -> F32:
    """Multi-octave value noise (height, width) in 0..1."""
    total = np.zeros((height, width), np.float32)
    weight, cells = 1.0, first_cells
    for _ in range(octaves):
        coarse = rng.random((cells, cells)).astype(np.float32)
        total += weight * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        weight, cells = weight * rng.uniform(0.4, 0.8), cells * 2
    low, high = float(total.min()), float(total.max())
    return (total - low) / max(high - low, 1e-6)


def random_outline(rng: np.random.Generator, side_px: int) -> U8:
    """Coverage (side_px, side_px) 0..255 of a random shape that nearly fills its square."""
    kind = rng.random()
    scale = 2
    side = side_px * scale
    canvas = np.zeros((side, side), np.uint8)
    if kind < 0.45:
        angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
        radius = np.ones_like(angles)
        for harmonic in range(2, 9):
            amplitude = rng.normal(0, 0.45 / harmonic)
            radius += amplitude * np.cos(harmonic * angles + rng.uniform(0, 2 * np.pi))
        radius = np.clip(radius, 0.15, None)
        radius *= 0.48 * side / radius.max()
        points = np.stack([np.cos(angles) * radius, np.sin(angles) * radius], -1) + side / 2
        cv2.fillPoly(canvas, [points.astype(np.int32)], 255)
    elif kind < 0.65:
        field = smooth_noise(rng, side, side, octaves=3)
        ramp = np.linspace(-1, 1, side, dtype=np.float32)
        field += 0.5 - 0.9 * (ramp[:, None] ** 2 + ramp[None] ** 2)
        solid = (field > np.quantile(field, rng.uniform(0.4, 0.7))).astype(np.uint8)
        count, labels = cv2.connectedComponents(solid)
        if count > 1:
            sizes = np.bincount(labels.ravel())
            canvas[labels == 1 + int(np.argmax(sizes[1:]))] = 255
    elif kind < 0.85:
        centre = (side // 2, side // 2)
        for _ in range(int(rng.integers(2, 6))):
            angle = rng.uniform(0, 2 * np.pi)
            reach = rng.uniform(0.25, 0.46) * side
            tip = (int(centre[0] + np.cos(angle) * reach), int(centre[1] + np.sin(angle) * reach))
            cv2.line(canvas, centre, tip, 255, max(1, int(rng.uniform(0.06, 0.22) * side)))
        cv2.ellipse(
            canvas, centre, (int(rng.uniform(0.1, 0.3) * side), int(rng.uniform(0.1, 0.3) * side)), 0, 0, 360, 255, -1
        )
    elif kind < 0.93:
        axes = (int(rng.uniform(0.2, 0.49) * side), int(rng.uniform(0.2, 0.49) * side))
        cv2.ellipse(canvas, (side // 2, side // 2), axes, 0, 0, 360, 255, -1)
    else:
        half_h, half_w = int(rng.uniform(0.1, 0.49) * side), int(rng.uniform(0.1, 0.49) * side)
        middle = side // 2
        canvas[middle - half_h : middle + half_h, middle - half_w : middle + half_w] = 255
    return cv2.resize(canvas, (side_px, side_px), interpolation=cv2.INTER_AREA).astype(np.uint8)


def defocused(rng: np.random.Generator, picture_hwc: U8) -> U8:
    """A picture (side, side, 3) out of focus, its lights grown to discs as an open lens draws them."""
    side = picture_hwc.shape[0]
    soft = cv2.GaussianBlur(picture_hwc, (0, 0), side * float(np.exp(rng.uniform(np.log(0.003), np.log(0.02)))))
    soft = np.asarray(soft, np.float32)
    for _ in range(int(rng.integers(0, 90)) if rng.random() < 0.7 else 0):
        disc = np.zeros((side, side), np.uint8)
        x, y = (int(value) for value in rng.integers(0, side, 2))
        cv2.circle(disc, (x, y), max(1, round(side * rng.uniform(0.005, 0.03))), 255, -1, cv2.LINE_AA)
        colour = rng.uniform(0.4, 1, 3).astype(np.float32) * 255
        cover = disc[..., None].astype(np.float32) / 255 * np.float32(0.1 + 0.8 * rng.random() ** 3)
        soft = soft + (np.maximum(colour, soft) - soft) * cover
    return np.clip(soft, 0, 255).astype(np.uint8)


def _procedural(rng: np.random.Generator, height: int, width: int) -> U8:
    first, second = rng.uniform(0, 255, (2, 3)).astype(np.float32)
    kind = rng.random()
    if kind < 0.4:
        mix = smooth_noise(rng, height, width, octaves=int(rng.integers(1, 6)), first_cells=int(rng.integers(2, 9)))
    elif kind < 0.85:
        angle = rng.uniform(0, np.pi)
        period = rng.uniform(4, 40)
        y, x = np.mgrid[:height, :width].astype(np.float32)
        along = (x * np.cos(angle) + y * np.sin(angle)) * (2 * np.pi / period)
        across = (y * np.cos(angle) - x * np.sin(angle)) * (2 * np.pi / period)
        wave = np.sin(along) if kind < 0.6 else np.sin(along) * np.sin(across)
        mix = np.clip(0.5 + wave * rng.uniform(0.5, 4), 0, 1).astype(np.float32)
    else:
        mix = np.full((height, width), 0.5, np.float32)
    surface = first + (second - first) * mix[..., None]
    grain = rng.uniform(0, 14)
    if grain > 3:
        surface += rng.normal(0, grain, (height, width, 1)).astype(np.float32)
    shade = smooth_noise(rng, height, width, octaves=1) - 0.5
    surface += shade[..., None] * rng.uniform(0, 90)
    return np.asarray(np.clip(surface, 0, 255), dtype=np.uint8)


def _recoloured(rng: np.random.Generator, surface: U8) -> U8:
    if rng.random() < 0.5:
        return surface
    gain = rng.uniform(0.5, 1.3, 3).astype(np.float32)
    shift = rng.uniform(-30, 50, 3).astype(np.float32)
    return np.asarray(np.clip(surface.astype(np.float32) * gain + shift, 0, 255), dtype=np.uint8)
