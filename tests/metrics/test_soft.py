from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rotomatte.metrics.soft import (
    gradient_error,
    is_soft,
    mean_absolute_difference,
    mean_squared_error,
    temporal_difference,
)
from rotomatte.plate.base import FloatArray

MATTES = arrays(np.float32, (9, 11), elements=st.floats(0, 1, width=32))


def ramp(width_px: float) -> FloatArray:
    """A vertical edge in the middle of 40 by 60 pixels, ``width_px`` wide."""
    x_w = np.arange(60, dtype=np.float32) + 0.5
    return np.tile(np.clip((x_w - 30) / np.float32(width_px) + 0.5, 0, 1).astype(np.float32), (40, 1))


def test_mad_and_mse_are_in_alpha_units() -> None:
    truth_hw = np.zeros((10, 10), np.float32)
    matte_hw = truth_hw.copy()
    matte_hw[:5] = 0.5
    assert mean_absolute_difference(matte_hw, truth_hw) == pytest.approx(0.25)
    assert mean_squared_error(matte_hw, truth_hw) == pytest.approx(0.125)


def slow_gradient_magnitude(alpha_hw: FloatArray) -> FloatArray:
    """Correlation with the two-dimensional kernels, of unit energy, written out."""
    offset = np.arange(-4.0, 5.0)
    x, y = np.meshgrid(offset, offset)
    kernel_x = -x * np.exp(-(x**2 + y**2) / (2 * 1.4**2))
    kernel_x /= math.sqrt((kernel_x**2).sum())
    padded_hw = np.pad(alpha_hw, 4, mode="edge")
    magnitude_hw = np.zeros_like(alpha_hw)
    for row in range(alpha_hw.shape[0]):
        for column in range(alpha_hw.shape[1]):
            window = padded_hw[row : row + 9, column : column + 9]
            magnitude_hw[row, column] = math.hypot((window * kernel_x).sum(), (window * kernel_x.T).sum())
    return magnitude_hw


def test_gradient_error_equals_the_definition_written_out() -> None:
    generator = np.random.default_rng(1)
    matte_hw, truth_hw = generator.random((2, 23, 17), dtype=np.float32)
    expected = ((slow_gradient_magnitude(matte_hw) - slow_gradient_magnitude(truth_hw)) ** 2).sum() / 1000
    assert gradient_error(matte_hw, truth_hw) == pytest.approx(expected, rel=1e-4)


def test_gradient_error_grows_as_an_edge_gets_softer_than_the_truth() -> None:
    errors = [gradient_error(ramp(width_px), ramp(1)) for width_px in (1, 3, 6, 12)]
    assert errors[0] == 0
    assert errors == sorted(errors)
    assert errors[1] > 0


def test_gradient_error_does_not_see_a_constant_offset() -> None:
    assert gradient_error(ramp(5) * np.float32(0.5) + np.float32(0.25), ramp(5) * np.float32(0.5)) < 1e-9


def test_dtssd_sees_flicker_and_not_a_constant_error() -> None:
    truth_hw = ramp(5)
    dark_hw = truth_hw * np.float32(0.75)
    assert temporal_difference(dark_hw, truth_hw, dark_hw, truth_hw) == 0
    flicker_hw = truth_hw.copy()
    flicker_hw[:10] += np.float32(0.2)  # a quarter of the frame
    assert temporal_difference(flicker_hw, truth_hw, truth_hw, truth_hw) == pytest.approx(0.2 / 2, rel=1e-5)


@given(MATTES, MATTES)
@settings(deadline=None)
def test_identical_mattes_have_no_error_and_order_does_not_matter(first_hw: FloatArray, second_hw: FloatArray) -> None:
    for measure in (mean_absolute_difference, mean_squared_error, gradient_error):
        assert measure(first_hw, first_hw) == 0
        assert measure(first_hw, second_hw) == measure(second_hw, first_hw) >= 0
    assert temporal_difference(first_hw, first_hw, second_hw, second_hw) == 0
    mad, mse = mean_absolute_difference(first_hw, second_hw), mean_squared_error(first_hw, second_hw)
    assert mad**2 - 1e-6 <= mse <= mad + 1e-6


def test_only_values_strictly_between_nought_and_one_are_soft() -> None:
    assert is_soft(ramp(5))
    assert not is_soft((ramp(5) > 0.5).astype(np.float32))
