"""Markers, flags and clip colours, which timelines, their items and the media pool's share."""

from __future__ import annotations

from typing import Any

from tests.hosts.resolve.fake.remote import Thing, is_number

MARKER_COLOURS = (
    "Blue", "Cyan", "Green", "Yellow", "Red", "Pink", "Purple", "Fuchsia", "Rose", "Lavender", "Sky", "Mint", "Lemon",
    "Sand", "Cocoa", "Cream",
)  # fmt: skip
CLIP_COLOURS = (
    "Orange", "Apricot", "Yellow", "Lime", "Olive", "Green", "Teal", "Navy", "Blue", "Purple", "Violet", "Pink", "Tan",
    "Beige", "Brown", "Chocolate",
)  # fmt: skip


class Marked(Thing):
    """``markers`` is by frame; a timeline's frames count from its start."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.markers: dict[float, dict[str, Any]] = {}

    def AddMarker(self, frameId: Any, color: Any, name: Any, note: Any, duration: Any, customData: Any = "") -> bool:
        if not is_number(frameId) or not is_number(duration) or color not in MARKER_COLOURS:
            return False
        if not all(isinstance(text, str) for text in (name, note, customData)):
            return False
        if float(frameId) in self.markers or frameId < 0 or duration < 1:
            return False
        self.markers[float(frameId)] = {
            "color": color, "duration": duration, "note": note, "name": name, "customData": customData,
        }  # fmt: skip
        return True

    def GetMarkers(self) -> dict[float, dict[str, Any]]:
        return {frame: dict(self.markers[frame]) for frame in sorted(self.markers)}

    def GetMarkerByCustomData(self, customData: Any) -> dict[float, dict[str, Any]]:
        found = {frame: dict(marker) for frame, marker in self.markers.items() if marker["customData"] == customData}
        return dict(list(found.items())[:1])

    def UpdateMarkerCustomData(self, frameId: Any, customData: Any) -> bool:
        if not is_number(frameId) or float(frameId) not in self.markers or not isinstance(customData, str):
            return False
        self.markers[float(frameId)]["customData"] = customData
        return True

    def GetMarkerCustomData(self, frameId: Any) -> str:
        found = self.markers.get(float(frameId)) if is_number(frameId) else None
        return str(found["customData"]) if found else ""

    def DeleteMarkersByColor(self, color: Any) -> bool:
        if color != "All" and color not in MARKER_COLOURS:
            return False
        kept = {frame: marker for frame, marker in self.markers.items() if color not in {"All", marker["color"]}}
        changed = len(kept) < len(self.markers)
        self.markers = kept
        return changed

    def DeleteMarkerAtFrame(self, frameNum: Any) -> bool:
        return is_number(frameNum) and self.markers.pop(float(frameNum), None) is not None

    def DeleteMarkerByCustomData(self, customData: Any) -> bool:
        for frame, marker in self.markers.items():
            if marker["customData"] == customData:
                del self.markers[frame]
                return True
        return False


class Ranged(Thing):
    """What has an in and an out point; ``marks`` is by ``video`` and ``audio``."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.marks: dict[str, dict[str, int]] = {}

    def GetMarkInOut(self) -> dict[str, dict[str, int]]:
        return {kind: dict(marks) for kind, marks in self.marks.items()}

    def SetMarkInOut(self, mark_in: Any, mark_out: Any, type: Any = "all") -> bool:
        if not is_number(mark_in) or not is_number(mark_out) or mark_in > mark_out:
            return False
        for kind in ("video", "audio"):
            if type in {kind, "all"}:
                self.marks[kind] = {"in": int(mark_in), "out": int(mark_out)}
        return True

    def ClearMarkInOut(self, type: Any = "all") -> bool:
        for kind in ("video", "audio"):
            if type in {kind, "all"}:
                self.marks.pop(kind, None)
        return True


class Coloured(Marked):
    """``color`` is empty where the artist gave none; ``keeps_color`` is False for generators, which forget it."""

    keeps_color = True

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.color = ""
        self.flags: list[str] = []

    def GetClipColor(self) -> str:
        return self.color

    def SetClipColor(self, colorName: Any) -> bool:
        if colorName not in CLIP_COLOURS:
            return False
        if self.keeps_color:
            self.color = colorName
        return True

    def ClearClipColor(self) -> bool:
        self.color = ""
        return True

    def AddFlag(self, color: Any) -> bool:
        if color not in MARKER_COLOURS:
            return False
        if color not in self.flags:
            self.flags.append(color)
        return True

    def GetFlagList(self) -> list[str]:
        return list(self.flags)

    def ClearFlags(self, color: Any) -> bool:
        if color != "All" and color not in MARKER_COLOURS:
            return False
        self.flags = [flag for flag in self.flags if color not in {"All", flag}]
        return True
