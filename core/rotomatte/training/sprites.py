"""Sprites: small premultiplied RGBA pictures of objects, whole or as jointed parts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.training.library import ImageLibrary
from rotomatte.training.motion import F64, affine
from rotomatte.training.textures import random_outline, random_surface

U8 = NDArray[np.uint8]
_MARGIN_PX = 2


@dataclass(frozen=True)
class Sprite:
    """One rigid or elastic picture.

    Attributes:
        rgba_hwc: premultiplied RGBA, uint8, clear along its border.
        place: 3x3 map from picture pixels to object units (pixels of the object at rest, origin at its centre).
        swing_radians, swing_period, swing_phase: oscillation about `pivot_xy` (object units) over time.
    """

    rgba_hwc: U8
    place: F64
    pivot_xy: tuple[float, float] = (0.0, 0.0)
    swing_radians: float = 0.0
    swing_period: float = 10.0
    swing_phase: float = 0.0

    def placed_at(self, time: float) -> F64:
        """Map from picture pixels to object units at a time in frames."""
        if self.swing_radians == 0.0:
            return self.place
        angle = self.swing_radians * float(np.sin(2 * np.pi * time / self.swing_period + self.swing_phase))
        x, y = self.pivot_xy
        return affine((x, y), angle) @ affine((-x, -y)) @ self.place


@dataclass(frozen=True)
class Figure:
    """An object's picture: sprites from back to front, all one object."""

    sprites: tuple[Sprite, ...]


def random_figure(rng: np.random.Generator, library: ImageLibrary | None, side_px: float, drawn_share: float) -> Figure:
    """A random object about `side_px` pixels across: a cut-out, a textured shape, a pair or a jointed figure."""
    kind = rng.random()
    if library is None:
        return _jointed(rng, None, side_px) if kind < 0.4 else _shape(rng, None, side_px)
    if kind < 0.62:
        return Figure((_cutout(rng, library, side_px, drawn_share),))
    if kind < 0.72:
        return _pair(rng, library, side_px, drawn_share)
    if kind < 0.86:
        return _jointed(rng, library, side_px)
    return _shape(rng, library, side_px)


def harmonised(figure: Figure, colour: NDArray[np.float32], share: float) -> Figure:
    """The figure with its mean colour moved towards another (RGB 0..255) by a share, its contrast unchanged."""
    weight = sum(float(sprite.rgba_hwc[..., 3].sum()) for sprite in figure.sprites) / 255
    total = np.sum([sprite.rgba_hwc[..., :3].sum(axis=(0, 1), dtype=np.float64) for sprite in figure.sprites], axis=0)
    shift = (colour - total / max(weight, 1.0)) * share
    sprites = []
    for sprite in figure.sprites:
        alpha = sprite.rgba_hwc[..., 3:].astype(np.float32) / 255
        rgb = np.clip(sprite.rgba_hwc[..., :3] + shift.astype(np.float32) * alpha, 0, 255 * alpha)
        sprites.append(replace(sprite, rgba_hwc=np.dstack([rgb, sprite.rgba_hwc[..., 3]]).astype(np.uint8)))
    return Figure(tuple(sprites))


def shadow_of(figure: Figure, darkness: float, softness_px: float) -> Figure:
    """A soft black copy of a figure."""
    margin = round(2 * softness_px) + 1
    sprites = []
    for sprite in figure.sprites:
        alpha = np.pad(sprite.rgba_hwc[..., 3].astype(np.float32) * darkness, margin)
        alpha = cv2.GaussianBlur(alpha, (0, 0), softness_px)
        rgba = np.dstack([np.zeros((*alpha.shape, 3)), alpha]).astype(np.uint8)
        sprites.append(replace(sprite, rgba_hwc=rgba, place=sprite.place @ affine((-margin, -margin))))
    return Figure(tuple(sprites))


def shaded(rng: np.random.Generator, figure: Figure) -> Figure:
    """The figure lit from one side."""
    angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.6)
    sprites = []
    for sprite in figure.sprites:
        height, width = sprite.rgba_hwc.shape[:2]
        across = np.linspace(-1, 1, width) * np.cos(angle) + np.linspace(-1, 1, height)[:, None] * np.sin(angle)
        light = (1 - strength * (0.5 + 0.5 * across)).astype(np.float32)
        rgb = sprite.rgba_hwc[..., :3] * light[..., None]
        sprites.append(replace(sprite, rgba_hwc=np.dstack([rgb, sprite.rgba_hwc[..., 3]]).astype(np.uint8)))
    return Figure(tuple(sprites))


def cut_sprite(rgb_hwc: U8, alpha_hw: U8) -> Sprite:
    """A sprite of a picture and its coverage, centred."""
    rgba = _finish(rgb_hwc, alpha_hw)
    return Sprite(rgba, affine((-rgba.shape[1] / 2, -rgba.shape[0] / 2)))


def _finish(rgb_hwc: U8, alpha_hw: U8) -> U8:
    alpha = np.pad(alpha_hw, _MARGIN_PX)
    rgb = np.pad(rgb_hwc, ((_MARGIN_PX, _MARGIN_PX), (_MARGIN_PX, _MARGIN_PX), (0, 0)))
    premultiplied = cv2.multiply(rgb, cv2.merge([alpha, alpha, alpha]), scale=1 / 255)
    return np.dstack([premultiplied, alpha]).astype(np.uint8)


