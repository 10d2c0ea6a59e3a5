"""What a panel makes of numbers: time left, and where to look."""

from __future__ import annotations

from rotomatte_plugin.adapter import Marker
from rotomatte_plugin.desk_view import Problem
from rotomatte_plugin.model import FrameRange, FrameScore, MatteTrack, PromptSuggestion, StateRange
from rotomatte_plugin.pace import Pace
from rotomatte_plugin.problems import in_order, markers_of, next_after, problems_of_scores, problems_of_track


def scores(*pairs: tuple[int, float]) -> list[FrameScore]:
    return [FrameScore(frame, value, 0.5, 10.0) for frame, value in pairs]


def test_time_left_follows_the_latest_rate() -> None:
    pace = Pace()
    assert pace.seconds_left(10) is None
    pace.note(100.0, 0)
    pace.note(130.0, 1)
    assert pace.seconds_left(10) is None, "one frame says nothing of the rate, and loading is no work"
    pace.note(132.0, 2)
    assert pace.seconds_left(10) == 16.0
    for step in range(1, 30):
        pace.note(132.0 + step, 2 + 4 * step)
    left = pace.seconds_left(218)
    assert left is not None
    assert abs(left - 25) < 0.5, "the slow start lies outside the window"
    assert pace.seconds_left(118) == 0


def test_time_left_starts_anew_where_the_work_does() -> None:
    pace = Pace()
    for second in range(10):
        pace.note(float(second), second)
    pace.note(10.0, 3)
    assert pace.seconds_left(10) is None
    pace.note(12.0, 4)
    assert pace.seconds_left(10) == 12.0


def test_what_is_lost_and_returns_is_found_in_any_order_of_tracking() -> None:
    found = problems_of_scores("car", reversed(scores((1, 3), (2, -1), (3, 0), (4, 2), (5, 2), (9, -2), (11, 4))))
    assert found == (
        Problem("car", "lost", FrameRange(2, 3)),
        Problem("car", "returned", FrameRange(4, 4)),
        Problem("car", "lost", FrameRange(9, 9)),
    )
    empty = FrameScore(7, 5.0, 0.9, 0.0)
    assert problems_of_scores("car", [empty]) == (Problem("car", "lost", FrameRange(7, 7)),)


TRACK = MatteTrack(
    "car",
    "car/car.%04d.exr",
    (),
    (
        StateRange("untracked", FrameRange(1, 2)),
        StateRange("present", FrameRange(3, 9)),
        StateRange("lost", FrameRange(10, 14)),
        StateRange("returned", FrameRange(15, 16)),
        StateRange("present", FrameRange(17, 20)),
        StateRange("cut", FrameRange(21, 24)),
    ),
    (PromptSuggestion(21, "A shot begins here."), PromptSuggestion(15, "It is back."), PromptSuggestion(5, "Small.")),
)


def test_a_report_gives_problems_with_their_reasons() -> None:
    assert problems_of_track(TRACK) == (
        Problem("car", "present", FrameRange(5, 5), "Small."),
        Problem("car", "lost", FrameRange(10, 14)),
        Problem("car", "returned", FrameRange(15, 16), "It is back."),
        Problem("car", "cut", FrameRange(21, 24), "A shot begins here."),
    )


def test_the_next_problem_begins_after_the_playhead() -> None:
    problems = in_order([*problems_of_track(TRACK), Problem("dog", "lost", FrameRange(7, 8))])
    order = [(one.object, one.frames.first) for one in problems]
    assert order == [("car", 5), ("dog", 7), ("car", 10), ("car", 15), ("car", 21)]
    assert next_after(problems, 7) == problems[2]
    assert next_after(problems, 30) == problems[0], "from the beginning again"
    assert next_after((), 30) is None


def test_markers_are_one_a_frame_and_object() -> None:
    assert markers_of([TRACK]) == (
        Marker(5, "car: Small."),
        Marker(10, "car: lost"),
        Marker(15, "car: returned - It is back."),
        Marker(21, "car: A shot begins here."),
    )
