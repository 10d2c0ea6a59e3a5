from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rotomatte.mattes.edges import fill
from rotomatte.mattes.edges.fill import EXTENDED_PX, foreground
from rotomatte_plugin.errors import MissingExtraError

if TYPE_CHECKING:
    from tests.mattes.edges.conftest import Shot

needs_pymatting = pytest.mark.skipif(importlib.util.find_spec("pymatting") is None, reason="PyMatting is not installed")
# The first import of PyMatting in an environment compiles for a minute of processor time.
pytestmark = pytest.mark.timeout(1200)


@needs_pymatting
def test_the_background_is_taken_out_of_the_soft_edge(shot: Shot) -> None:
    rgb_hwc = foreground(shot.picture_hwc, shot.truth_hw)
    soft_hw = (shot.truth_hw > 0.1) & (shot.truth_hw < 1)
    spill_before = np.abs(shot.picture_hwc - shot.object_rgb)[soft_hw].mean()
    assert np.abs(rgb_hwc - shot.object_rgb)[soft_hw].mean() < 0.15 * spill_before


@needs_pymatting
def test_the_core_is_the_plate_and_far_away_is_nothing(shot: Shot) -> None:
    rgb_hwc = foreground(shot.picture_hwc, shot.truth_hw)
    core_hw = shot.truth_hw == 1
    np.testing.assert_array_equal(rgb_hwc[core_hw], shot.picture_hwc[core_hw])
    rows, columns = np.mgrid[:150, :210] + 0.5
    outside_px = np.hypot(columns - 100, rows - 75) - 46.5
    assert (rgb_hwc[outside_px > EXTENDED_PX + 1] == 0).all()
    beside_hw = (outside_px > 0) & (outside_px < EXTENDED_PX - 1)
    assert np.abs(rgb_hwc - shot.object_rgb)[beside_hw].mean() < 0.05


@needs_pymatting
def test_light_above_one_and_below_nought_survives(shot: Shot) -> None:
    linear_hwc = 9 * shot.picture_hwc - 1
    expected_hwc = 9 * foreground(shot.picture_hwc, shot.truth_hw) - 1
    rgb_hwc = foreground(linear_hwc, shot.truth_hw)
    covered_hw = shot.truth_hw > 0
    np.testing.assert_allclose(rgb_hwc[covered_hw], expected_hwc[covered_hw], atol=2e-3)
    assert rgb_hwc.max() > 4


@needs_pymatting
def test_tiles_leave_no_seam(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_hwc = foreground(shot.picture_hwc, shot.truth_hw)
    monkeypatch.setattr(fill, "_TILE_PX", 64)
    monkeypatch.setattr(fill, "_OVERLAP_PX", 24)
    difference_hwc = np.abs(foreground(shot.picture_hwc, shot.truth_hw) - whole_hwc) * shot.truth_hw[..., None]
    assert difference_hwc.max() < 0.03


@needs_pymatting
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_all_or_nothing(shot: Shot, value: float) -> None:
    rgb_hwc = foreground(shot.picture_hwc, np.full_like(shot.truth_hw, value))
    np.testing.assert_array_equal(rgb_hwc, shot.picture_hwc * np.float32(value))


@needs_pymatting
def test_a_hard_matte_is_filled_beyond_its_edge(shot: Shot) -> None:
    hard_hw = (shot.truth_hw == 1).astype(np.float32)
    rgb_hwc = foreground(shot.picture_hwc, hard_hw)
    assert np.abs(rgb_hwc[75, 148] - shot.object_rgb).max() < 0.1


def test_without_pymatting_the_error_has_the_command(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymatting", None)
    with pytest.raises(MissingExtraError, match=r'pip install "pymatting>=1\.1\.14"'):
        foreground(shot.picture_hwc, shot.truth_hw)
