from __future__ import annotations

from rotomatte_hosts.panel.lanes import lane, neighbour
from rotomatte_plugin.messages import TrackedObject
from rotomatte_plugin.model import FrameRange, FrameScore, MatteObject, PointPrompt, PromptSet, StateRange

CAR = MatteObject("car", PromptSet(points=(PointPrompt(3, 1, 1), PointPrompt(9, 1, 1), PointPrompt(3, 2, 2))))


def score(frame: int, object_score: float = 5.0, area_px: float = 9.0) -> FrameScore:
    return FrameScore(frame, object_score, 0.9, area_px)


def test_while_it_is_tracked() -> None:
    scores = {one.frame: one for one in (score(3), score(4), score(5, -1), score(6, 4, 0), score(8))}
    found = lane(CAR, scores, None)
    assert found.prompted == (3, 9)
    assert found.runs == (
        (FrameRange(3, 4), "tracked"),
        (FrameRange(5, 6), "lost"),
        (FrameRange(8, 8), "tracked"),
    )
    assert found.state_at(6) == "lost"
    assert found.state_at(7) is None


def test_what_the_engine_says_counts_more() -> None:
    known = TrackedObject(
        "car",
        tracked=(FrameRange(3, 6),),
        one_sided=(),
        scores=(),
        states=(
            StateRange("present", FrameRange(1, 4)),
            StateRange("uncertain", FrameRange(5, 5)),
            StateRange("lost", FrameRange(6, 9)),
        ),
        suggestions=(),
    )
    found = lane(CAR, {5: score(5), 8: score(8)}, known)
    assert found.runs == (
        (FrameRange(3, 4), "tracked"),
        (FrameRange(5, 5), "uncertain"),
        (FrameRange(6, 6), "lost"),
        (FrameRange(8, 8), "tracked"),
    )


def test_neighbours() -> None:
    assert neighbour((3, 9, 5), 5, 1) == 9
    assert neighbour((3, 9, 5), 5, -1) == 3
    assert neighbour((3, 9), 9, 1) is None
    assert neighbour((), 9, -1) is None
