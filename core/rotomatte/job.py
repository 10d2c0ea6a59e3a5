"""Running a job: the one way from a ``MatteJob`` to EXR files, for every host, the command line and a farm."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from rotomatte.colour.view import open_view
from rotomatte.delivery import Delivery
from rotomatte.device_lock import hold_device
from rotomatte.document import encoded, normal
from rotomatte.freed import give_back_freed
from rotomatte.mattes.edges.extra import pymatting_library
from rotomatte.mattes.files import output_error, write_atomically
from rotomatte.mattes.profiles import check_compression
from rotomatte.network import Network, memory_said, network
from rotomatte.outputs import master_paths
from rotomatte.plate.base import PlateInfo
from rotomatte.plate.open import open_plate
from rotomatte.plate.second_look import SecondLook
from rotomatte.prompts.key_frame import frames_with_prompts
from rotomatte.report import OVERLAY_NAME, frame_ranges, versions
from rotomatte.roto.session import Session
from rotomatte.roto.track_log import TrackLog
from rotomatte.spool import Spool
from rotomatte.tracker.base import Tracker
from rotomatte.tracker.features import CacheBudget
from rotomatte.tracker.stoppable import StoppableTracker
from rotomatte.with_less import ram_watched, with_less
from rotomatte.work import DEFAULT_RATE, Progress, Work
from rotomatte_plugin.errors import CancelledError, FrameMissingError, OutOfMemoryError
from rotomatte_plugin.model import FrameRange, JobReport, MatteJob, TrackSettings
from rotomatte_plugin.report_file import REPORT_NAME

_OVERLAY_SIDE_PX = 960
_DEFAULT_CACHE = CacheBudget()

OpenTracker = Callable[[TrackSettings], Tracker]
"""Gives the tracker that settings name."""

_TRACKING = ".tracking"
"""Hidden folder below the output folder of what tracking keeps until it is needed again; gone when the job is done."""


def run_job(
    job: MatteJob,
    out: Path,
    *,
    overwrite: bool = False,
    cache: CacheBudget = _DEFAULT_CACHE,
    tracker_of: OpenTracker | None = None,
    log: TrackLog | None = None,
    on_note: Callable[[str], None] = lambda _: None,
    on_warning: Callable[[str], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> JobReport:
    """Make the job's mattes in ``out``: EXR sequences, ``rotomatte.json`` and ``overlay.mp4``.

    Mattes that are already there with the same recipe are kept, so a run that was stopped goes on, and a change
    of prompts replaces the frames that it changes.

    Args:
        job: what to do.
        out: folder of the mattes, made if needed.
        overwrite: write every frame anew, over whatever is there.
        cache: how much of what the model made of frames may be kept until it is needed again.
        tracker_of: gives a tracker that is warm already; None loads one for this job.
        log: what is known of the job's passes already; None is a log of the job's own.
        on_note: told what memory the job needs, before tracking starts.
        on_warning: told once of everything doubtful, of whatever is done where memory does not suffice, and that
            another job has the GPU.
        on_progress: told of every matte once it is on the disk.
        cancelled: whether to stop; asked between frames and while another job has the GPU.

    Raises:
        CancelledError: ``cancelled`` said so; finished frames are kept.
        RotomatteError: see ``rotomatte_plugin.errors``; finished frames are kept.
    """
    started_s = time.monotonic()
    warnings: list[str] = []

    def warn(sentence: str) -> None:
        warnings.append(sentence)
        on_warning(sentence)

    job = _checked(job)
    check = partial(_check, cancelled, out)
    with ExitStack() as desk:
        reader = desk.enter_context(closing(open_plate(job.clip.plate)))
        info = reader.info
        frames = job_frames(job.clip.frames, info)
        job = replace(job, clip=replace(job.clip, frames=frames))
        tracked = _with_prompts(frames, job, info)
        view = open_view(info, job.colour)
        _prepare_folder(out)
        whole = network(job.track)
        desk.enter_context(hold_device(whole.device, on_wait=on_warning, cancelled=cancelled))
        needed, shortage = memory_said(job, info, whole, cache.memory_bytes)
        on_note(needed)
        for warning in (*info.warnings, *view.choice.warnings, *whole.warnings, *([shortage] if shortage else [])):
            warn(warning)
        if overwrite:
            shutil.rmtree(out / _TRACKING, ignore_errors=True)
        kept_log = log or TrackLog(out / _TRACKING / "log")
        second_look = desk.enter_context(closing(SecondLook(partial(open_plate, job.clip.plate), view)))
        spool = Spool(out, _overlay_size_px(info))
        # What an interrupted run left there may have been seen in other colours.
        spool.clear()
        paths = master_paths(out, job, frames, info.padding)
        settled: dict[str, Mapping[int, str]] = {}

        def attempt(one: Network) -> tuple[Work, Tracker]:
            tracker = StoppableTracker(one.load() if tracker_of is None else tracker_of(one.track), check)
            colour = view.choice.identity()
            session = Session(info, colour, tracker, tracked, one.track, job.refine, kept_log, second_look.seen)
            for item in job.objects:
                if item.name not in settled:
                    session.set_object(item)
            work = Work(
                job, reader, view, tracker, session, tracked, settled, paths, spool, out / _TRACKING, cache, check
            )
            try:
                with _heard(tracker, warn), ram_watched():
                    work.make_mattes(on_progress, out / OVERLAY_NAME, overwrite=overwrite)
            except OutOfMemoryError:
                settled.update(work.finished())
                raise
            return work, tracker

        work, tracker = with_less(whole, attempt, warn, allow_degrade=job.track.allow_degrade)
        spool.clear()
        shutil.rmtree(out / _TRACKING, ignore_errors=True)
        Delivery(work.masters(), job.output, out, info, info.rate or DEFAULT_RATE).write(overwrite=overwrite)
        # A long clip's report comes on top of what is held by then.
        give_back_freed()
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
        warnings=tuple(warnings),
        seconds=round(time.monotonic() - started_s, 3),
    )
    write_atomically(out / REPORT_NAME, encoded(report))
    return report


def _checked(job: MatteJob) -> MatteJob:
    """The job in its normal form, if it can be delivered."""
    check_compression(job.output.profile, job.output.compression)
    if job.output.fill is not None:
        pymatting_library()
    return normal(job)


def _check(cancelled: Callable[[], bool], out: Path) -> None:
    if cancelled():
        raise CancelledError(
            f"The job was stopped. Finished frames are in {out}.", remedy="Run it again to go on.", path=str(out)
        )


@contextmanager
def _heard(tracker: Tracker, say: Callable[[str], None]) -> Iterator[None]:
    """``say`` hears of what the tracker lets go of; not for longer, as a warm one outlives the job."""
    tracker.tell(say)
    try:
        yield
    finally:
        tracker.tell(lambda _: None)


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
    _require_no_gaps(frames, info, "Render the missing frames, or give --frames for a range without gaps.")
    return frames


def _require_no_gaps(frames: FrameRange, info: PlateInfo, remedy: str) -> None:
    gaps = frame_ranges(frame for frame in info.missing if frame in frames)
    if gaps:
        listed = ", ".join(str(gap) for gap in gaps[:8])
        raise FrameMissingError(
            f"{info.name} has no frame {listed}{' and more' if len(gaps) > 8 else ''}.",
            remedy=remedy,
            clip=info.name,
            frame=gaps[0].first,
            path=info.path,
        )


def _with_prompts(frames: FrameRange, job: MatteJob, info: PlateInfo) -> FrameRange:
    """The frames to track through: from prompts outside the range the object is followed into it.

    Raises:
        FrameMissingError: some of them are not there.
    """
    wider = frames_with_prompts(frames, job.objects)
    if wider.first not in info.frames or wider.last not in info.frames:
        # That prompt is refused, with its frame.
        return info.frames
    _require_no_gaps(wider, info, "Render the missing frames, or move the prompts into the range.")
    return wider


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
