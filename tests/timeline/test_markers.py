"""Prompts from the markers of clips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.timeline.media_made import HEIGHT, WIDTH, clicked, clip_of, found_media, offline

from rotomatte.timeline.edit import ClipMarker
from rotomatte.timeline.markers import MarkedObjects, marked_objects
from rotomatte_plugin.model import BoxPrompt, MaskPrompt, MatteObject, PointPrompt, PromptSet

MEDIA = found_media("/p/plate.%04d.exr", 1001, 1048, media_first=86400)
EDITS = Path("/edits")
AT, FRAME = 86410, 1011
CLICK = json.dumps({"points": [{"x": 20, "y": 30}]})


def marker(name: str, comment: str = "", metadata: str = "{}", at: int = AT) -> ClipMarker:
    return ClipMarker(name, comment, metadata, at, 1)


def marked(*markers: ClipMarker) -> MarkedObjects:
    return marked_objects(clip_of(MEDIA, range(86400, 86448), markers=markers), MEDIA, EDITS)


def test_a_prompt_is_on_the_frame_of_its_marker() -> None:
    assert marked(marker("roto:car", CLICK)) == MarkedObjects((clicked("car", FRAME),))


def test_a_prompt_that_names_its_frame_stays_there() -> None:
    comment = json.dumps({"points": [{"frame": 1020, "x": 20, "y": 30}, {"x": 20, "y": 30}]})
    assert marked(marker("roto:car", comment)).objects == (clicked("car", 1020, FRAME),)


@pytest.mark.parametrize("as_text", [False, True])
def test_metadata_counts_before_the_comment(*, as_text: bool) -> None:
    said: object = {"boxes": [{"x0": 1, "y0": 2, "x1": 3, "y1": 4}]}
    metadata = json.dumps({"other": {"a": 1}, "rotomatte": json.dumps(said) if as_text else said})
    boxes = PromptSet(boxes=(BoxPrompt(FRAME, 1, 2, 3, 4),))
    assert marked(marker("roto:car", CLICK, metadata)).objects == (MatteObject("car", boxes),)


def test_markers_of_one_object_belong_together_and_objects_keep_their_order() -> None:
    markers = (marker("roto:dog", CLICK), marker("roto:car", CLICK), marker("roto:dog", CLICK, at=AT + 5))
    assert marked(*markers).objects == (clicked("dog", FRAME, FRAME + 5), clicked("car", FRAME))


@pytest.mark.parametrize(
    ("name", "object_"),
    [("roto:car", "car"), ("ROTO: car ", "car"), ("roto:my car!", "my_car"), ("roto:2nd", "object_2nd")],
)
def test_names_are_made_fit_for_files_as_in_resolve(name: str, object_: str) -> None:
    assert [item.name for item in marked(marker(name, CLICK)).objects] == [object_]


def test_other_markers_are_none_of_ours() -> None:
    assert marked(marker("car", CLICK), marker("rotoscope", CLICK), marker("roto:", CLICK)) == MarkedObjects()


def test_lines_as_resolve_has_them() -> None:
    lines = """
        {"v":1,"t":12,"obj":3,"kind":"include","x":0.25,"y":0.75}
        {"v":1,"kind":"exclude","x":0,"y":0}

        {"v":1,"kind":"box","x0":0.5,"y0":0.9,"x1":0.1,"y1":0.2}
    """
    assert marked(marker("roto:car", lines)).objects == (
        MatteObject(
            "car",
            PromptSet(
                points=(
                    PointPrompt(FRAME, WIDTH / 4, HEIGHT / 4),
                    PointPrompt(FRAME, 0, HEIGHT, include=False),
                ),
                boxes=(BoxPrompt(FRAME, WIDTH * 0.1, (1 - 0.9) * HEIGHT, WIDTH * 0.5, (1 - 0.2) * HEIGHT),),
            ),
        ),
    )


def test_masks_lie_beside_the_edit() -> None:
    comment = json.dumps({"masks": [{"path": "masks/car.png"}, {"path": "/masks/car.png"}]})
    masks = (MaskPrompt(FRAME, "/edits/masks/car.png"), MaskPrompt(FRAME, "/masks/car.png"))
    assert marked(marker("roto:car", comment)).objects == (MatteObject("car", PromptSet(masks=masks)),)


@pytest.mark.parametrize("comment", ["", "hero car, ask Ann"])
def test_a_marker_without_a_place_is_a_problem_and_no_error(comment: str) -> None:
    said = marked(marker("roto:car", comment), marker("roto:dog", CLICK))
    assert said.objects == (clicked("dog", FRAME),)
    assert said.problem.startswith(
        "Markers of clip V1/1 (clip1) name car and do not say where that is. Write such as {"
    )


def test_a_marker_without_a_place_is_none_where_another_has_it() -> None:
    assert marked(marker("roto:car", "begins here"), marker("roto:car", CLICK)) == MarkedObjects(
        (clicked("car", FRAME),)
    )


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ('{"points": [{"x": 20}]}', "missing required field `y` - at `$.points[0]`"),
        ('{"points": [{"x": 20, "y": 30, "z": 1}]}', "$.points[0].z"),
        ('{"clicks": [{"x": 20, "y": 30}]}', "$.clicks"),
        ('{"points": 3}', "Expected `array`, got `int` - at `$.points`"),
        ('{"points": [3]}', "Expected `object`, got `int` - at `$.points[0]`"),
        ('{"points": [{"x": 20, "y"', "is not a JSON document"),
        ('{"v":2,"kind":"include","x":0.5,"y":0.5}', "line 1, is wrong: Invalid enum value 2 - at `$.v`"),
        ('{"v":1,"kind":"include","x":0.5}', "line 1, has no number as y"),
        ('{"v":1,"kind":"include","x":0.5,"y":0.5}\nhere', "line 2, is not a JSON document"),
        ('{"boxes": [{"x0": 3, "y0": 2, "x1": 1, "y1": 4}]}', "inverted or empty"),
    ],
)
def test_a_marker_that_cannot_be_understood_is_told_with_its_clip(comment: str, why: str) -> None:
    said = marked(marker("roto:car", comment), marker("roto:dog", CLICK))
    assert said.objects == (clicked("dog", FRAME),)
    assert why in said.problem
    assert "roto:car" in said.problem or "on frame" in said.problem


def test_a_name_that_no_file_can_have_is_told() -> None:
    assert "The marker roto:車 of clip V1/1 (clip1) names no object" in marked(marker("roto:車", CLICK)).problem


def test_without_the_media_nobody_can_say_which_frame_it_is() -> None:
    gone = offline("/p/gone.mov")
    said = marked_objects(clip_of(gone, range(9), markers=(marker("roto:car", CLICK),)), gone, EDITS)
    assert said.objects == ()
    assert "gone.mov is not there" in said.problem
