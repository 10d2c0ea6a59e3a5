from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.roto.plan import Keys, plan_corrections, plan_object, plan_passes, sort_keys
from rotomatte.tracker.base import Pass
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import Direction, FrameRange, MaskPrompt, PointPrompt, PromptSet, TrackSettings

FRAMES = FrameRange(1001, 1020)
KEYS = st.sets(st.integers(1001, 1020), min_size=1)


def runs(keys: tuple[int, ...], direction: Direction = "both") -> list[tuple[tuple[int, ...], int, int]]:
    """Each pass as (keys, first visited, last visited)."""
    passes = plan_passes("a", Keys(keys, ()), FRAMES, TrackSettings(direction=direction))
    return [(one.keys, one.frames[0], one.frames[-1]) for one in passes]


def test_one_key_goes_outward_in_both_directions() -> None:
    assert runs((1010,)) == [((1010,), 1010, 1020), ((1010,), 1009, 1001)]


def test_a_key_on_the_first_frame_needs_no_way_back() -> None:
    assert runs((1001,)) == [((1001,), 1001, 1020)]


def test_a_span_is_tracked_from_either_end_and_sees_its_two_keys_only() -> None:
    assert runs((1005, 1010, 1015)) == [
        ((1005, 1010), 1005, 1009),
        ((1010, 1015), 1010, 1014),
        ((1015,), 1015, 1020),
        ((1005,), 1004, 1001),
        ((1005, 1010), 1009, 1006),
        ((1010, 1015), 1014, 1011),
    ]


def test_neighbouring_keys_need_no_way_back() -> None:
    assert runs((1001, 1002)) == [((1001, 1002), 1001, 1001), ((1002,), 1002, 1020)]


def test_backward_starts_at_the_last_key() -> None:
    assert runs((1005, 1010), "backward") == [((1005,), 1005, 1001), ((1005, 1010), 1010, 1006)]


def test_forward_leaves_what_lies_before_the_first_key_untracked() -> None:
    plan = plan_object("a", Keys((1005,), ()), FRAMES, TrackSettings(direction="forward"))
    assert [frame for frame in FRAMES if not plan.sources(frame)] == [1001, 1002, 1003, 1004]


def test_exact_is_one_forward_pass_with_every_key_in_view() -> None:
    (one,) = plan_passes("a", Keys((1005, 1010), ()), FRAMES, TrackSettings(direction="forward", mode="exact"))
    assert (one.keys, one.frames, one.clip_length) == ((1005, 1010), range(1005, 1021), 20)


@given(KEYS, st.sampled_from(["both", "forward", "backward"]))
def test_key_frames_are_visited_once_and_what_lies_between_from_either_end(
    keys: set[int], direction: Direction
) -> None:
    ordered = tuple(sorted(keys))
    passes = plan_passes("a", Keys(ordered, ()), FRAMES, TrackSettings(direction=direction))
    visits = Counter(frame for one in passes for frame in one.frames)
    assert all(visits[key] == 1 for key in keys)
    between = {frame for frame in FRAMES if ordered[0] < frame < ordered[-1]} - keys
    assert all(visits[frame] == (2 if direction == "both" else 1) for frame in between)
    if direction == "both":
        assert set(visits) == set(FRAMES)


@given(KEYS, st.integers(1001, 1020))
def test_a_new_key_touches_the_run_between_its_neighbours_only(keys: set[int], new: int) -> None:
    """Every other frame keeps its passes, keys and all."""
    before = plan_passes("a", Keys(tuple(sorted(keys)), ()), FRAMES, TrackSettings())
    after = plan_passes("a", Keys(tuple(sorted(keys | {new})), ()), FRAMES, TrackSettings())
    earlier, later = (
        max((key for key in keys if key < new), default=0),
        min((key for key in keys if key > new), default=9999),
    )
    for frame in FRAMES:
        if not earlier <= frame <= later:
            assert leading_to(frame, before) == leading_to(frame, after)


def leading_to(frame: int, passes: tuple[Pass, ...]) -> set[tuple[tuple[int, ...], int]]:
    return {(one.keys, one.frames.step) for one in passes if frame in one.frames}


def drawn(*frames: int) -> tuple[MaskPrompt, ...]:
    return tuple(MaskPrompt(frame, "m.exr") for frame in frames)


