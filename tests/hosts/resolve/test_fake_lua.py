"""The fake as Resolve's Lua meets it, and the text of Fusion's files that it reads and writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lupa.luajit21 import LuaError
from tests.hosts.resolve.fake import HangsError, Scene, setting
from tests.hosts.resolve.fake.lua import ResolveLua

_CLIP = """
local timeline = resolve:GetProjectManager():GetCurrentProject():GetCurrentTimeline()
local item = timeline:GetItemListInTrack("video", 1)[1]
"""


@pytest.fixture
def scene() -> Scene:
    made = Scene("21.1.0", "free")
    made.project()
    made.timeline()
    made.place(made.media("/plates/shot.[1001-1100].exr"))
    made.pretend_files = True
    return made


def test_methods_are_called_with_a_colon_and_lists_begin_at_one(scene: Scene) -> None:
    lua = ResolveLua(scene.fake)
    assert lua.run(_CLIP + "return type(item), item:GetStart(), item:GetMediaPoolItem():GetClipProperty('Start')") == (
        "userdata",
        86400,
        "1001",
    )
    assert lua.run(_CLIP + "return item.GetSpeed, timeline:GetItemListInTrack('video', 9)") == (None, None)
    assert lua.run(_CLIP + "return #timeline:GetItemListInTrack('video', 1)") == 1
    with pytest.raises(LuaError, match="bad self"):
        lua.run(_CLIP + "return item.GetStart()")
    with pytest.raises(LuaError, match="nil value"):
        lua.run(_CLIP + "return item:GetSpeed()")


def test_tables_go_in_as_lists_and_dictionaries(scene: Scene) -> None:
    lua = ResolveLua(scene.fake)
    placed = lua.run(
        _CLIP
        + """
        local pool = resolve:GetProjectManager():GetCurrentProject():GetMediaPool()
        local media = pool:ImportMedia({{FilePath = "/m/a.%04d.exr", StartIndex = 1001, EndIndex = 1010}})[1]
        timeline:AddTrack("video")
        timeline:AddMarker(7, "Red", "roto:car", "", 1, "")
        return pool:AppendToTimeline({{mediaPoolItem = media, startFrame = 1001, endFrame = 1011, mediaType = 1,
                                       trackIndex = 2, recordFrame = item:GetStart()}})[1]
        """
    )
    assert (placed.GetStart(), placed.GetDuration()) == (86400, 10)
    assert lua.run(_CLIP + "for frame, marker in pairs(timeline:GetMarkers()) do return frame, marker.name end") == (
        7,
        "roto:car",
    )


def test_fusions_shortcuts_work_in_lua(scene: Scene) -> None:
    made = scene.comp(scene.fake.timeline.all_items()[0])
    tool = scene.plain_prompt(made)
    scene.tool(made, "EllipseMask", "roto_car", Center={0: (0.0, 0.5), 10: (1.0, 0.5)})
    lua = ResolveLua(scene.fake)
    answer = lua.run(
        """
        comp.CurrentTime = 5
        tool.Locator = {0.25, 0.75}
        tool:SetInput("PromptList", tool:GetInput("PromptList") .. "line", comp.CurrentTime)
        print("at", comp.CurrentTime)
        return tool.Locator[comp.CurrentTime][1], comp:FindTool("roto_car").Center[comp.CurrentTime][1],
               tool.PromptList[0], comp:GetToolList(false, "EllipseMask")[1].Name
        """,
        comp=scene.handle(made),
        tool=scene.handle(tool),
    )
    assert answer == (0.25, 0.5, "line", "roto_car")
    assert lua.printed == ["at\t5"]
    assert tool.inputs["Locator"].value == (0.25, 0.75)


def test_a_call_that_hangs_ends_the_script(scene: Scene) -> None:
    lua = ResolveLua(scene.fake)
    scene.fake.hangs.add("Resolve.GetCurrentPage")
    with pytest.raises(HangsError):
        lua.run("return resolve:GetCurrentPage()")


_COMP = """
-- what the facts show
{ Tools = ordered() {
  Matte1 = Loader {
    Clips = { Clip { ID = "Clip1", Filename = "/job/m.1001.exr", FormatID = "OpenEXRFormat", StartFrame = 1001,
      Length = 100, TrimIn = 0, TrimOut = 99, GlobalStart = 5, GlobalEnd = 104 } },
    Inputs = { ["Clip1.OpenEXRFormat.RedName"] = Input { Value = FuID { "A" } } },
    ViewInfo = OperatorInfo { Pos = { 0, 16.5 } } },
  MC1 = MatteControl { Inputs = {
      Background = Input { SourceOp = "MediaIn1", Source = "Output" },
      Foreground = Input { SourceOp = "Matte1", Source = "Output" },
      Blend = Input { SourceOp = "MC1Blend", Source = "Value" } } },
  MC1Blend = BezierSpline { KeyFrames = { [0] = { 1 }, [8] = { 0.5, Flags = { Linear = true } } } },
  MediaIn1 = MediaIn { },
  MediaOut1 = MediaOut { Inputs = { Input = Input { SourceOp = "MC1", Source = "Output" } } },
  Nothing1 = MagicWand { },
  RotomattePrompt = GroupOperator {
    CustomData = { Rotomatte = { Version = 1 } },
    Inputs = ordered() {
      MainInput1 = InstanceInput { SourceOp = "Inner", Source = "Input" },
      Locator = InstanceInput { SourceOp = "Inner", Source = "Place", Name = "Locator", Default = nil },
      PromptList = InstanceInput { SourceOp = "Inner", Source = "Lines" } },
    Outputs = { MainOutput1 = InstanceOutput { SourceOp = "Inner", Source = "Output" } },
    Tools = ordered() {
      Inner = BrightnessContrast {
        Inputs = { Lines = Input { Value = "{\\"v\\":1}\\n" }, Place = Input { Value = { 0.1, 0.2 } } },
        UserControls = ordered() {
          Place = { LINKID_DataType = "Point", INPID_InputControl = "OffsetControl" },
          Lines = { LINKID_DataType = "Text" },
          Include = { LINKID_DataType = "Number", INPID_InputControl = "ButtonControl",
            BTNCS_Execute = [[
tool:SetInput("PromptList", "x")
]] } } } } } } }
"""


def shown(comp: Any) -> dict[str, Any]:
    """What a script reads of a comp."""
    group = comp.FindTool("RotomattePrompt")
    return {
        "tools": [(tool.Name, tool.ID) for tool in comp.GetToolList().values()],
        "range": [comp.FindTool("Matte1").GetInput(name) for name in ("GlobalIn", "GlobalOut", "ClipTimeEnd")],
        "red": comp.FindTool("Matte1").GetInput("Clip1.OpenEXRFormat.RedName"),
        "blend": comp.FindTool("MC1").GetInput("Blend", 4),
        "foreground": comp.FindTool("MC1").Foreground.GetConnectedOutput().GetTool().Name,
        "locator": group.GetInput("Locator"),
        "lines": group.GetInput("PromptList"),
        "data": group.GetData("Rotomatte"),
    }


def test_a_file_of_fusion_becomes_a_comp_and_is_written_again(scene: Scene, tmp_path: Path) -> None:
    made = scene.fake.timeline.all_items()[0]
    item = scene.handle(made)
    path, broken = tmp_path / "comp.setting", tmp_path / "broken.setting"
    path.write_text(_COMP, encoding="utf-8")
    broken.write_text("{ Tools = ", encoding="utf-8")
    assert item.ImportFusionComp(str(broken)) is None
    assert item.ImportFusionComp(str(tmp_path / "none.setting")) is None
    comp = item.ImportFusionComp(str(path))
    assert shown(comp) == {
        "tools": [
            ("Matte1", "Loader"),
            ("MC1", "MatteControl"),
            ("MediaIn1", "MediaIn"),
            ("MediaOut1", "MediaOut"),
            ("RotomattePrompt", "GroupOperator"),
            ("Inner", "BrightnessContrast"),
        ],
        "range": [5.0, 104.0, 99.0],
        "red": "A",
        "blend": 0.75,
        "foreground": "Matte1",
        "locator": {1: 0.1, 2: 0.2, 3: 0.0},
        "lines": '{"v":1}\n',
        "data": {"Version": 1.0},
    }
    assert made.comps[0].is_rooted()
    assert made.comps[0].tool("Matte1").file_at(7) == "/job/m.1003.exr"
    button = made.comps[0].tool("Inner").inputs["Include"].control
    assert button.get("BTNCS_Execute") == 'tool:SetInput("PromptList", "x")\n'
    assert item.ExportFusionComp(str(tmp_path / "again.setting"), 1) is True
    assert shown(item.ImportFusionComp(str(tmp_path / "again.setting"))) == shown(comp)
    assert item.GetFusionCompNameList() == ["Composition 1", "Composition 2"]


def test_a_macro_added_twice_has_insides_of_its_own(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "macro.setting"
    path.write_text(_COMP, encoding="utf-8")
    made = scene.comp(scene.fake.timeline.all_items()[0])
    comp = scene.handle(made)
    assert comp.AddSettingAction(str(tmp_path / "none.setting")) is False
    assert comp.AddSettingAction(str(path)) is True
    assert comp.AddSettingAction(str(path)) is True
    groups = list(comp.GetToolList(False, "GroupOperator").values())
    assert [group.Name for group in groups] == ["RotomattePrompt", "RotomattePrompt_1"]
    groups[0].SetInput("PromptList", "first")
    groups[1].SetInput("PromptList", "second")
    assert [group.GetInput("PromptList") for group in groups] == ["first", "second"]
    assert made.tool("Inner_1").inputs["Lines"].value == "second"
    source = comp.FindTool("MediaIn1")
    groups[1].ConnectInput("MainInput1", source)
    readers = source.FindMainOutput(1).GetConnectedInputs()
    assert [reader.GetTool().Name for reader in readers.values()] == ["MediaOut1", "Inner_1"]
    readers[1].ConnectTo(groups[1].FindMainOutput(1))
    assert readers[1].GetConnectedOutput().GetTool().Name == "RotomattePrompt_1"
    assert made.is_rooted()


def test_a_point_goes_along_its_path(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "path.setting"
    path.write_text(
        """{ Tools = ordered() {
        roto_car = Transform { Inputs = { Center = Input { SourceOp = "Path1", Source = "Position" } } },
        Path1 = PolyPath { Inputs = {
          PolyLine = Input { Value = Polyline { Points = { { X = -0.5, Y = 0 }, { X = 0, Y = 0 }, { X = 0, Y = 0.25 } } } },
          Displacement = Input { SourceOp = "Path1Displacement", Source = "Value" } } },
        Path1Displacement = BezierSpline { KeyFrames = { [10] = { 0 }, [16] = { 0.5 }, [22] = { 1 } } } } }"""
    )
    item = scene.handle(scene.fake.timeline.all_items()[0])
    for turn in (1, 2):
        comp = item.ImportFusionComp(str(path))
        assert comp.FindTool("roto_car").Center.GetKeyFrames() == {1: 10.0, 2: 16.0, 3: 22.0}
        places = [comp.FindTool("roto_car").GetInput("Center", time) for time in (10, 16, 22)]
        assert [place[1] for place in places] == pytest.approx([0.0, 0.375, 0.5])
        assert [place[2] for place in places] == pytest.approx([0.5, 0.5, 0.75])
        assert item.ExportFusionComp(str(path), turn) is True


@pytest.mark.parametrize(
    "text", ["", "{", "{ a = }", "{ a b }", '{ "a" "b" }', "{ [1 = 2 }", "{} {}", '{ "open }', "Loader"]
)
def test_text_that_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(setting.SettingError):
        setting.parse(text)
