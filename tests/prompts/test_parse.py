from __future__ import annotations

import pytest

from rotomatte.prompts.parse import merge_objects, parse_frames, parse_prompts
from rotomatte_plugin.errors import JobError, PromptError
from rotomatte_plugin.model import BoxPrompt, CleanUp, FrameRange, MaskPrompt, MatteObject, PointPrompt, PromptSet


def test_prompts_are_grouped_by_object_in_order() -> None:
    car, matte = parse_prompts(
        ["car@1001:10.5,20", "1003:-4,2e1"], ["car@1001:1,2"], ["car@1002:1,2,3,4"], ["1003:C:/a b/m@1.png"]
    )
    assert (car.name, matte.name) == ("car", "matte")
    assert car.prompts.points == (PointPrompt(1001, 10.5, 20.0), PointPrompt(1001, 1.0, 2.0, include=False))
    assert car.prompts.boxes == (BoxPrompt(1002, 1, 2, 3, 4),)
    assert matte.prompts.points == (PointPrompt(1003, -4, 20),)
    assert matte.prompts.masks == (MaskPrompt(1003, "C:/a b/m@1.png"),)


@pytest.mark.parametrize("text", ["", "10,20", "1001:10", "1001:10,20,30", "x:1,2", "1001:a,b", "@1001:1,2", "1001"])
def test_a_malformed_click_says_how_to_write_one(text: str) -> None:
    with pytest.raises(PromptError, match="FRAME:X,Y"):
        parse_prompts([text], [], [], [])


def test_not_a_number_is_refused() -> None:
    with pytest.raises(PromptError, match="not a number"):
        parse_prompts(["1001:nan,2"], [], [], [])


@pytest.mark.parametrize("values", ["30,10,20,40", "10,40,20,30", "10,10,10,20"])
def test_an_inverted_or_empty_box_is_refused(values: str) -> None:
    with pytest.raises(PromptError, match="inverted or empty"):
        parse_prompts([], [], [f"1001:{values}"], [])


def test_an_object_needs_a_name_that_can_be_a_layer() -> None:
    with pytest.raises(JobError, match="cannot name an object"):
        parse_prompts(["red car@1001:1,2"], [], [], [])


def test_merging_keeps_every_prompt() -> None:
    first = parse_prompts(["a@1:1,1"], [], [], [])
    second = parse_prompts(["b@1:2,2"], ["a@2:3,3"], [], [])
    merged = {item.name: item.prompts for item in merge_objects([first, second])}
    assert merged["a"].prompt_frames() == (1, 2)
    assert merged["b"].prompt_frames() == (1,)


@pytest.mark.parametrize(
    ("text", "frames"),
    [("1001-1048", FrameRange(1001, 1048)), ("7", FrameRange(7, 7)), ("-5--2", FrameRange(-5, -2))],
)
def test_frame_ranges(text: str, frames: FrameRange) -> None:
    assert parse_frames(text) == frames


@pytest.mark.parametrize("text", ["", "a-b", "1-2-3", "9-3"])
def test_a_wrong_frame_range_is_refused(text: str) -> None:
    with pytest.raises(JobError, match=r"1001-1048"):
        parse_frames(text)


def test_merging_keeps_clean_up_in_order() -> None:
    first, second = (CleanUp(grow_px=1.0), CleanUp(feather_px=4.0))
    groups = [(MatteObject("car", PromptSet(), (first,)),), (MatteObject("car", PromptSet(), (second,)),)]
    assert merge_objects(groups)[0].clean_up == (first, second)
