"""All prompts of a clip: of the macro, of tools that the artist named, of timeline markers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.hosts.resolve.made_facts import RECORD, SEQUENCE, clip_facts, comp_facts, item_facts

from rotomatte_hosts.resolve.facts import ClipFacts, KeyFacts, MarkerFacts, MediaFacts, ToolFacts
from rotomatte_hosts.resolve.prompts import object_name, objects_of
from rotomatte_hosts.resolve.read_clip import resolve_clip
from rotomatte_plugin.errors import PlateError, PromptError
from rotomatte_plugin.model import BoxPrompt, MatteObject, PointPrompt

HD = {**SEQUENCE, "Resolution": "1920x1080"}


def line(time: int | None, kind: str = "include", number: int = 1, **at: float) -> str:
    timed = {} if time is None else {"t": time}
    return json.dumps({"v": 1, **timed, "obj": number, "kind": kind, **(at or {"x": 0.5, "y": 0.75})})


def macro(*lines: str, names: str = "car", name: str = "RotomattePrompt") -> ToolFacts:
    return ToolFacts(name, "GroupOperator", {}, {"Names": names, "PromptList": "\n".join(lines)}, {}, {})


def shot(
    *tools: ToolFacts, markers: tuple[MarkerFacts, ...] = (), media: dict[str, str] = HD, **item: Any
) -> ClipFacts:
    """The clip shows the files 1011 to 1058; its comp counts the media from 0."""
    comps = (replace(comp_facts(), tools=tools),) if tools else ()
    return replace(clip_facts(item_facts(media, comps=comps, **item)), timeline_markers=markers)


def objects(facts: ClipFacts) -> dict[str, MatteObject]:
    return {item.name: item for item in objects_of(resolve_clip(facts, "/plates"))}


def test_the_macros_lines_become_clicks_and_boxes_of_its_objects() -> None:
    box = line(30, "box", x0=0.1, y0=0.2, x1=0.4, y1=0.6)
    found = objects(
        shot(macro(line(12), line(12, "exclude", x=0, y=0), box, line(57, number=2), names="car, the driver"))
    )
    assert list(found) == ["car", "the_driver"]
    assert found["car"].prompts.points == (PointPrompt(1013, 960, 270), PointPrompt(1013, 0, 1080, include=False))
    assert found["car"].prompts.boxes == (BoxPrompt(1031, 192, 432, 768, 864),)
    assert found["the_driver"].prompts.points == (PointPrompt(1058, 960, 270),)


def test_objects_without_a_name_have_a_number() -> None:
    facts = shot(macro(line(12), line(12, number=3), line(12, number=2), names="2 fast,,"))
    assert list(objects(facts)) == ["object_2_fast", "object3", "object2"]
    assert [object_name(facts, number) for number in (1, 2, 3)] == ["object_2_fast", "object2", "object3"]


@pytest.mark.parametrize(
    ("flips", "expected"), [({"H-FLIP": "On"}, (480.0, 270.0)), ({"V-FLIP": "On"}, (1440.0, 810.0))]
)
def test_a_flipped_clip_is_clicked_on_as_it_is_seen(flips: dict[str, str], expected: tuple[float, float]) -> None:
    found = objects(shot(macro(line(12, x=0.75, y=0.75)), media={**HD, **flips}))
    (point,) = found["car"].prompts.points
    assert (point.x, point.y) == expected


def test_a_prompt_outside_of_the_clip_is_told() -> None:
    with pytest.raises(PromptError, match="does not show the clip"):
        objects(shot(macro(line(9))))
    with pytest.raises(PromptError, match="has no time"):
        objects(shot(macro(line(None))))


def test_drawn_masks_are_boxes_and_named_tools_are_clicks() -> None:
    mask = ToolFacts("roto_car", "RectangleMask", {"Width": 0.5, "Height": 0.5}, {}, {"Center": (0.5, 0.5)}, {})
    keys = (KeyFacts(12, (0.5, 0.75)), KeyFacts(20, (0.25, 0.25)))
    follows = ToolFacts("roto_car", "Transform", {}, {}, {"Center": (0.5, 0.75)}, {"Center": keys})
    avoids = replace(follows, name="roto_car_not", keys={"Center": keys[:1]})
    still = replace(follows, name="roto_bus", keys={})
    found = objects(shot(mask, follows, avoids, still))
    assert list(found) == ["car"], "a point that nobody moved says nothing"
    assert list(objects(shot(replace(mask, name="roto_car_not")))) == ["car_not"], "a box leaves nothing out"
    assert found["car"].prompts.boxes == (BoxPrompt(1011, 480, 270, 1440, 810),)
    assert found["car"].prompts.points == (
        PointPrompt(1013, 960, 270),
        PointPrompt(1021, 480, 810),
        PointPrompt(1013, 960, 270, include=False),
    )


def test_markers_have_prompts_in_their_notes() -> None:
    at = RECORD - 86400
    markers = (
        MarkerFacts(at - 1, name="roto:car", note="the clip's before"),
        MarkerFacts(at - 1, name="roto:bus", note=line(None)),
        MarkerFacts(at + 1, name="rotor", note=line(None)),
        MarkerFacts(at + 2, name="Roto:car", note=line(None)),
        MarkerFacts(at + 5, name="roto: car", note="more here", custom_data=line(None, "exclude", x=0.5, y=0.5)),
        MarkerFacts(at + 48, name="roto:car", note=line(None)),
        MarkerFacts(at + 3, name="lunch", note="{"),
    )
    found = objects(shot(markers=markers))
    assert list(found) == ["car"]
    assert found["car"].prompts.points == (PointPrompt(1013, 960, 270), PointPrompt(1016, 960, 540, include=False))


def test_a_marker_that_says_only_when_asks_where() -> None:
    at = RECORD - 86400
    said = MarkerFacts(at + 2, name="roto:car")
    with pytest.raises(PromptError, match="says when and not where") as caught:
        objects(shot(markers=(said,)))
    assert caught.value.frame == 1013
    assert "Click car" in caught.value.remedy
    assert list(objects(shot(macro(line(12)), markers=(said,)))) == ["car"]


@pytest.mark.parametrize("names", ["car 1, car-1", "人1, 車1", "object2,", "car, car"])
def test_two_objects_that_would_have_one_name_are_told(names: str) -> None:
    """Else the clicks of both would make one matte."""
    with pytest.raises(PromptError, match="Objects 1 and 2 of RotomattePrompt would both be named") as caught:
        objects(shot(macro(line(12), line(12, number=2), names=names)))
    assert "Names" in caught.value.remedy
    assert len(objects(shot(macro(line(12), names=names)))) == 1, "one that nobody clicked on is in nobody's way"


def test_a_mask_that_stands_still_counts_where_a_marker_says() -> None:
    at = RECORD - 86400
    mask = ToolFacts("roto_car", "RectangleMask", {"Width": 0.5, "Height": 0.5}, {}, {"Center": (0.5, 0.5)}, {})
    moves = replace(mask, keys={"Center": (KeyFacts(12, (0.5, 0.5)),)})
    markers = (
        MarkerFacts(at + 5, name="roto:bus", note=line(None)),
        MarkerFacts(at + 10, name="roto:car", note=line(None)),
        MarkerFacts(at + 15, name="roto:bus"),
        MarkerFacts(at + 20, name="roto:car", note="here it is seen whole"),
    )
    box = (480, 270, 1440, 810)
    assert objects(shot(mask))["car"].prompts.boxes == (BoxPrompt(1011, *box),)
    assert objects(shot(mask, markers=markers))["car"].prompts.boxes == (BoxPrompt(1031, *box),)
    assert objects(shot(mask, markers=markers[:3]))["car"].prompts.boxes == (BoxPrompt(1011, *box),)
    assert objects(shot(moves, markers=markers))["car"].prompts.boxes == (BoxPrompt(1013, *box),)
    # The comp of a clip that runs backwards says nothing of the timeline, and the marker does.
    backwards = shot(mask, markers=markers[3:], source_start=1059.0, source_end=1011.0)
    assert [one.frame for one in objects(backwards)["car"].prompts.boxes] == [RECORD + 20]


def test_markers_without_latin_letters_go_by_the_macros_names() -> None:
    at = RECORD - 86400
    driver = MarkerFacts(at + 5, name="roto:運転手", note=line(None))
    found = objects(
        shot(macro(line(12), names="車, 運転手"), markers=(driver, replace(driver, frame=at, name="roto:車")))
    )
    assert {name: one.prompts.prompt_frames() for name, one in found.items()} == {
        "object1": (1011, 1013),
        "object2": (1016,),
    }
    with pytest.raises(PromptError, match="No file can be named after the object of the marker roto:運転手") as caught:
        objects(shot(markers=(driver,)))
    assert "Latin letters" in caught.value.remedy


def test_a_rendered_plate_is_as_the_timeline_is() -> None:
    media = {**HD, "Resolution": "4096x1716", "FPS": "25", "H-FLIP": "On"}
    marker = MarkerFacts(RECORD - 86400 + 2, name="roto:car", note=line(None, x=0.25, y=1.0))
    (point,) = objects(shot(media=media, markers=(marker,)))["car"].prompts.points
    assert point.frame == RECORD + 2
    assert (point.x, point.y) == pytest.approx((480, (1080 - 1716 * 1920 / 4096) / 2)), "flipped and fitted already"


def test_without_a_size_nothing_is_placed() -> None:
    facts = shot(macro(line(12)), media=SEQUENCE)
    assert objects(facts)["car"].prompts.points == (PointPrompt(1013, 960, 270),), "the comp says it too"
    (comp,) = facts.item.comps
    unknown = replace(comp, width_px=None, height_px=None)
    with pytest.raises(PlateError, match="how large the picture"):
        objects(replace(facts, item=replace(facts.item, comps=(unknown,))))


def test_a_clip_nobody_clicked_on_has_no_objects() -> None:
    assert objects(shot(media=SEQUENCE)) == {}
    assert isinstance(shot().item.media, MediaFacts)
