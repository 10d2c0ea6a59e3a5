"""A host that exists in memory only: for tests, and as the shortest example of an adapter."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from rotomatte_plugin.adapter import (
    DrawsPrompts,
    HasTimeline,
    HostAdapter,
    HostClip,
    HostInfo,
    Marker,
    PlateRender,
    RendersPlates,
    TakesMarkers,
    TakesPrompts,
    TakesSplines,
)
from rotomatte_plugin.errors import JobError, PlateError
from rotomatte_plugin.messages import ENDED, JobEvent, Outline
from rotomatte_plugin.model import MatteObject, MatteTrack, ShapePrompt


@dataclass
class ClipInMemory:
    """A clip and all that an artist, or Rotomatte, has put there; ``playhead`` is in the clip's numbering.

    ``source`` is the folder whose files become the plate of a clip that must be rendered, by being copied to its folder.
    ``folder`` is where mattes that become prompts lie, empty while there is no such place. ``undo_steps`` are the objects
    as they were before each step, the latest at the end, and ``redo_steps`` those before each that was undone.
    """

    clip: HostClip
    objects: tuple[MatteObject, ...] = ()
    playhead: int = 1
    mattes: dict[str, tuple[str, MatteTrack]] = field(default_factory=dict)
    splines: dict[str, tuple[ShapePrompt, ...]] = field(default_factory=dict)
    markers: tuple[Marker, ...] = ()
    prompts_drawn: dict[str, MatteObject] = field(default_factory=dict)
    outlines_drawn: dict[tuple[str, int], Outline] = field(default_factory=dict)
    source: str = ""
    folder: str = ""
    undo_steps: list[tuple[MatteObject, ...]] = field(default_factory=list)
    redo_steps: list[tuple[MatteObject, ...]] = field(default_factory=list)

    def undo(self) -> None:
        """Take the last step back, where there is one."""
        self._step(self.undo_steps, self.redo_steps)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._step(self.redo_steps, self.undo_steps)

    def _step(self, steps: list[tuple[MatteObject, ...]], back: list[tuple[MatteObject, ...]]) -> None:
        if steps:
            back.append(self.objects)
            self.objects = steps.pop()


class RenderInMemory(PlateRender):
    """Copies a frame whenever somebody asks whether it is finished."""

    def __init__(self, source: Path, folder: Path) -> None:
        self._folder = folder
        self._made: list[Path] = []
        self._is_cancelled = False
        try:
            self._waiting = sorted(source.iterdir())
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _not_rendered(error) from error

    def done(self) -> int:
        return len(self._made)

    def is_finished(self) -> bool:
        if self._waiting and not self._is_cancelled:
            frame = self._waiting.pop(0)
            try:
                self._made.append(Path(shutil.copy(frame, self._folder)))
            except OSError as error:
                raise _not_rendered(error) from error
        return self._is_cancelled or not self._waiting

    def cancel(self) -> None:
        if not self._waiting:
            return
        self._is_cancelled = True
        for path in self._made:
            path.unlink()
        self._made.clear()


class MemoryHost(HostAdapter, DrawsPrompts, HasTimeline, TakesMarkers, TakesSplines, TakesPrompts, RendersPlates):
    """A host with every ability.

    ``clips`` is its timeline, ``selection`` the host ids that are selected. ``shown`` is the progress in view, None
    where there is none. ``cancels`` is whether the artist presses Cancel, ``renders`` how many plates were begun. ``run_timers`` is
    its main loop.
    """

    def __init__(self, clips: Sequence[ClipInMemory] = ()) -> None:
        self.clips = {item.clip.clip.host_id: item for item in clips}
        self.selection = [item.clip.clip.host_id for item in clips][:1]
        self.shown: Optional[JobEvent] = None
        self.cancels = False
        self.renders = 0
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

    def mask_folder(self, clip: HostClip) -> str:
        folder = self._find(clip).folder
        if not folder:
            raise JobError("There is no place for mattes yet.", remedy="Save the work first.", clip=clip.clip.name)
        return folder

    def add_objects(self, clip: HostClip, objects: tuple[MatteObject, ...]) -> None:
        found = self._find(clip)
        found.undo_steps.append(found.objects)
        found.redo_steps.clear()
        found.objects += objects

    def render_plate(self, clip: HostClip) -> PlateRender:
        self.renders += 1
        return RenderInMemory(Path(self._find(clip).source), Path(clip.clip.plate.path))

    def _find(self, clip: HostClip) -> ClipInMemory:
        try:
            return self.clips[clip.clip.host_id]
        except KeyError:
            raise JobError(
                f"The clip {clip.clip.host_id!r} is not in this host any more.", remedy="Select the clip again."
            ) from None


def _not_rendered(error: OSError) -> PlateError:
    return PlateError(
        f"The plate could not be rendered: {error.strerror}.",
        remedy="Check the folders of its source and of the plate.",
        path=error.filename,
    )
