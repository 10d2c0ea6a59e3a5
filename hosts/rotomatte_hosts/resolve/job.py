"""Mattes of a clip that Lua has read (``rotomatte resolve job``): the facts go in, what Lua is to place comes out."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional

from rotomatte_hosts.resolve.drop import LOOK_S, drop_and_wait
from rotomatte_hosts.resolve.facts import ClipFacts
from rotomatte_hosts.resolve.facts_host import FactsHost
from rotomatte_hosts.resolve.job_files import JobPaths, StatusFile, arriving, replace_file
from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_hosts.resolve.output_folder import matte_folder, plates_folder
from rotomatte_hosts.resolve.placing_text import placing_text
from rotomatte_hosts.resolve.progress import TerminalProgress
from rotomatte_hosts.resolve.read_clip import ResolveClip, resolve_clip
from rotomatte_hosts.resolve.settings import MacroSettings, settings_of
from rotomatte_plugin.adapter import Marker
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk import Desk, DeskSettings, DeskView
from rotomatte_plugin.desk_orders import selection
from rotomatte_plugin.errors import CancelledError, JobError, PlateError, ProtocolError, RotomatteError
from rotomatte_plugin.messages import ENGINE_MODELS, Nothing
from rotomatte_plugin.model import FrameRange, MatteJob, MatteTrack, RefineSettings, TrackSettings
from rotomatte_plugin.plain import from_plain
from rotomatte_plugin.problems import markers_of
from rotomatte_plugin.quality import with_quality
from rotomatte_plugin.status import status_text
from rotomatte_plugin.terminal import work_off


def read_clip_facts(path: Path) -> ClipFacts:
    """The facts in a file.

    Raises:
        JobError: it cannot be read, or is no such file.
    """
    try:
        return from_plain(ClipFacts, json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise JobError(
            f"{path} cannot be read: {error.strerror}.", remedy="Check the path and its permissions.", path=str(path)
        ) from error
    except (ValueError, ProtocolError) as error:
        raise JobError(
            f"{path} is not what Rotomatte's Lua script writes: {error}",
            remedy="Run `rotomatte install resolve`, so that the script is as new as the engine, then run it again.",
            path=str(path),
        ) from error


def direct_clip(facts: ClipFacts) -> ResolveClip:
    """A clip whose files can be read; without Python in Resolve nothing can have it rendered.

    Raises:
        PlateError: Resolve would have to render it first.
        JobError: it is no clip.
    """
    found = resolve_clip(facts, str(plates_folder()))
    if found.clip.must_render:
        raise PlateError(
            f"Only Resolve Studio can be asked to render a clip. {found.why_rendered}",
            remedy="Use Render in Place on it in Resolve and run this again, or `rotomatte resolve matte` with Studio.",
            clip=facts.item.name,
        )
    return found


def run_job(
    path: Path,
    client: EngineClient,
    say: Callable[[str], None],
    *,
    folder: Optional[str] = None,
    drop: Optional[Path] = None,
) -> None:
    """Write the mattes of the clip in a file of facts, and say to Lua what to place.

    Args:
        path: the facts.
        client: the way to the engine; it stays the caller's.
        say: prints a line.
        folder: where the mattes go, as the macro says where None.
        drop: a folder of ``rotomatte serve-jobs`` whose server does it, the engine of this machine where None.

    Raises:
        CancelledError: Ctrl-C was pressed.
        RotomatteError: whatever went wrong; the status file says it as well.
    """
    paths = JobPaths(path)
    status = StatusFile(paths.status)
    try:
        paths.placing.unlink(missing_ok=True)
        found = direct_clip(read_clip_facts(path))
        settings = settings_of(found.facts)
        out = _folder(found, settings.folder, folder)
        progress = TerminalProgress(say)
        with progress.heeding_ctrl_c():
            if drop is None:
                tracks, markers = _by_desk(found, settings, client, progress, status, out)
            else:
                tracks, markers = _by_server(found, settings, client, progress, status, out, drop)
        frames = found.clip.clip.frames or FrameRange(found.frames.first, found.frames.last)
        mattes = []
        for track in tracks:
            files = MatteFiles(track.object, f"{out}/{track.pattern}", frames.first, frames.last)
            mattes.append(arriving(found, paths, settings.bring_back, files))
        replace_file(paths.placing, placing_text(found, settings.bring_back, mattes, markers))
        say(f"{found.clip.clip.name}: mattes are in {out}")
        status.write("done", "The mattes are written.")
    except RotomatteError as error:
        status.fail(error)
        raise


_Made = tuple[Sequence[MatteTrack], Sequence[Marker]]


def _by_desk(
    found: ResolveClip,
    settings: MacroSettings,
    client: EngineClient,
    progress: TerminalProgress,
    status: StatusFile,
    out: str,
) -> _Made:
    """Mattes by the engine of this machine."""
    host = FactsHost(found, progress)
    desk = Desk(host, client)

    def look(view: DeskView) -> None:
        progress.look(view)
        if view.phase != "idle":
            status.look(status_text(view))

    try:
        desk.settings = DeskSettings(quality=settings.quality, colour_space=settings.colour_space)
        desk.write(out)
        work_off(desk, host.timers, look)
        if progress.last_state == "cancelled":
            raise stopped()
        if desk.view.message:
            progress.say(desk.view.message)
    finally:
        desk.close()
    return host.tracks, host.markers


def _by_server(
    found: ResolveClip,
    settings: MacroSettings,
    client: EngineClient,
    progress: TerminalProgress,
    status: StatusFile,
    out: str,
    drop: Path,
) -> _Made:
    """Mattes by whoever serves a watch folder; the models are taken to be those of this machine."""
    host = FactsHost(found, progress)
    clip, objects = selection(host)
    models = client.call(ENGINE_MODELS, Nothing()).models
    chosen = with_quality(
        settings.quality,
        [model.name for model in models if model.path is not None],
        TrackSettings(),
        RefineSettings(),
    )
    colour = replace(clip.colour, space=settings.colour_space or clip.colour.space)
    job = MatteJob(clip.clip, objects, colour, chosen.track, chosen.refine)

    def wait(is_taken: bool) -> None:
        status.look("A server has it." if is_taken else f"It waits in {drop} for a server.")
        time.sleep(LOOK_S)
        if progress.is_cancelled():
            raise stopped()

    tracks = drop_and_wait(job, out, drop, clip.clip.name, wait).tracks
    return tracks, markers_of(tracks)


def stopped() -> CancelledError:
    """Ctrl-C was pressed."""
    return CancelledError("Stopped; finished frames are kept.", remedy="Run the same again to go on.")


def _folder(found: ResolveClip, by_macro: str, named: Optional[str]) -> str:
    if named is not None:
        return str(Path(named).absolute())
    return matte_folder(found.facts, found.clip.clip.name, found.frames.first, by_macro)
