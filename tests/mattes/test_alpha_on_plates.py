"""Alpha from a model's logits against the exact matte of the demo's plate, whose edges are motion-blurred."""

from __future__ import annotations

from functools import cache

import pytest
from tests.benchmarks.edge_plates import as_the_model, seen

from rotomatte.demo.render import DemoFrame, expose, paint_layers
from rotomatte.mattes.edges.guided import refine_guided
from rotomatte.metrics.purity import background_purity, core_purity
from rotomatte.metrics.region import region_similarity
from rotomatte.metrics.soft import gradient_error, mean_absolute_difference, temporal_difference
from rotomatte.plate.base import FloatArray


@cache
def frames() -> tuple[DemoFrame, DemoFrame]:
    layers = paint_layers()
    return expose(layers, 8), expose(layers, 9)


@cache
def mattes() -> tuple[FloatArray, FloatArray]:
    first, second = (as_the_model(frame.matte_hw) for frame in frames())
    return first, second


def test_the_soft_edge_is_closer_to_motion_blur_than_a_hard_one() -> None:
    (before, now), (soft_before_hw, soft_hw) = frames(), mattes()
    hard_before_hw, hard_hw = ((matte_hw >= 0.5).astype("float32") for matte_hw in mattes())
    for measure in (mean_absolute_difference, gradient_error):
        assert measure(soft_hw, now.matte_hw) < measure(hard_hw, now.matte_hw)
    truth = now.matte_hw, before.matte_hw
    assert temporal_difference(soft_hw, truth[0], soft_before_hw, truth[1]) < temporal_difference(
        hard_hw, truth[0], hard_before_hw, truth[1]
    )


@pytest.mark.parametrize("index", [0, 1])
def test_core_and_background_are_pure(index: int) -> None:
    truth_hw, matte_hw = frames()[index].matte_hw, mattes()[index]
    assert region_similarity(matte_hw, truth_hw) > 0.8
    assert core_purity(matte_hw, truth_hw, 12) >= 0.99
    assert background_purity(matte_hw, truth_hw, 12) >= 0.99


def test_the_edge_stage_brings_the_motion_blur_back() -> None:
    frame, matte_hw = frames()[1], mattes()[1]
    refined_hw = refine_guided(seen(frame.plate_hwc), matte_hw, 12)
    for measure in (mean_absolute_difference, gradient_error):
        assert measure(refined_hw, frame.matte_hw) < measure(matte_hw, frame.matte_hw)