def _cutout(rng: np.random.Generator, library: ImageLibrary, side_px: float, drawn_share: float) -> Sprite:
    pool = library.cutouts_drawn if rng.random() < drawn_share else library.cutouts_natural
    picture = library.cutout(pool[int(rng.integers(len(pool)))])
    scale = side_px / max(picture.shape[:2])
    size = (max(6, round(picture.shape[1] * scale)), max(6, round(picture.shape[0] * scale)))
    picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR).astype(
        np.uint8
    )
    if rng.random() < 0.5:
        picture = np.ascontiguousarray(picture[:, ::-1])
    rgb = picture[..., :3]
    if rng.random() < 0.25:
        surface = random_surface(rng, library, rgb.shape[0], rgb.shape[1])
        share = rng.uniform(0.2, 0.8)
        rgb = cv2.addWeighted(rgb, 1 - share, surface, share, 0).astype(np.uint8)
    if rng.random() < 0.5:
        gain = rng.uniform(0.55, 1.2) * rng.uniform(0.85, 1.15, 3)
        rgb = np.clip(rgb * gain.astype(np.float32) + rng.uniform(-15, 35), 0, 255).astype(np.uint8)
    return cut_sprite(rgb, picture[..., 3])


def _shape(rng: np.random.Generator, library: ImageLibrary | None, side_px: float) -> Figure:
    side = max(8, round(side_px))
    return Figure((cut_sprite(random_surface(rng, library, side, side), random_outline(rng, side)),))


def _pair(rng: np.random.Generator, library: ImageLibrary, side_px: float, drawn_share: float) -> Figure:
    lower = _cutout(rng, library, side_px * 0.8, drawn_share)
    upper = _cutout(rng, library, side_px * rng.uniform(0.35, 0.7), drawn_share)
    height = upper.rgba_hwc.shape[0]
    shift = (float(rng.normal(0, 0.12)) * side_px, -0.22 * side_px - 0.25 * height)
    swaying = Sprite(
        upper.rgba_hwc,
        affine(shift) @ upper.place,
        pivot_xy=(shift[0], shift[1] + height / 2),
        swing_radians=float(rng.uniform(0, 0.35)),
        swing_period=float(rng.uniform(6, 30)),
        swing_phase=float(rng.uniform(0, 6)),
    )
    return Figure((lower, swaying) if rng.random() < 0.6 else (swaying, lower))


def _jointed(rng: np.random.Generator, library: ImageLibrary | None, side_px: float) -> Figure:
    """A body with a head and swinging limbs, each with a surface of its own or shared."""
    body_h, body_w = side_px * rng.uniform(0.35, 0.5), side_px * rng.uniform(0.18, 0.32)
    shared = random_surface(rng, library, round(side_px), round(side_px))
    parts: list[Sprite] = []
    period = float(rng.uniform(6, 30))

    def part(
        height: float, width: float, top_xy: tuple[float, float], rest: float, swing: float, phase: float
    ) -> Sprite:
        rows, columns = max(6, round(height)), max(4, round(width))
        own = rng.random() < 0.5
        surface = (
            random_surface(rng, library, rows, columns) if own else cv2.resize(shared[:rows, :columns], (columns, rows))
        )
        outline = np.zeros((rows * 2, columns * 2), np.uint8)
        cv2.ellipse(outline, (columns, rows), (columns - 1, rows - 1), 0, 0, 360, 255, -1)
        if rng.random() < 0.5:
            outline[rows // 2 : rows * 3 // 2] = 255
        alpha = cv2.resize(outline, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.uint8)
        rgba = _finish(surface.astype(np.uint8), alpha)
        place = affine(top_xy, rest) @ affine((-rgba.shape[1] / 2, -0.08 * rows))
        return Sprite(rgba, place, top_xy, swing, period, phase)

    limb = side_px * float(rng.uniform(0.3, 0.45))
    thick = side_px * float(rng.uniform(0.06, 0.14))
    swing = float(rng.uniform(0.1, 0.9))
    for side, phase in ((-1.0, 0.0), (1.0, np.pi)):
        hip = (side * body_w * 0.25, body_h * 0.42)
        parts.append(part(limb, thick, hip, float(rng.normal(0, 0.2)), swing, phase))
        shoulder = (side * body_w * 0.42, -body_h * 0.42)
        parts.append(part(limb * 0.9, thick * 0.8, shoulder, float(rng.normal(0, 0.5)), swing, phase + np.pi))
    parts.append(part(body_h, body_w, (0.0, -body_h / 2), 0.0, 0.0, 0.0))
    head = side_px * float(rng.uniform(0.14, 0.24))
    parts.append(part(head, head * 0.85, (0.0, -body_h / 2 - head * 0.8), 0.0, float(rng.uniform(0, 0.3)), 1.0))
    order = rng.permutation(4).tolist()
    front = [parts[order[0]]]
    back = [parts[i] for i in order[1:]]
    return Figure((*back, parts[4], parts[5], *front))
