"""The scene of the contract in the fake Resolve, once for each version that behaves differently."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.contract.host_case import HostCase
from tests.hosts.resolve.fake import Scene
from tests.hosts.resolve.fake.item import TimelineItem

from rotomatte_hosts.resolve.adapter import ResolveHost
from rotomatte_hosts.resolve.progress import TerminalProgress
from rotomatte_hosts.resolve.set_markers import owner
from rotomatte_plugin.adapter import Marker

_SIDE_PX = 64
_RECORD = 86500
"""Where the first clip begins on the timeline, so that the two numberings are never mistaken for each other."""

_HEADS = 20
"""How many files of the plate are before the first that is seen."""


class InResolve(HostCase):
    """The macro's prompts are at the times of its comp, which counts the plate's files from 0."""

    flavour = "19.0.2"

    def __init__(self) -> None:
        self.plate, self.host_space = "/shots/sh010/plate.%04d.exr", "ACEScg"
        self._scene = Scene(self.flavour)
        self._scene.pretend_files = True
        self._scene.project(
            colorScienceMode="davinciYRGBColorManagedv2",
            separateColorSpaceAndGamma="1",
            colorSpaceTimeline="DaVinci WG",
            colorSpaceTimelineGamma="DaVinci Intermediate",
        )
        self._timeline = self._scene.timeline(width=_SIDE_PX, height=_SIDE_PX)
        self._clip = self._place("/shots/sh010/plate", _RECORD)
        self._place("/shots/sh020/other", _RECORD + 48)
        self._prompts()
        self._progress = TerminalProgress(lambda _: None)
        has_selection = self._scene.fake.has("Timeline", "GetSelectedClips")
        self.adapter = self._host = ResolveHost(
            self._scene.resolve,
            which="selected" if has_selection else "playhead",
            bring_back=None,
            plates="/not/to/be/used",
            progress=self._progress,
        )
        self._select()

    def select_nothing(self) -> None:
        self._timeline.selected = []
        self._timeline.playhead = self._timeline.start_frame

    def put_playhead(self, frame: int) -> None:
        self._timeline.playhead = max(frame - 1001 + _RECORD, self._timeline.start_frame)

    def placed_mattes(self) -> Mapping[str, str]:
        found = {}
        for track in self._timeline.tracks["video"]:
            for item in track.items:
                head, _, name = track.name.partition("Rotomatte ")
                if head or not name:
                    continue
                assert (item.start, item.end) == (self._clip.start, self._clip.end)
                # What the plate shows at a frame of the timeline, the matte does too.
                assert item.frame_shown(_RECORD + 3) == self._clip.frame_shown(_RECORD + 3) == 1004
                assert item.media.properties["Input Gamma"] == "DaVinci Intermediate"
                found[name] = item.media.properties["File Path"].replace("[1001-1048]", "%04d")
        return found

    def is_progress_shown(self) -> bool:
        return self._progress.shown is not None

    def press_cancel(self) -> None:
        self._progress.cancel()

    def run_main_loop(self) -> None:
        while self._host.timers.run_timers():
            pass

    def markers(self) -> tuple[Marker, ...]:
        found = []
        for at, marker in sorted(self._timeline.markers.items()):
            clip, frame = owner(marker)
            assert clip == self._clip.uid
            assert frame is not None
            assert at + self._timeline.start_frame == frame - 1001 + _RECORD
            found.append(Marker(frame, marker["note"]))
        return tuple(found)

    def select_clip_to_render(self, folder: Path) -> None:
        media = self._scene.media("/shots/sh030/fast.[1001-1008].exr", resolution=f"{_SIDE_PX}x{_SIDE_PX}")
        self._clip = self._scene.place(media, record_frame=_RECORD + 200, speed=2.0)
        self._host._plates = str(folder / "plates")
        self._select()

    def _place(self, name: str, record: int) -> TimelineItem:
        media = self._scene.media(
            f"{name}.[{1001 - _HEADS:04d}-1100].exr",
            resolution=f"{_SIDE_PX}x{_SIDE_PX}",
            Input_Color_Space="ACES (AP1)",
            Input_Gamma="Linear",
        )
        return self._scene.place(media, record_frame=record, start=1001, end=1049)

    def _prompts(self) -> None:
        at = {"v": 1, "obj": 1}
        lines = (
            {**at, "t": _HEADS + 2, "kind": "include", "x": 20.5 / _SIDE_PX, "y": 1 - 10.5 / _SIDE_PX},
            {**at, "t": _HEADS + 9, "kind": "box", "x0": 4 / 64, "y0": 1 - 50 / 64, "x1": 40 / 64, "y1": 1 - 6 / 64},
        )
        comp = self._scene.comp(self._clip)
        self._scene.plain_prompt(comp, Names="car", PromptList="\n".join(map(json.dumps, lines)))

    def _select(self) -> None:
        """It is selected where Resolve tells of that, and under the playhead where it does not."""
        self._timeline.selected = [self._clip]
        self._timeline.playhead = self._clip.start


class InResolve19(InResolve):
    flavour = "19.0.2"


class InResolve20(InResolve):
    flavour = "20.2.1"


class InResolve210(InResolve):
    flavour = "21.0.4"


class InResolve211(InResolve):
    flavour = "21.1.0"
