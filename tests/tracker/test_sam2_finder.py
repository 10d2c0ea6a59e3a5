"""What SAM 2 proposes: the stock generator's masks, at any image size, in whatever portions."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch
from sam2.sam2_image_predictor import SAM2ImagePredictor
from tests.tracker.conftest import FIRST, IMAGE_SIZE, seen

from rotomatte.tracker import sam2_finder
from rotomatte.tracker.proposals import Proposing
from rotomatte.tracker.sam2_finder import _SquareImages, propose
from rotomatte.tracker.sam2_tracker import Sam2Tracker
from rotomatte_plugin.errors import OutOfMemoryError

ANY = Proposing(points_per_side=4, least_iou=0, least_stability=0, most_box_overlap=1)


@pytest.mark.parametrize("which", ["tracker", "small"])
def test_features_are_those_of_the_stock_image_predictor(which: str, request: pytest.FixtureRequest) -> None:
    predictor = request.getfixturevalue(which)._predictor
    codes_hwc = np.round(seen(FIRST) * 255).astype(np.uint8)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        stock, ours = SAM2ImagePredictor(predictor), _SquareImages(predictor)
        stock._bb_feat_sizes = [(IMAGE_SIZE // stride,) * 2 for stride in (4, 8, 16)]
        stock.set_image(codes_hwc)
        ours.set_image(np.asarray(codes_hwc / 255, np.float32))
    torch.testing.assert_close(ours._features["image_embed"], stock._features["image_embed"], atol=1e-4, rtol=1e-4)
    for own, other in zip(ours._features["high_res_feats"], stock._features["high_res_feats"], strict=True):
        torch.testing.assert_close(own, other, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("which", ["tracker", "small"])
def test_masks_are_on_the_models_grid(which: str, request: pytest.FixtureRequest) -> None:
    tracker: Sam2Tracker = request.getfixturevalue(which)
    found = tracker.propose(seen(FIRST), ANY)
    assert found
    for one in found:
        assert one.logits_hw.shape == (tracker.grid_size, tracker.grid_size)
        assert one.logits_hw.dtype == np.float16
        assert (one.logits_hw > 0).any()
        assert 0 <= one.predicted_iou <= 1
        assert 0 <= one.stability <= 1


def test_boxes_add_masks(small: Sam2Tracker) -> None:
    clicked = small.propose(seen(FIRST), ANY)
    boxed = small.propose(seen(FIRST), replace(ANY, asks_boxes=True))
    assert len(boxed) > len(clicked)
    for one, other in zip(clicked, boxed, strict=False):
        np.testing.assert_array_equal(one.logits_hw, other.logits_hw)


def test_thresholds_drop_masks_down_to_none(small: Sam2Tracker) -> None:
    every = small.propose(seen(FIRST), ANY)
    middle = float(np.median([one.predicted_iou for one in every]))
    better = small.propose(seen(FIRST), replace(ANY, least_iou=middle))
    assert 0 < len(better) < len(every)
    assert min(one.predicted_iou for one in better) > middle
    # Random weights give logits that are nowhere sure.
    assert small.propose(seen(FIRST), replace(ANY, least_stability=0.9)) == []
    assert small.propose(seen(FIRST), replace(ANY, least_iou=1.0, asks_boxes=True)) == []


def test_portions_change_nothing(small: Sam2Tracker) -> None:
    with torch.inference_mode():
        together, apart = (propose(small._predictor, seen(FIRST), ANY, portion) for portion in (64, 5))
    assert len(together) == len(apart)
    for one, other in zip(together, apart, strict=True):
        np.testing.assert_allclose(one.logits_hw, other.logits_hw, atol=2e-2)


def test_where_memory_is_short_portions_shrink(small: Sam2Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, said = [], []

    def tight(predictor: object, seen_hwc: object, how: object, together: int) -> list[object]:
        asked.append(together)
        if together > 4:
            raise torch.OutOfMemoryError
        return []

    monkeypatch.setattr(sam2_finder, "propose", tight)
    small.tell(said.append)
    assert small.propose(seen(FIRST), ANY) == []
    assert asked == [64, 16, 4]
    assert "fewer clicks" in said[0]
    monkeypatch.setattr(sam2_finder, "propose", lambda *_: (_ for _ in ()).throw(torch.OutOfMemoryError()))
    with pytest.raises(OutOfMemoryError):
        small.propose(seen(FIRST), ANY)
    small.tell(lambda _: None)
