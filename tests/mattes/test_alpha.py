from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.mattes.alpha import alpha_from_logits

FloatArray = NDArray[np.float32]


def disc_logits(grid: int = 64, steepness: float = 1.0) -> FloatArray:
    """A disc of a quarter of the width, its logit the distance to the edge in cells times ``steepness``."""
    rows, columns = np.mgrid[:grid, :grid]
    distance = np.hypot(columns + 0.5 - grid / 2, rows + 0.5 - grid / 2)
    return np.asarray(steepness * (grid / 4 - distance), np.float32)


def test_core_and_background_are_exact() -> None:
    alpha_hw = alpha_from_logits(disc_logits(), 640, 640, 1.0)
    rows, columns = np.mgrid[:640, :640]
    distance_px = np.hypot(columns + 0.5 - 320, rows + 0.5 - 320)
    assert (alpha_hw[distance_px < 160 - 11] == 1).all()
    assert (alpha_hw[distance_px > 160 + 11] == 0).all()


@pytest.mark.parametrize("steepness", [0.2, 1.0, 12.0])
def test_the_ramp_is_one_cell_wide_however_sure_the_model_is(steepness: float) -> None:
    alpha_hw = alpha_from_logits(disc_logits(steepness=steepness), 640, 640, 1.0)
    row = alpha_hw[320]
    soft = np.flatnonzero((row > 0) & (row < 1))
    left = soft[soft < 320]
    assert left.size == pytest.approx(10, abs=2)
    crossing = np.interp(0.5, row[left], left + 0.5)
    assert crossing == pytest.approx(160, abs=1)
    assert (np.diff(row[left]) > 0).all()


def test_a_wider_ramp_is_wider() -> None:
    widths = [
        int(((a := alpha_from_logits(disc_logits(), 640, 640, cells)[320]) > 0).sum() - (a == 1).sum())
        for cells in (1.0, 2.0)
    ]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.25)


def test_cells_follow_the_aspect_of_the_plate() -> None:
    alpha_hw = alpha_from_logits(disc_logits(), 1280, 320, 1.0)
    across = ((alpha_hw[160] > 0) & (alpha_hw[160] < 1)).sum() / 2
    down = ((alpha_hw[:, 640] > 0) & (alpha_hw[:, 640] < 1)).sum() / 2
    assert across == pytest.approx(20, abs=4)
    assert down == pytest.approx(5, abs=2)


def test_unsure_regions_do_not_turn_grey() -> None:
    logits_hw = np.where(disc_logits() > 0, 0.05, -0.05).astype(np.float32)
    alpha_hw = alpha_from_logits(logits_hw, 640, 640, 1.0)
    assert ((alpha_hw > 0) & (alpha_hw < 1)).mean() < 0.05


@pytest.mark.parametrize(("value", "alpha"), [(-1024.0, 0.0), (-1e-3, 0.0), (0.0, 0.0), (5.0, 1.0)])
def test_a_flat_answer_is_a_flat_matte(value: float, alpha: float) -> None:
    alpha_hw = alpha_from_logits(np.full((64, 64), value, np.float32), 96, 54, 1.0)
    assert (alpha_hw == alpha).all()
    assert alpha_hw.shape == (54, 96)


def test_an_object_cut_by_the_border_is_whole_at_the_border() -> None:
    logits_hw = np.tile(np.linspace(4, -4, 64, dtype=np.float32), (64, 1))
    alpha_hw = alpha_from_logits(logits_hw, 640, 360, 1.0)
    assert (alpha_hw[:, :300] == 1).all()
    np.testing.assert_allclose(alpha_hw[0], alpha_hw[180], atol=1e-5)


def slanted(angle_degrees: float, offset_cells: float = 0.0) -> FloatArray:
    """An edge straight across the frame, its logit three times the distance in cells."""
    rows, columns = np.mgrid[:64, :64] + 0.5 - 32
    angle = np.radians(angle_degrees)
    return np.asarray(3 * (np.cos(angle) * columns + np.sin(angle) * rows + offset_cells), np.float32)


def ideal_ramp(angle_degrees: float, width_px: int, height_px: int, offset_cells: float = 0.0) -> FloatArray:
    """The ramp of one cell that belongs to it, reckoned at the plate's pixels."""
    rows, columns = np.mgrid[:height_px, :width_px] + 0.5
    angle = np.radians(angle_degrees)
    across = np.cos(angle) * (columns * 64 / width_px - 32) + np.sin(angle) * (rows * 64 / height_px - 32)
    return np.asarray(np.clip(across + offset_cells + 0.5, 0, 1), np.float32)


@pytest.mark.parametrize("angle_degrees", [0, 20, 45, 70, 90, 130, 200, 315])
def test_a_straight_edge_is_a_ramp_without_steps_and_bumps_up_to_the_frames_border(angle_degrees: float) -> None:
    alpha_hw = alpha_from_logits(slanted(angle_degrees, 0.3), 960, 540, 1.0)
    np.testing.assert_allclose(alpha_hw, ideal_ramp(angle_degrees, 960, 540, 0.3), atol=0.1)


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_logits_that_sink_towards_the_border_leave_no_gap_there(quarter_turns: int) -> None:
    logits_hw = np.full((64, 64), -8, np.float32)
    logits_hw[:, 20:44] = 8
    logits_hw[0, 20:44], logits_hw[1, 20:44] = 0.4, 3
    alpha_hw = np.rot90(alpha_from_logits(np.rot90(logits_hw, quarter_turns).copy(), 640, 640, 1.0), -quarter_turns)
    assert alpha_hw[:, 220:420].min() > 0.5
