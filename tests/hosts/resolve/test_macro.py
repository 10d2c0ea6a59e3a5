"""The prompt macro: what is in its file, and what its buttons do to a tool of a comp, in the Lua that Fusion runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve.fake import Scene
from tests.hosts.resolve.fake.lua import ResolveLua
from tests.hosts.resolve.lua_setting import LuaTable, read_setting

from rotomatte_hosts.resolve import macro_setting
from rotomatte_hosts.resolve.macro_setting import FILE, NAME, NO_TIME, comp_text, macro_text

INNER = "RotoPromptImage"


class Pressed:
    """A comp with the macro in it, and a Lua in which its buttons are pressed."""

    def __init__(self, *, in_group: bool = True) -> None:
        self.scene = Scene()
        self.scene.project()
        self.scene.timeline()
        self.item = self.scene.place(self.scene.media("/plates/sh010.mov", frames=100))
        self.comp = self.scene.comp(self.item, time=12)
        self.group = self.scene.prompt_macro(self.comp, FILE.read_text(encoding="utf-8"))
        # A button's script may be handed the group, or the tool within it.
        self.tool = self.group if in_group else self.comp.tool(INNER)
        self.lua = ResolveLua(self.scene.fake)

    def press(self, name: str) -> None:
        script = self.group.inputs[name].control.get("BTNCS_Execute")
        self.lua.run(script, tool=self.scene.handle(self.tool), comp=self.scene.handle(self.comp))

    def set(self, name: str, value: Any) -> None:
        self.scene.handle(self.group).SetInput(name, value)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.read("PromptList").splitlines()]

    def read(self, name: str) -> Any:
        return self.scene.handle(self.group).GetInput(name)


def test_the_file_is_what_python_describes() -> None:
    assert FILE.read_bytes() == macro_text().encode("utf-8"), (
        "run `python -m rotomatte_hosts.resolve.macro_setting` to write it anew"
    )


def group_of(text: str) -> LuaTable:
    group: LuaTable = read_setting(text).named["Tools"].named[NAME]
    return group


def test_every_control_has_one_name_on_the_group_and_on_the_tool_within() -> None:
    group = group_of(macro_text())
    assert group.kind == "GroupOperator"
    inner = group.named["Tools"].named[INNER]
    controls = inner.named["UserControls"].named
    for name in controls:
        instance = group.named["Inputs"].named[name].named
        assert (instance["SourceOp"], instance["Source"]) == (INNER, name)
    assert {
        "Locator", "BoxMin", "BoxMax", "ObjectID", "Quality", "BringBack", "Names", "ColourSpace", "Folder", "PromptList",
    } <= set(controls)  # fmt: skip
    output = group.named["Outputs"].named["MainOutput1"].named
    assert (output["SourceOp"], output["Source"]) == (INNER, "Output")


def test_the_image_passes_through_but_for_the_frame_of_the_preview() -> None:
    inputs = group_of(macro_text()).named["Tools"].named[INNER].named["Inputs"].named
    assert inputs["Blend"].named["Value"] == 0
    assert inputs["Blend"].named["Expression"] == "iif(time == PreviewTime, 1, 0)"
    assert inputs["PreviewTime"].named["Value"] == NO_TIME


def test_a_comp_with_the_macro_names_the_tool_within_at_its_edges() -> None:
    tools = read_setting(comp_text()).named["Tools"].named
    assert tools["MediaOut1"].named["Inputs"].named["Input"].named["SourceOp"] == INNER
    inner = tools[NAME].named["Tools"].named[INNER]
    assert inner.named["Inputs"].named["Input"].named["SourceOp"] == "MediaIn1"


@pytest.mark.parametrize("in_group", [True, False])
def test_clicks_and_boxes_become_lines(*, in_group: bool) -> None:
    pressed = Pressed(in_group=in_group)
    pressed.set("Locator", [0.25, 0.75])
    pressed.press("Include")
    pressed.set("ObjectID", 2)
    pressed.comp.current_time = 20.0
    pressed.set("Locator", [1 / 3, 0.0])
    pressed.press("Exclude")
    pressed.set("BoxMin", [0.9, 0.1])
    pressed.set("BoxMax", [0.2, 0.8])
    pressed.press("AddBox")
    assert pressed.lines == [
        {"v": 1, "t": 12, "obj": 1, "kind": "include", "x": 0.25, "y": 0.75},
        {"v": 1, "t": 20, "obj": 2, "kind": "exclude", "x": 0.333333, "y": 0},
        {"v": 1, "t": 20, "obj": 2, "kind": "box", "x0": 0.2, "y0": 0.1, "x1": 0.9, "y1": 0.8},
    ]
    assert pressed.comp.undo_names == ["Rotomatte: include", "Rotomatte: exclude", "Rotomatte: box"]


def test_an_animated_cross_is_read_where_the_playhead_is() -> None:
    pressed = Pressed()
    path = pressed.comp.add("XYPath", "Way")
    path.keys = {10.0: (0.1, 0.1), 14.0: (0.5, 0.9)}
    pressed.group.inputs["Locator"].source = path
    pressed.press("Include")
    assert (pressed.lines[0]["x"], pressed.lines[0]["y"]) == (0.3, 0.5)


def test_undo_takes_back_the_last_prompt_and_clear_those_of_a_frame() -> None:
    pressed = Pressed()
    for time in (12.0, 13.0, 112.0, 12.0, -12.0):
        pressed.comp.current_time = time
        pressed.press("Include")
    pressed.press("Undo")
    assert [line["t"] for line in pressed.lines] == [12, 13, 112, 12]
    pressed.comp.current_time = 12.0
    pressed.press("ClearFrame")
    assert [line["t"] for line in pressed.lines] == [13, 112]
    for _ in range(3):
        pressed.press("Undo")
    assert pressed.read("PromptList") == ""


def test_a_preview_without_an_installation_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    pressed = Pressed()
    pressed.press("Preview")
    assert "rotomatte install resolve" in pressed.read("Status")
    assert pressed.read("PreviewTime") == NO_TIME


def test_a_preview_is_hidden_again() -> None:
    pressed = Pressed()
    pressed.set("PreviewTime", 12)
    pressed.press("HidePreview")
    assert pressed.read("PreviewTime") == NO_TIME


def test_every_script_is_lua_that_compiles() -> None:
    pressed = Pressed()
    scripts = [
        item.control.get("BTNCS_Execute")
        for item in pressed.group.inputs.values()
        if item.control is not None and item.control.get("BTNCS_Execute")
    ]
    assert len(scripts) == 7
    for script in scripts:
        assert pressed.lua.lua.eval("function(text) return loadstring(text) ~= nil end")(script)
    for path in (macro_setting.LUA).glob("*.lua"):
        assert pressed.lua.lua.eval("function(text) return loadstring(text) ~= nil end")(path.read_text("utf-8")), path
