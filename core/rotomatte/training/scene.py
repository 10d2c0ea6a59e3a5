"""Random scenes: what there is, how it looks and how it moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.training.compositing import NO_OBJECT, SHADOW, Elastic, Layer, Scene, paste, warp
from rotomatte.training.library import ImageLibrary
from rotomatte.training.motion import F64, affine, smooth_path
from rotomatte.training.sprites import Figure, cut_sprite, harmonised, random_figure, shaded, shadow_of
from rotomatte.training.textures import defocused, photo_crop, random_outline, random_surface

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]

_WORLD_SCALE = 1.5


@dataclass(frozen=True)
class SceneSettings:
    """What the scenes of one phase of the training are like.

    Attributes:
        size_px: width and height of the frames.
        frames: number of frames.
        objects: the most objects returned per clip.
        drawn_share: share of drawings among the cut-outs.
        absence_share: share of objects that leave the frame and may come back.
        pace: how fast everything moves; 1 suits 24 frames a second.
        hiding_share: share of objects that pass behind something, stay there for a while and come out again.
        plate_share: share of scenes like a rendered plate: something that tumbles, in focus, in front of a blurred
            background with discs of light, past a post.
        least_side: how large objects are at least, as a share of the frame's side; 0.75 at most.
    """

    size_px: int
    frames: int
    objects: int
    drawn_share: float = 0.35
    absence_share: float = 0.2
    pace: float = 1.0
    hiding_share: float = 0.0
    plate_share: float = 0.0
    least_side: float = 0.12


@dataclass(frozen=True)
class _Hiding:
    """When an object stops, for how long, and how it moves otherwise, in pixels a frame."""

    first: int
    frames: int
    speed_px: float

    def indices(self, count: int) -> F64:
        """Of each frame, the frame of an unhindered way that it shows."""
        index = np.arange(count, dtype=np.float64)
        return np.asarray(index - np.clip(index - self.first, 0, self.frames), dtype=np.float64)


def make_scene(rng: np.random.Generator, library: ImageLibrary | None, settings: SceneSettings) -> Scene:
    """A random scene; without a library it is made of procedural surfaces and shapes only."""
    return _Maker(rng, library, settings).scene()


class _Maker:
    """Makes the parts of one scene; each uses what was made before it."""

    def __init__(self, rng: np.random.Generator, library: ImageLibrary | None, settings: SceneSettings) -> None:
        self._rng = rng
        self._library = library
        self._settings = settings
        self._pace = settings.pace * float(np.exp(rng.normal(0, 0.7)))
        self._times_t = np.arange(settings.frames, dtype=np.float64) * self._pace
        self._is_plate = settings.plate_share > 0 and bool(rng.random() < settings.plate_share)
        self._camera_t = self._camera()
        self._world = self._background()
        if self._is_plate:
            self._world = defocused(rng, self._world)
        self._object_count = 0

    def scene(self) -> Scene:
        """The finished scene."""
        shutter = float(self._rng.uniform(0.2, 0.9)) if self._rng.random() < 0.25 else 0.0
        layers = tuple(self._make_layers())
        return Scene(
            self._settings.size_px, self._world, self._camera_t, layers, self._object_count, self._pace, shutter
        )

    def _camera(self) -> tuple[F64, ...]:
        rng, times, size = self._rng, self._times_t, self._settings.size_px
        calm = 0.3 if rng.random() < 0.4 else 1.0
        x = smooth_path(rng, times, 0.008 * calm, 0.02 * calm) * size
        y = smooth_path(rng, times, 0.004 * calm, 0.012 * calm) * size
        zoom = np.exp(smooth_path(rng, times, 0.004 * calm, 0.02 * calm))
        roll = smooth_path(rng, times, 0.003 * calm, 0.015 * calm)
        shake = rng.normal(0, 0.004 * size * (rng.random() < 0.4), (times.size, 2))
        squash = np.exp(rng.uniform(-0.65, 0.1))
        centre = affine((size / 2, size / 2), scale_xy=(float(squash), 1.0))
        return tuple(
            centre @ affine((x[t] + shake[t, 0], y[t] + shake[t, 1]), roll[t], (zoom[t], zoom[t]))
            for t in range(times.size)
        )

    def _background(self) -> U8:
        rng, library = self._rng, self._library
        side = round(self._settings.size_px * _WORLD_SCALE)
        if library is not None and rng.random() < 0.8:
            choices = library.backdrops if rng.random() < 0.75 else library.surfaces
            world = photo_crop(rng, library, choices, side, side, least_share=0.25)
        else:
            world = random_surface(rng, library, side, side)
        world = np.ascontiguousarray(world)
        for _ in range(int(rng.integers(1, 5)) if rng.random() < 0.5 else 0):
            self._paste_patch(world)
        for _ in range(int(rng.integers(0, 7)) if rng.random() < 0.6 else 0):
            figure = random_figure(rng, library, float(side * rng.uniform(0.06, 0.4)), self._settings.drawn_share)
            place = affine((float(rng.uniform(0, side)), float(rng.uniform(0, side))), float(rng.normal(0, 0.3)))
            for sprite in figure.sprites:
                paste(world, warp(sprite.rgba_hwc, place @ sprite.placed_at(0.0), None, side))
        return world

    def _paste_patch(self, world: U8) -> None:
        """Cover part of the background with another surface, so that it has edges and textures of its own."""
        rng, side = self._rng, world.shape[0]
        extent = round(side * rng.uniform(0.3, 1.0))
        alpha = random_outline(rng, extent)
        surface = random_surface(rng, self._library, extent, extent)
        sprite = cut_sprite(surface, alpha)
        place = affine((float(rng.uniform(0, side)), float(rng.uniform(0, side))))
        paste(world, warp(sprite.rgba_hwc, place @ sprite.place, None, side))

    def _make_layers(self) -> list[Layer]:
        rng, settings = self._rng, self._settings
        wanted = int(rng.integers(1, settings.objects + 2))
        layers: list[Layer] = []
        figures: list[Figure] = []
        for _ in range(wanted):
            if figures and rng.random() < 0.3:
                figure = figures[int(rng.integers(len(figures)))]
            else:
                side = settings.size_px * float(np.exp(rng.uniform(np.log(settings.least_side), np.log(0.75))))
                camouflaged = rng.random() < 0.08
                figure = (
                    self._piece_of_world(round(side))
                    if camouflaged
                    else random_figure(rng, self._library, side, settings.drawn_share)
                )
                if not camouflaged and rng.random() < 0.4:
                    colour = self._world.mean(axis=(0, 1)).astype(np.float32)
                    figure = harmonised(figure, colour, float(rng.uniform(0.3, 0.9)))
                if rng.random() < 0.3:
                    figure = shaded(rng, figure)
            figures.append(figure)
            hiding = self._hiding(figure)
            layer = self._layer(figure, self._object_count, free=True, hiding=hiding)
            if rng.random() < 0.25:
                layers.append(self._shadow(layer))
            layers.append(layer)
            if hiding is not None:
                layers.append(self._screen(layer, hiding.first))
            self._object_count += 1
        for _ in range(int(rng.integers(0, 3))):
            layers.insert(int(rng.integers(0, len(layers) + 1)), self._occluder())
        if self._is_plate:
            layers.append(self._post())
        return layers

    def _hiding(self, figure: Figure) -> _Hiding | None:
        rng, settings = self._rng, self._settings
        if not settings.hiding_share or rng.random() >= settings.hiding_share or settings.frames < 6:
            return None
        side = max(figure.sprites[0].rgba_hwc.shape[:2])
        first = int(rng.integers(2, settings.frames - 2))
        frames = int(rng.integers(1, settings.frames - first))
        return _Hiding(first, frames, side * float(rng.uniform(0.25, 0.8) * rng.choice([-1, 1])))

    def _screen(self, layer: Layer, frame: int) -> Layer:
        """Something that stands where the layer's object is on a frame, and is larger."""
        rng = self._rng
        corners = np.array([[-0.5, 0.5, -0.5, 0.5], [-0.5, -0.5, 0.5, 0.5], [0, 0, 0, 0]])
        sides = np.array([*layer.figure.sprites[0].rgba_hwc.shape[1::-1], 1])[:, None]
        to_world = np.linalg.inv(self._camera_t[frame]) @ layer.object_to_view_t[frame]
        centre_xy, spread_xy = to_world[:2, 2], np.abs((to_world @ (corners * sides))[:2]).max(axis=1)
        width, height = (max(8, round(2 * float(spread) * rng.uniform(1.0, 1.25))) for spread in spread_xy)
        if rng.random() < 0.5:
            height = 2 * self._settings.size_px
        alpha = np.full((height, width), 255, np.uint8)
        figure = Figure((cut_sprite(random_surface(rng, self._library, height, width), alpha),))
        place = affine((float(centre_xy[0]), float(centre_xy[1])))
        light = np.ones((len(self._camera_t), 3), np.float32)
        return Layer(figure, NO_OBJECT, tuple(camera @ place for camera in self._camera_t), None, light)

    def _post(self) -> Layer:
        """A round upright post, near the camera and so a little soft."""
        rng, size = self._rng, self._settings.size_px
        width, height = round(size * rng.uniform(0.04, 0.16)), 2 * size
        surface = random_surface(rng, self._library, height, width).astype(np.float32)
        across = np.linspace(-1, 1, width)
        light = np.clip(0.3 + 0.5 * np.sqrt(1 - 0.98 * across**2) + rng.uniform(-0.6, 0.6) * across, 0.1, 1)
        alpha = np.full((height, width), 255, np.uint8)
        sprite = cut_sprite((surface * light[:, None]).astype(np.uint8), alpha)
        softness_px = size * float(rng.uniform(0.001, 0.006))
        soft = replace(sprite, rgba_hwc=cv2.GaussianBlur(sprite.rgba_hwc, (0, 0), softness_px).astype(np.uint8))
        parallax = float(rng.normal(0, 0.006)) * size
        x = float(rng.uniform(-0.25, 0.25)) * size
        maps = tuple(
            camera @ affine((x + parallax * t, 0.0), float(rng.normal(0, 0.001)))
            for t, camera in enumerate(self._camera_t)
        )
        return Layer(Figure((soft,)), NO_OBJECT, maps, None, np.ones((len(maps), 3), np.float32))

    def _piece_of_world(self, side: int) -> Figure:
        """A shape with the background's own surface."""
        rng = self._rng
        top, left = (int(rng.integers(0, self._world.shape[0] - side + 1)) for _ in range(2))
        surface = np.ascontiguousarray(self._world[top : top + side, left : left + side])
        return Figure((cut_sprite(surface, random_outline(rng, side)),))

    def _shadow(self, layer: Layer) -> Layer:
        rng, size = self._rng, self._settings.size_px
        figure = shadow_of(layer.figure, float(rng.uniform(0.25, 0.6)), size * float(rng.uniform(0.006, 0.02)))
        offset = affine(
            (float(rng.normal(0, 0.05)) * size, float(rng.uniform(0, 0.1)) * size),
            scale_xy=(1.0, float(rng.uniform(0.5, 1.0))),
            shear=float(rng.normal(0, 0.3)),
        )
        return Layer(figure, SHADOW, tuple(m @ offset for m in layer.object_to_view_t), None, layer.light_tc)

    def _occluder(self) -> Layer:
        rng, size = self._rng, self._settings.size_px
        if rng.random() < 0.4:
            width, height = round(size * rng.uniform(0.03, 0.15)), round(size * rng.uniform(0.8, 2.0))
            surface = random_surface(rng, self._library, height, width)
            alpha = np.full((height, width), 255, np.uint8)
        else:
            height = width = round(size * rng.uniform(0.12, 0.5))
            surface = random_surface(rng, self._library, height, width)
            alpha = random_outline(rng, width)
        figure = Figure((cut_sprite(surface, alpha),))
        return self._layer(figure, NO_OBJECT, free=rng.random() < 0.5)

    def _layer(self, figure: Figure, object_index: int, free: bool, hiding: _Hiding | None = None) -> Layer:
        rng, times, size = self._rng, self._times_t, self._settings.size_px
        if hiding is not None:
            times = hiding.indices(times.size) * self._pace
        calm = 1.0 if free else 0.1
        start = rng.uniform(-0.42, 0.42, 2) * size
        x = start[0] + smooth_path(rng, times, 0.011 * calm, 0.05 * calm) * size
        y = start[1] + smooth_path(rng, times, 0.007 * calm, 0.035 * calm) * size
        turn = float(rng.normal(0, 0.35)) + smooth_path(rng, times, 0.012 * calm, 0.12 * calm)
        scale = np.exp(smooth_path(rng, times, 0.008 * calm, 0.06 * calm))
        yaw = np.exp(-np.abs(smooth_path(rng, times, 0.006 * calm, 0.18 * calm)))
        shear = smooth_path(rng, times, 0.0, 0.08 * calm)
        if object_index != NO_OBJECT and rng.random() < self._settings.absence_share and times.size > 2:
            x = x + self._excursion(times.size) * size
        if hiding is not None:
            x = x + hiding.speed_px * (hiding.indices(times.size) - hiding.first)
        if self._is_plate and free:
            yaw = yaw * np.cos(smooth_path(rng, times, 0.02, 0.3) + rng.normal(0, 0.3))
            scale = scale * np.exp(rng.uniform(0, 0.4))
            turn = turn + smooth_path(rng, times, 0.04, 0.3)
            if rng.random() < 0.7:
                way = float(rng.choice([-1, 1]))
                x = x - start[0] + way * size * np.linspace(-0.35, float(rng.uniform(-0.1, 0.45)), times.size)
        maps = tuple(
            camera
            @ affine(
                (float(x[t]), float(y[t])),
                float(turn[t]),
                (float(scale[t] * yaw[t]), float(scale[t])),
                float(shear[t]),
            )
            for t, camera in enumerate(self._camera_t)
        )
        elastic = self._elastic(figure) if len(figure.sprites) == 1 and rng.random() < 0.75 else None
        return Layer(figure, object_index, maps, elastic, self._light())

    def _light(self) -> F32:
        """The light on one object as it passes through lit and shaded places, (T, 3), at most 1."""
        rng, times = self._rng, self._times_t
        strength = float(rng.uniform(0.05, 0.35)) if rng.random() < 0.5 else 0.0
        level = smooth_path(rng, times, 0.0, strength)[:, None]
        tint = np.stack([smooth_path(rng, times, 0.0, 0.15 * strength) for _ in range(3)], axis=-1)
        gain = np.exp(level + tint)
        return np.asarray(gain / max(1.0, float(gain.max())), dtype=np.float32)

    def _excursion(self, count: int) -> F64:
        """A sideways trip out of the frame between two random frames, in frame widths."""
        rng = self._rng
        leave = int(rng.integers(1, count))
        back = int(rng.integers(leave + 1, count + 3))
        index = np.arange(count)
        ramp = float(rng.uniform(0.5, 2.5))
        rise = np.clip((index - leave) / ramp + 0.5, 0, 1)
        fall = np.clip((back - index) / ramp + 0.5, 0, 1)
        return np.asarray(np.minimum(rise, fall) * rng.choice([-1.6, 1.6]), dtype=np.float64)

    def _elastic(self, figure: Figure) -> Elastic:
        rng = self._rng
        reach = max(figure.sprites[0].rgba_hwc.shape[:2]) * float(np.exp(rng.uniform(np.log(0.01), np.log(0.14))))
        cells = int(rng.integers(3, 6))
        fields = [
            cv2.resize(
                rng.normal(0, reach, (cells, cells, 2)).astype(np.float32), (24, 24), interpolation=cv2.INTER_CUBIC
            )
            for _ in range(2)
        ]
        periods = rng.uniform(6, 40, 2)
        phases = rng.uniform(0, 6, 2)
        return Elastic(
            (np.asarray(fields[0], np.float32), np.asarray(fields[1], np.float32)),
            (float(periods[0]), float(periods[1])),
            (float(phases[0]), float(phases[1])),
        )
