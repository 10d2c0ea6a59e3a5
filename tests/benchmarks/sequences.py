"""Constructed sequences with exact truth: an object that hides, leaves, meets its double or is cut away from.

Every sequence is made of procedural surfaces and outlines from its kind and a seed, the same on every machine; nothing
of them is a picture of the demo plate or a clip that the bundled model was validated on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.training.compositing import NO_OBJECT, Layer, Scene, paste, warp
from rotomatte.training.motion import F64, affine, smooth_path
from rotomatte.training.sprites import Figure, cut_sprite
from rotomatte.training.textures import random_surface, smooth_noise

U8 = NDArray[np.uint8]
BoolArray = NDArray[np.bool_]

WIDTH, HEIGHT = 320, 240
BEFORE, AFTER = 30, 30
SEEDS = (1, 2, 3, 4)

_FAMILY = 5_170_023
_RADIUS_PX = 40
_SPEED_PX = 3.4
_SLACK_PX = 8
_GRAIN = 2.5


@dataclass(frozen=True)
class Constructed:
    """A sequence, counted from frame 0, and the truth about its one object.

    ``frames_thwc`` is display-referred RGB, ``truth_thw`` the pixels that the object covers by half or more. The
    prompt is the truth of frame 0, on which the object is whole. ``cuts`` are the frames that begin another shot.
    """

    kind: str
    seed: int
    frames_thwc: U8
    truth_thw: BoolArray
    cuts: frozenset[int]

    @property
    def name(self) -> str:
        """Kind and seed."""
        return f"{self.kind}_{self.seed}"

    @property
    def present_t(self) -> BoolArray:
        """The frames on which anything of the object is to be seen."""
        return np.asarray(self.truth_thw.any(axis=(1, 2)))

    @property
    def back(self) -> int | None:
        """The first frame on which it is seen again; None where it is never gone, or does not come back."""
        absent = np.flatnonzero(~self.present_t)
        return int(absent[-1]) + 1 if len(absent) and absent[-1] + 1 < len(self.present_t) else None


def make(kind: str, seed: int) -> Constructed:
    """The sequence of that kind (see ``KINDS``) and seed."""
    rng = np.random.default_rng([_FAMILY, seed, sorted(KINDS).index(kind)])
    frames_thwc, truth_thw, cuts = KINDS[kind](rng)
    return Constructed(kind, seed, frames_thwc, truth_thw, frozenset(cuts))


Rendered = tuple[U8, BoolArray, tuple[int, ...]]


def _hidden_for(frames: int) -> Callable[[np.random.Generator], Rendered]:
    """The object walks behind a pillar, stays there for so many frames and a few more, and comes out on the other side."""

    def render(rng: np.random.Generator) -> Rendered:
        stage = _Stage(rng, BEFORE + frames + AFTER)
        times_t = np.arange(stage.count, dtype=np.float64)
        outside_t = _SPEED_PX * (np.minimum(times_t - BEFORE, 0) + np.maximum(times_t - BEFORE - frames + 1, 0))
        inside_t = _SLACK_PX * np.clip(2 * (times_t - BEFORE) / (frames - 1) - 1, -1, 1)
        x_t = (outside_t + inside_t) * rng.choice([-1, 1])
        target = stage.layer(stage.thing(), 0, x_t, stage.bobbing(8))
        pillar = stage.layer(
            stage.panel(2 * (_RADIUS_PX + _SLACK_PX + 3), 2 * WIDTH), NO_OBJECT, 0 * times_t, 0 * times_t
        )
        return stage.render([target, pillar])

    return render


def _crossing(detail: bool) -> Callable[[np.random.Generator], Rendered]:
    """The object and its double walk past each other, the double in front; ``detail``: a mark tells them apart."""

    def render(rng: np.random.Generator) -> Rendered:
        stage = _Stage(rng, 70)
        way = float(rng.choice([-1, 1]))
        x_t = way * np.linspace(-95, 95, stage.count)
        apart_px = float(rng.uniform(20, 30))
        double = stage.thing()
        thing = stage.marked(double) if detail else double
        target = stage.layer(thing, 0, x_t, stage.bobbing(5) - apart_px / 2)
        other = stage.layer(double, 1, -x_t, stage.bobbing(5) + apart_px / 2)
        return stage.render([target, other])

    return render


def _leaving(rng: np.random.Generator) -> Rendered:
    """The object leaves on one side and comes back, 30 frames later, on the other, higher or lower."""
    away = 30
    stage = _Stage(rng, BEFORE + away + AFTER, still=True)
    times_t = np.arange(stage.count, dtype=np.float64)
    edge_px = WIDTH / 2 + _RADIUS_PX + 3
    out_t = edge_px + _SPEED_PX * (times_t - BEFORE)
    in_t = -edge_px + _SPEED_PX * (times_t - BEFORE - away + 1)
    leaves_t = times_t < BEFORE + away / 2
    way = float(rng.choice([-1, 1]))
    height_px = float(rng.choice([-1, 1])) * rng.uniform(25, 45)
    y_t = stage.bobbing(5) + np.where(leaves_t, height_px, -height_px)
    return stage.render([stage.layer(stage.thing(), 0, way * np.where(leaves_t, out_t, in_t), y_t)])


def _cut_away(elsewhere: int, after: int) -> Callable[[np.random.Generator], Rendered]:
    """A cut to a scene with something else in it, and back after so many frames if anything comes after."""

    def render(rng: np.random.Generator) -> Rendered:
        frames_thwc, truth_thw, _ = _walk(rng, BEFORE + elsewhere + after)
        gone = slice(BEFORE, BEFORE + elsewhere)
        frames_thwc[gone], truth_thw[gone] = _walk(rng, elsewhere)[0], False
        return frames_thwc, truth_thw, (gone.start, gone.stop)[: 2 if after else 1]

    return render


def _walk(rng: np.random.Generator, count: int) -> Rendered:
    stage = _Stage(rng, count)
    x_t = float(rng.choice([-1, 1])) * np.linspace(-80, 80, count)
    return stage.render([stage.layer(stage.thing(), 0, x_t, stage.bobbing(12))])


KINDS: Mapping[str, Callable[[np.random.Generator], Rendered]] = {
    "hidden_20": _hidden_for(20),
    "hidden_60": _hidden_for(60),
    "crossing_twins": _crossing(detail=False),
    "crossing_marked": _crossing(detail=True),
    "leaving_30": _leaving,
    "cut": _cut_away(30, 0),
    "cut_and_back": _cut_away(20, AFTER),
}


class _Stage:
    """A background under a camera that never quite rests, and what is put on it."""

    def __init__(self, rng: np.random.Generator, count: int, *, still: bool = False) -> None:
        self._rng = rng
        self.count = count
        times_t = np.arange(count, dtype=np.float64)
        steps = (0.0, 0.0) if still else (0.1, 3.0)
        x_t, y_t = (smooth_path(rng, times_t, *steps) for _ in range(2))
        zoom_t = np.exp(smooth_path(rng, times_t, 0, 0 if still else 0.01))
        self._camera_t = tuple(
            affine((WIDTH / 2 + float(np.clip(x, -12, 12)), WIDTH / 2 + float(np.clip(y, -12, 12))), 0, (zoom, zoom))
            for x, y, zoom in zip(x_t, y_t, np.clip(zoom_t, 0.97, 1.03), strict=True)
        )
        self._world_hwc = self._background()

    def thing(self) -> Figure:
        """A blob about 80 pixels across whose surface stands out from the background."""
        rng, side = self._rng, 2 * _RADIUS_PX
        angle_n = np.linspace(0, 2 * np.pi, 90, endpoint=False)
        radius_n = np.ones_like(angle_n)
        for harmonic in range(2, 6):
            radius_n += rng.normal(0, 0.22 / harmonic) * np.cos(harmonic * angle_n + rng.uniform(0, 2 * np.pi))
        radius_n *= (_RADIUS_PX - 2) / radius_n.max()
        points = np.stack([np.cos(angle_n), np.sin(angle_n)], -1) * radius_n[:, None] + _RADIUS_PX
        alpha_hw = np.zeros((4 * side, 4 * side), np.uint8)
        cv2.fillPoly(alpha_hw, [np.round(4 * points).astype(np.int32)], 255)
        surface_hwc = random_surface(rng, None, side, side).astype(np.float32)
        spread = max(float(surface_hwc.std()), 1.0)
        ground = self._world_hwc.mean(axis=(0, 1))
        hue = rng.permutation([0.25, 1.0, float(rng.uniform(0.2, 1.0))])
        colour = np.where(ground.mean() > 110, 120.0, 225.0) * hue
        surface_hwc = (surface_hwc - surface_hwc.mean(axis=(0, 1))) * min(1.0, 35 / spread) + colour
        whole_hw = cv2.resize(alpha_hw, (side, side), interpolation=cv2.INTER_AREA)
        return Figure((cut_sprite(np.clip(surface_hwc, 0, 255).astype(np.uint8), whole_hw.astype(np.uint8)),))

    def marked(self, figure: Figure) -> Figure:
        """The figure with a white ring near its middle."""
        sprite = figure.sprites[0]
        rgba_hwc = sprite.rgba_hwc.copy()
        middle = rgba_hwc.shape[0] // 2
        cv2.circle(rgba_hwc, (middle - 8, middle - 6), 9, (250, 250, 250, 255), 5, cv2.LINE_AA)
        return Figure((replace(sprite, rgba_hwc=rgba_hwc),))

    def panel(self, width_px: int, height_px: int) -> Figure:
        """An upright rectangle with a surface of its own."""
        surface_hwc = self._ground(height_px, width_px)
        return Figure((cut_sprite(surface_hwc, np.full((height_px, width_px), 255, np.uint8)),))

    def bobbing(self, reach_px: float) -> F64:
        """A slow rise and fall."""
        phase = self._rng.uniform(0, 2 * np.pi)
        return np.asarray(reach_px * np.sin(np.arange(self.count) / self._rng.uniform(5, 9) + phase), np.float64)

    def layer(self, figure: Figure, index: int, x_t: F64, y_t: F64) -> Layer:
        """A figure on its way across the background, in pixels from the middle."""
        turn_t = self._rng.uniform(-0.1, 0.1) * np.sin(np.arange(self.count) / 8) * (index != NO_OBJECT)
        maps = (
            camera @ affine((float(x), float(y)), float(turn))
            for camera, x, y, turn in zip(self._camera_t, x_t, y_t, turn_t, strict=True)
        )
        return Layer(figure, index, tuple(maps), None, np.ones((self.count, 3), np.float32))

    def render(self, layers: Sequence[Layer]) -> Rendered:
        """Frames with a little grain, and the truth of object 0."""
        count = 1 + max(layer.object_index for layer in layers)
        scene = Scene(WIDTH, self._world_hwc, self._camera_t, tuple(layers), count, 1.0, 0.0)
        crop = slice((WIDTH - HEIGHT) // 2, (WIDTH + HEIGHT) // 2)
        frames_thwc = np.empty((self.count, HEIGHT, WIDTH, 3), np.uint8)
        truth_thw = np.empty((self.count, HEIGHT, WIDTH), np.bool_)
        for index in range(self.count):
            picture_hwc, visible_khw = scene.exposed(index)
            noisy_hwc = picture_hwc[crop] + self._rng.normal(0, _GRAIN, (HEIGHT, WIDTH, 3))
            frames_thwc[index] = np.clip(noisy_hwc + 0.5, 0, 255).astype(np.uint8)
            truth_thw[index] = visible_khw[0, crop] >= 0.5
        return frames_thwc, truth_thw, ()

    def _background(self) -> U8:
        rng, side = self._rng, WIDTH + 120
        world_hwc = self._ground(side, side)
        for _ in range(9):
            extent = int(rng.integers(50, 150))
            patch = cut_sprite(self._ground(extent, extent), np.full((extent, extent), 255, np.uint8))
            place = affine((rng.uniform(0, side), rng.uniform(0, side)), rng.uniform(0, 3)) @ patch.place
            paste(world_hwc, warp(patch.rgba_hwc, place, None, side))
        return world_hwc

    def _ground(self, height: int, width: int) -> U8:
        """A muted, rough surface."""
        rng = self._rng
        grey = rng.uniform(70, 150)
        colour = grey + rng.normal(0, 14, 3)
        rough_hw = smooth_noise(rng, height, width, octaves=5, first_cells=4) - 0.5
        return np.asarray(np.clip(colour + 110 * rough_hw[..., None], 0, 255), np.uint8)
