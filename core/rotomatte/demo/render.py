"""One frame of the demo and its exact matte, in linear light."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.demo.leaf import SPRITE_PX, leaf_sprite
from rotomatte.demo.scenery import backdrop, birch_trunk
from rotomatte.plate.base import FloatArray

WIDTH, HEIGHT = 640, 360
FRAME_COUNT = 24

_SHUTTER_FRAMES = 0.5
_SUBFRAMES = 16
_EDGE_SUPERSAMPLING = 3
_MARGIN_PX = 40
_BACKDROP_PAN_PX = 1.6
_TRUNK_PAN_PX = 3.5
_LEAF_PX = 232
_TOWARDS_SUN = np.array((0.35, -0.42, 0.84))


@dataclass(frozen=True)
class Layers:
    """The painted pictures, made once for all frames."""

    leaf_rgba_hwc: FloatArray
    trunk_rgba_hwc: FloatArray
    backdrop_hwc: FloatArray


@dataclass(frozen=True)
class DemoFrame:
    """``plate_hwc`` is linear Rec.709; ``matte_hw`` is the part of each pixel that shows the leaf, in [0, 1]."""

    plate_hwc: FloatArray
    matte_hw: FloatArray


def paint_layers() -> Layers:
    """Leaf, trunk and backdrop."""
    wide_px = WIDTH + 2 * _MARGIN_PX
    return Layers(
        leaf_rgba_hwc=leaf_sprite(),
        trunk_rgba_hwc=birch_trunk(HEIGHT, wide_px, centre_px=_MARGIN_PX + 384, breadth_px=54),
        backdrop_hwc=backdrop(HEIGHT, wide_px),
    )


def render_frame(layers: Layers, index: int) -> DemoFrame:
    """Frame ``index`` (0 is the first) as recorded: the exposure, with sensor noise on the plate."""
    exposure = expose(layers, index)
    return DemoFrame(plate_hwc=_with_noise(exposure.plate_hwc, seed=index), matte_hw=exposure.matte_hw)


def expose(layers: Layers, index: int) -> DemoFrame:
    """Frame ``index`` as light falls on the sensor through a shutter that is open half of the frame's time.

    That time is cut into sub-frames, each composited premultiplied in linear light; their mean is the plate.
    The matte is the mean of the leaf's coverage times what the trunk lets through, so the two agree to rounding.
    """
    plate_hwc = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    matte_hw = np.zeros((HEIGHT, WIDTH), np.float32)
    for part in range(_SUBFRAMES):
        time = index + _SHUTTER_FRAMES * ((part + 0.5) / _SUBFRAMES - 0.5)
        leaf_hwc, place = _leaf_at(layers.leaf_rgba_hwc, time)
        trunk_hwc = _panned(layers.trunk_rgba_hwc, _TRUNK_PAN_PX * time)
        past_trunk_hw = 1 - trunk_hwc[..., 3]
        light_hwc = _panned(layers.backdrop_hwc, _BACKDROP_PAN_PX * time)
        light_hwc[place] *= 1 - leaf_hwc[..., 3:]
        light_hwc[place] += leaf_hwc[..., :3]
        light_hwc *= cv2.cvtColor(past_trunk_hw, cv2.COLOR_GRAY2RGB)
        light_hwc += cv2.cvtColor(trunk_hwc, cv2.COLOR_RGBA2RGB)
        plate_hwc += light_hwc
        matte_hw[place] += leaf_hwc[..., 3] * past_trunk_hw[place]
    plate_hwc /= np.float32(_SUBFRAMES)
    matte_hw /= np.float32(_SUBFRAMES)
    return DemoFrame(plate_hwc=plate_hwc, matte_hw=np.clip(matte_hw, 0, 1))


def _leaf_pose(time: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the leaf is, ``centre_xy_px``, and how it is turned, 3 by 3: it falls in swings, spins and tilts."""
    part = time / (FRAME_COUNT - 1)
    centre_xy_px = np.array(
        (
            124 + 392 * part + 20 * math.sin(2 * math.pi * part),
            150 + 92 * part - 32 * math.cos(3.2 * math.pi * part),
        )
    )
    spin = math.radians(-34 + 78 * part + 16 * math.sin(2.6 * math.pi * part))
    tilt = math.radians(14 + 44 * math.sin(1.5 * math.pi * part) ** 2)
    turn = math.radians(30 * math.sin(2 * math.pi * part + 0.4))
    return centre_xy_px, _about_z(spin) @ _about_x(tilt) @ _about_y(turn)


