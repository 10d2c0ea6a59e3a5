from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte.page.contact_frames import MOST_FRAMES, contact_frames, nearest_shown
from rotomatte_plugin.model import FrameRange, MatteTrack, PromptSuggestion, StateRange, TrackState

CLIP = FrameRange(1001, 1100)


def track(*states: tuple[TrackState, int, int], suggested: tuple[int, ...] = ()) -> MatteTrack:
    return MatteTrack(
        "car",
        "car/car.%04d.exr",
        (),
        tuple(StateRange(state, FrameRange(first, last)) for state, first, last in states),
        tuple(PromptSuggestion(frame, "It is doubtful.") for frame in suggested),
    )


def test_a_short_clip_is_shown_whole() -> None:
    assert contact_frames(FrameRange(5, 14), (5,), ()) == tuple(range(5, 15))


def test_without_problems_the_frames_are_spread() -> None:
    shown = contact_frames(CLIP, (1001,), (track(("present", 1001, 1100)),))
    assert len(shown) == MOST_FRAMES
    assert shown[0] == 1001
    assert shown[-1] == 1100
    assert max(later - earlier for earlier, later in pairwise(shown)) <= 13


def test_key_frames_suggestions_and_problems_come_first() -> None:
    first = track(("lost", 1020, 1030), ("uncertain", 1060, 1061), suggested=(1021, 1060))
    second = track(("cut", 1090, 1100), ("returned", 1075, 1077), suggested=(1033,))
    shown = contact_frames(CLIP, (1001, 1050), (first, second))
    # 1095 is the middle of the cut; the two that are left lie in the widest gaps
    assert {1001, 1050, 1021, 1060, 1033, 1025, 1095} <= set(shown)
    assert len(shown) == MOST_FRAMES


def test_many_key_frames_leave_room() -> None:
    shown = contact_frames(CLIP, tuple(range(1001, 1101, 5)), (track(("lost", 1042, 1044)),))
    assert 1043 in shown
    assert {1001, 1051, 1096} <= set(shown)
    assert len(shown) == MOST_FRAMES


def test_many_problems_leave_room_for_the_rest_of_the_shot() -> None:
    shown = contact_frames(CLIP, (1001,), (track(*[("lost", frame, frame) for frame in range(1002, 1030, 2)]),))
    assert sum(frame > 1030 for frame in shown) == 2


def test_the_longest_loss_is_shown_where_there_is_no_room_for_all() -> None:
    runs = [("lost", frame, frame) for frame in range(1002, 1040, 2)]
    shown = contact_frames(CLIP, (1001,), (track(*runs, ("lost", 1060, 1070)),))
    assert 1065 in shown


@settings(deadline=None)
@given(
    first=st.integers(-50, 2000),
    count=st.integers(1, 300),
    keys=st.sets(st.integers(-50, 2300), max_size=8),
    suggested=st.lists(st.integers(-50, 2300), max_size=5),
)
def test_frames_are_the_clips_own_ascending_and_enough(
    first: int, count: int, keys: set[int], suggested: list[int]
) -> None:
    clip = FrameRange(first, first + count - 1)
    shown = contact_frames(clip, sorted(keys), (track(suggested=tuple(suggested)),))
    assert list(shown) == sorted(set(shown))
    assert len(shown) == min(MOST_FRAMES, count)
    assert all(frame in clip for frame in shown)


def test_a_run_is_found_by_the_first_frame_that_is_shown_of_it() -> None:
    assert nearest_shown((1, 5, 8, 12), FrameRange(4, 9)) == 5
    assert nearest_shown((1, 12), FrameRange(4, 9)) is None
