from __future__ import annotations

import pytest
from tests.roto.curves import AWAY, curve, on

from rotomatte.roto.doubt import Cause, doubts


def amounts(*arguments: object, keys: tuple[int, ...] = (1,), **options: object) -> dict[int, float]:
    scores = curve(*arguments, **options)  # type: ignore[arg-type]
    return {frame: doubt.amount for frame, doubt in doubts(scores, keys).items()}


def doubtful(found: dict[int, float]) -> list[int]:
    return [frame for frame, amount in found.items() if amount > 1]


def test_a_good_track_is_not_doubtful() -> None:
    found = amounts(range(1, 31))
    assert list(found) == list(range(2, 31))
    assert max(found.values()) < 0.5


def test_frames_with_prompts_and_frames_where_the_object_is_away_have_no_doubt() -> None:
    found = amounts(range(1, 31), on(range(10, 20), **AWAY), keys=(1, 25))
    assert found.keys() == {*range(2, 31)} - {*range(10, 20), 25}
    assert 12 not in amounts(range(1, 31), on([12], object_score=3.0, area_px=0.0))


@pytest.mark.parametrize(
    ("usual_iou", "dip", "counts"),
    [(0.93, 0.7, True), (0.93, 0.8, False), (0.6, 0.52, False), (0.6, 0.45, True), (0.55, 0.7, False)],
)
def test_a_predicted_iou_is_low_by_the_objects_own_level(usual_iou: float, dip: float, counts: bool) -> None:
    found = amounts(range(1, 31), on([15, 16, 17], predicted_iou=dip), iou=usual_iou)
    assert doubtful(found) == ([15, 16, 17] if counts else [])


def test_an_iou_below_a_half_is_doubtful_even_if_it_is_the_level() -> None:
    assert doubtful(amounts(range(1, 31), iou=0.4)) == list(range(2, 31))
    assert not doubtful(amounts(range(1, 31), iou=0.55))


def test_the_level_is_what_the_best_quarter_reaches() -> None:
    assert doubtful(amounts(range(1, 31), on(range(12, 31), predicted_iou=0.7))) == list(range(12, 31))
    assert not doubtful(amounts(range(1, 31), on(range(6, 31), predicted_iou=0.7)))


def test_a_small_fast_object_may_always_differ_from_its_neighbour() -> None:
    assert not doubtful(amounts(range(1, 31), lambda _: {"neighbour_iou": 0.3}))
    assert doubtful(amounts(range(1, 31), on([15], neighbour_iou=0.3))) == [15]
    assert not doubtful(amounts(range(1, 31), on([15], neighbour_iou=0.75)))


def test_there_is_nothing_to_agree_with_beside_a_loss() -> None:
    away = on(range(15, 20), **AWAY)
    for key, changed in ((1, {15, 20}), (30, {14, 19})):
        turned = on(changed, neighbour_iou=0.0)
        assert not doubtful(
            amounts(range(1, 31), lambda frame, turned=turned: {**away(frame), **turned(frame)}, keys=(key,))
        )


def test_growth_is_no_jump_but_a_step_is_and_a_pop_twice() -> None:
    assert not doubtful(amounts(range(1, 31), lambda frame: {"area_px": 100 * 1.15**frame}))
    step = amounts(range(1, 31), on(range(15, 31), area_px=9000.0))
    assert doubtful(step) == [13, 14, 15, 16]
    assert max(step.values()) < 2
    pop = amounts(range(1, 31), on([15], area_px=9000.0))
    assert doubtful(pop) == [15]
    assert pop[15] > 2


def test_passes_count_by_their_distance_from_the_keys() -> None:
    found = amounts(range(1, 42), lambda _: {"passes_iou": 0.4}, keys=(1, 41))
    assert doubtful(found) == list(range(15, 28))
    assert found[2] < found[10] < found[15]
    assert not doubtful(amounts(range(1, 42), lambda _: {"passes_iou": 0.7}, keys=(1, 41)))


def test_a_weak_object_score_is_doubtful() -> None:
    assert doubtful(amounts(range(1, 31), on([15], object_score=0.5))) == [15]
    assert not doubtful(amounts(range(1, 31), on([15], object_score=1.5)))


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"predicted_iou": 0.2}, "model"),
        ({"neighbour_iou": 0.0}, "motion"),
        ({"object_score": 0.1}, "presence"),
        ({"area_px": 50.0}, "size"),
        ({"passes_iou": 0.0}, "passes"),
    ],
)
def test_the_cause_is_what_weighs_most(changes: dict[str, float], cause: Cause) -> None:
    assert doubts(curve(range(1, 31), on([15], **changes)), (1, 29))[15].cause == cause


def test_a_matte_that_the_artist_drew_has_no_predicted_iou() -> None:
    assert not doubtful(amounts(range(1, 31), lambda _: {"predicted_iou": None}))


@pytest.mark.parametrize("frames", [range(0), range(1, 2), range(2, 3), range(1, 4)])
def test_short_clips(frames: range) -> None:
    assert not doubtful(amounts(frames))
