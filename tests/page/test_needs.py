from __future__ import annotations

from rotomatte.page.needs import Needs, needs_of
from rotomatte_plugin.model import FrameRange, FrameScore, MatteTrack, StateRange, TrackState

FRAMES = FrameRange(1, 20)


def track(*states: tuple[TrackState, int, int], ious: tuple[float | None, ...] = ()) -> MatteTrack:
    return MatteTrack(
        "car",
        "car/car.%04d.exr",
        tuple(FrameScore(frame, 5.0, iou, 10.0) for frame, iou in enumerate(ious, 1)),
        tuple(StateRange(state, FrameRange(first, last)) for state, first, last in states),
        (),
    )


def test_a_frame_counts_once_however_many_objects_are_lost_on_it() -> None:
    first = track(("present", 1, 5), ("lost", 6, 10), ("uncertain", 11, 14), ("present", 15, 20))
    second = track(("uncertain", 1, 2), ("lost", 8, 11), ("cut", 12, 12), ("returned", 13, 16), ("untracked", 17, 20))
    found = needs_of(FRAMES, (first, second), ())
    assert (found.lost_frames, found.uncertain_frames) == (7, 4)
    assert found.share == 11 / 20


def test_flicker_and_score_are_those_of_the_worst_object() -> None:
    tracks = (track(ious=(0.9, 0.7, None)), track(ious=(0.5, 0.6)), track(ious=(None,)))
    found = needs_of(FRAMES, tracks, (0.01, None, 0.04))
    assert found.flicker == 0.04
    assert found.score == 0.55
    assert needs_of(FRAMES, (track(ious=(None,)),), (None,)) == Needs("done", frames=20)


def test_shots_are_ordered_by_what_needs_an_artist() -> None:
    ordered = [
        Needs("failed"),
        Needs("unreadable"),
        Needs("not run"),
        Needs("done", frames=100, lost_frames=30),
        Needs("done", frames=10, lost_frames=1, uncertain_frames=1, score=0.9),
        Needs("done", frames=100, flicker=0.02, score=0.9),
        Needs("done", frames=50, flicker=0.01, score=0.4),
        Needs("done", frames=50, flicker=0.01, score=0.8),
        Needs("done", frames=50, flicker=0.01),
        Needs("done", frames=50),
        Needs("not asked"),
    ]
    shuffled = ordered[::2] + ordered[1::2]
    assert sorted(shuffled, key=lambda needs: needs.order) == ordered
