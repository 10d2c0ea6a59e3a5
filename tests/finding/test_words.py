"""What words become, which boxes stay, and what is said: pure code."""

from __future__ import annotations

import pytest

from rotomatte.finding.detector import Detection
from rotomatte.finding.words import (
    MOST_FINDS,
    as_finds,
    kept,
    nothing_found,
    overlap,
    phrases,
    require_score,
)
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import MatteObject, PointPrompt, PromptSet

SIZE = (200, 100)


def at(x: float, score: float, words: str = "car", y: float = 10) -> Detection:
    return Detection((x, y, x + 20, y + 20), score, words)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("red car", ("red car",)),
        ("  Red   CAR ", ("red car",)),
        ("car, driver; car. bus\nCar", ("car", "driver", "bus")),
        ("Straße", ("strasse",)),
        ("自行车", ("自行车",)),
    ],
)
def test_phrases_are_what_stands_between_commas(text: str, wanted: tuple[str, ...]) -> None:
    assert phrases(text) == wanted


@pytest.mark.parametrize("text", ["", "   ", ",.;", "!?"])
def test_without_words_there_is_nothing_to_look_for(text: str) -> None:
    with pytest.raises(PromptError, match="No words were given") as raised:
        phrases(text)
    assert "red car" in raised.value.remedy


@pytest.mark.parametrize("text", ["car " * 1000, ",".join("abcdefghi")], ids=["a thousand words", "nine phrases"])
def test_more_than_a_few_words_are_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(PromptError, match=r"characters in \d+ phrases are too many") as raised:
        phrases(text)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_a_score_is_between_0_and_1(score: float) -> None:
    with pytest.raises(PromptError, match="No score is"):
        require_score(score)


def test_the_best_box_about_a_thing_stays_and_the_weak_go() -> None:
    found = kept([at(100, 0.3), at(2, 0.5), at(3, 0.9), at(150, 0.29)], 0.3, SIZE)
    assert [(one.box_xyxy_px[0], one.score) for one in found] == [(3, 0.9), (100, 0.3)]


def test_boxes_end_where_the_picture_does_and_those_outside_go() -> None:
    found = kept([at(-10, 0.9), at(195, 0.8, y=90), at(300, 0.7)], 0.1, SIZE)
    assert [one.box_xyxy_px for one in found] == [(0, 10, 10, 30), (195, 90, 200, 100)]


def test_there_is_an_end_to_finds() -> None:
    many = [Detection((x, y, x + 1.0, y + 1.0), 0.5, "car") for x in range(20) for y in range(20)]
    assert len(kept(many, 0.1, SIZE)) == MOST_FINDS


def test_overlap_is_intersection_over_union() -> None:
    assert overlap((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(50 / 150)
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0


def test_finds_are_in_plate_pixels_and_have_names_that_objects_may_have() -> None:
    finds = as_finds([at(5, 0.91234, "red car"), at(50, 0.5, "自行车"), at(80, 0.4, "2 dogs")], (-3, 7))
    assert [one.name for one in finds] == ["red_car_01", "object_02", "object_03"]
    assert finds[0].box_xyxy_px == (2.0, 17.0, 22.0, 37.0)
    assert (finds[0].id, finds[0].score, finds[0].area_px, finds[0].source) == (1, 0.9123, 400.0, "words: red car")
    for one in finds:
        MatteObject(one.name, PromptSet(points=(PointPrompt(1, 1.0, 1.0),)))


def test_nothing_found_says_what_came_nearest_and_what_to_try() -> None:
    said = nothing_found("unicorn ", (1001,), at(1, 0.12, "unicorn"), 0.3)
    assert said.startswith(
        "Nothing on frame 1001 is taken for 'unicorn': the nearest scores 0.12, below 0.30 (unicorn)."
    )
    assert "plainer word" in said
    assert "Nothing on 3 frames" in nothing_found("unicorn", (1, 2, 3), None, 0.3)
