"""A panel's controller with a host in memory and an artist who waits, for the tests of both."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import disc_centre
from tests.plugin.conftest import Machine, wait_until

from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk import Desk
from rotomatte_plugin.desk_view import DeskSettings, DeskView
from rotomatte_plugin.memory_host import ClipInMemory, MemoryHost
from rotomatte_plugin.messages import JobEvent
from rotomatte_plugin.model import Clip, FrameRange, MatteObject, MatteTrack, Plate, PointPrompt, PromptSet

PATIENCE_S = 60.0
LOST = (1004, 1005)


class Host(MemoryHost):
    """A host that only the main thread may touch, and that shows what was shown."""

    def __init__(self, clips: list[ClipInMemory]) -> None:
        super().__init__(clips)
        self.phases: list[str] = []
        self.refused = ""

    def __getattribute__(self, name: str) -> Any:
        assert threading.current_thread() is threading.main_thread(), f"{name} off the main thread"
        return super().__getattribute__(name)

    def place_matte(self, clip: HostClip, folder: str, track: MatteTrack) -> None:
        if track.object == self.refused:
            raise ValueError("no room on the timeline")
        super().place_matte(clip, folder, track)


class Client(EngineClient):
    """Remembers what it was asked, and hands events over one by one: a quick job is seen under way on any machine."""

    def __init__(self, **options: Any) -> None:
        super().__init__("test", **options)
        self.asked: list[str] = []
        self._held: list[JobEvent] = []

    def events(self) -> tuple[JobEvent, ...]:
        self._held += super().events()
        first, self._held = self._held[:1], self._held[1:]
        return tuple(first)

    def call(self, method: Any, params: Any, timeout_s: float | None = None) -> Any:
        self.asked.append(method.name)
        return super().call(method, params, timeout_s)

    def count(self, method: Any) -> int:
        return self.asked.count(method.name)


class Room:
    """A desk with its host, and an artist who waits."""

    def __init__(self, desk: Desk, host: Host, clip: ClipInMemory, client: Client) -> None:
        self.desk, self.host, self.clip, self.client = desk, host, clip, client
        self.views: list[DeskView] = []

    def settle(self, until: Callable[[DeskView], bool] | None = None) -> DeskView:
        """Run the host's main loop to its end, or until the panel shows something."""

        def look() -> bool:
            goes_on = self.host.run_timers()
            self.views.append(self.desk.view)
            return not goes_on if until is None else until(self.desk.view)

        wait_until(look, PATIENCE_S)
        return self.desk.view

    def select(self, item: ClipInMemory) -> None:
        self.host.clips[item.clip.clip.host_id] = self.clip = item
        self.host.selection = [item.clip.clip.host_id]


def disc(name: str = "disc", *frames: int) -> MatteObject:
    points = [PointPrompt(frame, *map(float, disc_centre(frame, 1001))) for frame in frames or (1001,)]
    return MatteObject(name, PromptSet(points=tuple(points)))


def clip_of(plate: Path, count: int = 8, *objects: MatteObject, **more: Any) -> ClipInMemory:
    clip = Clip(Plate(str(plate)), FrameRange(1001, 1000 + count), plate.name, host_id=plate.name)
    return ClipInMemory(HostClip(clip, must_render="source" in more), objects or (disc(),), playhead=1001, **more)


def frames_drawn(room: Room, name: str = "disc") -> list[int]:
    return sorted(frame for one, frame in room.clip.outlines_drawn if one == name)


@contextmanager
def opened_room(machine: Machine, plate: Path) -> Iterator[Room]:
    """A room whose host has one clip, of a plate of eight frames with a disc; closed again, with all of its threads."""
    before = set(threading.enumerate())
    client = Client(environ={**machine.environ, "ROTOMATTE_ENGINE": sys.executable})
    clip = clip_of(plate)
    host = Host([clip])
    desk = Desk(host, client)
    desk.settings = DeskSettings(quality="draft", model="disc")
    try:
        yield Room(desk, host, clip, client)
    finally:
        desk.close()
        wait_until(lambda: not any(one.name == "rotomatte-desk" for one in set(threading.enumerate()) - before))
        client.close()
