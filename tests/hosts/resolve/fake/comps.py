"""Fusion comps of timeline items."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.hosts.resolve.fake import files, setting
from tests.hosts.resolve.fake.inputs import IMAGE, MODIFIERS, Input, is_point
from tests.hosts.resolve.fake.remote import Thing, is_number
from tests.hosts.resolve.fake.setting import SettingError, Table
from tests.hosts.resolve.fake.tools import KINDS, Tool, numbered


class Fusion(Thing):
    """What ``resolve.Fusion()`` gives."""

    def GetCurrentComp(self) -> Any:
        """The comp under the playhead, on the Fusion page."""
        item = self.app.timeline.GetCurrentVideoItem() if self.app.timeline is not None else None
        return item.comp if self.app.page == "fusion" and item is not None and item.comps else None

    @property
    def CurrentComp(self) -> Any:
        return self.GetCurrentComp()

    def GetResolve(self) -> Any:
        return self.app.root

    def GetAttrs(self) -> dict[str, Any]:
        return {"FUSIONS_Version": ".".join(str(part) for part in self.app.version), "FUSIONB_IsResolve": True}

    def MapPath(self, path: Any) -> Any:
        return path

    def Execute(self, script: Any) -> None:
        """It does nothing in 20 and later, and nothing here."""

    def RunScript(self, path: Any) -> None:
        """It runs later, which is never here."""


class FusionComp(Thing):
    """``tools`` has those within groups as well, and the modifiers; ``current_time`` is a frame of the comp."""

    def __init__(self, item: Any, name: str) -> None:
        super().__init__(item.app)
        self.item = item
        self.name = name
        self.tools: list[Tool] = []
        self.data: dict[str, Any] = {}
        self.locks = 0
        self.undo_names: list[str] = []
        media = item.media
        starts_at = media.first if media is not None and item.app.quirks.comp_from_file_number else 0
        length = media.frames if media is not None else item.duration
        self.global_start, self.global_end = float(starts_at), float(starts_at + length - 1)
        self.render_start = self.global_start + (item.source_index if media is not None else 0)
        self.render_end = self.render_start + (item.source_end - item.source_start) - 1
        self.current_time = self.render_start

    def size_px(self) -> tuple[int, int]:
        """Of the picture that comes in: of the media, or of the timeline for what is made of a timeline."""
        media = self.item.media
        if media is not None and media.properties["Type"] not in {"Timeline", "Compound", "Fusion"}:
            width, _, height = media.properties["Resolution"].partition("x")
            return int(width), int(height)
        timeline = self.item.timeline
        return int(timeline.setting("timelineResolutionWidth")), int(timeline.setting("timelineResolutionHeight"))

    def tool(self, name: str) -> Tool:
        """A tool by its name; raises :class:`KeyError`."""
        for found in self.tools:
            if found.name == name:
                return found
        raise KeyError(name)

    def is_rooted(self) -> bool:
        """Whether a MediaOut descends from a MediaIn, without which a render may fail."""
        seen: list[Tool] = []
        waiting = [tool for tool in self.tools if tool.kind_id == "MediaOut"]
        while waiting:
            tool = waiting.pop()
            if tool.kind_id == "MediaIn":
                return True
            if tool not in seen:
                seen.append(tool)
                waiting += tool.sources()
        return False

    def free_name(self, name: str, but: Tool | None = None) -> str:
        """A name that no other tool has."""
        taken = {tool.name for tool in self.tools if tool is not but}
        free, number = name, 1
        while free in taken:
            free, number = f"{name}_{number}", number + 1
        return free

    def add(self, kind: str, name: str, parent: Tool | None = None) -> Tool:
        made = Tool(self, kind, self.free_name(name), parent)
        self.tools.append(made)
        if parent is not None:
            parent.children.append(made)
        return made

    def remove(self, tool: Tool) -> None:
        for child in list(tool.children):
            self.remove(child)
        self.tools.remove(tool)
        tool.is_gone = True
        for other in self.tools:
            for item in other.inputs.values():
                if item.source is tool:
                    item.source = None

    def count_files(self, path: str) -> int:
        """How many frames a Loader finds from this file on."""
        pattern, number = numbered(path, 0)
        count = 0
        while pattern != path and count < 100_000 and Path(files.frame_path(pattern, number + count)).is_file():
            count += 1
        return max(count, 1)

    # What scripts see

    @property
    def CurrentTime(self) -> float:
        return self.current_time

    @property
    def ActiveTool(self) -> Any:
        return None

    def set_named(self, name: str, value: Any) -> None:
        if name == "CurrentTime" and is_number(value):
            self.current_time = float(value)

    def get_named(self, name: str) -> Any:
        return next((tool for tool in self.tools if tool.name == name), None)

    def GetAttrs(self, name: Any = None) -> Any:
        attrs = {
            "COMPS_Name": self.name,
            "COMPS_FileName": "",
            "COMPB_Locked": self.locks > 0,
            "COMPB_Modified": False,
            "COMPN_CurrentTime": self.current_time,
            "COMPN_GlobalStart": self.global_start,
            "COMPN_GlobalEnd": self.global_end,
            "COMPN_RenderStart": self.render_start,
            "COMPN_RenderEnd": self.render_end,
            "COMPN_RenderStartTime": self.render_start,
            "COMPN_RenderEndTime": self.render_end,
        }
        return attrs if name is None else attrs.get(name)

    def SetAttrs(self, attrs: Any) -> Any:
        if not isinstance(attrs, dict):
            return None
        fields = {"COMPN_GlobalStart": "global_start", "COMPN_GlobalEnd": "global_end"}
        fields |= {"COMPN_RenderStart": "render_start", "COMPN_RenderEnd": "render_end"}
        fields |= {"COMPN_CurrentTime": "current_time"}
        for name, value in attrs.items():
            if name in fields and is_number(value):
                setattr(self, fields[name], float(value))
        return True

    def AddTool(self, id: Any, xpos: Any = 0, ypos: Any = 0, defsettings: Any = False) -> Any:
        if id not in KINDS or id in MODIFIERS:
            return None
        number = 1
        while any(tool.name == f"{id}{number}" for tool in self.tools):
            number += 1
        made = self.add(id, f"{id}{number}")
        made.position = (float(xpos), float(ypos))
        return made

    def FindTool(self, name: Any) -> Any:
        return self.get_named(name)

    def FindToolByID(self, id: Any, prev: Any = None) -> Any:
        found = [tool for tool in self.tools if tool.kind_id == id]
        if prev in found:
            found = found[found.index(prev) + 1 :]
        return found[0] if found else None

    def GetToolList(self, selected: Any = False, regid: Any = None) -> dict[int, Tool]:
        """Counted from 1; modifiers only where they are asked for."""
        if selected:
            return {}
        found = [
            tool for tool in self.tools if regid == tool.kind_id or (regid is None and tool.kind_id not in MODIFIERS)
        ]
        return dict(enumerate(found, 1))

    def Lock(self) -> None:
        self.locks += 1

    def Unlock(self) -> None:
        self.locks = max(0, self.locks - 1)

    def StartUndo(self, name: Any) -> None:
        self.undo_names.append(str(name))

    def EndUndo(self, keep: Any = True) -> None:
        if not keep and self.undo_names:
            self.undo_names.pop()

    def Paste(self, settings: Any = None) -> bool:
        """A table gets lost on the way from Python."""
        return isinstance(settings, Table) and bool(read_tools(self, settings))

    def AddSettingAction(self, filename: Any) -> bool:
        """The tools of a file, beside those that are there."""
        try:
            table = setting.parse(Path(filename).read_text(encoding="utf-8"))
        except (OSError, SettingError, TypeError):
            return False
        return bool(read_tools(self, table))

    def GetData(self, name: Any = None) -> Any:
        return dict(self.data) if name is None else self.data.get(name)

    def SetData(self, name: Any, value: Any = None) -> None:
        self.data[name] = value

    def Print(self, *words: Any) -> None:
        """The console's text is not kept."""

    def MapPath(self, path: Any) -> Any:
        return path

    def ReverseMapPath(self, path: Any) -> Any:
        return path

    # Files

    def save_tool(self, tool: Tool, path: str) -> bool:
        Path(path).write_text(setting.write(Table("", {"Tools": Table("ordered", {tool.name: _table(tool)})})), "utf-8")
        return True

    def load_tool(self, tool: Tool, path: str) -> bool:
        try:
            found = setting.parse(Path(path).read_text(encoding="utf-8")).get("Tools")
        except (OSError, SettingError):
            return False
        table = next((item for item in found.named.values() if item.kind == tool.kind_id), None)
        if table is None:
            return False
        _read_inputs(self, tool, table)
        return True


