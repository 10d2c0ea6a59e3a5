"""How well a matte covers and outlines an object: J and F, as the DAVIS benchmark defines them.

Perazzi et al., "A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation", CVPR 2016; the
2017 edition (Pont-Tuset et al., arXiv 1704.00675) takes the mean of the two, J&F. Both measures are binary: a
pixel belongs to the object where its matte is at least 0.5.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import FloatArray

BoolArray = NDArray[np.bool_]

INSIDE_FROM = 0.5
"""The alpha from which a pixel counts as the object."""

BOUNDARY_TOLERANCE = 0.008
"""How far apart two boundaries may lie and still agree, as a fraction of the frame's diagonal."""


def region_similarity(matte_hw: FloatArray, truth_hw: FloatArray) -> float:
    """J: intersection over union, in [0, 1]; 1 where both are empty."""
    found_hw = matte_hw >= INSIDE_FROM
    object_hw = truth_hw >= INSIDE_FROM
    union_px = int(np.count_nonzero(found_hw | object_hw))
    return int(np.count_nonzero(found_hw & object_hw)) / union_px if union_px else 1.0


def boundary_measure(matte_hw: FloatArray, truth_hw: FloatArray) -> float:
    """F: harmonic mean of the precision and the recall of the boundary, in [0, 1].

    A boundary pixel agrees when the other boundary has a pixel within a disc of ``tolerance_px``. The
    benchmark tests this by dilating the other boundary with that disc, an approximation to matching pixels one
    to one; looking the distance up in an exact distance transform gives the same pixels at a cost that does
    not grow with the radius. With both boundaries empty F is 1, with only one of them 0.
    """
    found_hw = outline(matte_hw >= INSIDE_FROM)
    object_hw = outline(truth_hw >= INSIDE_FROM)
    found, wanted = bool(found_hw.any()), bool(object_hw.any())
    if not (found and wanted):
        return float(found == wanted)
    radius_px = tolerance_px(truth_hw.shape[0], truth_hw.shape[1])
    precision = float(_near(object_hw, radius_px)[found_hw].mean())
    recall = float(_near(found_hw, radius_px)[object_hw].mean())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def tolerance_px(height: int, width: int) -> int:
    """The radius in whole pixels, rounded up, within which boundaries agree."""
    return math.ceil(BOUNDARY_TOLERANCE * math.hypot(height, width))


def outline(inside_hw: BoolArray) -> BoolArray:
    """The benchmark's one-pixel boundary: pixels unlike their right, lower or lower right neighbour.

    In the last row only the right neighbour counts, in the last column only the lower one, so the frame's own
    border is no boundary.
    """
    edge_hw = np.zeros_like(inside_hw)
    edge_hw[:, :-1] |= inside_hw[:, :-1] != inside_hw[:, 1:]
    edge_hw[:-1, :] |= inside_hw[:-1, :] != inside_hw[1:, :]
    edge_hw[:-1, :-1] |= inside_hw[:-1, :-1] != inside_hw[1:, 1:]
    return edge_hw


def _near(edge_hw: BoolArray, radius_px: int) -> BoolArray:
    distance_hw = cv2.distanceTransform((~edge_hw).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # squared distances are whole numbers; half a pixel squared keeps float rounding away from the comparison
    return np.asarray(distance_hw**2 <= radius_px**2 + 0.5)
