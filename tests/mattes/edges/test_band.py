from __future__ import annotations

import numpy as np
import pytest

from rotomatte.mattes.edges.band import band, edge_distance_px, faded_out, without_haze
from rotomatte.plate.base import FloatArray


def upright_edge(ramp_px: float = 0.0) -> FloatArray:
    """40 rows of 60 pixels, 1 to the right of x = 30, with or without a ramp."""
    x_w = np.arange(60, dtype=np.float32) + 0.5
    row = (x_w > 30) if not ramp_px else np.clip((x_w - 30) / ramp_px + 0.5, 0, 1)
    return np.tile(row.astype(np.float32), (40, 1))


@pytest.mark.parametrize("ramp_px", [0.0, 6.0])
def test_distance_is_in_pixels_to_the_line_and_positive_inside(ramp_px: float) -> None:
    distance_hw = edge_distance_px(upright_edge(ramp_px))
    np.testing.assert_allclose(distance_hw, np.tile(np.arange(60) + 0.5 - 30, (40, 1)), atol=0.15)


@pytest.mark.parametrize("half_width_px", [1.0, 5.0, 12.0])
def test_the_band_reaches_as_far_on_both_sides(half_width_px: float) -> None:
    unknown_hw = band(upright_edge(), half_width_px)
    columns = np.flatnonzero(unknown_hw[20])
    assert columns.tolist() == list(range(30 - round(half_width_px), 30 + round(half_width_px)))
    assert (unknown_hw == unknown_hw[20]).all()


def test_the_band_holds_whatever_is_soft() -> None:
    alpha_hw = upright_edge(20)
    alpha_hw[3:5, 2:4] = 0.02
    unknown_hw = band(alpha_hw, 2)
    np.testing.assert_array_equal(unknown_hw, (alpha_hw > 0) & (alpha_hw < 1))


@pytest.mark.parametrize(("value", "distance_px"), [(0.0, -np.inf), (1.0, np.inf)])
def test_without_an_edge_there_is_no_band(value: float, distance_px: float) -> None:
    alpha_hw = np.full((9, 12), value, np.float32)
    assert not band(alpha_hw, 5).any()
    assert (edge_distance_px(alpha_hw) == distance_px).all()


def test_haze_goes_and_an_edge_stays() -> None:
    distance_hw = np.array([[-20, -20, -0.0, 0.0, 20, 20]], np.float32)
    found_hw = np.array([[0.08, 0.5, 0.05, 0.95, 0.5, 0.95]], np.float32)
    np.testing.assert_allclose(without_haze(found_hw, distance_hw), [[0, 0.5, 0.05, 0.95, 0.5, 1]], atol=1e-6)
    assert without_haze(np.array([[-0.3, 1.4]], np.float32), distance_hw[:, 2:4]).tolist() == [[0, 1]]


def test_at_the_bands_border_nothing_steps() -> None:
    alpha_hw = upright_edge()
    distance_hw = edge_distance_px(alpha_hw)
    blended_hw = faded_out(np.full_like(alpha_hw, 0.5), alpha_hw, distance_hw, 12)
    row = blended_hw[20]
    assert (row[:18] == 0).all()
    assert (row[42:] == 1).all()
    assert (row[21:39] == 0.5).all()
    assert np.abs(np.diff(row)).max() < 0.2
