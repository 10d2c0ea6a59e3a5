from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rotomatte.plan import plan_passes
from rotomatte.tracker.base import Pass
from rotomatte.tracker.schedule import looks, schedule
from rotomatte_plugin.model import Direction, FrameRange, TrackSettings

FRAMES = FrameRange(1, 12)

OBJECTS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.sets(st.integers(1, 12), min_size=1, max_size=4), min_size=1
)
DIRECTIONS = st.sampled_from(["both", "forward", "backward"])


def plan(objects: dict[str, set[int]], direction: Direction) -> list[Pass]:
    settings = TrackSettings(direction=direction)
    return [one for name, keys in objects.items() for one in plan_passes(name, tuple(sorted(keys)), FRAMES, settings)]


@given(OBJECTS, DIRECTIONS)
def test_every_pass_makes_every_step_in_its_own_order(objects: dict[str, set[int]], direction: Direction) -> None:
    passes = plan(objects, direction)
    made: dict[Pass, list[int]] = {one: [] for one in passes}
    for visit in schedule(passes):
        for one in visit.passes:
            assert visit.reverse == (one.frames.step < 0)
            made[one].append(visit.frame)
    assert made == {one: list(one.frames) for one in passes}


@given(OBJECTS, DIRECTIONS)
def test_answers_are_there_when_a_pass_starts_and_asked_for_once_a_sweep(
    objects: dict[str, set[int]], direction: Direction
) -> None:
    passes = plan(objects, direction)
    asked: list[tuple[bool, str, int]] = []
    kept: set[tuple[str, int]] = set()
    for visit in schedule(passes):
        kept |= set(visit.answers)
        asked += [(visit.reverse, name, key) for name, key in visit.answers]
        for one in visit.passes:
            if one.frames[0] == visit.frame:
                assert {(one.object, key) for key in one.keys} <= kept
        kept &= visit.needed
    assert len(asked) == len(set(asked))


def test_one_key_looks_outward_and_twice_at_the_key() -> None:
    assert list(looks(plan({"a": {4}}, "both"))) == [*range(4, 13), 4, 3, 2, 1]


def test_objects_share_their_looks() -> None:
    assert list(looks(plan({"a": {1}, "b": {1}, "c": {5}}, "forward"))) == list(range(1, 13))


def test_a_key_ahead_is_looked_at_when_its_span_starts() -> None:
    assert list(looks(plan({"a": {1, 4}}, "forward"))) == [4, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12]


def test_nothing_is_scheduled_for_nothing() -> None:
    assert list(schedule([])) == []