def _leaf_at(leaf_rgba_hwc: FloatArray, time: float) -> tuple[FloatArray, tuple[slice, slice]]:
    """The leaf, brighter the more it faces the sun, and the rows and columns of the frame where it goes."""
    centre_xy_px, rotation = _leaf_pose(time)
    reach_px = math.ceil(_LEAF_PX * 0.52)  # the farthest tips are half a side away, whichever way they turn
    left_px, top_px = (math.floor(centre) - reach_px for centre in centre_xy_px)
    to_patch = np.zeros((2, 3))
    to_patch[:, :2] = rotation[:2, :2] * (_LEAF_PX * _EDGE_SUPERSAMPLING / SPRITE_PX)
    pivot_xy = (centre_xy_px - (left_px, top_px)) * _EDGE_SUPERSAMPLING
    to_patch[:, 2] = pivot_xy - to_patch[:, :2] @ np.array((SPRITE_PX / 2, SPRITE_PX / 2))
    side_px = 2 * reach_px * _EDGE_SUPERSAMPLING
    fine_hwc = cv2.warpAffine(leaf_rgba_hwc, to_patch, (side_px, side_px), flags=cv2.INTER_LINEAR)
    patch_hwc = np.asarray(
        cv2.resize(fine_hwc, (2 * reach_px, 2 * reach_px), interpolation=cv2.INTER_AREA), dtype=np.float32
    )
    patch_hwc[..., :3] *= 0.55 + 0.75 * abs(float(rotation[:, 2] @ _TOWARDS_SUN))

    x0, y0 = max(left_px, 0), max(top_px, 0)
    x1, y1 = min(left_px + 2 * reach_px, WIDTH), min(top_px + 2 * reach_px, HEIGHT)
    return patch_hwc[y0 - top_px : y1 - top_px, x0 - left_px : x1 - left_px], (slice(y0, y1), slice(x0, x1))


def _panned(picture_hwc: FloatArray, shift_px: float) -> FloatArray:
    shift = np.array(((1.0, 0.0, -_MARGIN_PX - shift_px), (0.0, 1.0, 0.0)))
    return np.asarray(
        cv2.warpAffine(picture_hwc, shift, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.float32,
    )


def _with_noise(plate_hwc: FloatArray, *, seed: int) -> FloatArray:
    """Photon noise, which grows with the root of the light, on a small read noise."""
    noise_hwc = np.random.default_rng(seed).standard_normal(plate_hwc.shape, dtype=np.float32)
    deviation_hwc = np.sqrt(0.0015**2 + 0.00007 * np.clip(plate_hwc, 0, None))
    return np.asarray(np.clip(plate_hwc + noise_hwc * deviation_hwc, 0, None), dtype=np.float32)


def _about_x(angle: float) -> NDArray[np.float64]:
    return np.array(((1, 0, 0), (0, math.cos(angle), -math.sin(angle)), (0, math.sin(angle), math.cos(angle))))


def _about_y(angle: float) -> NDArray[np.float64]:
    return np.array(((math.cos(angle), 0, math.sin(angle)), (0, 1, 0), (-math.sin(angle), 0, math.cos(angle))))


def _about_z(angle: float) -> NDArray[np.float64]:
    return np.array(((math.cos(angle), -math.sin(angle), 0), (math.sin(angle), math.cos(angle), 0), (0, 0, 1)))
