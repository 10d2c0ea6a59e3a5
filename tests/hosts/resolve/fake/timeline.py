"""A timeline with its tracks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hosts.resolve.fake import timecode as tc
from tests.hosts.resolve.fake.item import TimelineItem
from tests.hosts.resolve.fake.markers import Marked, Ranged
from tests.hosts.resolve.fake.remote import Thing, is_number

TRACK_KINDS = ("video", "audio", "subtitle")
_TIMECODE_PAGES = {"cut", "edit", "color", "fairlight", "deliver"}


@dataclass
class Track:
    """A track; its name is empty until it gets one."""

    items: list[TimelineItem] = field(default_factory=list)
    name: str = ""
    is_enabled: bool = True
    is_locked: bool = False


class Constant(Thing):
    """A constant of ``resolve`` that is an enum, such as ``EXPORT_OTIO``."""

    def __init__(self, app: Any, name: str) -> None:
        super().__init__(app)
        self.name = name


class Timeline(Ranged, Marked):
    """``start_frame`` and ``playhead`` are absolute; ``own_settings`` are those that differ from the project's."""

    def __init__(self, app: Any, project: Any, name: str, *, start_timecode: str = "01:00:00:00") -> None:
        super().__init__(app)
        self.project = project
        self.name = name
        self.own_settings: dict[str, str] = {"timelineFrameRate": project.settings["timelineFrameRate"]}
        self.start_frame = tc.to_frame(start_timecode, self.fps) or 0
        self.playhead = self.start_frame
        self.tracks: dict[str, list[Track]] = {"video": [Track()], "audio": [Track()], "subtitle": []}
        self.selected: list[TimelineItem] = []
        self.media: Any = None
        self.has_thumbnail = False

    @property
    def fps(self) -> str:
        return self.setting("timelineFrameRate")

    @property
    def rate(self) -> float:
        return tc.rate_of(self.fps)[0]

    def setting(self, name: str) -> str:
        return str(self.own_settings.get(name, self.project.settings.get(name, "")))

    def all_items(self) -> list[TimelineItem]:
        return [item for tracks in self.tracks.values() for track in tracks for item in track.items]

    def place_of(self, item: TimelineItem) -> tuple[str, int]:
        """The kind and the number of an item's track."""
        for kind, tracks in self.tracks.items():
            for index, track in enumerate(tracks, 1):
                if any(other is item for other in track.items):
                    return kind, index
        return "", 0

    def visible(self, frame: int) -> list[TimelineItem]:
        """The items that are seen at a frame, from the lowest track up."""
        return [
            item
            for track in self.tracks["video"]
            if track.is_enabled
            for item in track.items
            if item.is_enabled and item.item_kind != "transition" and item.start <= frame < item.end
        ]

    def put(self, item: TimelineItem, kind: str, index: int) -> bool:
        """Place an item; what is there already stays and wins."""
        track = self.tracks[kind][index - 1]
        if item.item_kind != "transition" and any(
            other.start < item.end and item.start < other.end
            for other in track.items
            if other.item_kind != "transition"
        ):
            return False
        track.items.append(item)
        track.items.sort(key=lambda other: other.start)
        return True

    def _track(self, kind: Any, index: Any) -> Track | None:
        tracks = self.tracks.get(kind, []) if isinstance(kind, str) else []
        return tracks[int(index) - 1] if is_number(index) and 1 <= index <= len(tracks) else None

    # The timeline itself

    def GetName(self) -> str:
        return self.name

    def SetName(self, timelineName: Any) -> bool:
        if not isinstance(timelineName, str) or any(other.name == timelineName for other in self.project.timelines):
            return False
        self.name = timelineName
        return True

    def GetUniqueId(self) -> str:
        return self.uid

    def GetMediaPoolItem(self) -> Any:
        return self.media

    def GetStartFrame(self) -> int:
        return self.start_frame

    def GetEndFrame(self) -> int:
        return max((item.end for item in self.all_items()), default=self.start_frame)

    def GetStartTimecode(self) -> str:
        return tc.to_timecode(self.start_frame, self.fps)

    def SetStartTimecode(self, timecode: Any) -> bool:
        frame = tc.to_frame(timecode, self.fps)
        if frame is None:
            return False
        moved = frame - self.start_frame
        for item in self.all_items():
            item.start += moved
        self.start_frame = frame
        self.playhead += moved
        return True

    def GetSetting(self, settingName: Any = None) -> Any:
        if settingName is None:
            return {name: self.GetSetting(name) for name in self.project.settings}
        value = self.setting(settingName) if isinstance(settingName, str) else ""
        if settingName == "timelineFrameRate" and self.app.quirks.rates_are_floats:
            return self.rate
        return value

    def SetSetting(self, settingName: Any, settingValue: Any) -> bool:
        if not isinstance(settingValue, str) or settingName not in self.project.settings:
            return False
        if settingName == "useCustomSettings":
            if settingValue == "0":
                self.own_settings = {"timelineFrameRate": self.fps}
            self.own_settings[settingName] = settingValue
            return True
        if self.setting("useCustomSettings") != "1" or not self.project.is_allowed(self, settingName, settingValue):
            return False
        self.own_settings[settingName] = settingValue
        return True

    # Tracks

    def GetTrackCount(self, trackType: Any) -> int:
        return len(self.tracks.get(trackType, []))

    def AddTrack(self, trackType: Any, subTrackType: Any = None) -> bool:
        if trackType not in self.tracks:
            return False
        tracks = self.tracks[trackType]
        index = len(tracks) + 1
        if isinstance(subTrackType, dict) and self.app.version >= (19, 0):
            index = int(subTrackType.get("index", index))
        if not 1 <= index <= len(tracks) + 1:
            return False
        tracks.insert(index - 1, Track())
        return True

    def DeleteTrack(self, trackType: Any, trackIndex: Any) -> bool:
        track = self._track(trackType, trackIndex)
        if track is None or len(self.tracks[trackType]) == 1:
            return False
        for item in track.items:
            item.is_gone = True
        self.tracks[trackType].remove(track)
        return True

    def GetTrackName(self, trackType: Any, trackIndex: Any) -> str:
        track = self._track(trackType, trackIndex)
        return "" if track is None else track.name or f"{trackType.title()} {int(trackIndex)}"

    def SetTrackName(self, trackType: Any, trackIndex: Any, name: Any) -> bool:
        track = self._track(trackType, trackIndex)
        if track is None or not isinstance(name, str):
            return False
        track.name = name
        return True

    def GetIsTrackEnabled(self, trackType: Any, trackIndex: Any) -> bool:
        track = self._track(trackType, trackIndex)
        return track is not None and track.is_enabled

    def SetTrackEnable(self, trackType: Any, trackIndex: Any, Bool: Any) -> bool:
        track = self._track(trackType, trackIndex)
        if track is None:
            return False
        track.is_enabled = bool(Bool)
        return True

    def GetIsTrackLocked(self, trackType: Any, trackIndex: Any) -> bool:
        track = self._track(trackType, trackIndex)
        return track is not None and track.is_locked

    def SetTrackLock(self, trackType: Any, trackIndex: Any, Bool: Any) -> bool:
        track = self._track(trackType, trackIndex)
        if track is None:
            return False
        track.is_locked = bool(Bool)
        return True

    # Items

    def GetItemListInTrack(self, trackType: Any, index: Any) -> Any:
        track = self._track(trackType, index)
        return None if track is None else list(track.items)

    def GetItemsInTrack(self, trackType: Any, index: Any) -> Any:
        track = self._track(trackType, index)
        return None if track is None else {float(number): item for number, item in enumerate(track.items, 1)}

    def GetSelectedClips(self) -> list[TimelineItem]:
        return list(self.selected)

    def GetCurrentVideoItem(self) -> Any:
        seen = self.visible(self.playhead)
        return seen[-1] if seen else None

    def DeleteClips(self, timelineItems: Any, Bool: Any = False) -> bool:
        """On the Edit page only; with ``Bool`` what follows on a track moves up."""
        if self.app.page != "edit" or not isinstance(timelineItems, list) or not timelineItems:
            return False
        places = [self.place_of(item) for item in timelineItems]
        if any(not index or self.tracks[kind][index - 1].is_locked for kind, index in places):
            return False
        for item, (kind, index) in zip(timelineItems, places):
            track = self.tracks[kind][index - 1]
            track.items = [other for other in track.items if other is not item]
            item.is_gone = True
            for other in track.items:
                if Bool and other.start >= item.end:
                    other.start -= item.duration
        self.selected = [item for item in self.selected if not item.is_gone]
        return True

    def SetClipsLinked(self, timelineItems: Any, Bool: Any) -> bool:
        return isinstance(timelineItems, list) and bool(timelineItems)

    # The playhead

    def GetCurrentTimecode(self) -> Any:
        """On the Fusion and Media pages it means nothing."""
        if self.app.page not in _TIMECODE_PAGES:
            return self.app.quirks.fusion_page_timecode
        return tc.to_timecode(self.playhead, self.fps)

    def SetCurrentTimecode(self, timecode: Any) -> bool:
        frame = tc.to_frame(timecode, self.fps)
        if self.app.page not in _TIMECODE_PAGES or self.project.current_timeline is not self:
            return False
        if frame is None or frame < self.start_frame:
            return False
        self.playhead = frame
        return True

    def GetCurrentClipThumbnailImage(self) -> Any:
        if self.app.page != "color" or not self.app.is_frontmost or self.GetCurrentVideoItem() is None:
            return None
        if not self.has_thumbnail:
            # the first one is still being made
            self.has_thumbnail = True
            return None
        return {"width": 1, "height": 1, "format": "RGB 8 bit", "data": "AAAA"}

    def GrabStill(self) -> Any:
        """The Gallery panel is not open."""
        return None

    def CreateSubtitlesFromAudio(self, autoCaptionSettings: Any = None) -> bool:
        return False

    # Copies

    def DuplicateTimeline(self, timelineName: Any = None) -> Any:
        name = timelineName if timelineName is not None else f"{self.name} copy"
        made = self.project.new_timeline(name)
        if made is None:
            return None
        made.own_settings = dict(self.own_settings)
        made.start_frame, made.playhead = self.start_frame, self.playhead
        made.markers = {frame: dict(marker) for frame, marker in self.markers.items()}
        made.tracks = {
            kind: [
                Track([item.copy_to(made) for item in track.items], track.name, track.is_enabled, track.is_locked)
                for track in tracks
            ]
            for kind, tracks in self.tracks.items()
        }
        return made

    def Export(self, fileName: Any, exportType: Any, exportSubtype: Any = None) -> bool:
        """The constants themselves; the same in words is refused."""
        if not isinstance(fileName, str) or not isinstance(exportType, Constant):
            return False
        if exportType.name in {"EXPORT_AAF", "EXPORT_EDL"} and not isinstance(exportSubtype, Constant):
            return False
        path = Path(fileName)
        if exportType.name == "EXPORT_FCPXML_1_10":
            path.mkdir(parents=True, exist_ok=True)
            path /= "Info.fcpxml"
        if not path.parent.is_dir():
            return False
        path.write_text(f"{exportType.name} of {self.name}\n", encoding="utf-8")
        return True
