from __future__ import annotations

import numpy as np
import pytest

from rotomatte.metrics.purity import background_purity, core_purity
from rotomatte.plate.base import FloatArray


def upright_edge(ramp_px: float) -> FloatArray:
    """10 rows of 100 pixels, 1 to the right of x = 50."""
    x_w = np.arange(100, dtype=np.float32) + 0.5
    return np.tile(np.clip((x_w - 50) / np.float32(ramp_px) + 0.5, 0, 1).astype(np.float32), (10, 1))


def test_the_truth_is_pure_however_soft_it_is() -> None:
    for ramp_px in (1, 10, 60):
        assert core_purity(upright_edge(ramp_px), upright_edge(ramp_px), 12) == 1
        assert background_purity(upright_edge(ramp_px), upright_edge(ramp_px), 12) == 1


def test_what_lies_within_the_margin_does_not_count() -> None:
    truth_hw = upright_edge(1)
    matte_hw = truth_hw.copy()
    matte_hw[:, 38:62] = 0.5
    assert core_purity(matte_hw, truth_hw, 12) == background_purity(matte_hw, truth_hw, 12) == 1
    assert core_purity(matte_hw, truth_hw, 10) < 1
    assert background_purity(matte_hw, truth_hw, 10) < 1


def test_nearly_one_is_not_one() -> None:
    truth_hw = upright_edge(1)
    matte_hw = truth_hw.copy()
    matte_hw[:5, 80] = np.float32(0.9999)
    matte_hw[0, 10] = np.float32(1e-4)
    assert core_purity(matte_hw, truth_hw, 12) == pytest.approx(1 - 5 / (38 * 10))
    assert background_purity(matte_hw, truth_hw, 12) == pytest.approx(1 - 1 / (38 * 10))


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_without_an_edge_everything_is_core_or_background(value: float) -> None:
    truth_hw = np.full((6, 8), value, np.float32)
    assert core_purity(truth_hw, truth_hw, 12) == background_purity(truth_hw, truth_hw, 12) == 1
    assert core_purity(truth_hw * 0 + np.float32(0.5), truth_hw, 12) == 1 - value
    assert background_purity(truth_hw * 0 + np.float32(0.5), truth_hw, 12) == value
