"""The panel for a clip that Lua has read: what is added in it is kept for Lua, which brings it in when it is run again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Optional

from rotomatte_hosts.resolve.facts_host import FactsHost
from rotomatte_hosts.resolve.job import direct_clip, read_clip_facts
from rotomatte_hosts.resolve.job_files import JobPaths, StatusFile, arriving, replace_file
from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_hosts.resolve.output_folder import matte_folder
from rotomatte_hosts.resolve.panel_prompts import MacroPrompts, macro_prompts
from rotomatte_hosts.resolve.placing_text import ArrivingPrompts, placing_text
from rotomatte_hosts.resolve.playhead import frame_at_playhead
from rotomatte_hosts.resolve.progress import TerminalProgress
from rotomatte_hosts.resolve.read_clip import ResolveClip
from rotomatte_hosts.resolve.settings import is_macro, settings_of
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.handover import PanelJob, PanelResult, handover_of
from rotomatte_plugin.model import FrameRange, MatteTrack
from rotomatte_plugin.panel_call import LOOK_S, CallsPanel, PanelCall, Process

_LOOP_S = 0.02


class FactsPanelHost(FactsHost, CallsPanel):
    """Resolve as it was when Lua read it; what the panel adds is written down for Lua, a later one in place of the former."""

    def __init__(self, found: ResolveClip, progress: TerminalProgress, paths: JobPaths) -> None:
        super().__init__(found, progress)
        self._paths = paths
        self._prompts: Optional[MacroPrompts] = None
        self._before: tuple[str, ...] = (_prompt_list(found),)
        self._files: list[MatteFiles] = []
        self.has_added = False

    def current_frame(self, clip: HostClip) -> int:
        del clip
        return frame_at_playhead(self._found)

    def part_of(self, clip: HostClip, frames: FrameRange) -> HostClip:
        return replace(clip, clip=replace(clip.clip, frames=frames))

    def take_prompts(self, clip: HostClip, result: PanelResult) -> tuple[str, ...]:
        del clip
        self._prompts = macro_prompts(self._found, result)
        return self._prompts.notes

    def place_matte(self, clip: HostClip, folder: str, track: MatteTrack) -> None:
        frames = clip.clip.frames or FrameRange(self._found.frames.first, self._found.frames.last)
        self._files.append(MatteFiles(track.object, f"{folder}/{track.pattern}", frames.first, frames.last))

    def end_adding(self, clip: HostClip) -> None:
        del clip
        way = settings_of(self._found.facts).bring_back
        mattes = [arriving(self._found, self._paths, way, files) for files in self._files]
        made, prompts = self._prompts, None
        if made is not None:
            prompts = ArrivingPrompts(made.names, made.prompt_list, self._before)
            # Lua may have brought these in before the next are added.
            self._before = (*self._before, made.prompt_list)
        replace_file(self._paths.placing, placing_text(self._found, way, mattes, self.markers, prompts))
        self._files, self._prompts, self.markers = [], None, ()
        self.has_added = True


def open_facts_panel(path: Path, say: Callable[[str], None], start: Optional[Callable[[Path], Process]] = None) -> None:
    """Open the panel for the clip in a file of facts, and write down for Lua what is added; comes back once it is closed.

    Args:
        path: the facts; the clip has the prompt macro, which is to keep the prompts.
        say: prints a line.
        start: starts the panel with a folder, as a program of its own where None.

    Raises:
        RotomatteError: the clip cannot be used, or the panel not started; the status file says it as well.
    """
    paths = JobPaths(path)
    status = StatusFile(paths.status)
    try:
        found = direct_clip(read_clip_facts(path))
        host = FactsPanelHost(found, TerminalProgress(say), paths)
        facts, settings = found.facts, settings_of(found.facts)
        handover = handover_of(host.info(), facts.project.name, facts.timeline.id, facts.item.id)

        def job() -> PanelJob:
            return PanelJob(
                host.info(),
                found.clip,
                host.current_frame(found.clip),
                host.objects(found.clip),
                DeskSettings(quality=settings.quality, colour_space=settings.colour_space),
                matte_folder(facts, found.clip.clip.name, found.frames.first, settings.folder),
            )

        call = PanelCall(host, handover, say, start)
        call.begin(found.clip, job)
        host.start_timer(LOOK_S, call.tick)
        while host.timers.run_timers():
            status.look(call.message)
            time.sleep(_LOOP_S)
    except RotomatteError as error:
        status.fail(error)
        raise
    # Where nothing waits to be brought in, the last word is told at the next run.
    status.write("done" if host.has_added else "failed", call.message)


def _prompt_list(found: ResolveClip) -> str:
    tools = (tool for comp in found.facts.item.comps for tool in comp.tools)
    return next((tool.texts.get("PromptList", "") for tool in tools if is_macro(tool)), "")
