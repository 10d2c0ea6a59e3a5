"""Prompts as an artist gives them, drawn at random from an object's coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]
I32 = NDArray[np.int32]

PromptKind = Literal["click", "clicks", "box", "mask", "box and click"]

EXCLUDE, INCLUDE, BOX_CORNER_0, BOX_CORNER_1, PADDING = 0, 1, 2, 3, -1
"""sam2's point labels."""

_MOST_CLICKS = 5


@dataclass(frozen=True)
class PointSet:
    """Points for one object, in pixels of the model's image, with sam2's labels."""

    xy_n2: F32
    label_n: I32


def sample_points(rng: np.random.Generator, kind: PromptKind, coverage_hw: U8) -> PointSet:
    """Points of the kind asked for; coverage (H, W) 0..255 must not be empty. Clicks are padded to one length."""
    if kind == "box":
        return _box(rng, coverage_hw)
    first = _inside(rng, coverage_hw > 127 if (coverage_hw > 127).any() else coverage_hw > 0)
    if kind == "box and click":
        box = _box(rng, coverage_hw)
        return PointSet(
            np.concatenate([box.xy_n2, np.array([first], np.float32)]),
            np.concatenate([box.label_n, np.array([INCLUDE], np.int32)]),
        )
    if kind == "click":
        return PointSet(np.array([first], np.float32), np.array([INCLUDE], np.int32))
    xy = np.zeros((_MOST_CLICKS, 2), np.float32)
    label = np.full(_MOST_CLICKS, PADDING, np.int32)
    xy[0], label[0] = first, INCLUDE
    solid_hw = coverage_hw > 127
    for index in range(1, int(rng.integers(2, _MOST_CLICKS + 1))):
        if rng.random() < 0.5 and solid_hw.any():
            xy[index], label[index] = _inside(rng, solid_hw), INCLUDE
        else:
            xy[index], label[index] = _outside(rng, coverage_hw), EXCLUDE
    return PointSet(xy, label)


def correction_point(rng: np.random.Generator, predicted_hw: NDArray[np.bool_], coverage_hw: U8) -> PointSet:
    """One click in the largest error of a prediction; anywhere inside (or outside) if there is no error."""
    true_hw = coverage_hw > 127
    missing_hw, extra_hw = true_hw & ~predicted_hw, predicted_hw & ~true_hw
    include = missing_hw.sum() >= extra_hw.sum()
    wrong_hw = missing_hw if include else extra_hw
    if not wrong_hw.any():
        include = bool(true_hw.any())
        wrong_hw = true_hw if include else ~true_hw
    return PointSet(
        np.array([_inside(rng, wrong_hw)], np.float32), np.array([INCLUDE if include else EXCLUDE], np.int32)
    )


def centre_point(region_hw: NDArray[np.bool_]) -> tuple[float, float]:
    """The (x, y) pixel farthest from the edge of a region; the frame's border counts as an edge."""
    depth = cv2.distanceTransform(np.pad(region_hw, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    y, x = np.unravel_index(int(np.argmax(depth)), depth.shape)
    return float(x), float(y)


def _inside(rng: np.random.Generator, region_hw: NDArray[np.bool_]) -> tuple[float, float]:
    depth = cv2.distanceTransform(np.pad(region_hw, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    deep = rng.random() < 0.6
    rows, columns = np.nonzero((depth >= 0.5 * depth.max()) & region_hw if deep else region_hw)
    pick = int(rng.integers(rows.size))
    return float(columns[pick]), float(rows[pick])


def _outside(rng: np.random.Generator, coverage_hw: U8) -> tuple[float, float]:
    covered = (coverage_hw > 20).astype(np.uint8)
    reach = int(rng.integers(5, 40))
    clear_hw = cv2.dilate(covered, np.ones((5, 5), np.uint8)) == 0
    near_hw = clear_hw & (cv2.dilate(covered, np.ones((reach, reach), np.uint8)) > 0)
    rows, columns = np.nonzero(near_hw if near_hw.any() else covered == 0)
    if rows.size == 0:
        return 0.0, 0.0
    pick = int(rng.integers(rows.size))
    return float(columns[pick]), float(rows[pick])


def _box(rng: np.random.Generator, coverage_hw: U8) -> PointSet:
    solid = coverage_hw > 127
    rows, columns = np.nonzero(solid if solid.any() else coverage_hw > 0)
    corners = np.array([[columns.min(), rows.min()], [columns.max() + 1, rows.max() + 1]], np.float32)
    extent = corners[1] - corners[0]
    jitter = np.clip(rng.normal(0, 0.04, (2, 2)), -0.12, 0.12).astype(np.float32) * extent
    corners = np.clip(corners + jitter, 0, max(coverage_hw.shape))
    return PointSet(corners.astype(np.float32), np.array([BOX_CORNER_0, BOX_CORNER_1], np.int32))
