"""Mattes of a clip that Lua has read (``rotomatte resolve job``): the facts go in, what Lua is to place comes out.

Beside ``NAME.json`` with the facts, ``NAME.status.lua`` says how the job stands while it runs, and ``NAME.placing.lua``
what to bring into Resolve once it is done.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from rotomatte_hosts.resolve.comp_setting import MatteSequence, comp_setting
from rotomatte_hosts.resolve.drop import LOOK_S, drop_and_wait
from rotomatte_hosts.resolve.facts import ClipFacts
from rotomatte_hosts.resolve.facts_host import FactsHost
from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_hosts.resolve.output_folder import matte_folder, plates_folder
from rotomatte_hosts.resolve.placing_text import Arriving, placing_text
from rotomatte_hosts.resolve.placing_text import status_text as status_file_text
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
from rotomatte_plugin.status import sentences, status_text
from rotomatte_plugin.terminal import work_off

ALIVE_S = 5.0
"""How often the status file is written where there is nothing new, so that Lua sees that the job lives."""


@dataclass(frozen=True)
class JobPaths:
    """The files of a job, by the path of its facts."""

    facts: Path

    @property
    def status(self) -> Path:
        """How it stands."""
        return self.facts.with_suffix(".status.lua")

    @property
    def placing(self) -> Path:
        """What Lua is to bring back."""
        return self.facts.with_suffix(".placing.lua")

    def comp(self, name: str) -> Path:
        """A comp with an object's matte."""
        return self.facts.with_suffix(f".{name}.setting")


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
    status = _StatusFile(paths.status)
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
        arriving = []
        for track in tracks:
            files = MatteFiles(track.object, f"{out}/{track.pattern}", frames.first, frames.last)
            arriving.append(_with_comp(found, paths, files) if settings.bring_back == "comp" else Arriving(files))
        replace_file(paths.placing, placing_text(found, settings.bring_back, arriving, markers))
        say(f"{found.clip.clip.name}: mattes are in {out}")
        status.write("done", "The mattes are written.")
    except RotomatteError as error:
        status.write("failed", sentences(error))
        raise


def replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all, since Lua may look at it at any moment."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


class _StatusFile:
    """Says how things stand whenever that is news, and now and then."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._said = ""
        self._due_s = 0.0

    def look(self, sentence: str) -> None:
        """Say what is going on."""
        now_s = time.monotonic()
        if sentence != self._said or now_s >= self._due_s:
            self._said, self._due_s = sentence, now_s + ALIVE_S
            self.write("running", sentence)

    def write(self, state: str, sentence: str) -> None:
        """Say it in any case."""
        replace_file(self._path, status_file_text(state, sentence, time.time()))


_Made = tuple[Sequence[MatteTrack], Sequence[Marker]]


def _by_desk(
    found: ResolveClip,
    settings: MacroSettings,
    client: EngineClient,
    progress: TerminalProgress,
    status: _StatusFile,
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
    status: _StatusFile,
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


def _with_comp(found: ResolveClip, paths: JobPaths, files: MatteFiles) -> Arriving:
    comp_time = found.frames.to_comp(files.first)
    path = paths.comp(files.object)
    text = comp_setting(MatteSequence(files.object, files.first_file, files.first, files.count, comp_time))
    replace_file(path, text)
    return Arriving(files, str(path), comp_time)
