"""Fusion's tools, and the modifiers that animate their inputs."""

from __future__ import annotations

import math
from typing import Any

from tests.hosts.resolve.fake import files
from tests.hosts.resolve.fake.inputs import IMAGE, MODIFIERS, Input, Output
from tests.hosts.resolve.fake.remote import Thing, is_number

MASKS = {"EllipseMask", "RectangleMask", "PolylineMask", "BitmapMask"}
_CENTRE = (0.5, 0.5)
_BLEND = {"EffectMask": IMAGE, "Blend": 1.0, "Comments": ""}
_MASK = {"EffectMask": IMAGE, "PaintMode": "Merge", "Level": 1.0, "SoftEdge": 0.0, "Invert": 0.0, "Comments": ""}
_EXR_CHANNELS = {
    f"Clip1.OpenEXRFormat.{name}": "" for name in ("RedName", "GreenName", "BlueName", "AlphaName", "ZName", "Part")
}
KINDS: dict[str, dict[str, Any]] = {
    "MediaIn": {"ClipTimeStart": 0.0, "ClipTimeEnd": 0.0, **_BLEND},
    "MediaOut": {"Input": IMAGE, "Index": 0.0, "Comments": ""},
    "Loader": {
        "Clip": "", "GlobalIn": 0.0, "GlobalOut": 0.0, "ClipTimeStart": 0.0, "ClipTimeEnd": 0.0, "HoldFirstFrame": 0.0,
        "HoldLastFrame": 0.0, "Reverse": 0.0, "Loop": 0.0, "Depth": 0.0, "MissingFrames": 0.0, "PostMultiplyByAlpha": 0.0,
        "MakeAlphaSolid": 0.0, "CurveType": 0.0, **_EXR_CHANNELS, **_BLEND,
    },
    "MatteControl": {
        "Background": IMAGE, "Foreground": IMAGE, "GarbageMatte.Matte": IMAGE, "SolidMatte.Matte": IMAGE,
        "MatteCombine": 0.0, "CombineOp": "CombineAlpha", "CombineAlpha": 0.0, "InvertMatte": 0.0, "PostMultiplyImage": 0.0,
        "MatteBlur": 0.0, "MatteContractExpand": 0.0, "MatteGamma": 1.0, **_BLEND,
    },
    "ChannelBoolean": {"Background": IMAGE, "Foreground": IMAGE, "Operation": 0.0, "ToRed": 0.0, "ToGreen": 1.0,
                       "ToBlue": 2.0, "ToAlpha": 3.0, **_BLEND},
    "Merge": {"Background": IMAGE, "Foreground": IMAGE, "Center": _CENTRE, "Size": 1.0, "Angle": 0.0, "Operator": "Over",
              "ApplyMode": "Normal", **_BLEND},
    "Transform": {"Input": IMAGE, "Center": _CENTRE, "Pivot": _CENTRE, "Size": 1.0, "Angle": 0.0, **_BLEND},
    "Background": {"Width": 1920.0, "Height": 1080.0, "TopLeftRed": 0.0, "TopLeftGreen": 0.0, "TopLeftBlue": 0.0,
                   "TopLeftAlpha": 1.0, "UseFrameFormatSettings": 1.0, "Type": "Solid", **_BLEND},
    "BrightnessContrast": {"Input": IMAGE, "Gain": 1.0, "Lift": 0.0, "Gamma": 1.0, **_BLEND},
    "Custom": {"Image1": IMAGE, "Image2": IMAGE, "Image3": IMAGE, "PointIn1": _CENTRE, "NumberIn1": 0.0, **_BLEND},
    "PipeRouter": {"Input": IMAGE, "Comments": ""},
    "EllipseMask": {"Center": _CENTRE, "Width": 0.5, "Height": 0.5, "Angle": 0.0, **_MASK},
    "RectangleMask": {"Center": _CENTRE, "Width": 0.5, "Height": 0.5, "Angle": 0.0, "CornerRadius": 0.0, **_MASK},
    "PolylineMask": {"Center": _CENTRE, "Polyline": "", **_MASK},
    "BitmapMask": {"Image": IMAGE, "Channel": "Alpha", "Low": 0.0, "High": 1.0, **_MASK},
    "GroupOperator": {"Comments": ""},
    "MacroOperator": {"Comments": ""},
    "BezierSpline": {},
    "XYPath": {"X": 0.5, "Y": 0.5},
    "PolyPath": {"Displacement": 0.0, "PolyLine": ""},
}  # fmt: skip
"""What tools have by name, as far as it is met here; a file may bring more, which Fusion has by the hundred."""


