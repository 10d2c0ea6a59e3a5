from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.roto.curves import AWAY, curve, of, on

from rotomatte.roto.states import state_ranges
from rotomatte_plugin.model import Direction, FrameRange, FrameScore, StateRange

CLIP = FrameRange(1, 40)


def states(
    scores: Iterable[FrameScore],
    keys: tuple[int, ...] = (1,),
    *,
    beyond_cut: Iterable[int] = (),
    direction: Direction = "both",
    clip: FrameRange = CLIP,
) -> list[StateRange]:
    return list(state_ranges(clip, scores, keys, frozenset(beyond_cut), direction))


def test_a_good_track_is_present_throughout() -> None:
    assert states(curve(CLIP)) == [of("present", 1, 40)]


def test_an_occlusion_is_lost_and_then_returned_for_three_sure_frames() -> None:
    assert states(curve(CLIP, on(range(15, 25), **AWAY))) == [
        of("present", 1, 14),
        of("lost", 15, 24),
        of("returned", 25, 27),
        of("present", 28, 40),
    ]


@pytest.mark.parametrize("over_frames", [1, 3, 5, 10])
def test_an_object_may_shrink_out_of_sight_and_grow_when_it_comes_back(over_frames: int) -> None:
    def change(frame: int) -> dict[str, Any]:
        if 15 <= frame < 25:
            return {**AWAY, "neighbour_iou": 0.0 if frame == 15 else 1.0}
        away = 15 - frame if frame < 15 else frame - 24
        return {"area_px": 5000 * min(1.0, away / over_frames), "neighbour_iou": 0.0 if frame == 25 else 0.75}

    assert states(curve(CLIP, change)) == [
        of("present", 1, 14),
        of("lost", 15, 24),
        of("returned", 25, 27),
        of("present", 28, 40),
    ]


def test_an_empty_matte_is_lost_whatever_the_score() -> None:
    assert of("lost", 15, 15) in states(curve(CLIP, on([15], area_px=0.0)))
    assert of("lost", 15, 15) in states(curve(CLIP, on([15], object_score=0.0)))


def test_a_return_lasts_until_three_frames_in_a_row_are_sure() -> None:
    doubtful = on([26, 27, 29], predicted_iou=0.5)
    scores = curve(CLIP, lambda frame: AWAY if 15 <= frame < 25 else doubtful(frame))
    assert states(scores)[2:] == [of("returned", 25, 32), of("present", 33, 40)]


def test_a_return_that_never_becomes_sure_is_uncertain_after_twelve_frames() -> None:
    scores = curve(CLIP, lambda frame: AWAY if 10 <= frame < 15 else {"predicted_iou": 0.45 if frame >= 15 else 0.93})
    assert states(scores)[1:] == [of("lost", 10, 14), of("returned", 15, 26), of("uncertain", 27, 40)]


def test_a_prompt_ends_a_return() -> None:
    assert states(curve(CLIP, on(range(15, 25), **AWAY)), (1, 25)) == [
        of("present", 1, 14),
        of("lost", 15, 24),
        of("present", 25, 40),
    ]


def test_before_the_first_key_the_object_returns_backward() -> None:
    scores = curve(CLIP, on(range(15, 25), **AWAY))
    backward = [of("present", 1, 11), of("returned", 12, 14), of("lost", 15, 24), of("present", 25, 40)]
    assert states(scores, (40,)) == backward
    assert states(scores, (1, 40), direction="backward") == backward


def test_drift_is_uncertain_from_where_it_is_doubtful() -> None:
    scores = curve(CLIP, lambda frame: {"predicted_iou": max(0.3, 0.95 - 0.012 * frame)})
    present, uncertain = states(scores)
    assert (present.state, uncertain.state) == ("present", "uncertain")
    assert 15 < uncertain.frames.first < 30


def test_a_lasting_jump_in_size_is_uncertain_around_it() -> None:
    assert states(curve(CLIP, on(range(20, 41), area_px=9000.0))) == [
        of("present", 1, 17),
        of("uncertain", 18, 21),
        of("present", 22, 40),
    ]


def test_noise_on_single_frames_is_not_worth_a_word_but_a_plain_failure_is() -> None:
    assert states(curve(CLIP, on([10, 20, 30], predicted_iou=0.6))) == [of("present", 1, 40)]
    assert of("uncertain", 20, 20) in states(curve(CLIP, on([20], area_px=20000.0)))


def test_a_doubtful_frame_beside_a_loss_is_no_noise() -> None:
    scores = curve(CLIP, lambda frame: AWAY if 20 <= frame < 30 else {"predicted_iou": 0.6} if frame == 19 else {})
    assert states(scores)[:3] == [of("present", 1, 18), of("uncertain", 19, 19), of("lost", 20, 29)]


