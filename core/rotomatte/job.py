"""Running a job: the one way from a ``MatteJob`` to EXR files, for every host, the command line and a farm."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from rotomatte import __version__
from rotomatte.colour.view import ModelView, open_view
from rotomatte.document import encode
from rotomatte.mattes.exr import MatteHeader, read_matte, read_matte_header, write_matte
from rotomatte.mattes.files import output_error, write_atomically
from rotomatte.mattes.names import matte_path, matte_pattern
from rotomatte.mattes.overlay import write_overlay
from rotomatte.models.store import resolve_model
from rotomatte.plate.base import FloatArray, PlateInfo, PlateReader
from rotomatte.plate.open import open_plate
from rotomatte.report import OVERLAY_NAME, REPORT_NAME, frame_ranges, matte_track, versions
from rotomatte.session import Matte, Session
from rotomatte.tracker.base import Tracker
from rotomatte.tracker.disc import DiscTracker
from rotomatte_plugin.errors import ForeignMattesError, FrameMissingError, OutputError
from rotomatte_plugin.model import FrameRange, FrameRate, JobReport, MatteJob, MatteTrack, TrackSettings

_DEFAULT_RATE = FrameRate(24)


@dataclass(frozen=True)
class Progress:
    """One matte is done: ``done`` of ``total`` that this run has to make."""

    object: str
    frame: int
    done: int
    total: int


def run_job(
    job: MatteJob,
    out: Path,
    *,
    overwrite: bool = False,
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
        on_warning: told once of everything doubtful, before tracking starts.
        on_progress: told of every matte once it is on the disk.

    Raises:
        RotomatteError: see ``rotomatte_plugin.errors``; finished frames are kept.
    """
    started_s = time.monotonic()
    with closing(open_plate(job.clip.plate)) as reader:
        info = reader.info
        frames = job_frames(job.clip.frames, info)
        job = replace(job, clip=replace(job.clip, frames=frames))
        view = open_view(info, job.clip.plate.colour_space)
        _prepare_folder(out)
        tracker, tracker_warnings = open_tracker(job.track)
        warnings = (*info.warnings, *view.choice.warnings, *tracker_warnings)
        for warning in warnings:
            on_warning(warning)
        session = Session(reader, view, tracker, frames, job.track, job.refine)
        for item in job.objects:
            session.set_object(item)
        paths = {
            (item.name, frame): matte_path(out, job.output.pattern, item.name, frame, info.padding)
            for item in job.objects
            for frame in frames
        }
        recipes = {item.name: session.recipes(item.name) for item in job.objects}
        wanted = _wanted(paths, recipes, info, overwrite=overwrite)
        for done, matte in enumerate(session.mattes(wanted), start=1):
            header = _header(matte, recipes[matte.object][matte.frame], info, view, tracker)
            write_matte(paths[matte.object, matte.frame], matte.alpha_hw, info, header)
            on_progress(Progress(matte.object, matte.frame, done, len(wanted)))
        report = JobReport(
            job=job,
            plate_id=info.plate_id,
            colour=view.choice.describe(),
            model=tracker.model,
            device=tracker.device,
            frames=frames,
            tracks=_tracks(job, paths, frames, info),
            versions=versions(),
            warnings=warnings,
            seconds=round(time.monotonic() - started_s, 3),
        )
        if wanted or not (out / OVERLAY_NAME).exists():
            write_overlay(out / OVERLAY_NAME, _overlay_frames(reader, view, frames, paths), info.rate or _DEFAULT_RATE)
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
        listed = ", ".join(str(gap.first) if len(gap) == 1 else str(gap) for gap in gaps[:8])
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


def _prepare_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".rotomatte.part"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise output_error(out, error) from error


def _wanted(
    paths: Mapping[tuple[str, int], Path],
    recipes: Mapping[str, Mapping[int, str]],
    info: PlateInfo,
    *,
    overwrite: bool,
) -> frozenset[tuple[str, int]]:
    """The mattes to make: those absent, or made by another recipe.

    Raises:
        ForeignMattesError: a file in the way is not a matte of this plate.
    """
    if overwrite:
        return frozenset(paths)
    wanted = set()
    for at, path in paths.items():
        if not path.exists():
            wanted.add(at)
            continue
        header = read_matte_header(path)
        if header is None or header.plate_id != info.plate_id:
            whose = (
                "was not written by Rotomatte" if header is None else f"is a matte of another plate ({header.source})"
            )
            raise ForeignMattesError(
                f"{path} is in the way: it {whose}.",
                remedy="Choose another folder with -o, or add --overwrite to replace it.",
                clip=info.name,
                frame=at[1],
                path=str(path),
            )
        name, frame = at
        if header.recipe != recipes[name][frame]:
            wanted.add(at)
    return frozenset(wanted)


def _header(matte: Matte, recipe: str, info: PlateInfo, view: ModelView, tracker: Tracker) -> MatteHeader:
    return MatteHeader(
        object=matte.object,
        frame=matte.frame,
        source=Path(info.path).name,
        plate_id=info.plate_id,
        recipe=recipe,
        model=tracker.model.name,
        model_sha256=tracker.model.sha256,
        colour=view.choice.describe(),
        engine=__version__,
        score=matte.score,
    )


def _tracks(
    job: MatteJob, paths: Mapping[tuple[str, int], Path], frames: FrameRange, info: PlateInfo
) -> tuple[MatteTrack, ...]:
    tracks = []
    for item in job.objects:
        scores = []
        for frame in frames:
            path = paths[item.name, frame]
            header = read_matte_header(path)
            if header is None:
                raise OutputError(
                    f"{path} disappeared or was changed while the job ran.",
                    remedy="Run the same command again.",
                    frame=frame,
                    path=str(path),
                )
            if header.score is not None:
                scores.append(header.score)
        pattern = matte_pattern(job.output.pattern, item.name, info.padding)
        tracks.append(matte_track(item.name, pattern, frames, scores))
    return tuple(tracks)


def _overlay_frames(
    reader: PlateReader, view: ModelView, frames: FrameRange, paths: Mapping[tuple[str, int], Path]
) -> Iterator[tuple[FloatArray, Mapping[str, FloatArray]]]:
    names = list(dict.fromkeys(name for name, _ in paths))
    for frame in frames:
        mattes = {name: read_matte(paths[name, frame]) for name in names}
        yield view.see_full(reader.read(frame)), mattes
