"""Which frames of an object are seen through one run of windows."""

from __future__ import annotations

from rotomatte.roto.plan import Keys, plan_passes
from rotomatte.roto.stretches import Stretch, close_up_id, cut_short, stretches
from rotomatte.tracker.base import Pass
from rotomatte_plugin.model import FrameRange, TrackSettings

FRAMES = FrameRange(1, 30)


def plan(keys: Keys, settings: TrackSettings | None = None) -> tuple[Stretch, ...]:
    return stretches(plan_passes("a", keys, FRAMES, settings or TrackSettings()))


def extents(found: tuple[Stretch, ...]) -> list[tuple[int, int]]:
    return [(one.frames[0], one.frames[-1]) for one in found]


def test_a_stretch_is_what_lies_between_two_keys() -> None:
    found = plan(Keys((10, 20), (15,)))
    assert extents(found) == [(1, 9), (10, 14), (15, 19), (20, 30)]
    assert [len(one.passes) for one in found] == [1, 2, 2, 1]
    assert [sorted(one.starts) for one in found] == [[10], [10, 15], [15, 20], [20]]
    assert [(one.seen[0], one.seen[-1]) for one in found] == [(1, 10), (10, 15), (15, 20), (20, 30)]


def test_keys_farther_away_are_not_in_view() -> None:
    """The windows reach to the keys beside the stretch and no farther."""
    second = plan(Keys((10, 20), (15,)))[1]
    forward, backward = second.passes
    assert forward.keys == (10, 20)
    assert second.keys(forward) == (10,)
    assert backward.keys == (10, 15, 20)
    assert second.keys(backward) == (10, 15)


def test_a_key_without_a_track_of_its_own_is_a_stretch_by_itself() -> None:
    """Nothing is tracked from an exclusion back towards its anchor."""
    assert extents(plan(Keys((20,), (10,), frozenset({10})))) == [(1, 9), (10, 10), (11, 19), (20, 30)]


def test_one_direction_and_the_exact_mode() -> None:
    assert extents(plan(Keys((10, 20), ()), TrackSettings(direction="forward"))) == [(10, 19), (20, 30)]
    assert extents(plan(Keys((10, 20), ()), TrackSettings(direction="backward"))) == [(1, 10), (11, 20)]
    exact = plan(Keys((10, 20), ()), TrackSettings(mode="exact", direction="forward"))
    assert extents(exact) == [(10, 30)]
    assert exact[0].keys(exact[0].passes[0]) == (10, 20)


def test_a_cut_parts_a_stretch() -> None:
    between = plan(Keys((10, 20), ()))[1]
    cuts = {1: 14, -1: 13}
    before, beyond = cut_short(between, lambda one: cuts[one.frames.step])
    assert (before.frames, beyond.frames) == (range(10, 14), range(14, 20))
    assert [before.keys(one) for one in before.passes] == [(10,)]
    assert [beyond.keys(one) for one in beyond.passes] == [(20,)]


def test_a_shot_that_no_track_reaches_is_left_out() -> None:
    between = plan(Keys((10, 20), ()))[1]
    cuts = {1: 13, -1: 16}
    assert extents(cut_short(between, lambda one: cuts[one.frames.step])) == [(10, 12), (17, 19)]
    assert extents(cut_short(between, lambda one: 19 if one.frames.step < 0 else None)) == [(10, 19)]


def test_a_pass_that_is_cut_at_once_is_not_there() -> None:
    one = Pass("a", (10,), range(9, 0, -1), 1 << 30)
    assert cut_short(Stretch((one,)), lambda _one: 9) == ()


def test_passes_in_close_up_go_by_all_that_they_come_from() -> None:
    one, back = Pass("a", (10,), range(10, 20), 1 << 30), Pass("a", (10,), range(19, 10, -1), 1 << 30)
    ids = {close_up_id(sources, each) for sources in (("x", "y"), ("x", "z"), ("x",)) for each in (one, back)}
    assert len(ids) == 6
    assert close_up_id(("x", "y"), one) == close_up_id(("x", "y"), Pass("a", (10, 30), range(10, 15), 1 << 30))
