"""A host that exists in memory only: for tests, and as the shortest example of an adapter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Optional

from rotomatte_plugin.adapter import (
    DrawsPrompts,
    HasTimeline,
    HostAdapter,
    HostClip,
    HostInfo,
    Marker,
    TakesMarkers,
    TakesSplines,
)
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.messages import ENDED, JobEvent, Outline
from rotomatte_plugin.model import MatteObject, MatteTrack, ShapePrompt


@dataclass
class ClipInMemory:
    """A clip and all that an artist, or Rotomatte, has put there; ``playhead`` is in the clip's numbering."""

    clip: HostClip
    objects: tuple[MatteObject, ...] = ()
    playhead: int = 1
    mattes: dict[str, tuple[str, MatteTrack]] = field(default_factory=dict)
    splines: dict[str, tuple[ShapePrompt, ...]] = field(default_factory=dict)
    markers: tuple[Marker, ...] = ()
    prompts_drawn: dict[str, MatteObject] = field(default_factory=dict)
    outlines_drawn: dict[tuple[str, int], Outline] = field(default_factory=dict)


class MemoryHost(HostAdapter, DrawsPrompts, HasTimeline, TakesMarkers, TakesSplines):
    """A host with every ability.

    ``clips`` is its timeline, ``selection`` the host ids that are selected. ``shown`` is the progress in view, None
    where there is none. ``cancels`` is whether the artist presses Cancel. ``run_timers`` is its main loop.
    """

    def __init__(self, clips: Sequence[ClipInMemory] = ()) -> None:
        self.clips = {item.clip.clip.host_id: item for item in clips}
        self.selection = [item.clip.clip.host_id for item in clips][:1]
        self.shown: Optional[JobEvent] = None
        self.cancels = False
        self._timers: list[Callable[[], bool]] = []

    def run_timers(self) -> bool:
        """Let every timer tick once; False where none is left."""
        self._timers = [tick for tick in self._timers if tick()]
        return bool(self._timers)

    def info(self) -> HostInfo:
        return HostInfo("Memory", "1.0")

    def selected_clip(self) -> HostClip:
        if len(self.selection) != 1:
            raise JobError(f"{len(self.selection)} clips are selected.", remedy="Select one clip.")
        return self.clips[self.selection[0]].clip

    def current_frame(self, clip: HostClip) -> int:
        frames, playhead = clip.clip.frames, self._find(clip).playhead
        return playhead if frames is None else min(max(playhead, frames.first), frames.last)

    def objects(self, clip: HostClip) -> tuple[MatteObject, ...]:
        return self._find(clip).objects

    def place_matte(self, clip: HostClip, folder: str, track: MatteTrack) -> None:
        self._find(clip).mattes[track.object] = (folder, track)

    def show_progress(self, event: JobEvent) -> None:
        self.shown = None if event.state in ENDED else event
        # Cancel was about the job that has ended.
        self.cancels = self.cancels and event.state not in ENDED

    def is_cancelled(self) -> bool:
        return self.cancels

    def start_timer(self, interval_s: float, tick: Callable[[], bool]) -> None:
        del interval_s
        self._timers.append(tick)

    def draw_prompts(self, clip: HostClip, item: MatteObject) -> None:
        self._find(clip).prompts_drawn[item.name] = item

    def draw_outline(self, clip: HostClip, name: str, frame: int, outline_xy: Outline) -> None:
        self._find(clip).outlines_drawn[name, frame] = outline_xy

    def clear_drawings(self, clip: HostClip) -> None:
        found = self._find(clip)
        found.prompts_drawn.clear()
        found.outlines_drawn.clear()

    def timeline_clips(self) -> tuple[HostClip, ...]:
        return tuple(item.clip for item in self.clips.values())

    def go_to(self, clip: HostClip, frame: int) -> None:
        self._find(clip).playhead = frame

    def set_markers(self, clip: HostClip, markers: tuple[Marker, ...]) -> None:
        self._find(clip).markers = markers

    def place_spline(self, clip: HostClip, name: str, shapes: tuple[ShapePrompt, ...]) -> None:
        self._find(clip).splines[name] = shapes

    def _find(self, clip: HostClip) -> ClipInMemory:
        try:
            return self.clips[clip.clip.host_id]
        except KeyError:
            raise JobError(
                f"The clip {clip.clip.host_id!r} is not in this host any more.", remedy="Select the clip again."
            ) from None
