"""The hosts that the contract is tested with, each with the same scene in it.

The scene: two clips, the first one selected, 64 x 64 pixels, frames 1001-1048, whose artist has clicked an object "car"
in the middle of the pixel (20, 10) from the top-left on frame 1003 and drawn a box from (4, 6) to (40, 50) on 1010.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.contract.host_case import HostCase
from tests.contract.nuke_case import InNuke14, InNuke15, InNuke16, InNuke17
from tests.contract.resolve_case import InResolve19, InResolve20, InResolve210, InResolve211

from rotomatte_plugin.adapter import HostClip, Marker
from rotomatte_plugin.memory_host import ClipInMemory, MemoryHost
from rotomatte_plugin.messages import Outline
from rotomatte_plugin.model import (
    BoxPrompt,
    Clip,
    ColourSettings,
    FrameRange,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    ShapePrompt,
)


class InMemory(HostCase):
    def __init__(self) -> None:
        self.plate = "/shots/sh010/plate.%04d.exr"
        self.host_space = "ACEScg"
        car = MatteObject(
            "car", PromptSet(points=(PointPrompt(1003, 20.5, 10.5),), boxes=(BoxPrompt(1010, 4, 6, 40, 50),))
        )
        self._clip = ClipInMemory(self._host_clip(self.plate, "sh010"), (car,), playhead=1001)
        self.adapter = self._host = MemoryHost([self._clip, ClipInMemory(self._host_clip("/other.mov", "sh020"))])

    def _host_clip(self, plate: str, name: str) -> HostClip:
        clip = Clip(Plate(plate), FrameRange(1001, 1048), name, host_id=f"id of {name}")
        return HostClip(clip, ColourSettings(host_space=self.host_space))

    def select_nothing(self) -> None:
        self._host.selection = []

    def put_playhead(self, frame: int) -> None:
        self._clip.playhead = frame

    def placed_mattes(self) -> Mapping[str, str]:
        return {name: f"{folder}/{track.pattern}" for name, (folder, track) in self._clip.mattes.items()}

    def is_progress_shown(self) -> bool:
        return self._host.shown is not None

    def press_cancel(self) -> None:
        self._host.cancels = True

    def run_main_loop(self) -> None:
        while self._host.run_timers():
            pass

    def drawn_outlines(self) -> Mapping[tuple[str, int], Outline]:
        return self._clip.outlines_drawn

    def markers(self) -> tuple[Marker, ...]:
        return self._clip.markers

    def splines(self) -> Mapping[str, tuple[ShapePrompt, ...]]:
        return self._clip.splines

    def save_work(self, folder: Path) -> None:
        self._clip.folder = str(folder / "masks")

    def undo(self) -> bool:
        self._clip.undo()
        return True

    def redo(self) -> None:
        self._clip.redo()

    def select_clip_to_render(self, folder: Path) -> None:
        source = folder / "source"
        source.mkdir()
        for frame in range(11, 15):
            (source / f"{frame:04d}.exr").write_bytes(b"a frame")
        clip = HostClip(Clip(Plate(str(folder / "plate")), FrameRange(11, 14), "retimed", "r"), must_render=True)
        self._host.clips["r"] = ClipInMemory(clip, source=str(source))
        self._host.selection = ["r"]


CASES: list[Callable[[], HostCase]] = [
    InMemory,
    InNuke14,
    InNuke15,
    InNuke16,
    InNuke17,
    InResolve19,
    InResolve20,
    InResolve210,
    InResolve211,
]