def clicks(*frames: int, include: bool = True) -> tuple[PointPrompt, ...]:
    return tuple(PointPrompt(frame, 1, 1, include) for frame in frames)


def test_clicks_correct_what_was_drawn() -> None:
    prompts = PromptSet(masks=drawn(1001, 1010), points=clicks(1005, 1010))
    assert sort_keys(prompts, TrackSettings()) == Keys((1001, 1010), (1005,))


def test_the_earliest_click_on_the_object_says_what_it_is() -> None:
    prompts = PromptSet(points=(*clicks(1009, 1012), *clicks(1003, include=False)))
    assert sort_keys(prompts, TrackSettings()) == Keys((1009,), (1003, 1012), frozenset({1003}))
    assert sort_keys(PromptSet(points=clicks(1003, include=False)), TrackSettings()) is None


def test_corrections_that_only_exclude_are_known() -> None:
    prompts = PromptSet(masks=drawn(1001), points=(*clicks(1005, 1008, include=False), *clicks(1008, 1010)))
    keys = sort_keys(prompts, TrackSettings())
    assert keys is not None
    assert (keys.corrections, keys.exclusions) == ((1005, 1008, 1010), frozenset({1005}))


def test_nothing_is_tracked_from_an_exclusion_back_towards_its_anchor() -> None:
    keys = Keys((1005, 1018), (1007, 1016), frozenset({1007, 1016}))
    passes = plan_passes("a", keys, FRAMES, TrackSettings())
    assert leading_to(1006, passes) == {((1005, 1018), 1)}
    assert leading_to(1017, passes) == {((1005, 1018), -1)}
    assert leading_to(1010, passes) == {((1005, 1007, 1018), 1), ((1005, 1016, 1018), -1)}
    assert leading_to(1016, passes) == {((1005, 1016, 1018), 1)}


@given(KEYS, st.data())
def test_exclusions_leave_no_frame_untracked(keys: set[int], data: st.DataObject) -> None:
    anchors = data.draw(st.sets(st.sampled_from(sorted(keys)), min_size=1))
    rest = tuple(sorted(keys - anchors))
    exclusions = frozenset(data.draw(st.sets(st.sampled_from(rest)))) if rest else frozenset()
    plan = plan_object("a", Keys(tuple(sorted(anchors)), rest, exclusions), FRAMES, TrackSettings())
    assert all(plan.sources(frame) for frame in FRAMES)
    assert all(len(plan.sources(key)) == 1 for key in keys)


def test_to_the_stock_predictor_every_key_stands_by_itself() -> None:
    prompts = PromptSet(masks=drawn(1001), points=clicks(1005))
    assert sort_keys(prompts, TrackSettings(direction="forward", mode="exact")) == Keys((1001, 1005), ())


def test_a_correction_starts_from_the_nearest_anchor_and_ignores_other_corrections() -> None:
    corrected = plan_corrections("a", Keys((1003, 1015), (1001, 1005, 1009, 1013, 1020)), TrackSettings())
    found = {frame: (one.keys, one.frames[0], one.frames[-1]) for frame, one in corrected.items()}
    assert found == {
        1001: ((1003,), 1002, 1001),
        1005: ((1003, 1015), 1003, 1009),
        1009: ((1003, 1015), 1003, 1009),
        1013: ((1003, 1015), 1014, 1013),
        1020: ((1015,), 1015, 1020),
    }


def test_what_a_correction_shows_is_forgotten_and_what_an_anchor_shows_is_not() -> None:
    passes = plan_passes("a", Keys((1003, 1015), (1009,)), FRAMES, TrackSettings())
    assert {(one.start, one.frames.step): one.fades for one in passes} == {
        (1003, 1): False,
        (1003, -1): False,
        (1009, 1): True,
        (1009, -1): True,
        (1015, 1): False,
        (1015, -1): False,
    }


def test_exact_refuses_to_go_backward() -> None:
    with pytest.raises(JobError, match="exact"):
        TrackSettings(direction="both", mode="exact")


def test_exact_refuses_another_memory() -> None:
    with pytest.raises(JobError, match="visible"):
        TrackSettings(direction="forward", mode="exact", memory="visible")
