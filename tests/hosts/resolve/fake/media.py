"""A clip of the media pool."""

from __future__ import annotations

from typing import Any

from tests.hosts.resolve.fake import files, timecode
from tests.hosts.resolve.fake.markers import Coloured, Ranged

_SETTABLE = frozenset(
    {
        "Alpha mode", "Angle", "Camera #", "Clip Name", "Comments", "Data Level", "Description", "FPS", "Good Take",
        "H-FLIP", "IDT", "Input Color Space", "Input Gamma", "Input LUT", "Keyword", "PAR", "Reel Name", "Scene", "Shot",
        "Start TC", "Take", "V-FLIP",
    }
)  # fmt: skip


def properties_of(path: str, *, kind: str, fps: str, frames: int, start: int, resolution: str) -> dict[str, str]:
    """All of ``GetClipProperty()``, strings; a sequence's timecode is its file numbers."""
    nominal = fps.split(maxsplit=1)[0]
    return {
        "Alpha mode": "None",
        "Bit Depth": "16" if path.lower().endswith("exr") else "8",
        "Clip Name": files.file_name(path),
        "Comments": "",
        "Data Level": "Auto",
        "Duration": timecode.to_timecode(frames, fps),
        "End": str(start + frames - 1),
        "End TC": timecode.to_timecode(start + frames, fps),
        "FPS": nominal,
        "File Name": files.file_name(path),
        "File Path": path,
        "Format": files.file_name(path).rpartition(".")[2].upper(),
        "Frames": str(frames),
        "H-FLIP": "Off",
        "IDT": "",
        "In": "",
        "Input Color Space": "Project",
        "Input Gamma": "Project",
        "Input LUT": "",
        "Online Status": "Online",
        "Out": "",
        "PAR": "Square",
        "Proxy": "None",
        "Proxy Media Path": "",
        "Reel Name": "",
        "Resolution": resolution,
        "Start": str(start),
        "Start TC": timecode.to_timecode(start, fps),
        "Type": kind,
        "Usage": "0",
        "V-FLIP": "Off",
        "Video Codec": "",
    }


class MediaPoolItem(Ranged, Coloured):
    """``properties`` are those of ``GetClipProperty``; ``timeline`` is what a clip of Type ``Timeline`` stands for."""

    def __init__(self, app: Any, folder: Any, properties: dict[str, str]) -> None:
        super().__init__(app)
        self.folder = folder
        self.properties = properties
        self.metadata: dict[str, str] = {}
        self.third_party: dict[str, str] = {}
        self.clip_mattes: list[str] = []
        self.timeline: Any = None
        folder.clips.append(self)

    @property
    def first(self) -> int:
        """The number of its first frame, as Resolve counts: a sequence's as its files are numbered."""
        return int(self.properties["Start"])

    @property
    def frames(self) -> int:
        return int(self.properties["Frames"])

    @property
    def rate(self) -> float:
        return timecode.rate_of(self.properties["FPS"])[0]

    @property
    def start_s(self) -> float:
        """Its start timecode in seconds."""
        count = timecode.to_frame(self.properties["Start TC"], self.properties["FPS"]) or 0
        return count / timecode.exact_rate(self.rate)

    def GetName(self) -> str:
        return self.properties["Clip Name"]

    def SetName(self, name: Any) -> bool:
        if not isinstance(name, str):
            return False
        self.properties["Clip Name"] = name
        return True

    def GetUniqueId(self) -> str:
        return self.uid

    def GetMediaId(self) -> str:
        return self.uid[::-1]

    def GetClipProperty(self, propertyName: Any = None) -> Any:
        if propertyName is None:
            return {name: self._property(name) for name in self.properties}
        return self._property(propertyName) if propertyName in self.properties else ""

    def _property(self, name: str) -> Any:
        if name == "Usage" and self.app.project is not None:
            items = [item for timeline in self.app.project.timelines for item in timeline.all_items()]
            return str(sum(item.media is self for item in items))
        value = self.properties[name]
        return float(value.split(maxsplit=1)[0]) if name == "FPS" and self.app.quirks.rates_are_floats else value

    def SetClipProperty(self, propertyName: Any, propertyValue: Any) -> bool:
        if propertyName not in _SETTABLE or not isinstance(propertyValue, str):
            return False
        mode = self.app.project.settings["colorScienceMode"]
        if propertyName in {"Input Color Space", "Input Gamma"}:
            if mode != "davinciYRGBColorManagedv2":
                return False
            if self.app.quirks.ignores_colour_property:
                return True
        if propertyName == "IDT" and not mode.startswith("aces"):
            return False
        self.properties[propertyName] = propertyValue
        return True

    def GetMetadata(self, metadataType: Any = None) -> Any:
        return dict(self.metadata) if metadataType is None else self.metadata.get(metadataType, "")

    def SetMetadata(self, metadataType: Any, metadataValue: Any = None) -> bool:
        return _store(self.metadata, metadataType, metadataValue)

    def GetThirdPartyMetadata(self, metadataType: Any = None) -> Any:
        return dict(self.third_party) if metadataType is None else self.third_party.get(metadataType, "")

    def SetThirdPartyMetadata(self, metadataType: Any, metadataValue: Any = None) -> bool:
        return _store(self.third_party, metadataType, metadataValue)

    def GetTimeline(self) -> Any:
        return self.timeline

    def ReplaceClip(self, filePath: Any) -> bool:
        """Every use shows the other file, and the metadata are lost."""
        made = self.app.project.pool.read_file(filePath)
        if made is None:
            return False
        self.properties = made
        self.metadata = {}
        self.third_party = {}
        return True

    def ReplaceClipPreserveSubClip(self, filePath: Any) -> bool:
        return self.ReplaceClip(filePath)

    def LinkProxyMedia(self, proxyMediaFilePath: Any) -> bool:
        if not isinstance(proxyMediaFilePath, str):
            return False
        self.properties["Proxy Media Path"] = proxyMediaFilePath
        self.properties["Proxy"] = self.properties["Resolution"]
        return True


def _store(store: dict[str, str], names: Any, value: Any) -> bool:
    given = names if isinstance(names, dict) else {names: value}
    if not all(isinstance(name, str) and isinstance(item, str) for name, item in given.items()):
        return False
    store.update(given)
    return True