def add_comp(item: Any) -> FusionComp:
    """A new comp, MediaIn through to MediaOut."""
    number = len(item.comps) + 1
    comp = FusionComp(item, f"Composition {number}")
    comp.add("MediaIn", "MediaIn1")
    comp.add("MediaOut", "MediaOut1").inputs["Input"].source = comp.tools[0]
    item.comps.append(comp)
    item.active_comp = comp
    return comp


def import_comp(item: Any, text: str) -> FusionComp | None:
    """A further comp, with what is in a file and nothing else."""
    comp = FusionComp(item, f"Composition {len(item.comps) + 1}")
    try:
        table = setting.parse(text)
    except SettingError:
        return None
    if not read_tools(comp, table):
        return None
    item.comps.append(comp)
    item.active_comp = comp
    return comp


def export_comp(comp: FusionComp) -> str:
    """A comp as the text of a ``.setting`` file."""
    tools = {tool.name: _table(tool) for tool in comp.tools if tool.parent is None}
    return setting.write(Table("Composition", {"Tools": Table("ordered", tools)}))


def read_tools(comp: FusionComp, table: Table, parent: Tool | None = None) -> list[Tool]:
    """Add the tools of a table; those of a kind that Fusion does not have are left out."""
    named = table.get("Tools")
    if not isinstance(named, Table):
        return []
    made: dict[str, tuple[Tool, Table]] = {}
    for name, item in named.named.items():
        if isinstance(item, Table) and item.kind in KINDS:
            made[name] = (comp.add(item.kind, name, parent), item)
            made[name][0].name_in_file = name
    for tool, item in made.values():
        tool.extra = {
            key: value
            for key, value in item.named.items()
            if key not in {"Inputs", "Tools", "KeyFrames", "CustomData", "ViewInfo"}
        }
        if isinstance(item.get("Tools"), Table):
            read_tools(comp, item, tool)
    names = {name: tool for name, (tool, _) in made.items()}
    for tool, item in made.values():
        _read_inputs(comp, tool, item, names)
    return list(names.values())


