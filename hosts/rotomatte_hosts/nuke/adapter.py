"""Nuke, as Rotomatte sees a host; every Rotomatte node of the script is a clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Optional

import nuke

from rotomatte_hosts.nuke import knobs, names, nodes
from rotomatte_hosts.nuke.add_objects import add_objects
from rotomatte_hosts.nuke.bake import BakedPlate
from rotomatte_hosts.nuke.draw_outline import clear_outlines, draw_outline
from rotomatte_hosts.nuke.knobs import Shown
from rotomatte_hosts.nuke.matte_folders import prompts_folder
from rotomatte_hosts.nuke.place_cryptomatte import place_cryptomatte
from rotomatte_hosts.nuke.place_read import place_read
from rotomatte_hosts.nuke.place_roto import place_roto
from rotomatte_hosts.nuke.progress import Progress
from rotomatte_hosts.nuke.read_clip import NukeClip, clip_of
from rotomatte_hosts.nuke.take_prompts import keep_prompts, plan_prompts
from rotomatte_hosts.nuke.timers import make_timers
from rotomatte_plugin.adapter import (
    DrawsPrompts,
    HasTimeline,
    HostAdapter,
    HostClip,
    HostInfo,
    PlateRender,
    RendersPlates,
    TakesPrompts,
    TakesSplines,
)
from rotomatte_plugin.errors import JobError, RotomatteError
from rotomatte_plugin.handover import PanelResult
from rotomatte_plugin.messages import JobEvent, Outline
from rotomatte_plugin.model import FrameRange, MatteObject, MatteTrack, ShapePrompt
from rotomatte_plugin.panel_call import CallsPanel


class NukeHost(HostAdapter, DrawsPrompts, HasTimeline, TakesSplines, TakesPrompts, RendersPlates, CallsPanel):
    """The running Nuke and its script. Prompts need no drawing: their knobs have handles in the viewer."""

    def __init__(self) -> None:
        self.timers = make_timers()
        self._progress = Progress()
        self._chosen: Optional[str] = None
        self._found: dict[HostClip, NukeClip] = {}
        self._adding: Optional[list[Callable[[], None]]] = None

    def work_on(self, node: Optional[nuke.Node]) -> None:
        """Mean this Rotomatte node whatever is selected, since one of its buttons was pressed; None: the selected."""
        nodes.rotomatte_nodes()
        self._chosen = None if node is None else nodes.id_of(node)

    def clip(self, node: nuke.Node) -> HostClip:
        """The clip of a Rotomatte node, whichever is meant otherwise.

        Raises:
            JobError: nothing is connected.
            PlateError: the Read's path cannot be made out.
        """
        nodes.rotomatte_nodes()
        return self._look_at(node).clip

    def shown(self, node: nuke.Node) -> Shown:
        """How a Rotomatte node's plate is shown.

        Raises:
            JobError: nothing is connected.
            PlateError: the Read's path cannot be made out.
        """
        found = self._look_at(node)
        return Shown(found.frames, found.height_px)

    def shown_as(self, clip: HostClip) -> Shown:
        """How a clip's plate was shown when it was looked at.

        Raises:
            JobError: it never was, and its node is gone.
        """
        found = self._known(clip)
        return Shown(found.frames, found.height_px)

    def info(self) -> HostInfo:
        return HostInfo("Nuke", str(nuke.NUKE_VERSION_STRING))

    def selected_clip(self) -> HostClip:
        every = nodes.rotomatte_nodes()
        chosen = [node for node in every if self._chosen is not None and nodes.id_of(node) == self._chosen]
        selected = chosen or [node for node in every if node.isSelected()]
        if len(selected) != 1:
            raise JobError(
                f"{len(selected) or 'No'} Rotomatte node{'s are' if len(selected) > 1 else ' is'} selected.",
                remedy="Select one Rotomatte node.",
            )
        return self._look_at(selected[0]).clip

    def current_frame(self, clip: HostClip) -> int:
        return self._known(clip).frames.nearest(nuke.frame())

    def objects(self, clip: HostClip) -> tuple[MatteObject, ...]:
        return knobs.objects_of(_node(clip), self.shown_as(clip))

    def place_matte(self, clip: HostClip, folder: str, track: MatteTrack) -> None:
        if self._adding is None:
            self._place(clip, folder, track)
        else:
            self._adding.append(partial(self._place, clip, folder, track))

    def show_progress(self, event: JobEvent) -> None:
        self._progress.show(event)

    def is_cancelled(self) -> bool:
        return self._progress.is_cancelled()

    def start_timer(self, interval_s: float, tick: Callable[[], bool]) -> None:
        self.timers.start(interval_s, tick)

    def render_plate(self, clip: HostClip) -> PlateRender:
        return BakedPlate(self._known(clip))

    def draw_prompts(self, clip: HostClip, item: MatteObject) -> None:
        del clip, item

    def draw_outline(self, clip: HostClip, name: str, frame: int, outline_xy: Outline) -> None:
        found = self._known(clip)
        draw_outline(_node(clip), name, found.frames.to_host(frame), outline_xy, found.height_px)

    def clear_drawings(self, clip: HostClip) -> None:
        clear_outlines(_node(clip))

    def timeline_clips(self) -> tuple[HostClip, ...]:
        found = []
        for node in nodes.rotomatte_nodes():
            try:
                found.append(self._look_at(node))
            except RotomatteError:
                # One whose plate is not connected yet is no clip.
                continue
        found.sort(key=lambda item: (item.frames.to_host(item.frames.frames.first), item.clip.clip.name))
        return tuple(item.clip for item in found)

    def go_to(self, clip: HostClip, frame: int) -> None:
        nuke.frame(self._known(clip).frames.to_host(frame))

    def place_spline(self, clip: HostClip, name: str, shapes: tuple[ShapePrompt, ...]) -> None:
        found = self._known(clip)
        place_roto(_node(clip), name, shapes, found.height_px, found.frames, _frames(clip, found))

    def mask_folder(self, clip: HostClip) -> str:
        return prompts_folder(_node(clip))

    def add_objects(self, clip: HostClip, objects: tuple[MatteObject, ...]) -> None:
        add_objects(_node(clip), objects, self.shown_as(clip))

    def part_of(self, clip: HostClip, frames: FrameRange) -> HostClip:
        part = replace(clip, clip=replace(clip.clip, frames=frames))
        self._found[part] = self._known(clip)
        return part

    def take_prompts(self, clip: HostClip, result: PanelResult) -> tuple[str, ...]:
        # All that a result has becomes one step of undo, so it waits for its end.
        self._adding = []
        node, shown = _node(clip), self.shown_as(clip)
        plan = plan_prompts(node, result, shown)
        self._adding.append(partial(keep_prompts, node, plan, shown))
        return plan.notes

    def end_adding(self, clip: HostClip) -> None:
        steps, self._adding = self._adding or [], None
        with nodes.one_undo_step(f"Rotomatte: {clip.clip.name} from the panel"):
            for step in steps:
                step()

    def _place(self, clip: HostClip, folder: str, track: MatteTrack) -> None:
        node, found = _node(clip), self._known(clip)
        place = place_cryptomatte if node[names.BRING_BACK].value() == names.CRYPTOMATTE else place_read
        place(node, track.object, f"{folder}/{track.pattern}", _frames(clip, found), found.frames)

    def _look_at(self, node: nuke.Node) -> NukeClip:
        found = clip_of(node)
        self._found[found.clip] = found
        return found

    def _known(self, clip: HostClip) -> NukeClip:
        """How a clip was shown when it was looked at: a job's frames stay those, whatever the artist does meanwhile.

        Raises:
            JobError: its node is gone.
        """
        return self._found[clip] if clip in self._found else self._look_at(_node(clip))


def _node(clip: HostClip) -> nuke.Node:
    return nodes.rotomatte_node(clip.clip.host_id)


def _frames(clip: HostClip, found: NukeClip) -> FrameRange:
    return clip.clip.frames or found.frames.frames
