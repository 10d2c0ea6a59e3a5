"""The edge by a guided filter: alpha follows the colours of the plate.

He, Sun and Tang, "Guided Image Filtering", IEEE Transactions on Pattern Analysis and Machine Intelligence 35, 2013,
with a guide of three colours; subsampled as in He and Sun, "Fast Guided Filter", arXiv 1505.00996, 2015.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from rotomatte.mattes.edges.band import edge_distance_px, faded_out, unknown_within, without_haze
from rotomatte.mattes.edges.tiles import Tile, tiles
from rotomatte.plate.base import FloatArray

_SEEN_BEYOND_PX = 12
"""How much farther than to the band's border the filter's window looks: there it finds what is surely known."""
_SMOOTHNESS = 1e-4
"""The variance of colour (picture 0..1) from which on a change counts as an edge."""
_LEAST_EXPLAINED, _WELL_EXPLAINED = 0.1, 0.5
"""The part of alpha's variance that colours explain: below the first the plate says nothing, above the second enough."""
_MOST_SUBSAMPLING = 4
_TILE_PX = 256


def refine_guided(picture_hwc: FloatArray, alpha_hw: FloatArray, half_width_px: float) -> FloatArray:
    """``alpha_hw`` with its edge where the picture has one, within ``half_width_px`` plate pixels of it.

    In every window alpha is taken for a linear function of red, green and blue. Where these hardly explain it, as
    object and background look alike, ``alpha_hw`` stays as it is. ``picture_hwc`` is display-referred
    RGB in 0..1, ``alpha_hw`` 0..1, both over the canvas; so is what comes back. Exactly 0 or 1 wherever ``alpha_hw``
    is and the band is not.
    """
    radius_px = round(half_width_px) + _SEEN_BEYOND_PX
    step_px = min(_MOST_SUBSAMPLING, max(1, int(half_width_px / 3)))
    window = _surroundings(alpha_hw, 2 * radius_px, step_px)
    if window is None:
        return alpha_hw
    part_hwc, part_hw = picture_hwc[window.place], alpha_hw[window.place]
    models_hwc = _linear_models(part_hwc, part_hw, radius_px, step_px)
    distance_hw = edge_distance_px(part_hw)
    refined_hw = alpha_hw.copy()
    inner_hw = refined_hw[window.place]
    for tile in tiles(unknown_within(distance_hw, part_hw, half_width_px), _TILE_PX, 0):
        at = tile.place
        red_hw, green_hw, blue_hw, offset_hw, explained_hw = _planes(_enlarged(models_hwc, tile, step_px))
        of_red_hw, of_green_hw, of_blue_hw = _planes(part_hwc[at])
        found_hw = red_hw * of_red_hw + green_hw * of_green_hw + blue_hw * of_blue_hw + offset_hw
        trust_hw = (explained_hw - _LEAST_EXPLAINED) / (_WELL_EXPLAINED - _LEAST_EXPLAINED)
        found_hw = part_hw[at] + np.clip(trust_hw, 0, 1) * (found_hw - part_hw[at])
        clean_hw = without_haze(found_hw, distance_hw[at])
        inner_hw[at] = faded_out(clean_hw, part_hw[at], distance_hw[at], half_width_px)
    return refined_hw


