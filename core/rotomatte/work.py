"""A job under way: tracking and writing side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Optional

import numpy as np

from rotomatte import __version__
from rotomatte.background import Background
from rotomatte.colour.view import ModelView
from rotomatte.delivery import Masters
from rotomatte.document import canonical
from rotomatte.freed import give_back_freed
from rotomatte.gate import Gate
from rotomatte.mattes.exr import read_matte, read_matte_header
from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.names import matte_pattern
from rotomatte.mattes.notes import note_of
from rotomatte.mattes.outline import outline
from rotomatte.mattes.overlay import OverlayFrame, write_overlay
from rotomatte.mattes.profiles.master import write_master
from rotomatte.mattes.profiles.nuke import write_nuke
from rotomatte.mattes.profiles.prores import read_movie_recipe
from rotomatte.mattes.profiles.universal import write_universal
from rotomatte.outputs import combined_recipe, file_recipe, wanted_mattes
from rotomatte.places import PerPlace, Place, Places
from rotomatte.plate.ahead import ReadAhead
from rotomatte.plate.base import FloatArray, PlateReader, Window
from rotomatte.plate.cuts import CutFinder
from rotomatte.report import matte_track
from rotomatte.roto.clip import WatchedClip
from rotomatte.roto.kept_answers import KeptAnswers
from rotomatte.roto.run import Answer
from rotomatte.roto.session import Session
from rotomatte.roto.smoothing import Smoothing
from rotomatte.spool import Spool, shrink
from rotomatte.tracker.base import Tracker
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte_plugin.errors import OutputError
from rotomatte_plugin.messages import Outline
from rotomatte_plugin.model import FILL_PATTERN, FrameRange, FrameRate, FrameScore, MatteJob, MatteTrack

DEFAULT_RATE = FrameRate(24)
"""For plates that do not say how fast they run."""

_WRITES_WAITING = 4

_FORMS = {"universal": write_universal, "nuke": write_nuke}
"""How a tracked matte is written where it is the delivery itself."""


class _Abandoned(Exception):  # noqa: N818
    """Tracking gave up, so there is nothing to draw."""


@dataclass(frozen=True)
class Progress:
    """One matte is there, on the disk where a job makes it, of ``total`` that this run has to make.

    ``score`` is None where the object was not tracked. ``find_outline`` gives the matte's border, see
    ``mattes/outline.py``: that takes time, and only hosts want it.
    """

    object: str
    frame: int
    total: int
    score: Optional[FrameScore] = None
    find_outline: Callable[[], Outline] = tuple


class Work:
    """A job under way: what is open, and where each object's frame goes. What has to wait lies in ``tracking``.

    ``tracked`` are the session's frames: those that are matted, and those on the way to prompts on others.
    ``settled`` has the recipes of objects that are not in the session because their mattes are there. ``check`` is
    called between frames; what it raises ends the work.
    """

    def __init__(
        self,
        job: MatteJob,
        reader: PlateReader,
        view: ModelView,
        tracker: Tracker,
        session: Session,
        tracked: FrameRange,
        settled: Mapping[str, Mapping[int, str]],
        paths: PerPlace[Path],
        spool: Spool,
        tracking: Path,
        cache: CacheBudget,
        check: Callable[[], None],
    ) -> None:
        self._job = job
        self._job_id = job_id(job)
        self._reader = reader
        self._view = view
        self._tracker = tracker
        self._session = session
        self._tracked = tracked
        self._paths = paths
        self._spool = spool
        self._tracking = tracking
        self._cache = cache
        self._check = check
        self._settled = settled
        recipes = {name: settled[name] if name in settled else session.recipes(name) for name in paths.names}
        self._of_session = {name: of_object for name, of_object in recipes.items() if name not in settled}
        self._recipes = PerPlace(
            paths.names, paths.frames, lambda name, frame: file_recipe(recipes[name][frame], job.output)
        )

    def make_mattes(self, on_progress: Callable[[Progress], None], overlay: Path, *, overwrite: bool) -> None:
        """Track and write what is not there yet, and draw the overlay behind it."""
        found = wanted_mattes(self._paths, self._recipes, self._reader.info, overwrite=overwrite)
        wanted = Places(place for place in found if place[0] not in self._settled)
        recipe = combined_recipe(f"{name} {frame} {self._recipes[name, frame]}" for name, frame in self._paths)
        if not wanted and read_movie_recipe(overlay) == recipe:
            return
        missing = Places(wanted)
        gate = Gate()

        def report(progress: Progress) -> None:
            missing.discard((progress.object, progress.frame))
            gate.look()
            on_progress(progress)

        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="rotomatte-overlay") as drawer:
            drawn = drawer.submit(self._draw, overlay, recipe, gate, missing)
            try:
                self._track(wanted, report)
                # Of a long clip most is drawn now, and that takes memory of its own.
                give_back_freed()
                gate.open()
            finally:
                gate.shut()
            drawn.result()

    def _track(self, wanted: Places, report: Callable[[Progress], None]) -> None:
        write_form = _FORMS.get(self._job.output.profile, write_master)

        def write(answer: Answer, header: MatteHeader) -> Progress:
            matte = self._session.matte(answer)
            path = self._paths[answer.object, answer.frame]
            header = replace(header, score=matte.score, beyond_cut=matte.beyond_cut)
            write_form(path, matte.alpha_hw, self._reader.info, header, self._job.output.compression)
            small_hw = self._spool.keep_matte(answer.object, answer.frame, matte.alpha_hw)
            find_outline = partial(outline, small_hw, self._reader.info.canvas)
            return Progress(answer.object, answer.frame, len(wanted), matte.score, find_outline)

        with closing(self._answers(wanted)) as answers, Background(_WRITES_WAITING, report) as writer:
            for answer in answers:
                writer.submit(partial(write, answer, self._header(answer.object, answer.frame)))
                # Not before: the answer is nowhere else.
                self._check()

    def _answers(self, wanted: Places) -> Generator[Answer]:
        """The answer of every wanted place: what the model saw at first, from close up, and smoothed."""
        kept = KeptAnswers(self._tracking / "smoothed")
        clean_ups = {item.name: item.clean_up for item in self._job.objects}
        smoothing = Smoothing(clean_ups, self._tracked, kept, self._reader, self._see_window)
        needed = smoothing.needed(wanted)
        found = self._close_answers(needed) if self._job.refine.crop else self._first_answers(needed)
        yield from smoothing.answers(found, wanted)

    def _first_answers(self, wanted: Collection[Place]) -> Iterator[Answer]:
        run = self._session.run(wanted)
        features = FeatureCache(self._cache, self._tracking / "features", worth=run.looked_at_again())
        ahead = ReadAhead(self._reader, run.looks(features), self._prepare)
        try:
            with ahead:
                yield from run.answers(WatchedClip(ahead, features, CutFinder()))
        finally:
            features.clear()

    def _close_answers(self, wanted: Places) -> Iterator[Answer]:
        first = KeptAnswers(self._tracking / "first")
        close_ups = self._session.close_ups(
            first, self._reader, self._see_window, self._tracking / "close", self._cache
        )
        for answer in self._first_answers(close_ups.first_wanted(wanted)):
            close_ups.note(answer)
        yield from close_ups.answers(wanted)

    def _see_window(self, rgb_hwc: FloatArray, window: Window) -> FloatArray:
        """A window of the plate as the model sees it."""
        part_hwc = np.ascontiguousarray(window.cut(rgb_hwc, self._reader.info.canvas))
        return self._view.see(part_hwc, self._tracker.model.image_size)

    def _draw(self, overlay: Path, recipe: str, gate: Gate, missing: AbstractSet[Place]) -> None:
        with suppress(_Abandoned):
            info = self._reader.info
            frames = self._overlay_frames(gate, missing)
            rate = info.rate or DEFAULT_RATE
            write_overlay(overlay, frames, rate, pixel_aspect=info.pixel_aspect, recipe=recipe)

    def _overlay_frames(self, gate: Gate, missing: AbstractSet[Place]) -> Iterator[OverlayFrame]:
        """Each frame as it is seen, at the spool's size, with every object's matte, as soon as both are there."""
        names = [item.name for item in self._job.objects]
        keys = {(item.name, frame) for item in self._job.objects for frame in item.prompts.prompt_frames()}

        def is_ready(frame: int) -> bool:
            # What is not in the spool needs the plate, which the tracker reads until the gate is open.
            return not any((name, frame) in missing for name in names) and self._spool.has(frame, names)

        for frame in self._paths.frames:
            if not gate.wait(partial(is_ready, frame)):
                raise _Abandoned
            self._check()
            places = [(name, frame) for name in names]
            notes = {place[0]: note_of(self._stored_header(place), is_key=place in keys) for place in places}
            yield OverlayFrame(
                self._small_picture(frame),
                mattes={name: self._small_matte(name, frame) for name in names},
                notes={name: note for name, note in notes.items() if note is not None},
            )

    def finished(self) -> Mapping[str, Mapping[int, str]]:
        """The recipes of the session's objects whose mattes are all there; none where objects share the frame."""
        if self._job.refine.exclusive:
            return {}
        frames = self._paths.frames
        return {
            name: recipes
            for name, recipes in self._of_session.items()
            if all(self._is_current((name, frame)) for frame in frames)
        }

    def _is_current(self, place: Place) -> bool:
        header = read_matte_header(self._paths[place]) if self._paths[place].exists() else None
        return (
            header is not None
            and header.plate_id == self._reader.info.plate_id
            and header.recipe == self._recipes[place]
        )

    def tracks(self) -> tuple[MatteTrack, ...]:
        """What came out for each object, from the mattes' own headers."""
        output, padding = self._job.output, self._reader.info.padding
        frames = self._paths.frames
        tracks = (
            matte_track(
                matte_pattern(output.file_pattern, item.name, padding),
                item,
                frames,
                (self._stored_header((item.name, frame)) for frame in frames),
                self._job.track.direction,
            )
            for item in self._job.objects
        )
        if output.fill is None:
            return tuple(tracks)
        return tuple(
            replace(track, fill_pattern=matte_pattern(FILL_PATTERN, track.object, padding)) for track in tracks
        )

    def masters(self) -> Masters:
        """The finished mattes, for a delivery."""
        frames = self._paths.frames
        return Masters(
            names=[item.name for item in self._job.objects],
            frames=range(frames.first, frames.last + 1),
            header=self._stored_header,
            alpha=self._alpha,
            plate=self._reader.read,
            seen=lambda frame: self._view.see_full(self._reader.read(frame)),
            colour_id=self._view.choice.interop_id,
        )

    def _alpha(self, place: Place) -> FloatArray:
        self._check()
        return read_matte(self._paths[place], self._reader.info)

    def _prepare(self, frame: int, rgb_hwc: FloatArray) -> FloatArray:
        if not self._spool.has_picture(frame):
            self._spool.keep_picture(frame, self._view.see_at(rgb_hwc, *self._spool.size_px))
        return self._view.see(rgb_hwc, self._tracker.model.image_size)

    def _small_picture(self, frame: int) -> FloatArray:
        kept = self._spool.picture(frame)
        return self._view.see_at(self._reader.read(frame), *self._spool.size_px) if kept is None else kept

    def _small_matte(self, name: str, frame: int) -> FloatArray:
        kept = self._spool.matte(name, frame)
        if kept is not None:
            return kept
        return shrink(read_matte(self._paths[name, frame], self._reader.info), self._spool.size_px)

    def _header(self, name: str, frame: int) -> MatteHeader:
        info = self._reader.info
        return MatteHeader(
            object=name,
            frame=frame,
            source=Path(info.path).name,
            plate_id=info.plate_id,
            recipe=self._recipes[name, frame],
            job=self._job_id,
            model=self._tracker.model.name,
            model_sha256=self._tracker.model.sha256,
            colour=self._view.choice.identity(),
            engine=__version__,
            score=None,
            facts=self._reader.facts(frame),
        )

    def _stored_header(self, place: Place) -> MatteHeader:
        path = self._paths[place]
        header = read_matte_header(path)
        if header is None:
            raise OutputError(
                f"{path} disappeared or was changed while the job ran.",
                remedy="Run the same command again.",
                frame=place[1],
                path=str(path),
            )
        return header


def job_id(job: MatteJob) -> str:
    """A hash of the job, the same whichever host sends it, and whoever names the plate's colours."""
    said = job.colour
    colour = replace(
        said,
        space=said.space or said.host_space,
        config=said.config or said.host_config,
        host_space=None,
        host_config=None,
    )
    same = replace(job, clip=replace(job.clip, host_id="", name=""), colour=colour)
    return hashlib.sha256(canonical(same)).hexdigest()
