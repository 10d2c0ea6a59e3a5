"""Resolve as it was when Lua read it: a host that gives one clip, and keeps what is to be brought back."""

from __future__ import annotations

from collections.abc import Callable

from rotomatte_hosts.resolve.progress import TerminalProgress
from rotomatte_hosts.resolve.prompts import objects_of
from rotomatte_hosts.resolve.read_clip import ResolveClip
from rotomatte_plugin.adapter import HostAdapter, HostClip, HostInfo, Marker, TakesMarkers
from rotomatte_plugin.messages import JobEvent
from rotomatte_plugin.model import MatteObject, MatteTrack
from rotomatte_plugin.terminal import TerminalTimers


class FactsHost(HostAdapter, TakesMarkers):
    """A host of one clip; ``tracks`` and ``markers`` are what came back."""

    def __init__(self, found: ResolveClip, progress: TerminalProgress) -> None:
        self.timers = TerminalTimers()
        self.tracks: list[MatteTrack] = []
        self.markers: tuple[Marker, ...] = ()
        self._found = found
        self._progress = progress

    def info(self) -> HostInfo:
        product = self._found.facts.product
        return HostInfo(product.name, product.version)

    def selected_clip(self) -> HostClip:
        return self._found.clip

    def current_frame(self, clip: HostClip) -> int:
        del clip
        return self._found.frames.first

    def objects(self, clip: HostClip) -> tuple[MatteObject, ...]:
        del clip
        return objects_of(self._found)

    def place_matte(self, clip: HostClip, folder: str, track: MatteTrack) -> None:
        del clip, folder
        self.tracks.append(track)

    def set_markers(self, clip: HostClip, markers: tuple[Marker, ...]) -> None:
        del clip
        self.markers = markers

    def show_progress(self, event: JobEvent) -> None:
        self._progress.show(event)

    def is_cancelled(self) -> bool:
        return self._progress.is_cancelled()

    def start_timer(self, interval_s: float, tick: Callable[[], bool]) -> None:
        self.timers.start(interval_s, tick)