class Tool(Thing):
    """``children`` are the tools within a group, whose ``inputs`` may be those of its children under other names.

    ``polyline`` are the points of a path, from the centre of the picture.
    """

    HIDDEN = frozenset({"GetAttrs", "SetAttrs"})

    def __init__(self, comp: Any, kind_id: str, name: str, parent: Tool | None = None) -> None:
        super().__init__(comp.app)
        self.comp = comp
        self.kind_id = kind_id
        self.name = name
        self.parent = parent
        self.name_in_file = name
        self.position = (0.0, 0.0)
        self.attrs: dict[str, Any] = {"TOOLB_NameSet": False, "TOOLB_PassThrough": False, "TOOLB_Locked": False}
        self.data: dict[str, Any] = {}
        self.keys: dict[float, Any] = {}
        self.polyline: list[tuple[float, float]] = []
        self.children: list[Tool] = []
        self.extra: dict[str, Any] = {}
        self.inputs: dict[str, Input] = {}
        for input_name, value in KINDS.get(kind_id, {}).items():
            self.inputs[input_name] = Input(self, input_name, value)

    @classmethod
    def kind(cls) -> str:
        return "Operator"

    @property
    def output_name(self) -> str:
        if self.kind_id in MODIFIERS:
            return MODIFIERS[self.kind_id]
        return "Mask" if self.kind_id in MASKS else "MainOutput1" if self.children else "Output"

    def key_values(self) -> dict[float, Any]:
        """The keys of a modifier: an XYPath's are where either of its splines has one, a path's where it is displaced."""
        if self.kind_id == "XYPath" and not self.keys:
            x, y = self.inputs["X"], self.inputs["Y"]
            return {time: (x.at(time), y.at(time)) for time in sorted({*x.keys, *y.keys})}
        if self.kind_id == "PolyPath" and self.polyline:
            keys = self.inputs["Displacement"].keys
            return {time: _along(self.polyline, float(part)) for time, part in sorted(keys.items())}
        return self.keys

    def sources(self) -> list[Tool]:
        """The tools that it reads from."""
        found = [item.source for item in self.inputs.values() if item.source is not None]
        for child in self.children:
            found += [child, *child.sources()]
        return found

    def file_at(self, time: float) -> str | None:
        """The file that a Loader shows at a time of its comp; None outside its range."""
        numbers = {name: self.inputs[name].value for name in ("GlobalIn", "GlobalOut", "ClipTimeStart", "ClipTimeEnd")}
        if not numbers["GlobalIn"] <= time <= numbers["GlobalOut"]:
            return None
        index = min(numbers["ClipTimeStart"] + time - numbers["GlobalIn"], numbers["ClipTimeEnd"])
        return files.frame_path(*numbered(self.inputs["Clip"].value, int(index)))

    # What scripts see

    @property
    def Name(self) -> str:
        return self.name

    @property
    def ID(self) -> str:
        return self.kind_id

    @property
    def ParentTool(self) -> Any:
        return self.parent

    @property
    def Composition(self) -> Any:
        return self.comp

    def Comp(self) -> Any:
        return self.comp

    def GetAttrs(self, name: Any = None) -> Any:
        attrs = {"TOOLS_Name": self.name, "TOOLS_RegID": self.kind_id, "TOOLB_Visible": True, **self.attrs}
        if self.kind_id not in MODIFIERS and self.kind_id not in MASKS:
            width, height = self.comp.size_px()
            attrs |= {"TOOLI_ImageWidth": width, "TOOLI_ImageHeight": height}
            attrs |= {"TOOLN_ImageAspectX": 1.0, "TOOLN_ImageAspectY": 1.0}
        if self.kind_id == "Loader" and self.inputs["Clip"].value:
            attrs |= self._clip_attrs()
        return attrs if name is None else attrs.get(name)

    def _clip_attrs(self) -> dict[str, Any]:
        start = _number_of(self.inputs["Clip"].value)
        return {
            "TOOLST_Clip_Name": {1: self.inputs["Clip"].value},
            "TOOLIT_Clip_InitialFrame": {1: start},
            "TOOLIT_Clip_StartFrame": {1: start},
            "TOOLIT_Clip_Length": {1: int(self.attrs.get("_length", 1))},
            "TOOLNT_Clip_Start": {1: self.inputs["GlobalIn"].value},
            "TOOLNT_Clip_End": {1: self.inputs["GlobalOut"].value},
            "TOOLIT_Clip_TrimIn": {1: int(self.inputs["ClipTimeStart"].value)},
            "TOOLIT_Clip_TrimOut": {1: int(self.inputs["ClipTimeEnd"].value)},
        }

    def SetAttrs(self, attrs: Any) -> Any:
        if not isinstance(attrs, dict):
            return None
        for name, value in attrs.items():
            if name == "TOOLS_Name":
                self.name = self.comp.free_name(str(value), but=self)
            elif name in self.attrs:
                self.attrs[name] = value
        return True

    def GetInput(self, id: Any, time: Any = None) -> Any:
        found = self.inputs.get(id)
        return None if found is None else found.read(time)

    def SetInput(self, id: Any, value: Any, time: Any = None) -> None:
        found = self.inputs.get(id)
        if found is not None:
            found.write(value, time)

    def ConnectInput(self, input: Any, target: Any = None) -> bool:
        found = self.inputs.get(input)
        if found is None or (target is not None and not isinstance(target, (Tool, Output))):
            return False
        found.source = target.tool if isinstance(target, Output) else target
        return True

    def GetInputList(self, type: Any = None) -> dict[int, Input]:
        return dict(enumerate((item for item in self.inputs.values() if type in {None, item.data_type}), 1))

    def GetOutputList(self, type: Any = None) -> dict[int, Output]:
        return {1: Output(self, self.output_name)}

    def FindMainInput(self, index: Any) -> Any:
        images = [item for item in self.inputs.values() if item.value is IMAGE and item.name != "EffectMask"]
        return images[int(index) - 1] if is_number(index) and 1 <= index <= len(images) else None

    def FindMainOutput(self, index: Any) -> Any:
        return Output(self, self.output_name) if index == 1 else None

    def GetChildrenList(self, selected: Any = False, regid: Any = None) -> dict[int, Tool]:
        return dict(enumerate((tool for tool in self.children if regid in {None, tool.kind_id}), 1))

    def AddModifier(self, input: Any, modifier: Any) -> bool:
        found = self.inputs.get(input)
        kind = "PolyPath" if modifier == "Path" else modifier
        if found is None or kind not in MODIFIERS:
            return False
        if (kind == "BezierSpline") != (found.data_type == "Number"):
            return False
        found.source = self.comp.add(kind, f"{self.name}{found.name}")
        return True

    def GetKeyFrames(self) -> Any:
        """Of a spline by frame."""
        if self.kind_id != "BezierSpline":
            return None
        return {time: {1: value} for time, value in sorted(self.keys.items())}

    def SetKeyFrames(self, keys: Any, replace: Any = False) -> None:
        if self.kind_id != "BezierSpline" or not isinstance(keys, dict):
            return
        if replace:
            self.keys = {}
        self.keys.update(
            {float(time): float(item[1] if isinstance(item, dict) else item[0]) for time, item in keys.items()}
        )

    def DeleteKeyFrames(self, start: Any, end: Any = None) -> None:
        last = start if end is None else end
        self.keys = {time: value for time, value in self.keys.items() if not start <= time <= last}

    def GetData(self, name: Any = None) -> Any:
        return dict(self.data) if name is None else self.data.get(name)

    def SetData(self, name: Any, value: Any = None) -> None:
        self.data[name] = value

    def SaveSettings(self, path: Any = None) -> Any:
        return self.comp.save_tool(self, path) if isinstance(path, str) else False

    def LoadSettings(self, path: Any) -> bool:
        """From a file; a table gets lost on the way from Python."""
        return isinstance(path, str) and bool(self.comp.load_tool(self, path))

    def Delete(self) -> bool:
        self.comp.remove(self)
        return True

    # How names behave

    def on_written(self, name: str) -> None:
        """A Loader undoes what was set before its clip or its range."""
        if self.kind_id != "Loader":
            return
        value = {key: item.value for key, item in self.inputs.items()}
        if name == "Clip":
            length = self.comp.count_files(value["Clip"])
            self.attrs["_length"] = length
            for key in ("GlobalIn", "ClipTimeStart", "HoldFirstFrame", "HoldLastFrame", "Reverse", "Depth"):
                self.inputs[key].value = 0.0
            self.inputs["GlobalOut"].value = self.inputs["ClipTimeEnd"].value = float(length - 1)
        elif name in {"GlobalIn", "GlobalOut"}:
            if value["GlobalIn"] > value["GlobalOut"]:
                other = "GlobalOut" if name == "GlobalIn" else "GlobalIn"
                self.inputs[other].value = value[name]
            span = self.inputs["GlobalOut"].value - self.inputs["GlobalIn"].value
            last = float(max(0, int(self.attrs.get("_length", 1)) - 1))
            if name == "GlobalIn":
                self.inputs["ClipTimeStart"].value = max(0.0, value["ClipTimeEnd"] - span)
            else:
                self.inputs["ClipTimeEnd"].value = min(last, value["ClipTimeStart"] + span)
            self.inputs["HoldFirstFrame"].value = self.inputs["HoldLastFrame"].value = 0.0

    def get_named(self, name: str) -> Any:
        return self.inputs.get(name)

    def set_named(self, name: str, value: Any) -> None:
        self.set_indexed(name, value)

    def get_indexed(self, key: Any) -> Any:
        return self.inputs.get(key)

    def set_indexed(self, key: Any, value: Any) -> None:
        found = self.inputs.get(key)
        if found is None:
            return
        if isinstance(value, Output):
            found.ConnectTo(value)
        else:
            found.write(value)


def _number_of(path: str) -> int:
    pattern, index = numbered(path, 0)
    return index if pattern != path else 0


def numbered(path: str, index: int) -> tuple[str, int]:
    """The pattern of a file's sequence, and the number of its frame so many after it."""
    stem, dot, ending = path.rpartition(".")
    digits = stem[len(stem.rstrip("0123456789")) :]
    if not digits:
        return path, index
    return f"{stem[: -len(digits)]}%0{len(digits)}d{dot}{ending}", int(digits) + index


def _along(points: list[tuple[float, float]], part: float) -> tuple[float, float]:
    """The place so far along a line of straight pieces, 0 to 1; the picture's corner is (0, 0) in it."""
    lengths = [math.dist(one, other) for one, other in zip(points, points[1:])]
    left = part * sum(lengths)
    x, y = points[-1]
    for (one, other), length in zip(zip(points, points[1:]), lengths):
        if left <= length and length:
            x, y = (a + (b - a) * left / length for a, b in zip(one, other))
            break
        left -= length
    return (x + 0.5, y + 0.5)