def _surroundings(alpha_hw: FloatArray, margin_px: int, step_px: int) -> Tile | None:
    """The object's bounding box grown by a margin, its corner a whole number of steps from the frame's."""
    left, top, width, height = cv2.boundingRect((alpha_hw > 0).astype(np.uint8))
    if not width:
        return None
    first_x, first_y = (max(0, edge - margin_px) // step_px * step_px for edge in (left, top))
    rows, columns = alpha_hw.shape
    return Tile(first_x, first_y, min(columns, left + width + margin_px), min(rows, top + height + margin_px))


def _linear_models(picture_hwc: FloatArray, alpha_hw: FloatArray, radius_px: int, step_px: int) -> FloatArray:
    """For every ``step_px``-th pixel, the means of all windows that hold it.

    ``models_hwc`` has the weights of red, green and blue, what is added, and how much of alpha's variance that
    explains, 0 to 1.
    """
    height, width = (-(-side // step_px) * step_px for side in alpha_hw.shape)
    size = (width // step_px, height // step_px)
    lacking = (0, height - alpha_hw.shape[0], 0, width - alpha_hw.shape[1])

    def coarse(whole: FloatArray) -> FloatArray:
        filled = cv2.copyMakeBorder(whole, *lacking, cv2.BORDER_REPLICATE)
        return np.asarray(cv2.resize(filled, size, interpolation=cv2.INTER_AREA), np.float32)

    coarse_hwc, coarse_hw = coarse(picture_hwc), coarse(alpha_hw)
    side = 2 * max(1, round(radius_px / step_px)) + 1

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)

    colours = _planes(coarse_hwc)
    mean_hwc, mean_hw = mean(coarse_hwc), mean(coarse_hw)
    with_alpha_hwc = mean(coarse_hwc * coarse_hw[..., None]) - mean_hwc * mean_hw[..., None]
    of_each = _planes(mean_hwc)

    def covariance(one: int, other: int) -> FloatArray:
        return mean(colours[one] * colours[other]) - of_each[one] * of_each[other]

    slope_hwc = _solved_symmetric(
        [covariance(channel, channel) + np.float32(_SMOOTHNESS) for channel in range(3)],
        [covariance(0, 1), covariance(0, 2), covariance(1, 2)],
        _planes(with_alpha_hwc),
    )
    offset_hw = mean_hw - (slope_hwc * mean_hwc).sum(axis=2)
    variance_hw = mean(coarse_hw * coarse_hw) - mean_hw * mean_hw
    explained_hw = (slope_hwc * with_alpha_hwc).sum(axis=2) / np.maximum(variance_hw, np.float32(1e-6))
    return mean(np.dstack([slope_hwc, offset_hw, np.clip(explained_hw, 0, 1)]))


def _solved_symmetric(
    diagonal: Sequence[FloatArray], beside: Sequence[FloatArray], right: Sequence[FloatArray]
) -> FloatArray:
    """For every pixel the solution of three equations by cofactors, as ``_hwc``.

    ``beside`` has what stands at (0, 1), (0, 2) and (1, 2) of the symmetric matrix.
    """
    # In doubles: the equations of a plate without colour are all but the same.
    rr, gg, bb = (plane_hw.astype(np.float64) for plane_hw in diagonal)
    rg, rb, gb = (plane_hw.astype(np.float64) for plane_hw in beside)
    c_rr, c_rg, c_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    red, green, blue = right
    solution_hwc = np.dstack(
        [
            c_rr * red + c_rg * green + c_rb * blue,
            c_rg * red + c_gg * green + c_gb * blue,
            c_rb * red + c_gb * green + c_bb * blue,
        ]
    )
    return np.asarray(solution_hwc / (c_rr * rr + c_rg * rg + c_rb * rb)[..., None], np.float32)


def _planes(values_hwc: FloatArray) -> list[FloatArray]:
    return [np.asarray(plane_hw, np.float32) for plane_hw in cv2.split(values_hwc)]


def _enlarged(coarse: FloatArray, tile: Tile, step_px: int) -> FloatArray:
    """The part of a subsampled field that lies under a tile, bilinear, with a coarse pixel around it to draw on."""
    rows = slice(max(0, tile.top // step_px - 1), -(-tile.bottom // step_px) + 1)
    columns = slice(max(0, tile.left // step_px - 1), -(-tile.right // step_px) + 1)
    part = coarse[rows, columns]
    size = (part.shape[1] * step_px, part.shape[0] * step_px)
    whole = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)
    top, left = tile.top - rows.start * step_px, tile.left - columns.start * step_px
    return np.asarray(whole[top : top + tile.bottom - tile.top, left : left + tile.right - tile.left], np.float32)
