from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.finding.conftest import DISCS, EVERY_DISC, find, overlap, truth_hw

from rotomatte.colour.view import ModelView
from rotomatte.finding.labels import drawn_picture, label_picture
from rotomatte.finding.picking import id_at, parse_ids, parse_place, require_ids
from rotomatte.finding.settings import FOR_PREVIEW, USUAL, FindSettings, usual_settings
from rotomatte.plate.base import PlateReader
from rotomatte_plugin.errors import JobError, PromptError


def test_every_disc_is_found_once_the_largest_first(reader: PlateReader, view: ModelView) -> None:
    found = find(reader, view)
    assert [one.id for one in found.objects] == [1, 2, 3]
    assert [one.name for one in found.objects] == ["object_01", "object_02", "object_03"]
    for number, one in enumerate(found.objects):
        matte_hw = found.matte(one.id)
        assert overlap(matte_hw >= 0.5, truth_hw(number)) > 0.8
        assert one.area_px == pytest.approx(float(matte_hw.sum()), abs=0.1)
        (x, y), radius, _ = DISCS[number]
        assert one.box_xyxy_px == pytest.approx((x - radius, y - radius, x + radius + 1, y + radius + 1), abs=3)
        assert len(one.outline_xy) == 1
        left_top, right_bottom = np.min(one.outline_xy[0], axis=0), np.max(one.outline_xy[0], axis=0)
        assert (left_top + right_bottom) / 2 == pytest.approx((x, y), abs=1.5)
        assert one.source == "grid"


def test_crops_and_close_looks_find_the_same_discs(reader: PlateReader, view: ModelView) -> None:
    found = find(reader, view, replace(EVERY_DISC, crop_layers=1, close_looks=1, edges="guided"))
    assert len(found.objects) == 3
    for number, one in enumerate(found.objects):
        assert overlap(found.matte(one.id) >= 0.5, truth_hw(number)) > 0.8


def test_crops_find_what_the_grid_over_the_whole_frame_misses(reader: PlateReader, view: ModelView) -> None:
    coarse = replace(EVERY_DISC, points_per_side=5)
    assert len(find(reader, view, coarse).objects) < 3
    assert len(find(reader, view, replace(coarse, crop_layers=2)).objects) == 3


def test_small_ones_are_left_out_and_the_number_is_bounded(reader: PlateReader, view: ModelView) -> None:
    assert len(find(reader, view, replace(EVERY_DISC, min_area_px=300)).objects) == 2
    assert len(find(reader, view, replace(EVERY_DISC, max_count=1)).objects) == 1
    assert find(reader, view, replace(EVERY_DISC, min_area_px=1e6)).objects == ()


def test_labels_and_picture(reader: PlateReader, view: ModelView) -> None:
    found = find(reader, view)
    labels_hw = label_picture(found)
    assert labels_hw.dtype == np.uint16
    for number in range(3):
        assert overlap(labels_hw == number + 1, truth_hw(number)) > 0.8
    seen_hwc = view.see_full(reader.read(1001))
    drawn_hwc = drawn_picture(labels_hw, seen_hwc)
    changed_hw = (np.abs(drawn_hwc / 255 - seen_hwc) > 0.02).any(axis=2)
    assert overlap(changed_hw, labels_hw > 0) > 0.9
    nothing_hwc = drawn_picture(np.zeros_like(labels_hw), seen_hwc)
    np.testing.assert_allclose(nothing_hwc / 255, seen_hwc, atol=1 / 255)


def test_picking_by_place_and_by_number(reader: PlateReader, view: ModelView) -> None:
    found = find(reader, view)
    labels_hw = label_picture(found)
    for number, ((x, y), _, _) in enumerate(DISCS):
        assert id_at((x, y), labels_hw, found.canvas, 1001) == number + 1
    with pytest.raises(PromptError, match=r"Nothing was found at 2,2 on frame 1001\."):
        id_at((2, 2), labels_hw, found.canvas, 1001)
    with pytest.raises(PromptError, match=r"900,1 is outside the plate"):
        id_at((900, 1), labels_hw, found.canvas, 1001)
    assert parse_ids("3, 1,3") == (3, 1)
    assert parse_place(" 12.5,7 ") == (12.5, 7)
    for text in ("", "a", "1,,2", "-1"):
        with pytest.raises(PromptError, match="no list of ids"):
            parse_ids(text)
    for text in ("", "1", "1,2,3", "1.2.3,4"):
        with pytest.raises(PromptError, match="no place"):
            parse_place(text)
    require_ids((1, 3), found.objects, 1001)
    with pytest.raises(PromptError, match=r"no find 4 on frame 1001: 1 to 3 were found"):
        require_ids((4,), found.objects, 1001)
    with pytest.raises(PromptError, match="nothing was found"):
        require_ids((1,), (), 1001)


@pytest.mark.parametrize(
    "wrong",
    [
        {"points_per_side": 0},
        {"crop_layers": 3},
        {"close_looks": -1},
        {"least_iou": 1.5},
        {"merge_iou": 0.0},
        {"min_area_px": 0.0},
        {"min_area_px": float("nan")},
        {"max_count": 0},
    ],
)
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(JobError, match=r"^[^.]+(\.\d+)?[^.]*\. Give "):
        FindSettings(**wrong)  # type: ignore[arg-type]


def test_the_preview_model_has_settings_of_its_own() -> None:
    assert usual_settings(is_preview=True) == FOR_PREVIEW
    assert usual_settings(is_preview=False) == USUAL
