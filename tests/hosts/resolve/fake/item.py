"""A timeline item: a clip, a title, a generator, a transition."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from tests.hosts.resolve.fake import comps, timecode
from tests.hosts.resolve.fake.markers import Coloured
from tests.hosts.resolve.fake.remote import Thing, is_number

KINDS = ("clip", "title", "generator", "adjustment", "transition")

PROPERTIES: dict[str, Any] = {
    "Pan": 0.0, "Tilt": 0.0, "ZoomX": 1.0, "ZoomY": 1.0, "ZoomGang": True, "RotationAngle": 0.0, "AnchorPointX": 0.0,
    "AnchorPointY": 0.0, "Pitch": 0.0, "Yaw": 0.0, "FlipX": False, "FlipY": False, "CropLeft": 0.0, "CropRight": 0.0,
    "CropTop": 0.0, "CropBottom": 0.0, "CropSoftness": 0.0, "CropRetain": False, "DynamicZoomEase": 0,
    "CompositeMode": 0, "Opacity": 100.0, "Distortion": 0.0, "RetimeProcess": 0, "MotionEstimation": 0, "Scaling": 0,
    "ResizeFilter": 0,
}  # fmt: skip
_RANGES = {
    "ZoomX": (0.0, 100.0), "ZoomY": (0.0, 100.0), "RotationAngle": (-360.0, 360.0), "Pitch": (-1.5, 1.5),
    "Yaw": (-1.5, 1.5), "CropSoftness": (-100.0, 100.0), "Opacity": (0.0, 100.0), "Distortion": (-1.0, 1.0),
}  # fmt: skip


class Graph(Thing):
    """The nodes of an item's grade; ``is_graded`` until it is reset."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.is_graded = False

    def GetNumNodes(self) -> int:
        return 1

    def GetNodeLabel(self, nodeIndex: Any) -> Any:
        return "" if nodeIndex == 1 else None

    def ResetAllGrades(self) -> bool:
        self.is_graded = False
        return True


