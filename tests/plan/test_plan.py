from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.plan import plan_passes, untracked_frames
from rotomatte_plugin.model import Direction, FrameRange, TrackSettings

FRAMES = FrameRange(1001, 1020)


def runs(keys: tuple[int, ...], direction: Direction = "both") -> list[tuple[tuple[int, ...], int, int]]:
    """Each pass as (keys, first visited, last visited)."""
    passes = plan_passes("a", keys, FRAMES, TrackSettings(direction=direction))
    return [(one.keys, one.frames[0], one.frames[-1]) for one in passes]


def test_one_key_goes_outward_in_both_directions() -> None:
    assert runs((1010,)) == [((1010,), 1010, 1020), ((1010,), 1009, 1001)]


def test_a_key_on_the_first_frame_needs_no_way_back() -> None:
    assert runs((1001,)) == [((1001,), 1001, 1020)]


def test_a_span_sees_its_two_keys_only() -> None:
    assert runs((1005, 1010, 1015)) == [
        ((1005, 1010), 1005, 1009),
        ((1010, 1015), 1010, 1014),
        ((1015,), 1015, 1020),
        ((1005,), 1004, 1001),
    ]


def test_backward_starts_at_the_last_key() -> None:
    assert runs((1005, 1010), "backward") == [((1005,), 1005, 1001), ((1005, 1010), 1010, 1006)]


def test_forward_leaves_what_lies_before_the_first_key_untracked() -> None:
    passes = plan_passes("a", (1005,), FRAMES, TrackSettings(direction="forward"))
    assert untracked_frames(passes, FRAMES) == (1001, 1002, 1003, 1004)


def test_exact_is_one_forward_pass_with_every_key_in_view() -> None:
    (one,) = plan_passes("a", (1005, 1010), FRAMES, TrackSettings(direction="forward", mode="exact"))
    assert (one.keys, one.frames, one.clip_length) == ((1005, 1010), range(1005, 1021), 20)


@given(
    st.sets(st.integers(1001, 1020), min_size=1),
    st.sampled_from(["both", "forward", "backward"]),
)
def test_no_frame_is_visited_twice_and_both_directions_visit_all(keys: set[int], direction: Direction) -> None:
    ordered = tuple(sorted(keys))
    passes = plan_passes("a", ordered, FRAMES, TrackSettings(direction=direction))
    visited = [frame for one in passes for frame in one.frames]
    assert len(visited) == len(set(visited))
    assert keys <= set(visited) <= set(FRAMES)
    if direction == "both":
        assert set(visited) == set(FRAMES)


@given(st.sets(st.integers(1001, 1020), min_size=2), st.integers(1001, 1020))
def test_a_new_key_changes_the_passes_of_its_own_span_only(keys: set[int], new: int) -> None:
    before = set(plan_passes("a", tuple(sorted(keys)), FRAMES, TrackSettings()))
    after = set(plan_passes("a", tuple(sorted(keys | {new})), FRAMES, TrackSettings()))
    below = max((key for key in keys if key <= new), default=FRAMES.first)
    above = min((key for key in keys if key >= new), default=FRAMES.last)
    for one in before ^ after:
        assert all(below <= frame <= above for frame in one.frames)


def test_exact_refuses_to_go_backward() -> None:
    with pytest.raises(ValueError, match="exact"):
        TrackSettings(direction="both", mode="exact")
