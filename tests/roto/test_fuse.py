from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.roto.exclusive import shares
from rotomatte.roto.fuse import Sighting, fuse, overlap

FloatArray = NDArray[np.float32]


def square(left: int, size: int = 8, sure: float = 5.0) -> FloatArray:
    logits_hw = np.full((16, 16), -sure, np.float32)
    logits_hw[4 : 4 + size, left : left + size] = sure
    return logits_hw


def sighting(left: int, score: float = 6.0, iou: float = 0.9) -> Sighting:
    return Sighting(square(left), score, iou)


def lost() -> Sighting:
    return Sighting(np.full((16, 16), -1024, np.float32), -6.0, 0.1)


def test_close_to_a_key_the_track_from_there_is_all_there_is() -> None:
    early, late = sighting(0), sighting(6)
    near_start, near_end = fuse(early, late, 0.01), fuse(early, late, 0.99)
    assert np.array_equal(near_start.logits_hw > 0, early.logits_hw > 0)
    assert np.array_equal(near_end.logits_hw > 0, late.logits_hw > 0)


def test_the_way_from_one_track_to_the_other_is_gradual() -> None:
    """No frame jumps: each step over a span of 20 frames moves the logits by little."""
    fused = [fuse(sighting(0), sighting(6), place / 20).logits_hw for place in range(1, 20)]
    steps = [float(np.abs(two - one).max()) for one, two in pairwise(fused)]
    assert max(steps) < 2 * (10 / 18)


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_a_track_that_lost_the_object_gives_way(place: float) -> None:
    seen = sighting(3)
    for fused in (fuse(seen, lost(), place), fuse(lost(), seen, place)):
        assert np.array_equal(fused.logits_hw > 0, seen.logits_hw > 0)
        assert fused.object_score > 0


def test_both_lost_is_lost() -> None:
    fused = fuse(lost(), lost(), 0.5)
    assert fused.object_score < 0
    assert not (fused.logits_hw > 0).any()


def test_the_surer_track_weighs_more() -> None:
    sure, unsure = sighting(0, iou=0.9), sighting(6, iou=0.3)
    fused = fuse(sure, unsure, 0.5)
    assert overlap(fused.logits_hw > 0, sure.logits_hw > 0) == 1
    assert fused.predicted_iou == pytest.approx(0.75)


def test_a_track_from_a_poor_start_weighs_less() -> None:
    drawn, clicked = sighting(0), replace(sighting(6), start_iou=0.3)
    assert overlap(fuse(drawn, clicked, 0.8).logits_hw > 0, drawn.logits_hw > 0) == 1
    assert overlap(fuse(drawn, clicked, 0.99).logits_hw > 0, clicked.logits_hw > 0) == 1


def test_how_far_the_tracks_agree_is_told() -> None:
    assert fuse(sighting(0), sighting(4), 0.5).passes_iou == pytest.approx(32 / 96, abs=1e-6)


def test_overlap_of_nothing_with_nothing_is_full() -> None:
    nothing = np.zeros((4, 4), np.bool_)
    assert overlap(nothing, nothing) == 1


def test_objects_share_a_border_where_they_are_equally_likely() -> None:
    ramp = np.linspace(-6, 6, 13, dtype=np.float32)[None].repeat(4, axis=0)
    of_each = shares({"left": 4 - ramp, "right": 4 + ramp})
    assert np.allclose(of_each["left"] + of_each["right"], 1)
    assert np.allclose(of_each["left"][:, 6], 0.5)
    assert (of_each["left"][:, :6] > 0.99).all()
    assert (of_each["right"][:, 7:] > 0.99).all()


def test_alike_objects_share_alike() -> None:
    of_each = shares({name: square(3) for name in "abc"})
    assert all(np.allclose(share_hw, 1 / 3) for share_hw in of_each.values())
