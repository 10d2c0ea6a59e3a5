"""Tracking the objects of an open clip, frame by frame, for a host to look at."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial

from rotomatte.device_lock import hold_device
from rotomatte.engine.clips import OpenedClip
from rotomatte.engine.queue import Watch
from rotomatte.mattes.outline import outline
from rotomatte.places import Places
from rotomatte.plate.ahead import ReadAhead
from rotomatte.plate.cuts import CutFinder
from rotomatte.plate.open import open_plate
from rotomatte.plate.second_look import SecondLook
from rotomatte.roto.clip import WatchedClip
from rotomatte.tracker.stoppable import StoppableTracker
from rotomatte.work import Progress
from rotomatte_plugin.errors import CancelledError, JobError
from rotomatte_plugin.messages import Propagate
from rotomatte_plugin.model import FrameRange, MatteObject, RefineSettings, TrackSettings


@dataclass(frozen=True)
class Propagation:
    """A task for the queue: the mattes of ``names`` on ``frames``, as objects and settings were when it was asked for.

    Each is told with its outline and score, in the order in which they are found. They are those of the first look,
    with edges and clean-up: close-ups and smoothing come with the mattes that are written. What is found stays in the
    clip's log, so that the same is not tracked again, and what the encoder made of frames in its cache.
    """

    clip: OpenedClip
    objects: tuple[MatteObject, ...]
    names: tuple[str, ...]
    frames: FrameRange
    track: TrackSettings
    refine: RefineSettings

    def __call__(self, watch: Watch) -> str:
        """Track.

        Raises:
            CancelledError: the task was cancelled, or the clip closed.
            RotomatteError: see ``run_job``.
        """
        clip = self.clip

        def is_over() -> bool:
            return clip.is_closed or watch.cancelled()

        def check() -> None:
            if is_over():
                raise CancelledError("Tracking was stopped.", remedy="Propagate again to go on.", clip=clip.info.name)

        check()
        with ExitStack() as desk:
            desk.enter_context(clip.in_use())
            plate = clip.settings.clip.plate
            reader = desk.enter_context(closing(open_plate(plate)))
            second_look = desk.enter_context(closing(SecondLook(partial(open_plate, plate), clip.view)))
            desk.enter_context(hold_device(clip.tracker.device, on_wait=watch.on_warning, cancelled=is_over))
            session = clip.session(StoppableTracker(clip.tracker, check), second_look.seen, self.track, self.refine)
            for item in self.objects:
                session.set_object(item)
            run = session.run(Places((name, frame) for name in self.names for frame in self.frames))
            size_px = clip.tracker.model.image_size
            order = run.looks(clip.features)
            ahead = desk.enter_context(ReadAhead(reader, order, lambda _, rgb_hwc: clip.view.see(rgb_hwc, size_px)))
            for answer in run.answers(WatchedClip(ahead, clip.features, CutFinder())):
                check()
                matte = session.matte(answer)
                find_outline = partial(outline, matte.alpha_hw, clip.info.canvas)
                total = len(self.names) * len(self.frames)
                watch.on_progress(Progress(answer.object, answer.frame, total, matte.score, find_outline))
        return f"{', '.join(self.names)}: tracked on frames {self.frames}."


def propagation(clip: OpenedClip, asked: Propagate) -> Propagation:
    """The task that a host asks for.

    Raises:
        JobError: an object or a frame that the clip does not have, or a direction that its mode cannot track in.
    """
    clip.require(asked.objects)
    objects = clip.objects()
    if not objects:
        raise JobError("The clip has no objects.", remedy="Set an object first.", clip=clip.info.name)
    frames = asked.frames or clip.frames
    for frame in (frames.first, frames.last):
        clip.require_frame(frame)
    track, refine = clip.settings.track, clip.settings.refine
    return Propagation(
        clip,
        objects,
        asked.objects or tuple(item.name for item in objects),
        frames,
        track if asked.direction is None else replace(track, direction=asked.direction),
        refine,
    )
