from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from rotomatte.finding.prompt_frame import Sight, best_frames, sight

CANVAS = (-10.0, 0.0, 200.0, 100.0)
GOOD = Sight(1, area_share=0.1, sharpness=0.5, gap=1, crowd=0, sure=0.9, box_xyxy_norm=(0.1, 0.2, 0.3, 0.4))


def block(top: int, left: int, side: int, shape: tuple[int, int] = (100, 200)) -> np.ndarray:
    mask_hw = np.zeros(shape, np.bool_)
    mask_hw[top : top + side, left : left + side] = True
    return mask_hw


def textured(blur_px: float = 0) -> np.ndarray:
    grey_hw = np.random.default_rng(3).random((100, 200)).astype(np.float32)
    grey_hw = cv2.GaussianBlur(grey_hw, (0, 0), 0.7)
    return cv2.GaussianBlur(grey_hw, (0, 0), blur_px) if blur_px else grey_hw


def measured(mask_hw: np.ndarray, grey_hw: np.ndarray | None = None, others_hw: np.ndarray | None = None) -> Sight:
    found = sight(
        7, textured() if grey_hw is None else grey_hw, mask_hw, block(0, 0, 0) if others_hw is None else others_hw, 0.8
    )
    assert found is not None
    return found


def test_an_object_is_measured_where_it_is() -> None:
    one = measured(block(40, 60, 20))
    assert one.area_share == pytest.approx(400 / 20000)
    assert one.box_xyxy_norm == (0.3, 0.4, 0.4, 0.6)
    assert (one.gap, one.crowd, one.sure, one.frame) == (1, 0, 0.8, 7)
    assert sight(7, textured(), block(0, 0, 0), block(0, 0, 0), 0.8) is None


def test_blur_is_told_whatever_the_contrast() -> None:
    mask_hw = block(40, 60, 20)
    sharp, soft, softer = (measured(mask_hw, textured(blur)).sharpness for blur in (0, 1, 3))
    assert sharp > 1.5 * soft > 2 * softer
    assert measured(mask_hw, np.asarray(textured() * 0.3 + 0.4, np.float32)).sharpness == pytest.approx(sharp, rel=0.05)
    assert measured(mask_hw, np.full((100, 200), 0.5, np.float32)).sharpness == 0


def test_the_border_and_neighbours_are_seen() -> None:
    assert measured(block(0, 60, 20)).gap == 0
    assert 0 < measured(block(2, 60, 20)).gap < 1
    assert measured(block(40, 180, 20)).gap == 0
    beside = measured(block(40, 60, 20), others_hw=block(40, 80, 20)).crowd
    around_hw = np.ones((100, 200), np.bool_)
    assert 0.1 < beside < 0.5
    assert measured(block(40, 60, 20), others_hw=around_hw).crowd == 1


@pytest.mark.parametrize(
    "worse", [{"area_share": 0.05}, {"sharpness": 0.2}, {"gap": 0.3}, {"crowd": 0.5}, {"sure": 0.5}]
)
def test_each_measure_alone_decides(worse: dict[str, float]) -> None:
    found = best_frames([replace(GOOD, **worse), replace(GOOD, frame=50)], CANVAS)  # type: ignore[arg-type]
    assert [one.frame for one in found] == [50, 1]
    assert found[0].score == pytest.approx(0.9)


def test_scores_are_products_and_boxes_plate_pixels() -> None:
    (first, second) = best_frames([GOOD, Sight(60, 0.025, 0.25, 0, 1, 0.8, (0, 0, 1, 1))], CANVAS)
    assert first.box_xyxy_px == (10, 20, 50, 40)
    assert (second.large, second.sharp, second.inside, second.alone, second.seen) == (0.5, 0.5, 0.25, 0.25, 0.8)
    assert second.score == pytest.approx(0.5 * 0.5 * 0.25 * 0.25 * 0.8)


def test_frames_are_apart_few_and_the_earliest_of_equals() -> None:
    found = best_frames([replace(GOOD, frame=frame) for frame in range(100)], CANVAS, most=3, apart=10)
    assert [one.frame for one in found] == [0, 10, 20]
    assert best_frames([], CANVAS) == ()
