"""The node that is shipped: its text, and what Nuke makes of it."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import nuke
import pytest
from tests.hosts.nuke.fake import Session, tcl
from tests.hosts.nuke.scene import STARTUP, plate, rotomatte_node

from rotomatte_hosts.nuke import buttons, names
from rotomatte_hosts.nuke.gizmo import gizmo_text, object_text
from rotomatte_hosts.nuke.names import ObjectKnobs, switch_of

KINDS = {1: "String_Knob", 6: "Boolean_Knob", 12: "XY_Knob", 15: "BBox_Knob", 22: "PyScript_Knob"}


def test_the_shipped_file_is_the_text() -> None:
    shipped = (STARTUP / "Rotomatte.gizmo").read_text(encoding="utf-8")
    assert shipped == gizmo_text(), "write it anew: Path('Rotomatte.gizmo').write_text(gizmo_text())"
    assert shipped.isascii(), "Nuke's own encoding of gizmos is not documented"


def test_it_is_a_group_with_two_inputs_and_the_drawings_between_plate_and_output() -> None:
    commands = list(tcl.commands(gizmo_text()))
    assert [words[0] for words in commands] == [
        "version",
        "Group",
        "Input",
        "Input",
        "RotoPaint",
        "RotoPaint",
        "Output",
        "end_group",
    ]
    prompts, picture = (dict(words for words in tcl.commands(body[1]) if len(words) == 2) for body in commands[2:4])
    assert (prompts["name"], prompts["number"]) == ("prompts", "1")
    assert picture["name"] == "plate"
    assert "number" not in picture
    drawings = [dict(words for words in tcl.commands(body[1]) if len(words) == 2) for body in commands[4:6]]
    assert [(item["name"], item["disable"]) for item in drawings] == [
        (names.OUTLINE_NODE, '{"!\\$gui || !parent.show_outline"}'),
        (names.FINDS_NODE, '{"!\\$gui || !parent.show_finds"}'),
    ]


def test_no_knob_is_made_twice() -> None:
    (body,) = (words[1] for words in tcl.commands(gizmo_text()) if words[0] == "Group")
    made = [tcl.words(words[1])[1] for words in tcl.commands(body) if words[0] == "addUserKnob"]
    assert len(set(made)) == len(made)
    assert all(name.replace("_", "").isalnum() for name in made)


def test_every_button_calls_something_that_is_there() -> None:
    (body,) = (words[1] for words in tcl.commands(gizmo_text()) if words[0] == "Group")
    scripts = []
    for words in tcl.commands(body):
        if words[0] == "addUserKnob":
            knob = tcl.words(words[1])
            if knob[0] == "22":
                scripts.append(knob[knob.index("T") + 1])
    assert len(scripts) == 23
    for script in scripts:
        imported, text = script.split("\n")
        assert imported == "from rotomatte_hosts.nuke import buttons"
        call = ast.parse(text, mode="eval").body
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        given = {item.arg: ast.literal_eval(item.value) for item in call.keywords if item.arg is not None}
        inspect.signature(getattr(buttons, call.func.attr)).bind(*map(ast.literal_eval, call.args), **given)


def test_nuke_makes_a_node_of_it(nuke_session: Session) -> None:
    read = plate()
    node: Any = rotomatte_node(read)
    assert node.Class() == "Group"
    assert node.input(names.PLATE_INPUT) == read
    assert node["quality"].value() == "good"
    assert node["bring_back"].values() == list(names.WAYS_BACK)
    assert node["folder"].value() == "{script_folder}/mattes/{script}/{version}/{node}"
    assert node["reference_frame"].value() == nuke.frame() == 1001
    assert len(node[names.NODE_ID].value()) == 32
    assert not node[names.NODE_ID].visible()
    car = ObjectKnobs(1)
    assert node[car.named("enabled")].value() is True
    for name, _ in car.points():
        assert node[name].Class() == "XY_Knob"
        assert node[switch_of(name)].value() is False


def test_an_object_more_has_the_same_knobs_as_the_first(nuke_session: Session) -> None:
    node: Any = rotomatte_node(plate())
    node.readKnobs(object_text(2))
    first = {name: knob.Class() for name, knob in node.knobs().items() if name.startswith("object1")}
    second = {name: knob.Class() for name, knob in node.knobs().items() if name.startswith("object2")}
    assert {name.replace("object1", "object2"): kind for name, kind in first.items()} == second
    assert node["object2_name"].value() == "object2"


@pytest.mark.parametrize("number", [1, 2, 12])
def test_the_names_of_an_objects_knobs_never_change(number: int) -> None:
    knobs = ObjectKnobs(number)
    assert knobs.named("name") == f"object{number}_name"
    assert knobs.points()[0] == (f"object{number}_include1", True)
    assert knobs.points()[-1] == (f"object{number}_exclude4", False)
    assert switch_of(knobs.named("box")) == f"object{number}_box_on"
