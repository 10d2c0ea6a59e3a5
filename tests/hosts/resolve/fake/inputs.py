"""The inputs and outputs of Fusion's tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.hosts.resolve.fake.remote import Thing, is_number

if TYPE_CHECKING:
    from tests.hosts.resolve.fake.tools import Tool

MODIFIERS = {"BezierSpline": "Value", "XYPath": "Value", "PolyPath": "Position"}
"""Modifiers with the names of their outputs."""
IMAGE = object()
"""The value of an input that takes a picture or a mask."""


def is_point(value: Any) -> bool:
    return isinstance(value, tuple)


class Output(Thing):
    """What comes out of a tool."""

    def __init__(self, tool: Tool, name: str) -> None:
        super().__init__(tool.app)
        self.tool = tool
        self.name = name

    @property
    def Name(self) -> str:
        return self.name

    @property
    def ID(self) -> str:
        return self.name

    def GetTool(self) -> Tool:
        return self.tool

    def GetConnectedInputs(self) -> dict[int, Input]:
        found = {
            id(item): item for tool in self.tool.comp.tools for item in tool.inputs.values() if item.source is self.tool
        }
        return dict(enumerate(found.values(), 1))


class Input(Thing):
    """``value`` is a number, a text, a point as a tuple, or ``IMAGE``; ``control`` is how a macro shows it.

    ``source`` is the tool or modifier connected to it. ``was_locked`` tells a value that was written while the comp was
    locked: it reads back, and the render does not use it.
    """

    def __init__(self, tool: Tool, name: str, value: Any) -> None:
        super().__init__(tool.app)
        self.tool = tool
        self.name = name
        self.value = value
        self.source: Tool | None = None
        self.source_output = ""
        self.was_locked = False
        self.control: Any = None

    @property
    def data_type(self) -> str:
        if self.value is IMAGE:
            return "Image"
        if is_point(self.value):
            return "Point"
        return "Text" if isinstance(self.value, str) else "Number"

    @property
    def keys(self) -> dict[float, Any]:
        """Its keys by time; empty where it is not animated."""
        return self.source.key_values() if self.source is not None and self.source.kind_id in MODIFIERS else {}

    def at(self, time: float) -> Any:
        """Its value at a time, straight between keys."""
        keys = sorted(self.keys.items())
        if not keys:
            return self.value
        if time <= keys[0][0]:
            return keys[0][1]
        for (left, before), (right, after) in zip(keys, keys[1:]):
            if time <= right:
                part = (time - left) / (right - left)
                if is_point(before):
                    return tuple(a + (b - a) * part for a, b in zip(before, after))
                return before + (after - before) * part
        return keys[-1][1]

    def read(self, time: Any = None) -> Any:
        value = self.at(float(time) if is_number(time) else self.tool.comp.current_time)
        if value is IMAGE:
            return None
        return {1: value[0], 2: value[1], 3: 0.0} if is_point(value) else value

    def write(self, value: Any, time: Any = None) -> None:
        """What does not fit its kind is passed over; where it is animated, a key is set."""
        fitting = self._fit(value)
        if fitting is None:
            return
        if self.source is not None and self.source.kind_id in MODIFIERS:
            self.source.keys[float(time) if is_number(time) else self.tool.comp.current_time] = fitting
        else:
            self.value = fitting
        self.was_locked = self.tool.comp.locks > 0
        self.tool.on_written(self.name)

    def _fit(self, value: Any) -> Any:
        kind = self.data_type
        if kind == "Point":
            parts = [value.get(1), value.get(2)] if isinstance(value, dict) else value
            if isinstance(parts, (list, tuple)) and len(parts) >= 2 and all(is_number(part) for part in parts[:2]):
                return (float(parts[0]), float(parts[1]))
            return None
        if kind == "Number":
            return float(value) if isinstance(value, (int, float)) else None
        return value if kind == "Text" and isinstance(value, str) else None

    @property
    def Name(self) -> str:
        return self.name

    @property
    def ID(self) -> str:
        return self.name

    def GetTool(self) -> Tool:
        return self.tool

    def GetAttrs(self, name: Any = None) -> Any:
        attrs = {
            "INPS_ID": self.name,
            "INPS_Name": self.name,
            "INPS_DataType": "FuID" if self.data_type == "Text" and self.name == "PaintMode" else self.data_type,
            "INPB_Connected": self.source is not None,
        }
        return attrs if name is None else attrs.get(name)

    def GetKeyFrames(self) -> Any:
        """Counted from 1, the frames are the values."""
        keys = self.keys
        return dict(enumerate(sorted(keys), 1)) if keys else None

    def GetConnectedOutput(self) -> Any:
        return None if self.source is None else Output(self.source, self.source.output_name)

    def ConnectTo(self, output: Any = None) -> bool:
        if output is not None and not isinstance(output, Output):
            return False
        self.source = None if output is None else output.tool
        return True

    def get_indexed(self, key: Any) -> Any:
        return self.read(key)

    def set_indexed(self, key: Any, value: Any) -> None:
        self.write(value, key)
