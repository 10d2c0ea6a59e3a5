"""What all trackers do alike, shown by the one without a network: cuts, and remembering."""

from __future__ import annotations

import pytest
from tests.tracker.conftest import BlobClip, MakeClip, by_frame, clicks, tracked

from rotomatte.tracker.base import ENDLESS, Pass, PassCut, TrackedFrame
from rotomatte.tracker.disc import DiscTracker
from rotomatte.tracker.schedule import looks
from rotomatte_plugin.errors import CancelledError

KEYS = {"a": {1005: clicks((0.3, 0.5)), 1010: clicks((0.45, 0.5))}, "b": {1005: clicks((0.3, 0.5))}}


def following(name: str, keys: tuple[int, ...], frames: range, *, stops_at_cuts: bool = True) -> Pass:
    return Pass(name, keys, frames, ENDLESS, stops_at_cuts=stops_at_cuts)


def told(clip: BlobClip, *passes: Pass) -> list[tuple[str, str, int]]:
    steps = DiscTracker().track(passes, KEYS, clip)
    return [("cut" if isinstance(step, PassCut) else "seen", step.by.object, step.frame) for step in steps]


def test_a_pass_ends_at_a_cut_in_either_direction(make_clip: MakeClip) -> None:
    clip = make_clip(cuts={1003, 1008})
    forward, backward = following("a", (1005,), range(1005, 1012)), following("a", (1005,), range(1004, 1000, -1))
    assert told(clip, forward, backward) == [
        *(("seen", "a", frame) for frame in (1005, 1006, 1007)),
        ("cut", "a", 1008),
        *(("seen", "a", frame) for frame in (1004, 1003)),
        ("cut", "a", 1002),
    ]
    assert set(clip.looked) == {1003, 1004, 1005, 1006, 1007}


def test_the_key_is_the_neighbour_of_a_backward_pass(make_clip: MakeClip) -> None:
    clip = make_clip(cuts={1005})
    assert told(clip, following("a", (1005,), range(1004, 1000, -1))) == [("cut", "a", 1004)]


def test_a_key_on_the_other_side_is_not_stopped_at(make_clip: MakeClip) -> None:
    clip = make_clip(cuts={1010})
    told_frames = told(clip, following("a", (1005, 1010), range(1005, 1013)))
    assert told_frames == [("seen", "a", frame) for frame in range(1005, 1013)]


def test_other_passes_go_on_and_cuts_may_be_ignored(make_clip: MakeClip) -> None:
    clip = make_clip(cuts={1007})
    run = range(1005, 1009)
    found = told(clip, following("a", (1005,), run), following("b", (1005,), run, stops_at_cuts=False))
    assert [item for item in found if item[1] == "b"] == [("seen", "b", frame) for frame in run]
    assert [item for item in found if item[1] == "a"] == [("seen", "a", 1005), ("seen", "a", 1006), ("cut", "a", 1007)]


def test_an_answer_is_the_pass_s_own(make_clip: MakeClip) -> None:
    tracker = DiscTracker()
    passes = [following("a", (1005,), range(1005, 1007))]
    first = next(iter(tracker.track(passes, KEYS, make_clip())))
    assert isinstance(first, TrackedFrame)
    for _ in range(20):
        alone = tracker.answer(1005, KEYS["a"][1005], make_clip())
        assert alone.frame == 1005
        assert (alone.logits_hw == first.logits_hw).all()
        assert (alone.object_score, alone.predicted_iou) == (first.object_score, first.predicted_iou)


def test_memory_is_kept_every_25_frames_and_where_a_run_ends(make_clip: MakeClip) -> None:
    kept: list[tuple[str, int]] = []
    passes = [following("a", (1005,), range(1005, 1100)), following("b", (1005,), range(1005, 1008))]
    steps = DiscTracker().track(passes, KEYS, make_clip(), keep_memory=lambda one, at, _: kept.append((one.object, at)))
    for step in steps:
        if step.frame == 1070:
            break
    assert kept == [("a", 1029), ("a", 1054)]
    steps.close()  # type: ignore[attr-defined]
    assert kept == [("a", 1029), ("a", 1054), ("a", 1070)], "b is over"


def test_memory_is_kept_where_a_run_fails(make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[tuple[str, int]] = []
    clip = make_clip()
    look = clip.picture

    def stopped(frame: int) -> object:
        if frame == 1012:
            raise CancelledError("Stopped.", remedy="Run again.")
        return look(frame)

    monkeypatch.setattr(clip, "picture", stopped)
    passes = [following("a", (1005,), range(1005, 1030)), following("a", (1005,), range(1004, 1000, -1))]
    with pytest.raises(CancelledError):
        tracked(DiscTracker().track(passes, KEYS, clip, keep_memory=lambda one, at, _: kept.append((one.object, at))))
    assert kept == [("a", 1011)]


def test_failing_to_keep_memory_does_not_hide_what_happened(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip(cuts={1008})

    def fails(*_: object) -> None:
        raise OSError("disk full")

    def cancelled(*_: object) -> bool:
        raise CancelledError("Stopped.", remedy="Run again.")

    steps = DiscTracker().track([following("a", (1005,), range(1005, 1012))], KEYS, clip, keep_memory=fails)
    next(iter(steps))
    monkeypatch.setattr(clip, "is_cut", cancelled)
    with pytest.raises(CancelledError):
        next(iter(steps))


def test_each_frame_takes_its_colour_from_the_nearest_key(make_clip: MakeClip) -> None:
    answers = tracked(DiscTracker().track([following("a", (1005, 1010), range(1005, 1013))], KEYS, make_clip()))
    assert all(one.object_score > 0 for one in by_frame(answers, "a").values())


def test_pictures_are_asked_for_as_foretold(make_clip: MakeClip) -> None:
    clip = make_clip()
    passes = [
        following("a", (1005, 1010), range(1005, 1013)),
        following("b", (1005,), range(1005, 1008)),
        following("b", (1005,), range(1004, 1000, -1)),
    ]
    tracked(DiscTracker().track(passes, KEYS, clip))
    assert clip.looked == list(looks(passes)) == [1010, *range(1005, 1010), 1011, 1012, *range(1005, 1000, -1)]