class TimelineItem(Coloured):
    """``start`` is the timeline's absolute frame; ``source_start`` and ``source_end`` number the media's frames.

    ``source_end`` is exclusive. ``speed`` is 2 where the clip plays twice as fast, and the item is as long as its source
    played at that speed, in whole frames of the timeline. ``jitter`` is added to what GetSourceStartFrame says, and
    where ``source_is_unknown`` both source frames are 0.
    """

    def __init__(
        self,
        app: Any,
        timeline: Any,
        media: Any,
        *,
        kind: str,
        start: int,
        source_start: float,
        source_end: float,
        speed: float = 1.0,
        is_reversed: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(app)
        self.timeline = timeline
        self.media = media
        self.item_kind = kind
        self.start = start
        self.source_start = source_start
        self.source_end = source_end
        self.speed = speed
        self.is_reversed = is_reversed
        self.jitter = 0
        self.source_is_unknown = False
        self.is_enabled = True
        self.keeps_color = kind == "clip"
        self.is_doomed = False
        self.name = name or (media.properties["Clip Name"] if media is not None else kind.title())
        self.properties = {} if kind == "transition" else dict(PROPERTIES)
        self.graph = Graph(app)
        self.comps: list[Any] = []
        self.active_comp: Any = None
        rates = timeline.rate / media.rate if media is not None else 1.0
        self.duration = max(1, math.floor((source_end - source_start) * rates / speed + 1e-6))

    @property
    def end(self) -> int:
        return self.start + self.duration

    @property
    def is_same_rate(self) -> bool:
        return self.media is None or abs(self.media.rate - self.timeline.rate) < 1e-3

    def frame_shown(self, record_frame: int) -> int:
        """The number of the media's frame that is seen at a frame of the timeline; beyond the media its edge freezes."""
        played = (record_frame - self.start) * self.speed
        if not self.is_same_rate:
            played *= self.media.rate / self.timeline.rate
        number = self.source_end - 1 - played if self.is_reversed else self.source_start + played
        if self.media is None:
            return math.floor(number)
        last = self.media.first + self.media.frames - 1
        return int(min(max(math.floor(number + 1e-6), self.media.first), last))

    def marker_record_frame(self, frame: float) -> float:
        """Where on the timeline a marker of this item is seen."""
        return frame + self.start - (self.source_index if self.app.quirks.item_markers_from_head else 0)

    @property
    def comp(self) -> Any:
        """The comp that is seen: the one that was loaded, else the first."""
        return self.active_comp if self.active_comp in self.comps else self.comps[0]

    @property
    def source_index(self) -> float:
        """How many frames of the media are before its first one here."""
        return self.source_start - (self.media.first if self.media is not None else 0)

    def copy_to(self, timeline: Any) -> TimelineItem:
        """The same item in another timeline, with an id of its own."""
        made = TimelineItem(
            self.app, timeline, self.media, kind=self.item_kind, start=self.start, source_start=self.source_start,
            source_end=self.source_end, speed=self.speed, is_reversed=self.is_reversed, name=self.name,
        )  # fmt: skip
        made.duration, made.is_enabled, made.color = self.duration, self.is_enabled, self.color
        made.properties = dict(self.properties)
        made.markers = {frame: dict(marker) for frame, marker in self.markers.items()}
        made.graph.is_graded = self.graph.is_graded
        made.jitter, made.source_is_unknown = self.jitter, self.source_is_unknown
        for comp in self.comps:
            copied = comps.import_comp(made, comps.export_comp(comp))
            if copied is not None:
                copied.name = comp.name
                copied.global_start, copied.global_end = comp.global_start, comp.global_end
                copied.render_start, copied.render_end = comp.render_start, comp.render_end
                copied.current_time = comp.current_time
        return made

    def GetName(self) -> str:
        return self.name

    def SetName(self, name: Any) -> bool:
        if not isinstance(name, str):
            return False
        self.name = name
        return True

    def GetUniqueId(self) -> str:
        return self.uid

    def GetStart(self, subframe_precision: Any = False) -> Any:
        return float(self.start) if subframe_precision else self.start

    def GetEnd(self, subframe_precision: Any = False) -> Any:
        return float(self.end) if subframe_precision else self.end

    def GetDuration(self, subframe_precision: Any = False) -> Any:
        return float(self.duration) if subframe_precision else self.duration

    def GetLeftOffset(self, subframe_precision: Any = False) -> Any:
        """In frames of the retimed clip."""
        from_zero = self.app.quirks.left_offset_from_zero or self.speed != 1.0
        offset = (self.source_index if from_zero else self.source_start) / self.speed
        return float(offset) if subframe_precision else math.floor(offset)

    def GetRightOffset(self, subframe_precision: Any = False) -> Any:
        last = self.media.first + self.media.frames if self.media is not None else self.source_end
        offset = (last - self.source_end) / self.speed
        return float(offset) if subframe_precision else math.floor(offset)

    def GetSourceStartFrame(self) -> Any:
        return self._source_frame(is_end=self.is_reversed)

    def GetSourceEndFrame(self) -> Any:
        return self._source_frame(is_end=not self.is_reversed)

    def _source_frame(self, *, is_end: bool) -> int:
        if self.source_is_unknown:
            return 0
        number = self.source_end - (0 if self.is_same_rate else 1) if is_end else self.source_start + self.jitter
        if self.app.quirks.source_frame_from_zero and self.media is not None:
            number -= self.media.first
        return math.floor(number)

    def GetSourceStartTime(self) -> Any:
        return self._source_time(self.source_end if self.is_reversed else self.source_start)

    def GetSourceEndTime(self) -> Any:
        return self._source_time(self.source_start if self.is_reversed else self.source_end)

    def _source_time(self, number: float) -> float:
        """Seconds of the media's own timecode."""
        if self.media is None or self.source_is_unknown:
            return 0.0
        return float(self.media.start_s + (number - self.media.first) / timecode.exact_rate(self.media.rate))

    def GetProperty(self, propertyKey: Any = None) -> Any:
        return dict(self.properties) if propertyKey is None else self.properties.get(propertyKey)

    def SetProperty(self, propertyKey: Any, propertyValue: Any = None) -> bool:
        given = propertyKey if isinstance(propertyKey, dict) else {propertyKey: propertyValue}
        if not given or any(name not in self.properties for name in given):
            return False
        for name, value in given.items():
            if isinstance(PROPERTIES[name], bool):
                if not isinstance(value, (bool, int)):
                    return False
            elif not is_number(value):
                return False
        for name, value in given.items():
            low, high = _RANGES.get(name, (-math.inf, math.inf))
            kind = type(PROPERTIES[name])
            self.properties[name] = kind(min(max(value, low), high))
            if name in {"ZoomX", "ZoomY"} and self.properties["ZoomGang"]:
                self.properties["ZoomX"] = self.properties["ZoomY"] = self.properties[name]
        return True

    def GetMediaPoolItem(self) -> Any:
        return self.media if self.item_kind == "clip" and self.media is not None and not self.media.is_gone else None

    def GetTrackTypeAndIndex(self) -> list[Any]:
        return list(self.timeline.place_of(self))

    def GetLinkedItems(self) -> list[Any]:
        return []

    def GetClipEnabled(self) -> bool:
        return self.is_enabled

    def SetClipEnabled(self, Bool: Any) -> bool:
        self.is_enabled = bool(Bool)
        return True

    def GetNodeGraph(self, layerIdx: Any = None) -> Any:
        return self.graph if self.properties else None

    def CreateMagicMask(self, mode: Any) -> bool:
        """It tracks only what the artist has clicked on."""
        return False

    def RegenerateMagicMask(self) -> bool:
        return False

    # Fusion

    def GetFusionCompCount(self) -> int:
        return len(self.comps)

    def GetFusionCompByIndex(self, compIndex: Any) -> Any:
        if not is_number(compIndex) or not 1 <= compIndex <= len(self.comps):
            return None
        return self.comps[int(compIndex) - 1]

    def GetFusionCompNameList(self) -> list[str]:
        return [comp.name for comp in self.comps]

    def GetFusionCompByName(self, compName: Any) -> Any:
        return next((comp for comp in self.comps if comp.name == compName), None)

    def LoadFusionCompByName(self, compName: Any) -> Any:
        found = self.GetFusionCompByName(compName)
        if found is not None:
            self.active_comp = found
        return found

    def AddFusionComp(self) -> Any:
        if self.item_kind == "transition":
            return None
        return comps.add_comp(self)

    def ImportFusionComp(self, path: Any) -> Any:
        if self.item_kind == "transition" or not isinstance(path, str) or not Path(path).is_file():
            return None
        return comps.import_comp(self, Path(path).read_text(encoding="utf-8"))

    def ExportFusionComp(self, path: Any, compIndex: Any) -> bool:
        comp = self.GetFusionCompByIndex(compIndex)
        if comp is None or not isinstance(path, str) or not Path(path).parent.is_dir():
            return False
        Path(path).write_text(comps.export_comp(comp), encoding="utf-8")
        return True

    def DeleteFusionCompByName(self, compName: Any) -> bool:
        comp = self.GetFusionCompByName(compName)
        if comp is None:
            return False
        comp.is_gone = True
        self.comps.remove(comp)
        return True

    def RenameFusionCompByName(self, oldName: Any, newName: Any) -> bool:
        comp = self.GetFusionCompByName(oldName)
        if comp is None or not isinstance(newName, str) or self.GetFusionCompByName(newName) is not None:
            return False
        comp.name = newName
        return True
