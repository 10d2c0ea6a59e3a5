from __future__ import annotations

import math

import pytest

from rotomatte.page.object_sheet import frame_words, object_sheet, presence
from rotomatte.page.sheet import FlickerFound, ObjectSheet
from rotomatte_plugin.model import FrameRange, FrameScore, MatteTrack, PromptSuggestion, StateRange

CLIP = FrameRange(1, 100)
TRACK = MatteTrack(
    "car",
    "car/car.%04d.exr",
    tuple(FrameScore(frame, 4.0, 0.9 if frame != 40 else 0.2, 1000.0 + frame) for frame in CLIP),
    (
        StateRange("present", FrameRange(1, 29)),
        StateRange("lost", FrameRange(30, 34)),
        StateRange("uncertain", FrameRange(35, 36)),
        StateRange("present", FrameRange(37, 100)),
    ),
    (PromptSuggestion(36, "It is doubtful."), PromptSuggestion(60, "It changes abruptly.")),
)


def sheet(shown: tuple[int, ...], worst_frame: int | None = None, folder: str = "shot%201/") -> ObjectSheet:
    return object_sheet("s3", 1, TRACK, CLIP, (1, 50), shown, FlickerFound(0.01, worst_frame, ""), folder)


def test_ranges_link_to_a_picture_of_them_else_to_the_curve() -> None:
    made = sheet((1, 32, 60), worst_frame=77)
    assert [(str(run.frames), run.state, run.target) for run in made.runs] == [
        ("30-34", "lost", "s3-f32"),
        ("35-36", "uncertain", "s3-o2-f35"),
    ]
    assert [item.target for item in made.suggestions] == ["s3-o2-f36", "s3-f60"]
    # what is linked to or named, and has no picture
    assert [(spot.id, spot.frame) for spot in made.spots] == [(f"s3-o2-f{frame}", frame) for frame in (35, 36, 50, 77)]


def test_the_link_to_the_mattes_is_that_of_their_folder() -> None:
    assert sheet(()).folder == "shot%201/car/"
    assert sheet((), folder="").folder == "car/"


def test_curves_are_said_in_words() -> None:
    made = sheet(())
    assert made.score_words == "Score of car: 0.20 to 0.90, lowest on frame 40."
    assert made.area_words == "Area of the matte: 1,001 px on frame 1 to 1,100 px on frame 100."


def test_presence_is_the_logistic_function_of_any_score() -> None:
    def score(value: float) -> FrameScore:
        return FrameScore(1, value, None, 0.0)

    assert presence(score(0)) == 0.5
    assert presence(score(math.log(3))) == pytest.approx(0.75)
    assert (presence(score(-1e300)), presence(score(1e300))) == (pytest.approx(0), pytest.approx(1))


def test_a_picture_says_whose_state_it_is_where_there_are_several() -> None:
    keys = {"car": (35,)}
    assert frame_words(36, [TRACK], keys) == ("uncertain", "a prompt would help")
    assert frame_words(35, [TRACK], keys) == ("prompt", "uncertain")
    assert frame_words(35, [TRACK, TRACK], keys)[:2] == ("car: prompt", "car: uncertain")
    assert frame_words(1, [TRACK], {}) == ()
