from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.roto.plan import Keys, plan_passes
from rotomatte.tracker.base import Pass
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte.tracker.schedule import looks, schedule, visited_again
from rotomatte_plugin.model import Direction, FrameRange, TrackSettings

FRAMES = FrameRange(1, 12)

OBJECTS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.sets(st.integers(1, 12), min_size=1, max_size=4), min_size=1
)
DIRECTIONS = st.sampled_from(["both", "forward", "backward"])


def plan(objects: dict[str, set[int]], direction: Direction) -> list[Pass]:
    settings = TrackSettings(direction=direction)
    return [
        one
        for name, keys in objects.items()
        for one in plan_passes(name, Keys(tuple(sorted(keys)), ()), FRAMES, settings)
    ]


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


def cached(folder: Path, frames: Iterable[int] = (), budget_bytes: int = 1 << 20) -> FeatureCache:
    features = FeatureCache(CacheBudget(budget_bytes, 0), folder, range(100))
    for frame in frames:
        features.put(frame, [np.zeros(1, np.float16)])
    return features


def test_cached_frames_are_not_looked_at(tmp_path: Path) -> None:
    passes = plan({"a": {1}}, "forward")
    assert list(looks(passes, cached(tmp_path, {1, 2, 3, 7}))) == [4, 5, 6, 8, 9, 10, 11, 12]


def test_what_is_cached_on_the_way_is_not_looked_at_again(tmp_path: Path) -> None:
    features = cached(tmp_path)
    looked = []
    for frame in looks(plan({"a": {4}}, "both"), features):
        looked.append(frame)
        features.put(frame, [np.zeros(1, np.float16)])
    assert looked == [*range(4, 13), 3, 2, 1]


def test_a_reader_ahead_of_the_tracker_knows_what_will_be_cached(tmp_path: Path) -> None:
    assert list(looks(plan({"a": {4}}, "both"), cached(tmp_path))) == [*range(4, 13), 3, 2, 1]
    assert list(looks(plan({"a": {4}}, "both"), cached(tmp_path, budget_bytes=0))) == [*range(4, 13), 4, 3, 2, 1]


def test_passes_that_do_not_round_look_for_themselves(tmp_path: Path) -> None:
    passes = [replace(one, clip_length=12) for one in plan({"a": {1}}, "forward")]
    assert list(looks(passes, cached(tmp_path, {1, 2, 3}))) == list(range(1, 13))


def test_a_pass_that_is_over_makes_no_further_step() -> None:
    passes = plan({"a": {1}, "b": {3}}, "forward")
    over: set[Pass] = set()
    made: list[tuple[str, int]] = []
    for visit in schedule(passes, over):
        made += [(one.object, visit.frame) for one in visit.passes]
        if visit.frame == 5:
            over.add(next(one for one in passes if one.object == "a"))
            assert ("a", 1) in visit.needed
        if visit.frame == 6:
            assert ("a", 1) not in visit.needed
    assert made == [("a", 1), ("a", 2)] + [(name, frame) for frame in (3, 4, 5) for name in "ab"] + [
        ("b", frame) for frame in range(6, 13)
    ]


def test_frames_worth_keeping_are_those_looked_at_again() -> None:
    assert visited_again([plan({"a": {1}}, "forward")]) == frozenset()
    assert visited_again([plan({"a": {4}}, "both")]) == {4}
    assert visited_again([plan({"a": {1, 4}}, "forward"), plan({"b": {9}}, "forward")]) == {9, 10, 11, 12}
    between = plan({"a": {1, 6}}, "both")
    assert visited_again([between]) == {1, 2, 3, 4, 5, 6}
