"""The edge by closed-form matting: alpha that lies on lines between the colours of object and background.

Levin, Lischinski and Weiss, "A Closed-Form Solution to Natural Image Matting", IEEE Transactions on Pattern Analysis
and Machine Intelligence 30, 2008, with the Laplacian and the solver of PyMatting (Germer et al., Journal of Open
Source Software 5, 2020).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rotomatte.mattes.edges.band import BoolArray, edge_distance_px, unknown_within, without_haze
from rotomatte.mattes.edges.extra import pymatting_library
from rotomatte.mattes.edges.tiles import Tile, in_tiles
from rotomatte.plate.base import FloatArray

_SMOOTHNESS = 1e-7
"""What the Laplacian adds to the covariance of the colours in its windows of 3 by 3."""
_BELIEF = 1e-3
"""Weight of the alpha given: enough to decide where the picture says nothing, too little to blur an edge."""
_TOLERANCE = 1e-4
_MOST_ITERATIONS = 400
_USEFUL_RESIDUAL = 0.03
"""The relative residual above which an unfinished solution is not taken."""
_LEAST_TILE_PX = 160
_LEAST_OVERLAP_PX, _MOST_OVERLAP_PX = 12, 64


def refine_matting(picture_hwc: FloatArray, alpha_hw: FloatArray, half_width_px: float) -> FloatArray:
    """``alpha_hw`` as closed-form matting finds it within ``half_width_px`` plate pixels of its edge.

    ``picture_hwc`` is display-referred RGB in 0..1, ``alpha_hw`` 0..1, both over the canvas; so is what comes back.
    Exactly 0 or 1 wherever ``alpha_hw`` is and the band is not. Where the solver gives nothing useful, ``alpha_hw``
    stays. It sees no other frame, nor anything but the band and its border.

    Raises:
        MissingExtraError: PyMatting is not installed.
    """
    pymatting = pymatting_library()
    distance_hw = edge_distance_px(alpha_hw)
    unknown_hw = unknown_within(distance_hw, alpha_hw, half_width_px)
    overlap_px = int(min(max(half_width_px, _LEAST_OVERLAP_PX), _MOST_OVERLAP_PX))

    def solve(tile: Tile) -> FloatArray:
        at = tile.place
        found_hw = alpha_hw[at].copy()
        box = _box_of(unknown_hw[at])
        found_hw[box] = _solved(pymatting, picture_hwc[at][box], found_hw[box], unknown_hw[at][box])
        return found_hw[..., None]

    found_hw = in_tiles(unknown_hw, 1, max(_LEAST_TILE_PX, 4 * overlap_px), overlap_px, solve)[..., 0]
    return np.where(unknown_hw, without_haze(found_hw, distance_hw), alpha_hw)


def _box_of(unknown_hw: BoolArray) -> tuple[slice, slice]:
    """The bounding box of the unknown pixels and of what lies in a window of the Laplacian with one, 3 by 3 at least."""
    rows, columns = np.flatnonzero(unknown_hw.any(axis=1)), np.flatnonzero(unknown_hw.any(axis=0))
    return slice(max(0, rows[0] - 2), rows[-1] + 3), slice(max(0, columns[0] - 2), columns[-1] + 3)


def _solved(pymatting: Any, picture_hwc: FloatArray, alpha_hw: FloatArray, unknown_hw: BoolArray) -> FloatArray:
    """Alpha that minimises the matting Laplacian's energy with the known pixels fixed, from 0 to 1.

    A weak pull to ``alpha_hw`` makes the system definite even where no known pixel is near.
    """
    laplacian = pymatting.cf_laplacian(picture_hwc.astype(np.float64), epsilon=_SMOOTHNESS, is_known=~unknown_hw)
    is_unknown = unknown_hw.ravel()
    start = alpha_hw.ravel()[is_unknown].astype(np.float64)
    rows = laplacian[is_unknown]
    system = rows[:, is_unknown]
    system.setdiag(system.diagonal() + _BELIEF)
    wanted = _BELIEF * start - rows[:, ~is_unknown].dot(alpha_hw.ravel()[~is_unknown].astype(np.float64))
    solved_hw = alpha_hw.copy()
    solved_hw[unknown_hw] = np.clip(_nearest_solution(pymatting, system, wanted, start), 0, 1)
    return solved_hw


def _nearest_solution(
    pymatting: Any, system: Any, wanted: NDArray[np.float64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """By conjugate gradients from ``start``, which comes back where too little was gained in the time allowed."""
    latest, residual = start, np.inf

    def watch(_a: Any, x: NDArray[np.float64], _b: Any, wanted_norm: float, _r: Any, residual_norm: float) -> None:
        nonlocal latest, residual
        latest, residual = x, residual_norm / wanted_norm

    try:
        return np.asarray(
            pymatting.cg(
                system,
                wanted,
                x0=start,
                rtol=_TOLERANCE,
                maxiter=_MOST_ITERATIONS,
                callback=watch,
                M=pymatting.jacobi(system),
            )
        )
    except ValueError:
        # Not converged; the library does not hand out how far it came.
        return latest if residual < _USEFUL_RESIDUAL else start
