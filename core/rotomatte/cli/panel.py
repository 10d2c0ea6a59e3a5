"""`rotomatte panel`."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte import __version__
from rotomatte.document import read_job
from rotomatte.plate.locate import locate
from rotomatte.prompts.key_frame import frames_with_prompts
from rotomatte.timeline.open_edit import load_timeline
from rotomatte.timeline.plan_edit import plan_edit
from rotomatte_hosts.panel.document import PanelDocument, PanelObject
from rotomatte_hosts.panel.session_file import SUFFIX, SavedSession, load
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.errors import HostError, MissingExtraError, PlateNotFoundError
from rotomatte_plugin.handover import Handover
from rotomatte_plugin.model import Clip, MatteJob, Plate

_NUMBERS = re.compile(r"[._-]*(%\d*d|#+|@+)$")
_EDITS = (".otio", ".edl", ".fcpxml", ".xml", ".aaf")


def panel_command(
    path: Annotated[
        Optional[str],
        typer.Argument(metavar="[PLATE|JOB.json|SESSION|EDIT]", help="What to open. [default: a page on how to begin]"),
    ] = None,
    handover: Annotated[
        Optional[Path],
        typer.Option(metavar="FOLDER", help="Where a host has left a clip, and takes its mattes from; hosts give it."),
    ] = None,
) -> None:
    """Open a window to see, prompt, track, correct and write mattes."""
    try:
        from rotomatte_hosts.panel.app import PanelStart, default_folders, open_panel  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "PySide6":
            raise
        raise MissingExtraError(
            "The panel is drawn by PySide6, which is not installed in this Python.",
            remedy="Run `pip install 'rotomatte[panel]'`.",
        ) from error
    _require_display()
    autosaves, settings = default_folders()
    if handover is None:
        start = PanelStart((path,) if path else (), _read, __version__, autosaves, settings)
        raise typer.Exit(open_panel(start))
    handed = Handover(handover)
    lock = handed.lock
    if not lock.take():
        raise HostError("The panel is open for this clip already.", remedy="Go on there, or close it first.")
    start = PanelStart(
        (str(handed.job_path),), partial(_read_handed, handed), __version__, handed.autosaves, settings, handed
    )
    raise typer.Exit(open_panel(start))


def _require_display() -> None:
    """Qt ends the process where it finds none."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in named):
        raise HostError(
            "There is no display for the panel's window.",
            remedy="Run it on a desktop, or use `rotomatte matte` in a terminal.",
        )


def _read(path: str) -> tuple[SavedSession, ...]:
    """What a path means to the panel.

    Raises:
        RotomatteError: it is nothing that the panel opens.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix == SUFFIX:
        return (load(file),)
    if suffix == ".json":
        return (_of_job(read_job(file)),)
    if suffix in _EDITS:
        return _of_edit(file)
    locate(path)
    return (_of_clip(Clip(Plate(str(file.absolute())), name=_NUMBERS.sub("", file.stem))),)


def _read_handed(handover: Handover, path: str) -> tuple[SavedSession, ...]:
    """As ``_read``, where a host handed over a clip: its job, and what was left of it, whose clip is the host's too.

    Raises:
        RotomatteError: it is nothing that the panel opens.
    """
    from rotomatte_hosts.panel.handover_add import session_of  # noqa: PLC0415 - needs PySide6

    if path == str(handover.job_path):
        return (session_of(handover.read_job()),)
    found = _read(path)
    if Path(path).parent != handover.autosaves:
        return found
    clip = handover.read_job().clip
    return tuple(replace(saved, document=replace(saved.document, clip=clip)) for saved in found)


def _of_clip(clip: Clip) -> SavedSession:
    return SavedSession(PanelDocument(HostClip(clip)), 1 if clip.frames is None else clip.frames.first)


def _of_job(job: MatteJob) -> SavedSession:
    """A job's clip, objects and settings."""
    objects = tuple(PanelObject(item, colour=place) for place, item in enumerate(job.objects))
    first = min(frame for item in job.objects for frame in item.prompts.prompt_frames())
    frames = job.clip.frames
    wider = None if frames is None else frames_with_prompts(frames, job.objects)
    document = PanelDocument(
        HostClip(replace(job.clip, frames=wider), job.colour),
        objects,
        active=job.objects[0].name,
        settings=DeskSettings(model=job.track.model, refine=job.refine, output=job.output, edges=job.refine.edges),
        working=None if wider == frames else frames,
    )
    return SavedSession(document, first)


def _of_edit(path: Path) -> tuple[SavedSession, ...]:
    """A session a shot whose media is there."""
    plan = plan_edit(load_timeline(path), path)
    found = []
    for shot in plan.shots:
        if shot.media.plate is None:
            continue
        objects = tuple(PanelObject(item, colour=place) for place, item in enumerate(shot.objects))
        clip = Clip(shot.media.plate, shot.frames, shot.name)
        active = shot.objects[0].name if shot.objects else None
        document = PanelDocument(HostClip(clip, shot.colour), objects, active=active)
        found.append(SavedSession(document, shot.used.first))
    if not found:
        raise PlateNotFoundError(
            f"No media of the edit {path} is there.",
            remedy="Look at `rotomatte timeline EDIT --list`, and relink the edit.",
            path=str(path),
        )
    return tuple(found)
