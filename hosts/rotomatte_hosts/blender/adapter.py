"""Blender as a host: every method hands over to the module that knows how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Optional, cast

import bpy

from rotomatte_hosts.blender import bake, clips, compat, folders, place, store
from rotomatte_hosts.blender.drawings import Drawings
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
from rotomatte_plugin.messages import ENDED, JobEvent, Outline
from rotomatte_plugin.model import MatteObject, MatteTrack, ShapePrompt

_EDITORS = {"CLIP_EDITOR", "IMAGE_EDITOR", "NODE_EDITOR", "SEQUENCE_EDITOR"}


class BlenderHost(HostAdapter, DrawsPrompts, HasTimeline, TakesMarkers, TakesPrompts, TakesSplines, RendersPlates):
    """Blender, with every ability.

    ``drawings`` is what the editors draw over the plates, ``shown`` the progress in view, None where there is none, and
    ``cancels`` whether the artist has asked to stop it. Nothing of Blender's own is kept here.
    """

    def __init__(self) -> None:
        self.drawings = Drawings()
        self.shown: Optional[JobEvent] = None
        self.cancels = False
        self._timers: list[Callable[[], bool]] = []

    def run_timers(self) -> bool:
        """Let every timer tick once where Blender has no window, and so no time; False where none is left."""
        self._timers = [tick for tick in self._timers if tick()]
        return bool(self._timers)

    def info(self) -> HostInfo:
        return HostInfo("Blender", compat.version())

    def selected_clip(self) -> HostClip:
        return clips.selected(bpy.context).clip

    def current_frame(self, clip: HostClip) -> int:
        found = clips.find(clip.clip.host_id)
        return found.frames.to_clip(found.scene.frame_current)

    def objects(self, clip: HostClip) -> tuple[MatteObject, ...]:
        found = clips.find(clip.clip.host_id)
        return store.objects_of(found.scene, clip.clip.host_id)

    def place_matte(self, clip: HostClip, folder: str, track: MatteTrack) -> None:
        found = clips.find(clip.clip.host_id)
        way = cast("Literal['strip', 'nodes']", found.scene.rotomatte.place.lower())
        place.bring_matte(found, folder, track, way)

    def show_progress(self, event: JobEvent) -> None:
        self.shown = None if event.state in ENDED else event
        # To stop was about the job that has ended.
        self.cancels = self.cancels and event.state not in ENDED
        redraw()

    def is_cancelled(self) -> bool:
        return self.cancels

    def start_timer(self, interval_s: float, tick: Callable[[], bool]) -> None:
        if bpy.app.background:
            self._timers.append(tick)
        else:
            bpy.app.timers.register(lambda: interval_s if tick() else None, first_interval=interval_s, persistent=True)

    def draw_prompts(self, clip: HostClip, item: MatteObject) -> None:
        self.drawings.show_prompts(clip.clip.host_id, item)
        redraw()

    def draw_outline(self, clip: HostClip, name: str, frame: int, outline_xy: Outline) -> None:
        self.drawings.show_outline(clip.clip.host_id, name, frame, outline_xy)
        redraw()

    def clear_drawings(self, clip: HostClip) -> None:
        self.drawings.clear(clip.clip.host_id)
        redraw()

    def timeline_clips(self) -> tuple[HostClip, ...]:
        return tuple(found.clip for found in clips.in_timeline(bpy.context))

    def go_to(self, clip: HostClip, frame: int) -> None:
        found = clips.find(clip.clip.host_id)
        found.scene.frame_set(found.frames.to_host(frame))

    def set_markers(self, clip: HostClip, markers: tuple[Marker, ...]) -> None:
        place.bring_markers(clips.find(clip.clip.host_id), markers)

    def place_spline(self, clip: HostClip, name: str, shapes: tuple[ShapePrompt, ...]) -> None:
        place.bring_spline(clips.find(clip.clip.host_id), name, shapes)

    def mask_folder(self, clip: HostClip) -> str:
        return folders.prompts_folder(clips.find(clip.clip.host_id))

    def add_objects(self, clip: HostClip, objects: tuple[MatteObject, ...]) -> None:
        place.bring_objects(clips.find(clip.clip.host_id), objects)
        redraw()

    def render_plate(self, clip: HostClip) -> PlateRender:
        return bake.start(clip)


def redraw() -> None:
    """Draw every editor that shows clips anew."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in _EDITORS:
                area.tag_redraw()
