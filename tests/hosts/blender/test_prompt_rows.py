from __future__ import annotations

from dataclasses import fields

import pytest

from rotomatte_hosts.blender.prompt_rows import (
    PromptRow,
    add,
    box_row,
    describe,
    mask_row,
    point_row,
    prompt_set,
    rows_of_object,
    stroke_row,
)
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import (
    BoxPrompt,
    MaskPrompt,
    MatteObject,
    PointPrompt,
    PromptSet,
    ShapePoint,
    ShapePrompt,
    StrokePrompt,
    TextPrompt,
)

CORNERS = (ShapePoint(0, 0, 1, 2, 3, 4), ShapePoint(9, 0), ShapePoint(0, 9))


def test_rows_become_the_prompts_they_describe() -> None:
    rows = [
        point_row(1003, 1.5, 2.5, include=False),
        box_row(1004, (40, 6), (4, 50)),
        PromptRow("SHAPE", 1005, CORNERS),
        stroke_row(1006, [(1, 2), (3, 4)], include=False),
        point_row(1001, 7, 8),
        mask_row(1007, "/mattes/car.1007.png"),
    ]
    prompts = PromptSet(
        points=(PointPrompt(1003, 1.5, 2.5, False), PointPrompt(1001, 7, 8)),
        boxes=(BoxPrompt(1004, 4, 6, 40, 50),),
        shapes=(ShapePrompt(1005, CORNERS),),
        strokes=(StrokePrompt(1006, ((1, 2), (3, 4)), False),),
        masks=(MaskPrompt(1007, "/mattes/car.1007.png"),),
    )
    assert prompt_set(rows) == prompts
    assert prompt_set(rows_of_object(MatteObject("car", prompts))) == prompts


def test_words_are_no_rows() -> None:
    item = MatteObject("car", PromptSet((PointPrompt(1, 2, 3),), texts=(TextPrompt(2, "red car"),)))
    with pytest.raises(PromptError, match="car has words") as error:
        rows_of_object(item)
    assert error.value.frame == 2


def test_all_prompts_of_two_sets_are_kept() -> None:
    rows = [
        point_row(1, 1, 1),
        box_row(3, (0, 0), (1, 1)),
        PromptRow("SHAPE", 1005, CORNERS),
        stroke_row(1006, [(1, 2)]),
    ]
    masks = PromptSet(masks=(MaskPrompt(1, "a.exr"),), texts=(TextPrompt(2, "car"),))
    one, other = add(prompt_set(rows), masks), add(prompt_set([point_row(2, 2, 2)]), masks)
    both = add(one, other)
    for kind in fields(PromptSet):
        assert getattr(both, kind.name) == getattr(one, kind.name) + getattr(other, kind.name)
    assert add(other, one).shapes == one.shapes
    assert add(other, one).strokes == one.strokes
    assert add(other, one).boxes == one.boxes
    assert both.prompt_frames() == (1, 2, 3, 1005, 1006)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (point_row(1, 120.4, 7.6), "120, 8"),
        (box_row(1, (10, 20), (30, 60)), "20 x 40"),
        (PromptRow("SHAPE", 1, CORNERS), "3 points"),
        (mask_row(1, "/mattes/car.0001.png"), "car.0001.png"),
    ],
)
def test_a_list_says_where_it_is(row: PromptRow, words: str) -> None:
    assert describe(row) == words
