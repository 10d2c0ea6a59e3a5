"""A project: its settings and timelines."""

from __future__ import annotations

from typing import Any

from tests.hosts.resolve.fake.media import MediaPoolItem, properties_of
from tests.hosts.resolve.fake.media_pool import MediaPool
from tests.hosts.resolve.fake.render import Rendering
from tests.hosts.resolve.fake.timeline import Timeline

SETTINGS = {
    "colorAcesIDT": "No Input Transform",
    "colorAcesNodeLUTProcessingSpace": "acesccAp1",
    "colorAcesODT": "No Output Transform",
    "colorScienceMode": "davinciYRGB",
    "colorSpaceInput": "Rec.709 Gamma 2.4",
    "colorSpaceInputGamma": "Gamma 2.4",
    "colorSpaceOutput": "Rec.709 Gamma 2.4",
    "colorSpaceOutputGamma": "Gamma 2.4",
    "colorSpaceOutputToneMapping": "DaVinci",
    "colorSpaceTimeline": "Rec.709 (Scene)",
    "colorSpaceTimelineGamma": "Gamma 2.4",
    "disableFusionToneMapping": "0",
    "imageResizingGamma": "Log",
    "inputDRT": "DaVinci",
    "isAutoColorManage": "0",
    "nodeStackLayers": "1",
    "outputDRT": "DaVinci",
    "rcmPresetMode": "Custom",
    "separateColorSpaceAndGamma": "0",
    "timelineDropFrameTimecode": "0",
    "timelineFrameRate": "24",
    "timelinePixelAspectRatio": "Square",
    "timelinePlaybackFrameRate": "24",
    "timelineResolutionHeight": "1080",
    "timelineResolutionWidth": "1920",
    "timelineWorkingLuminance": "100",
    "timelineWorkingLuminanceMode": "SDR 100",
    "useCustomSettings": "0",
    "videoDataLevels": "Video",
}
"""The keys that matter here; Resolve has some 200. All values are strings."""


class Project(Rendering):
    """``is_dirty`` where something has changed since it was saved."""

    def __init__(self, app: Any, name: str) -> None:
        super().__init__(app)
        self.name = name
        self.settings = dict(SETTINGS)
        self.timelines: list[Timeline] = []
        self.current_timeline: Any = None
        self.is_dirty = False
        self.pool = MediaPool(app, self)

    def new_timeline(self, name: Any, *, becomes_current: bool = False) -> Any:
        """None where another one has that name; it is a clip of the current bin as well."""
        if not isinstance(name, str) or not name or any(timeline.name == name for timeline in self.timelines):
            return None
        made = Timeline(self.app, self, name)
        self.timelines.append(made)
        made.media = MediaPoolItem(
            self.app,
            self.pool.current,
            properties_of(
                name,
                kind="Timeline",
                fps=made.fps,
                frames=1,
                start=0,
                resolution=f"{made.setting('timelineResolutionWidth')}x{made.setting('timelineResolutionHeight')}",
            ),
        )
        made.media.properties["File Path"] = ""
        made.media.timeline = made
        if becomes_current or self.current_timeline is None:
            self.current_timeline = made
        return made

    def forget_timeline(self, timeline: Timeline) -> None:
        self.timelines = [other for other in self.timelines if other is not timeline]
        timeline.is_gone = True
        for item in timeline.all_items():
            item.is_gone = True
        if self.current_timeline is timeline:
            self.current_timeline = self.timelines[0] if self.timelines else None

    def is_allowed(self, owner: Any, name: str, value: str) -> bool:
        """Whether Resolve takes a setting of the project or of a timeline."""
        if name == "timelinePlaybackFrameRate":
            return False
        if name == "timelineFrameRate":
            return owner is self and not self.timelines
        if name in {"timelineResolutionWidth", "timelineResolutionHeight"} and self.app.quirks.vertical_is_refused:
            size = {key: owner.setting(key) for key in ("timelineResolutionWidth", "timelineResolutionHeight")}
            size[name] = value
            width, height = size.values()
            return not (width.isdigit() and height.isdigit() and int(height) > int(width))
        return True

    def setting(self, name: str) -> str:
        return self.settings[name]

    def GetName(self) -> str:
        return self.name

    def SetName(self, projectName: Any) -> bool:
        if not isinstance(projectName, str) or projectName in self.app.root.manager.projects:
            return False
        self.app.root.manager.rename(self, projectName)
        return True

    def GetUniqueId(self) -> str:
        return self.uid

    def GetMediaPool(self) -> MediaPool:
        return self.pool

    def GetTimelineCount(self) -> int:
        return len(self.timelines)

    def GetTimelineByIndex(self, idx: Any) -> Any:
        if not isinstance(idx, (int, float)) or not 1 <= idx <= len(self.timelines):
            return None
        return self.timelines[int(idx) - 1]

    def GetCurrentTimeline(self) -> Any:
        return self.current_timeline

    def SetCurrentTimeline(self, timeline: Any) -> bool:
        if timeline not in self.timelines:
            return False
        self.current_timeline = timeline
        return True

    def GetSetting(self, settingName: Any = None) -> Any:
        if settingName is None:
            return {name: self.GetSetting(name) for name in self.settings}
        value = self.settings.get(settingName, "") if isinstance(settingName, str) else ""
        if settingName == "timelineFrameRate" and self.app.quirks.rates_are_floats:
            return float(value.split()[0])
        return value

    def SetSetting(self, settingName: Any, settingValue: Any) -> bool:
        if settingName not in self.settings or not isinstance(settingValue, str):
            return False
        if not self.is_allowed(self, settingName, settingValue):
            return False
        self.settings[settingName] = settingValue
        return True

    def RefreshLUTList(self) -> bool:
        return True
