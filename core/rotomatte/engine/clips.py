"""One clip that a host has open: its plate, its objects, and what is kept of it until it is closed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock, RLock
from typing import cast

from rotomatte.colour.view import open_view
from rotomatte.device_lock import visit_device
from rotomatte.engine.pictures import LatestFiles, Pictures
from rotomatte.engine.plate_viewer import PlateViewer
from rotomatte.engine.shared_tracker import SharedTracker
from rotomatte.engine.track_viewer import TrackViewer
from rotomatte.job import job_frames
from rotomatte.mattes.outline import outline
from rotomatte.plate.base import FloatArray
from rotomatte.plate.cuts import CutFinder
from rotomatte.plate.open import open_plate
from rotomatte.plate.second_look import SecondLook
from rotomatte.roto.clip import WatchedClip
from rotomatte.roto.lasting_log import LastingLog
from rotomatte.roto.seen_log import SeenLog
from rotomatte.roto.session import Session
from rotomatte.spool import shrink
from rotomatte.tracker.base import Tracker
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte_plugin.errors import JobError, PromptError
from rotomatte_plugin.messages import (
    CanvasWindow,
    ClipOpened,
    MatteAsked,
    MatteMade,
    OpenClip,
    PixelAsked,
    PixelRead,
    PlateAsked,
    PlateMade,
    PreviewMade,
    TracksMade,
)
from rotomatte_plugin.model import (
    Direction,
    FrameRange,
    FrameScore,
    MatteJob,
    MatteObject,
    MatteOutput,
    RefineSettings,
    TrackSettings,
)

_PREVIEW_SIDE_PX = 1024
_PICTURE_SIDES_PX = range(16, 4097)
# Temporary folders are memory on many systems.
_CACHE = CacheBudget(disk_bytes=0)
_SHOWN_FILES, _SHOWN_BYTES = 4, 128 << 20
"""How many of the files for a viewer stay however large they are, and how large they may be together."""


class OpenedClip:
    """An open clip. Threads may share it; calls wait for each other, but not for what is tracked meanwhile.

    What a viewer asks for, its plates, pixels and mattes, waits for none of the other calls.

    What tracking keeps, and pictures, lie in ``folder``, which goes with the clip: when it is closed and no task that
    has it ``in_use`` is left.

    Raises:
        PlateError: the plate cannot be opened.
        FrameMissingError: not all of its frames are there.
        ColourError: its colours cannot be shown.
    """

    def __init__(
        self, clip_id: str, asked: OpenClip, output: MatteOutput, tracker: SharedTracker, folder: Path
    ) -> None:
        self.clip_id = clip_id
        self.settings = asked
        self.tracker = tracker
        self._output = output
        self._folder = folder
        self._lock = RLock()
        self._users_lock = Lock()
        self._users = 0
        self._is_closed = False
        # Never changed but replaced, so that whoever reads it need not wait.
        self._objects: Mapping[str, MatteObject] = {}
        self._reader = open_plate(asked.clip.plate)
        try:
            self.info = self._reader.info
            self.frames = job_frames(asked.clip.frames, self.info)
            self.view = open_view(self.info, asked.colour)
            folder.mkdir(mode=0o700)
        except BaseException:
            self._reader.close()
            raise
        self.log = (SeenLog if asked.track.mode == "exact" else LastingLog)(folder / "log")
        self.features = FeatureCache(_CACHE, folder / "features", worth=self.frames)
        self._pictures = Pictures(folder)
        self._second_look = SecondLook(partial(open_plate, asked.clip.plate), self.view)
        self._session = self.session(tracker, self._second_look.seen, asked.track, asked.refine)
        shown = LatestFiles(folder, "shown", least=_SHOWN_FILES, most_bytes=_SHOWN_BYTES)
        self._plates = PlateViewer(
            partial(open_plate, asked.clip.plate),
            self.info,
            self.view,
            asked.colour,
            lambda: tracker.model.image_size,
            shown,
        )
        # Apart from the preview's, whose edges must not wait for these.
        self._shown_look = SecondLook(partial(open_plate, asked.clip.plate), self.view)
        self._tracks = TrackViewer(self.info, self.frames, asked.track, asked.refine, self._shown_session, shown)

    @property
    def is_closed(self) -> bool:
        """Whether its host has no more use for it."""
        return self._is_closed

    def opened(self) -> ClipOpened:
        """What a host is told of it."""
        info, canvas, display = self.info, self.info.canvas, self.info.display
        return ClipOpened(
            clip_id=self.clip_id,
            name=self.settings.clip.name or info.name,
            frames=self.frames,
            width_px=display.width,
            height_px=display.height,
            canvas=CanvasWindow(canvas.left, canvas.top, canvas.width, canvas.height),
            pixel_aspect=info.pixel_aspect,
            rate=info.rate,
            colour=self.view.choice.describe(),
            warnings=(*info.warnings, *self.view.choice.warnings, *self.tracker.network.warnings),
            objects=self.objects(),
        )

    def session(
        self, tracker: Tracker, seen: Callable[[int], FloatArray], track: TrackSettings, refine: RefineSettings
    ) -> Session:
        """A session without objects on this plate, which knows what was tracked before."""
        colour = self.view.choice.identity()
        return Session(self.info, colour, tracker, self.frames, track, refine, self.log, seen)

    def change(self, refine: RefineSettings, direction: Direction) -> None:
        """Give it other settings. Its log knows passes by what decides them, and so knows what still holds.

        What is tracked or written meanwhile goes on with the settings that it began with.

        Raises:
            JobError: its mode cannot track in that direction, or a mask cannot be read any more.
        """
        with self._lock:
            self._require_open()
            track = replace(self.settings.track, direction=direction)
            session = self.session(self.tracker, self._second_look.seen, track, refine)
            for item in self.objects():
                session.set_object(item)
            self._session = session
            self._tracks = self._tracks.with_settings(track, refine)
            self.settings = replace(self.settings, track=track, refine=refine)

    def objects(self) -> tuple[MatteObject, ...]:
        """Its objects, in the order in which they were first set."""
        return tuple(self._objects.values())

    def set_object(self, item: MatteObject) -> None:
        """Add an object, or give the one of that name other prompts.

        Raises:
            PromptError: it has no prompts, or some that cannot be used on this plate.
            JobError: a mask cannot be read.
        """
        self._require_prompts(item)
        with self._lock:
            self._require_open()
            self._session.set_object(item)
            self._objects = {**self._objects, item.name: item}

    def remove_object(self, name: str) -> None:
        """Forget an object.

        Raises:
            JobError: there is none of that name.
        """
        with self._lock:
            self.require((name,))
            self._session.remove_object(name)
            self._objects = {other: item for other, item in self._objects.items() if other != name}

    def require(self, names: tuple[str, ...]) -> None:
        """Refuse names that no object has.

        Raises:
            JobError: with the names that there are.
        """
        known = [item.name for item in self.objects()]
        for name in names:
            if name not in known:
                raise JobError(
                    f"The clip has no object {name!r}.",
                    remedy=f"Use one of {', '.join(known)}." if known else "Set an object first.",
                    clip=self.info.name,
                )

    def require_frame(self, frame: int) -> None:
        """Refuse a frame that is not one of the clip's.

        Raises:
            JobError: with those that are.
        """
        if frame not in self.frames:
            raise JobError(
                f"Frame {frame} is not one of the clip's frames {self.frames}.",
                remedy="Choose one of them, or open the clip with more frames.",
                clip=self.info.name,
                frame=frame,
            )

    def picture(self, frame: int, side_px: int | None) -> Path:
        """A PNG of what the model sees of a frame; ``side_px`` is the side of the square, the model's own where None.

        Raises:
            FrameUnreadableError: the frame cannot be read.
            JobError: no picture has such a side, or the clip no such frame.
        """
        side_px = self.tracker.model.image_size if side_px is None else side_px
        if side_px not in _PICTURE_SIDES_PX:
            raise JobError(
                f"A picture cannot be {side_px} pixels wide.",
                remedy=f"Ask for {_PICTURE_SIDES_PX[0]} to {_PICTURE_SIDES_PX[-1]}.",
                clip=self.info.name,
            )
        with self._lock:
            self._require_open()
            self.require_frame(frame)
            return self._pictures.keep(self.view.see(self._reader.read(frame), side_px))

    def preview(self, item: MatteObject, frame: int) -> PreviewMade:
        """What an object's prompts give on a frame, whatever the clip's own objects are.

        Raises:
            PromptError: a prompt that cannot be used, or none on that frame.
            EngineBusyError: a job of another process has the GPU.
            DeviceError: the device ran out of memory.
        """
        self._require_prompts(item)
        with self._lock, visit_device(self.tracker.device):
            self._require_open()
            seen = WatchedClip(self._look, self.features, CutFinder())
            matte = self._session.preview(item, frame, seen)
            path = self._pictures.keep(_small(matte.alpha_hw))
        # A preview is never of a frame that no track leads to.
        score = cast(FrameScore, matte.score)
        return PreviewMade(
            str(path), outline(matte.alpha_hw, self.info.canvas), score.object_score, score.predicted_iou, score.area_px
        )

    def plate(self, asked: PlateAsked) -> PlateMade:
        """See ``PlateViewer.plate``; any frame of the plate may be seen."""
        with self._open_meanwhile():
            return self._plates.plate(asked)

    def pixel(self, asked: PixelAsked) -> PixelRead:
        """See ``PlateViewer.pixel``."""
        with self._open_meanwhile():
            return self._plates.pixel(asked)

    def matte(self, asked: MatteAsked) -> MatteMade:
        """See ``TrackViewer.matte``.

        Raises:
            PromptError: the object has no prompts.
            JobError: the clip has no such frame.
        """
        self._require_prompts(asked.object)
        self.require_frame(asked.frame)
        others = tuple(item for item in self.objects() if item.name != asked.object.name)
        with self._open_meanwhile():
            return self._tracks.matte(asked, others)

    def tracked(self) -> TracksMade:
        """See ``TrackViewer.tracked``."""
        with self._open_meanwhile():
            return self._tracks.tracked(self.objects())

    def job(self, output: MatteOutput | None = None, frames: FrameRange | None = None) -> MatteJob:
        """The job that its objects and settings are.

        The output settings are those that it was loaded with where None, and the frames all of the clip's.

        Raises:
            JobError: it has no objects, or no such frames.
        """
        asked = self.settings
        for frame in () if frames is None else (frames.first, frames.last):
            self.require_frame(frame)
        return MatteJob(
            asked.clip if frames is None else replace(asked.clip, frames=frames),
            self.objects(),
            asked.colour,
            asked.track,
            asked.refine,
            self._output if output is None else output,
        )

    def forget_features(self) -> None:
        """Give back the memory that can be made anew."""
        self._plates.forget()
        with self.tracker.turn(hurried=True):
            self.features.clear()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """What the clip keeps stays meanwhile, even if it is closed."""
        with self._users_lock:
            self._users += 1
        try:
            yield
        finally:
            with self._users_lock:
                self._users -= 1
            self._tidy()

    def close(self) -> None:
        """Its host has no more use for it."""
        with self._lock:
            with self._users_lock:
                self._is_closed = True
            self._reader.close()
            self._second_look.close()
        self._tidy()

    def _tidy(self) -> None:
        with self._users_lock:
            if self._is_closed and not self._users:
                self._plates.close()
                self._shown_look.close()
                shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def _open_meanwhile(self) -> Iterator[None]:
        with self.in_use():
            self._require_open()
            yield

    def _shown_session(self, track: TrackSettings, refine: RefineSettings) -> Session:
        colour, log = self.view.choice.identity(), self.log
        seen_log = log.seen if isinstance(log, SeenLog) else log
        look = self._shown_look.seen
        return Session(self.info, colour, self.tracker, self.frames, track, refine, seen_log, look)

    def _look(self, frame: int) -> FloatArray:
        return self.view.see(self._reader.read(frame), self.tracker.model.image_size)

    def _require_open(self) -> None:
        if self._is_closed:
            raise JobError("The clip was closed.", remedy="Open it again.", clip=self.info.name)

    def _require_prompts(self, item: MatteObject) -> None:
        if not item.prompts:
            raise PromptError(
                f"{item.name} has no prompts.",
                remedy="Say what the object is: add a click on it, a box or a mask.",
                clip=self.info.name,
            )


def _small(matte_hw: FloatArray) -> FloatArray:
    """A matte for the eye; by a whole factor, which is several times quicker."""
    height, width = matte_hw.shape
    factor = -(-max(height, width) // _PREVIEW_SIDE_PX)
    return matte_hw if factor == 1 else shrink(matte_hw, (max(1, width // factor), max(1, height // factor)))