def test_two_good_frames_between_doubtful_ones_go_along() -> None:
    two = curve(CLIP, on([10, 11, 12, 15, 16, 17], predicted_iou=0.5))
    assert states(two)[1] == of("uncertain", 10, 17)
    three = curve(CLIP, on([10, 11, 12, 16, 17, 18], predicted_iou=0.5))
    assert states(three)[1:4] == [of("uncertain", 10, 12), of("present", 13, 15), of("uncertain", 16, 18)]


def test_frames_with_prompts_are_neither_uncertain_nor_lost_unless_drawn_empty() -> None:
    scores = curve(CLIP, lambda frame: {"predicted_iou": 0.3, "object_score": -1.0 if frame in {1, 20} else 3.0})
    assert states(scores, (1, 20)) == [
        of("present", 1, 1),
        of("uncertain", 2, 19),
        of("present", 20, 20),
        of("uncertain", 21, 40),
    ]
    gone = curve(CLIP, on(range(20, 41), **AWAY))
    assert states(gone, (1, 20)) == [of("present", 1, 19), of("lost", 20, 40)]


def test_an_object_seen_again_after_a_matte_drawn_empty_has_returned() -> None:
    scores = curve(CLIP, on([20], **AWAY))
    assert states(scores, (1, 20)) == [
        of("present", 1, 19),
        of("lost", 20, 20),
        of("returned", 21, 23),
        of("present", 24, 40),
    ]
    assert of("returned", 17, 19) in states(scores, (20,))


def test_everything_lost() -> None:
    assert states(curve(CLIP, on(range(2, 41), **AWAY))) == [of("present", 1, 1), of("lost", 2, 40)]


def test_what_no_pass_reached_is_cut_or_untracked() -> None:
    assert states(curve(range(5, 31)), (5,), beyond_cut=range(31, 41), direction="forward") == [
        of("untracked", 1, 4),
        of("present", 5, 30),
        of("cut", 31, 40),
    ]
    assert states([]) == [of("untracked", 1, 40)]


def test_a_key_frame_after_a_cut_starts_afresh() -> None:
    scores = curve([*range(1, 11), *range(30, 41)], on(range(5, 11), **AWAY))
    assert states(scores, (1, 30), beyond_cut=range(11, 30)) == [
        of("present", 1, 4),
        of("lost", 5, 10),
        of("cut", 11, 29),
        of("present", 30, 40),
    ]


@pytest.mark.parametrize("keys", [(1,), ()])
def test_a_single_frame(keys: tuple[int, ...]) -> None:
    assert states(curve([1]), keys, clip=FrameRange(1, 1)) == [of("present", 1, 1)]


@pytest.mark.parametrize("length", [2, 3, 4])
def test_short_clips(length: int) -> None:
    clip = FrameRange(1, length)
    assert states(curve(clip), clip=clip) == [of("present", 1, length)]
    low = curve(clip, on(range(2, 9), predicted_iou=0.3))
    assert states(low, clip=clip) == [of("present", 1, 1), of("uncertain", 2, length)]


Track = tuple[FrameRange, list[FrameScore], tuple[int, ...], frozenset[int], Direction]

units = st.none() | st.floats(0, 1)


def scores_of(frames: list[int]) -> st.SearchStrategy[list[FrameScore]]:
    def score(frame: int) -> st.SearchStrategy[FrameScore]:
        area: Any = st.just(0.0) | st.floats(1e-3, 1e7)
        return st.builds(
            FrameScore,
            st.just(frame),
            st.floats(-1024, 1024),
            units,
            area,
            st.none(),
            neighbour_iou=units,
            passes_iou=units,
        )

    return st.tuples(*map(score, frames)).map(list)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """Any clip with any scores, keys among the tracked frames, and cuts among the others."""
    clip = FrameRange(first := draw(st.integers(-20, 20)), first + draw(st.integers(0, 30)))
    some = st.frozensets(st.sampled_from(list(clip)))
    tracked, keys, beyond_cut = draw(some), draw(some), draw(some)
    scores = draw(scores_of(sorted(tracked)))
    direction: Direction = draw(st.sampled_from(("both", "forward", "backward")))
    return clip, scores, tuple(sorted(keys & tracked)), beyond_cut - tracked, direction


@given(tracks())
def test_every_frame_is_in_exactly_one_range(track: Track) -> None:
    clip, scores, keys, beyond_cut, direction = track
    found = state_ranges(clip, scores, keys, beyond_cut, direction)
    assert [frame for item in found for frame in item.frames] == list(clip)
    assert all(one.state != other.state for one, other in pairwise(found))
    by_frame = {frame: item.state for item in found for frame in item.frames}
    tracked = {score.frame for score in scores}
    for frame, state in by_frame.items():
        assert (state == "cut") == (frame in beyond_cut)
        assert (state == "untracked") == (frame not in tracked | beyond_cut)
        assert state not in {"uncertain", "returned"} or frame not in keys
