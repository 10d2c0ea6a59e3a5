"""Putting layers over a background at one instant or over an open shutter, with everybody's coverage."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.training.motion import F64, affine
from rotomatte.training.sprites import Figure

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]

NO_OBJECT = -1
"""Index of a layer that hides objects and is none."""

SHADOW = -2
"""Index of a layer that darkens and hides nothing."""


@dataclass(frozen=True)
class Elastic:
    """A slow non-rigid warp: two random displacement fields (n, n, 2), in sprite pixels, that come and go."""

    fields: tuple[F32, F32]
    periods: tuple[float, float]
    phases: tuple[float, float]

    def at(self, time: float) -> F32:
        """The displacement field at a time in frames."""
        parts = [
            field * np.float32(np.sin(2 * np.pi * time / period + phase))
            for field, period, phase in zip(self.fields, self.periods, self.phases, strict=True)
        ]
        return parts[0] + parts[1]


@dataclass(frozen=True)
class Layer:
    """A figure in the scene with its motion.

    Attributes:
        figure: its picture.
        object_index: which object it is, NO_OBJECT or SHADOW.
        object_to_view_t: 3x3 maps from object units to frame pixels.
        elastic: warp of a figure of one sprite, or None.
        light_tc: factor of each channel at each frame, at most 1.
    """

    figure: Figure
    object_index: int
    object_to_view_t: tuple[F64, ...]
    elastic: Elastic | None
    light_tc: F32


@dataclass(frozen=True)
class Scene:
    """A camera, a background picture and layers from back to front.

    Attributes:
        size_px: width and height of the frames.
        world_hwc: square RGB background picture.
        camera_t: 3x3 maps from the background, origin at its centre, to frame pixels.
        layers: what lies over the background.
        object_count: number of objects among the layers.
        pace: time between two frames.
        shutter: share of the time between two frames during which the shutter is open; 0 freezes motion.
    """

    size_px: int
    world_hwc: U8
    camera_t: tuple[F64, ...]
    layers: tuple[Layer, ...]
    object_count: int
    pace: float
    shutter: float

    def exposed(self, index: int) -> tuple[F32, F32]:
        """One frame (H, W, 3) 0..255 and coverage (K, H, W) 0..1, averaged over the shutter if it is open."""
        if self.shutter == 0.0 or len(self.camera_t) < 2:
            return self._composite(index, 0.0)
        instants = [self._composite(index, share * self.shutter) for share in (-0.5, 0.0, 0.5)]
        picture = np.stack([instant[0] for instant in instants]).mean(axis=0)
        visible = np.stack([instant[1] for instant in instants]).mean(axis=0)
        return np.asarray(picture, np.float32), np.asarray(visible, np.float32)

    def _composite(self, index: int, lag: float) -> tuple[F32, F32]:
        size = self.size_px
        side = self.world_hwc.shape[0]
        camera = _between(self.camera_t, index, lag)
        world_to_view = camera @ affine((-side / 2, -side / 2))
        background = cv2.warpAffine(
            self.world_hwc, world_to_view[:2], (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
        )
        picture = background.astype(np.float32)
        visible = np.zeros((self.object_count, size, size), np.float32)
        time = (index + lag) * self.pace
        for layer in self.layers:
            object_to_view = _between(layer.object_to_view_t, index, lag)
            for sprite in layer.figure.sprites:
                field = None if layer.elastic is None else layer.elastic.at(time)
                patch = warp(sprite.rgba_hwc, object_to_view @ sprite.placed_at(time), field, size)
                if patch is None:
                    continue
                rows, columns, rgba = patch
                alpha = rgba[..., 3].astype(np.float32) * np.float32(1 / 255)
                rest = 1 - alpha
                view = picture[rows, columns]
                view *= rest[..., None]
                view += rgba[..., :3] * layer.light_tc[index]
                if layer.object_index == SHADOW:
                    continue
                visible[:, rows, columns] *= rest
                if layer.object_index != NO_OBJECT:
                    visible[layer.object_index, rows, columns] += alpha
        return picture, visible


def _between(maps_t: tuple[F64, ...], index: int, lag: float) -> F64:
    """The map at a time between frames, `lag` frames later, by linear mixing with a neighbour."""
    if lag == 0.0 or len(maps_t) < 2:
        return maps_t[index]
    other = index + (1 if lag > 0 else -1)
    if not 0 <= other < len(maps_t):
        return maps_t[index]
    return maps_t[index] + (maps_t[other] - maps_t[index]) * abs(lag)


Patch = tuple[slice, slice, U8]
"""Rows and columns of a picture, and the premultiplied RGBA that lies over them."""


def warp(rgba_hwc: U8, to_view: F64, field: F32 | None, size: int) -> Patch | None:
    """The part of a sprite that falls into the view, as (rows, columns, premultiplied RGBA), or None."""
    height, width = rgba_hwc.shape[:2]
    slack = 0.0 if field is None else float(np.abs(field).max())
    corners = np.array(
        [[-slack, width + slack, -slack, width + slack], [-slack, -slack, height + slack, height + slack], [1, 1, 1, 1]]
    )
    x, y = (to_view @ corners)[:2]
    left, right = max(0, int(x.min())), min(size, int(x.max()) + 2)
    top, bottom = max(0, int(y.min())), min(size, int(y.max()) + 2)
    if right - left < 2 or bottom - top < 2:
        return None
    local = affine((-left, -top)) @ to_view
    extent = (right - left, bottom - top)
    if field is None:
        rgba = cv2.warpAffine(rgba_hwc, local[:2], extent, flags=cv2.INTER_LINEAR)
        return slice(top, bottom), slice(left, right), rgba.astype(np.uint8)
    inverse = np.linalg.inv(local)
    columns = np.arange(extent[0], dtype=np.float32)
    rows = np.arange(extent[1], dtype=np.float32)[:, None]
    u = np.float32(inverse[0, 0]) * columns + np.float32(inverse[0, 1]) * rows + np.float32(inverse[0, 2])
    v = np.float32(inverse[1, 0]) * columns + np.float32(inverse[1, 1]) * rows + np.float32(inverse[1, 2])
    cells_h, cells_w = field.shape[0] / height, field.shape[1] / width
    shift = cv2.remap(
        field, u * np.float32(cells_w), v * np.float32(cells_h), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    rgba = cv2.remap(rgba_hwc, u + shift[..., 0], v + shift[..., 1], cv2.INTER_LINEAR)
    return slice(top, bottom), slice(left, right), rgba.astype(np.uint8)


def paste(target: U8, patch: Patch | None) -> None:
    """Put a patch over a picture (H, W, 3), in place."""
    if patch is None:
        return
    rows, columns, rgba = patch
    rest = 255 - rgba[..., 3]
    view = target[rows, columns]
    view[:] = cv2.add(cv2.multiply(view, cv2.merge([rest, rest, rest]), scale=1 / 255), rgba[..., :3])
