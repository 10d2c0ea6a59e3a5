from __future__ import annotations

import pytest

from rotomatte_hosts.blender.panel_words import (
    best_line,
    error_lines,
    finds_line,
    lines_of,
    problem_line,
    progress_line,
    time_left,
)
from rotomatte_plugin.desk_view import DeskView, Problem
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.messages import FoundObject, FrameFinds, PromptFrame
from rotomatte_plugin.model import FrameRange


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0 s left"),
        (59.4, "59 s left"),
        (59.6, "1 min left"),
        (200, "3 min left"),
        (3590, "1 h 00 min left"),
        (3900, "1 h 05 min left"),
    ],
)
def test_time_left_in_the_unit_that_counts(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_progress_says_what_it_knows() -> None:
    assert progress_line(DeskView()) == ""
    assert progress_line(DeskView(phase="opening")) == "Opening the clip"
    assert progress_line(DeskView(phase="finding", done=1, total=5)) == "Finding: 1 of 5"
    assert progress_line(DeskView(phase="tracking", done=3, total=48)) == "Tracking: 3 of 48"
    assert progress_line(DeskView(phase="tracking", done=48, total=48, seconds_left=0.0)).endswith(", 0 s left")
    assert (
        progress_line(DeskView(phase="writing", done=3, total=48, seconds_left=90))
        == "Writing mattes: 3 of 48, 2 min left"
    )


def test_a_problem_says_where_and_what() -> None:
    assert problem_line(Problem("car", "lost", FrameRange(1004, 1010))) == "1004-1010 car lost"


def test_finds_say_where_and_how_many() -> None:
    one = FoundObject(1, "car", (), (0, 0, 9, 9), 81.0, 0.5, "a test")
    assert finds_line(FrameFinds(1004, (one,), "")) == "1004: 1 find"
    assert finds_line(FrameFinds(1004, (one, one), "")) == "1004: 2 finds"
    assert best_line(PromptFrame(1004, 0.826, 1, 1, 1, 1, 1, (0, 0, 9, 9))) == "1004  0.83"


def test_lines_fit_into_a_panel_and_lose_no_word() -> None:
    text = "Quality good means sam2.1_hiera_base_plus, which is not on this machine."
    lines = lines_of(text, 250, 1.0)
    assert len(lines) > 1
    assert " ".join(lines) == text
    assert len(lines_of(text, 250, 2.0)) > len(lines)


def test_an_error_comes_with_its_remedy() -> None:
    assert error_lines(DeskView(), 300, 1) == ([], None)
    view = DeskView(error=JobError("It went wrong.", remedy="Mend it."))
    assert error_lines(view, 300, 1) == (["It went wrong."], ["Mend it."])
