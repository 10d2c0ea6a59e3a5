"""Running a job: the one way from a ``MatteJob`` to EXR files, for every host, the command line and a farm."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from rotomatte.colour.view import open_view
from rotomatte.delivery import Delivery
from rotomatte.document import encode
from rotomatte.mattes.files import output_error, write_atomically
from rotomatte.mattes.profiles import check_compression
from rotomatte.models.store import resolve_model
from rotomatte.outputs import master_paths
from rotomatte.plate.base import PlateInfo
from rotomatte.plate.open import open_plate
from rotomatte.report import OVERLAY_NAME, REPORT_NAME, frame_ranges, versions
from rotomatte.roto.session import Session
from rotomatte.roto.track_log import TrackLog
from rotomatte.spool import Spool
from rotomatte.tracker.base import Tracker
from rotomatte.tracker.disc import DiscTracker
from rotomatte.tracker.features import CacheBudget
from rotomatte.work import DEFAULT_RATE, Progress, Work
from rotomatte_plugin.errors import FrameMissingError
from rotomatte_plugin.model import FrameRange, JobReport, MatteJob, TrackSettings

_OVERLAY_SIDE_PX = 960
_DEFAULT_CACHE = CacheBudget()

_TRACKING = ".tracking"
"""Hidden folder below the output folder of what tracking keeps until it is needed again; gone when the job is done."""


def run_job(
    job: MatteJob,
    out: Path,
    *,
    overwrite: bool = False,
    cache: CacheBudget = _DEFAULT_CACHE,
    on_warning: Callable[[str], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> JobReport:
    """Make the job's mattes in ``out``: EXR sequences, ``rotomatte.json`` and ``overlay.mp4``.

    Mattes that are already there with the same recipe are kept, so a run that was stopped goes on, and a change
    of prompts replaces the frames that it changes.

    Args:
        job: what to do.
        out: folder of the mattes, made if needed.
        overwrite: write every frame anew, over whatever is there.
        cache: how much of what the model made of frames may be kept until it is needed again.
        on_warning: told once of everything doubtful, before tracking starts.
        on_progress: told of every matte once it is on the disk.

    Raises:
        RotomatteError: see ``rotomatte_plugin.errors``; finished frames are kept.
    """
    started_s = time.monotonic()
    check_compression(job.output.profile, job.output.compression)
    with closing(open_plate(job.clip.plate)) as reader:
        info = reader.info
        frames = job_frames(job.clip.frames, info)
        job = replace(job, clip=replace(job.clip, frames=frames))
        view = open_view(info, job.colour)
        _prepare_folder(out)
        tracker, tracker_warnings = open_tracker(job.track)
        warnings = (*info.warnings, *view.choice.warnings, *tracker_warnings)
        for warning in warnings:
            on_warning(warning)
        log = TrackLog(out / _TRACKING / "log")
        if overwrite:
            log.clear()
        session = Session(info, view.choice.identity(), tracker, frames, job.track, job.refine, log)
        for item in job.objects:
            session.set_object(item)
        spool = Spool(out, _overlay_size_px(info))
        # What an interrupted run left there may have been seen in other colours.
        spool.clear()
        paths = master_paths(out, job, frames, info.padding)
        work = Work(job, reader, view, tracker, session, paths, spool, out / _TRACKING / "features", cache)
        work.make_mattes(on_progress, out / OVERLAY_NAME, overwrite=overwrite)
        spool.clear()
        shutil.rmtree(out / _TRACKING, ignore_errors=True)
        Delivery(work.masters(), job.output, out, info, info.rate or DEFAULT_RATE).write(overwrite=overwrite)
        tracks = work.tracks()
    report = JobReport(
        job=job,
        plate_id=info.plate_id,
        colour=view.choice.describe(),
        model=tracker.model,
        device=tracker.device,
        frames=frames,
        tracks=tracks,
        versions=versions(),
        warnings=warnings,
        seconds=round(time.monotonic() - started_s, 3),
    )
    write_atomically(out / REPORT_NAME, encode(report))
    return report


def job_frames(asked: FrameRange | None, info: PlateInfo) -> FrameRange:
    """The frames to matte: those asked for, all where none are.

    Raises:
        FrameMissingError: some of them are not there.
    """
    frames = asked or info.frames
    if frames.first not in info.frames or frames.last not in info.frames:
        raise FrameMissingError(
            f"The job asks for frames {frames}, and {info.name} has {info.frames}.",
            remedy="Give --frames inside that range.",
            clip=info.name,
            path=info.path,
        )
    gaps = frame_ranges(frame for frame in info.missing if frame in frames)
    if gaps:
        listed = ", ".join(str(gap) for gap in gaps[:8])
        raise FrameMissingError(
            f"{info.name} has no frame {listed}{' and more' if len(gaps) > 8 else ''}.",
            remedy="Render the missing frames, or give --frames for a range without gaps.",
            clip=info.name,
            frame=gaps[0].first,
            path=info.path,
        )
    return frames


def open_tracker(settings: TrackSettings) -> tuple[Tracker, tuple[str, ...]]:
    """The tracker that the settings name, and what the user should know of it.

    Raises:
        ModelError: no such model, or no weights for it, or no such device.
    """
    if settings.model == "disc":
        return DiscTracker(), ("The disc tracker is a test double: it follows a flat colour and is no model.",)
    files = resolve_model(settings.model, settings.config)
    from rotomatte.tracker.sam2_tracker import load_tracker  # noqa: PLC0415  torch takes seconds to import

    tracker = load_tracker(files, settings.device, settings.image_size)
    if files.weights_path is None:
        return tracker, ("THE MODEL HAS RANDOM WEIGHTS: these mattes mean nothing. See `rotomatte models list`.",)
    if files.is_preview:
        return tracker, ("The bundled model is for previews: `rotomatte models get base_plus` brings SAM 2.1.",)
    return tracker, ()


def _overlay_size_px(info: PlateInfo) -> tuple[int, int]:
    canvas = info.canvas
    scale = min(1.0, _OVERLAY_SIDE_PX / max(canvas.width, canvas.height))
    return max(2, round(canvas.width * scale)), max(2, round(canvas.height * scale))


def _prepare_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".rotomatte.part"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise output_error(out, error) from error
