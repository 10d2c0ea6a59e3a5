from __future__ import annotations

from dataclasses import replace

import pytest

from rotomatte_hosts.panel.document import (
    PanelDocument,
    prompts_of,
    renamed,
    with_changed,
    with_clean_up,
    with_object,
    with_prompt,
    with_prompt_changed,
    without_object,
    without_prompt,
)
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import BoxPrompt, CleanUp, Clip, MaskPrompt, Plate, PointPrompt, StrokePrompt

EMPTY = PanelDocument(HostClip(Clip(Plate("shot.%04d.png"))))
CLICK = PointPrompt(3, 10, 20)


def locked(document: PanelDocument, name: str) -> PanelDocument:
    return with_changed(document, name, lambda item: replace(item, is_locked=True))


def test_the_first_prompt_makes_an_object() -> None:
    document = with_prompt(EMPTY, CLICK)
    assert document.active == "object_1"
    assert document.object("object_1").item.prompts.points == (CLICK,)
    assert EMPTY.objects == ()


def test_names_are_found_and_taken_once() -> None:
    document = with_object(with_object(EMPTY, "object_2"))
    assert [item.name for item in document.objects] == ["object_2", "object_3"]
    with pytest.raises(JobError, match="already"):
        with_object(document, "Object_2")
    with pytest.raises(JobError, match="cannot name"):
        with_object(document, "red car")
    assert renamed(document, "object_3", "OBJECT_3").active == "OBJECT_3"
    with pytest.raises(JobError, match="already"):
        renamed(document, "object_3", "object_2")


def test_colours_stay_when_others_go() -> None:
    document = with_object(with_object(with_object(EMPTY)))
    assert [item.colour for item in without_object(document, "object_2").objects] == [0, 2]
    assert [item.colour for item in with_object(without_object(document, "object_1")).objects] == [1, 2, 3]


@pytest.mark.parametrize(
    ("active", "removed", "next_active"),
    [("object_2", "object_2", "object_3"), ("object_3", "object_3", "object_2"), ("object_1", "object_3", "object_1")],
)
def test_who_is_active_after_one_goes(active: str, removed: str, next_active: str) -> None:
    document = replace(with_object(with_object(with_object(EMPTY))), active=active)
    assert without_object(document, removed).active == next_active


def test_none_is_active_when_none_is_left() -> None:
    assert without_object(with_object(EMPTY), "object_1").active is None


def test_clicks_gather_and_a_box_takes_the_place_of_the_frames_other_one() -> None:
    document = EMPTY
    for prompt in (CLICK, CLICK, BoxPrompt(3, 0, 0, 5, 5), BoxPrompt(4, 0, 0, 5, 5), BoxPrompt(3, 1, 1, 2, 2)):
        document = with_prompt(document, prompt)
    prompts = document.object("object_1").item.prompts
    assert prompts.points == (CLICK, CLICK)
    assert prompts.boxes == (BoxPrompt(4, 0, 0, 5, 5), BoxPrompt(3, 1, 1, 2, 2))


def test_one_of_two_equal_prompts_goes() -> None:
    other = PointPrompt(3, 1, 1)
    document = EMPTY
    for prompt in (CLICK, other, CLICK):
        document = with_prompt(document, prompt)
    assert without_prompt(document, "object_1", CLICK).object("object_1").item.prompts.points == (CLICK, other)
    assert without_prompt(document, "object_1", PointPrompt(9, 9, 9)) == document


def test_a_prompt_is_moved_in_its_place() -> None:
    document = with_prompt(with_prompt(EMPTY, CLICK), PointPrompt(4, 5, 5))
    moved = with_prompt_changed(document, "object_1", CLICK, replace(CLICK, x=11))
    assert moved.object("object_1").item.prompts.points == (PointPrompt(3, 11, 20), PointPrompt(4, 5, 5))
    with pytest.raises(JobError, match="no such prompt"):
        with_prompt_changed(moved, "object_1", CLICK, CLICK)


def test_a_locked_object_does_not_change() -> None:
    document = locked(with_prompt(EMPTY, CLICK), "object_1")
    for change in (
        lambda: with_prompt(document, CLICK),
        lambda: without_prompt(document, "object_1", CLICK),
        lambda: with_prompt_changed(document, "object_1", CLICK, CLICK),
        lambda: with_clean_up(document, "object_1", (CleanUp(grow_px=1),)),
        lambda: without_object(document, "object_1"),
        lambda: renamed(document, "object_1", "car"),
    ):
        with pytest.raises(JobError, match="locked"):
            change()


def test_what_is_shown() -> None:
    document = with_object(with_object(with_object(EMPTY)))
    hidden = with_changed(document, "object_1", lambda item: replace(item, is_hidden=True))
    assert [item.name for item in hidden.shown()] == ["object_2", "object_3"]
    solo = with_changed(hidden, "object_3", lambda item: replace(item, is_solo=True))
    assert [item.name for item in solo.shown()] == ["object_3"]


def test_prompts_are_listed_by_frame() -> None:
    document = EMPTY
    for prompt in (MaskPrompt(7, "a.png"), StrokePrompt(2, ((1, 1),)), CLICK, PointPrompt(2, 1, 1)):
        document = with_prompt(document, prompt)
    assert prompts_of(document.object("object_1").item) == (
        PointPrompt(2, 1, 1),
        StrokePrompt(2, ((1, 1),)),
        CLICK,
        MaskPrompt(7, "a.png"),
    )


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(JobError, match="object_1"):
        with_object(EMPTY).object("car")
