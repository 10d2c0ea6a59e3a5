"""The hosts that the contract is tested with, each with the same scene in it.

The scene: two clips, the first one selected, 64 x 64 pixels, frames 1001-1048, whose artist has clicked an object "car"
in the middle of the pixel (20, 10) from the top-left on frame 1003 and drawn a box from (4, 6) to (40, 50) on 1010.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from rotomatte_plugin.adapter import HostAdapter, HostClip, Marker
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


class HostCase(ABC):
    """A host with the scene in it, and the artist's hands and eyes on it.

    ``plate`` and ``host_space`` are what the host says of the selected clip. What a host does not have, its case need
    not answer.
    """

    adapter: HostAdapter
    plate: str
    host_space: str | None

    @abstractmethod
    def select_nothing(self) -> None: ...

    @abstractmethod
    def put_playhead(self, frame: int) -> None:
        """On a frame of the selected clip's numbering."""

    @abstractmethod
    def placed_mattes(self) -> Mapping[str, str]:
        """The files of each object's matte at the selected clip, as a pattern."""

    @abstractmethod
    def is_progress_shown(self) -> bool: ...

    @abstractmethod
    def press_cancel(self) -> None: ...

    @abstractmethod
    def run_main_loop(self) -> None:
        """Until no timer is left."""

    def drawn_outlines(self) -> Mapping[tuple[str, int], Outline]:
        raise NotImplementedError

    def markers(self) -> tuple[Marker, ...]:
        raise NotImplementedError

    def splines(self) -> Mapping[str, tuple[ShapePrompt, ...]]:
        raise NotImplementedError


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


CASES: list[Callable[[], HostCase]] = [InMemory]
