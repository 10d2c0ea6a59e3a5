"""A matte as a Fusion comp of its clip."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hosts.resolve.edit import CAR, Edit
from tests.hosts.resolve.fake import FLAVOURS

from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_hosts.resolve.place_comp import comp_start, place_in_comp
from rotomatte_plugin.errors import HostError

AT = 10
"""The clip begins with the eleventh file of its plate, and comps count these from 0."""


@pytest.fixture(params=FLAVOURS)
def edit(request: pytest.FixtureRequest) -> Edit:
    return Edit(request.param)


def names(edit: Edit) -> list[str]:
    return [comp.name for comp in edit.clip.comps]


def test_it_shows_each_file_at_its_frame_and_is_rooted(edit: Edit) -> None:
    place_in_comp(edit.spot, CAR, AT)
    assert names(edit) == ["Rotomatte car"]
    comp = edit.clip.comp
    loader: Any = comp.tool("car")
    shown = [loader.file_at(time) for time in (AT - 1, AT, AT + 9, AT + 10)]
    assert shown == [None, "/mattes/car/car.1011.exr", "/mattes/car/car.1020.exr", None]
    assert comp.is_rooted()
    assert [tool.kind_id for tool in comp.tool("MediaOut1").sources()] == ["MatteControl"]
    assert not any(item.was_locked for tool in comp.tools for item in tool.inputs.values())


def test_a_second_time_it_takes_the_place_of_the_first_and_the_artists_stay(edit: Edit) -> None:
    look = edit.scene.comp(edit.clip)
    look.name = "Look"

    def show_look(label: str, _: list[Any]) -> None:
        if label == "TimelineItem.RenameFusionCompByName":
            edit.clip.active_comp = look

    edit.fake.on_call = show_look
    place_in_comp(edit.spot, CAR, AT)
    place_in_comp(edit.spot, MatteFiles("dog", "/mattes/dog/dog.%04d.exr", 1011, 1020), AT)
    place_in_comp(edit.spot, MatteFiles("car", "/50% v2/car.%04d.exr", 1011, 1020), AT)
    assert sorted(names(edit)) == ["Look", "Rotomatte car", "Rotomatte dog"]
    assert edit.clip.comp.name == "Rotomatte car", "the latest is the one that is seen"
    assert edit.clip.comp.tool("car").file_at(AT) == "/50% v2/car.1011.exr"


@pytest.mark.parametrize("from_file_number", [False, True])
def test_where_a_comp_would_begin_is_read_without_leaving_one(edit: Edit, *, from_file_number: bool) -> None:
    edit.fake.quirks.comp_from_file_number = from_file_number
    found = comp_start(edit.fake.handle(edit.clip))
    assert found == ((1001, 1011) if from_file_number else (0, 10))
    assert edit.clip.comps == []


@pytest.mark.parametrize(
    ("tool", "input_name", "value", "said"),
    [
        ("car", "GlobalIn", 3.0, "GlobalIn"),
        ("car", "Clip", "/elsewhere.exr", "Clip"),
        ("MediaOut1", "Input", None, "MediaOut"),
    ],
)
def test_a_comp_that_arrived_otherwise_goes_again(
    edit: Edit, tool: str, input_name: str, value: Any, said: str
) -> None:
    place_in_comp(edit.spot, CAR, AT)

    def spoil(label: str, _: list[Any]) -> None:
        if label == "FusionComp.FindTool" and len(edit.clip.comps) == 2:
            found = edit.clip.comps[-1].tool(tool).inputs[input_name]
            found.source, found.value = None, value

    edit.fake.on_call = spoil
    with pytest.raises(HostError, match=said):
        place_in_comp(edit.spot, CAR, AT)
    assert names(edit) == ["Rotomatte car"], "the earlier one"


def test_a_comp_that_is_not_imported_is_told(edit: Edit) -> None:
    edit.clip.answers["ImportFusionComp"] = None
    with pytest.raises(HostError, match="does not import"):
        place_in_comp(edit.spot, CAR, AT)
    edit.clip.answers["AddFusionComp"] = None
    with pytest.raises(HostError, match="makes no Fusion comp"):
        comp_start(edit.fake.handle(edit.clip))