def _read_inputs(comp: FusionComp, tool: Tool, table: Table, names: dict[str, Tool] | None = None) -> None:
    position = table.get("ViewInfo", Table()).get("Pos")
    if isinstance(position, Table):
        tool.position = (float(position.listed[0]), float(position.listed[1]))
    tool.data.update(_plain(table.get("CustomData", Table())))
    for time, item in table.get("KeyFrames", Table()).named.items():
        parts = [float(part) for part in item.listed[:2]]
        tool.keys[float(time)] = parts[0] if tool.kind_id == "BezierSpline" else (parts[0], parts[1])
    for name, control in table.get("UserControls", Table()).named.items():
        tool.inputs[name] = made = tool.inputs.get(name) or Input(tool, name, _default(control))
        made.control = control
    if tool.kind_id == "Loader":
        _read_clip(tool, table.get("Clips", Table()))
    for name, item in table.get("Inputs", Table()).named.items():
        if item.kind == "InstanceInput":
            inner = next((child for child in tool.children if child.name_in_file == item.get("SourceOp")), None)
            if inner is not None and item.get("Source") in inner.inputs:
                tool.inputs[name] = inner.inputs[item.get("Source")]
                if item.get("Default") is not None:
                    inner.inputs[item.get("Source")].write(item.get("Default"))
            continue
        _read_input(tool, name, item, names or {each.name: each for each in comp.tools})


def _read_input(tool: Tool, name: str, item: Table, names: dict[str, Tool]) -> None:
    source = item.get("SourceOp")
    if source is not None:
        made = tool.inputs.setdefault(name, Input(tool, name, IMAGE))
        made.source = names.get(source) or next((each for each in tool.comp.tools if each.name == source), None)
        return
    value = item.get("Value")
    if isinstance(value, Table) and value.kind == "Polyline":
        tool.polyline = [(float(point.get("X")), float(point.get("Y"))) for point in value.get("Points").listed]
        return
    if isinstance(value, Table):
        is_pair = len(value.listed) >= 2 and all(isinstance(part, (int, float)) for part in value.listed[:2])
        pair = tuple(float(part) for part in value.listed[:2]) if is_pair else None
        value = value.listed[0] if value.kind == "FuID" else pair
    elif isinstance(value, (int, float)):
        value = float(value)
    if value is not None:
        tool.inputs.setdefault(name, Input(tool, name, value)).value = value


def _read_clip(tool: Tool, clips: Table) -> None:
    if not clips.listed:
        return
    clip = clips.listed[0]
    tool.attrs["_length"] = int(clip.get("Length", 1))
    for name, key in (("GlobalIn", "GlobalStart"), ("GlobalOut", "GlobalEnd")):
        tool.inputs[name].value = float(clip.get(key, 0))
    tool.inputs["Clip"].value = clip.get("Filename", "")
    tool.inputs["ClipTimeStart"].value = float(clip.get("TrimIn", 0))
    tool.inputs["ClipTimeEnd"].value = float(clip.get("TrimOut", 0))
    tool.inputs["HoldFirstFrame"].value = float(clip.get("ExtendFirst", 0))
    tool.inputs["HoldLastFrame"].value = float(clip.get("ExtendLast", 0))


def _default(control: Table) -> Any:
    kind = control.get("LINKID_DataType")
    if kind == "Point":
        return (float(control.get("INP_DefaultX", 0.5)), float(control.get("INP_DefaultY", 0.5)))
    if kind == "Text":
        return str(control.get("INPS_DefaultText", ""))
    return IMAGE if kind in {"Image", "Mask"} else float(control.get("INP_Default", 0.0))


def _plain(table: Table) -> dict[str, Any]:
    return {key: _plain(item) if isinstance(item, Table) else item for key, item in table.named.items()}


def _table(tool: Tool) -> Table:
    """A tool as a table."""
    made = Table(tool.kind_id, dict(tool.extra))
    if tool.kind_id == "Loader" and isinstance(made.get("Clips"), Table):
        made.named.pop("Clips")
    inputs = Table("")
    for name, item in tool.inputs.items():
        if item.tool is not tool:
            inputs.named[name] = Table("InstanceInput", {"SourceOp": item.tool.name, "Source": item.name})
        elif item.source is not None:
            inputs.named[name] = Table("Input", {"SourceOp": item.source.name, "Source": item.source.output_name})
        elif is_point(item.value):
            inputs.named[name] = Table("Input", {"Value": Table("", {}, list(item.value))})
        elif item.value is not IMAGE:
            inputs.named[name] = Table("Input", {"Value": item.value})
    made.named["Inputs"] = inputs
    if tool.polyline:
        points = Table("", {}, [Table("", {"X": x, "Y": y}) for x, y in tool.polyline])
        inputs.named["PolyLine"] = Table("Input", {"Value": Table("Polyline", {"Points": points})})
    if tool.keys:
        made.named["KeyFrames"] = Table(
            "",
            {
                time: Table("", {}, list(value) if is_point(value) else [value])
                for time, value in sorted(tool.keys.items())
            },
        )
    if tool.data:
        made.named["CustomData"] = Table("", dict(tool.data))
    if tool.children:
        made.named["Tools"] = Table("ordered", {child.name: _table(child) for child in tool.children})
    made.named["ViewInfo"] = Table("OperatorInfo", {"Pos": Table("", {}, list(tool.position))})
    return made
