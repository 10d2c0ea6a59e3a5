"""Finding objects on the frames of a clip that a host has open, and the frames that are best for prompts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Optional

from rotomatte.device_lock import hold_device
from rotomatte.engine.clips import OpenedClip
from rotomatte.engine.pictures import LatestFiles
from rotomatte.engine.queue import Task, Watch
from rotomatte.finding.detector import Detector
from rotomatte.finding.everything import find_everything
from rotomatte.finding.find_words import find_words
from rotomatte.finding.found import Found
from rotomatte.finding.labels import drawn_picture, label_picture
from rotomatte.finding.open_detector import open_detector
from rotomatte.finding.picking import require_ids
from rotomatte.finding.settings import FindSettings, usual_settings
from rotomatte.finding.suggest import suggest_frames
from rotomatte.finding.words import phrases, require_score
from rotomatte.finding.write import png, write_mask
from rotomatte.plate.open import open_plate
from rotomatte_plugin.errors import CancelledError, JobError, PromptError
from rotomatte_plugin.messages import BestFrameAsked, FindEverything, Finds, FindWords, FrameFinds, PickFound
from rotomatte_plugin.model import Clip, FrameRange, MatteObject

_FILES, _BYTES = 8, 32 << 20
_REACH_FRAMES = 60
"""How far from an object's prompts a best frame is looked for where no frames are named: an artist waits for it."""


class ClipFinder:
    """What finds things on an open clip; it remembers what the latest search has found, from which a host may pick.

    Files for the host lie in ``folder``, of which the latest stay. Searches are tasks for the queue: they raise
    ``CancelledError`` when they were cancelled or the clip closed, and otherwise what their functions do.
    """

    def __init__(self, clip: OpenedClip, folder: Path) -> None:
        self._clip = clip
        self._files = LatestFiles(folder, "found", least=_FILES, most_bytes=_BYTES)
        self._lock = Lock()
        self._finds = Finds()
        self._latest: Optional[tuple[int, Found]] = None

    @property
    def finds(self) -> Finds:
        """What the latest search that ended has found."""
        return self._finds

    def everything(self, asked: FindEverything) -> Task:
        """The task of finding what may be objects on a frame; see ``find_everything``.

        Raises:
            JobError: the clip has no such frame, or a setting means nothing.
        """
        self._clip.require_frame(asked.frame)
        return partial(self._find_everything, asked.frame, _settings(self._clip, asked))

    def words(self, asked: FindWords) -> Task:
        """The task of finding what words name; see ``find_words``.

        Raises:
            PromptError: the words, or the score, cannot be used.
            JobError: the clip has no such frames.
            MissingExtraError, UnknownModelError, ModelMissingError: see ``open_detector``.
        """
        phrases(asked.text)
        if asked.min_score is not None:
            require_score(asked.min_score)
        if not asked.frames:
            raise JobError("No frames were given to look on.", remedy="Give one or more.", clip=self._clip.info.name)
        for frame in asked.frames:
            self._clip.require_frame(frame)
        return partial(self._find_words, asked, open_detector(asked.detector, self._clip.tracker.device))

    def best_frames(self, asked: BestFrameAsked) -> Task:
        """The task of finding the frames on which prompts for an object are worth most; see ``suggest_frames``.

        Raises:
            PromptError: the object has no prompts.
            JobError: the clip has no such frames.
        """
        if not asked.object.prompts:
            raise PromptError(
                f"{asked.object.name} has no prompts.", remedy="Give a click on it, a box or a mask, on any frame."
            )
        frames = asked.frames or _about(asked.object.prompts.prompt_frames(), self._clip.frames)
        for frame in (frames.first, frames.last):
            self._clip.require_frame(frame)
        others = tuple(
            item
            for item in self._clip.objects()
            if item.name != asked.object.name and all(frame in frames for frame in item.prompts.prompt_frames())
        )
        return partial(self._find_best, frames, (asked.object, *others))

    def pick(self, asked: PickFound, path: Path) -> None:
        """Write the matte of a find of the latest frame.

        Raises:
            PromptError: the frame's finds are not known, or it has none of that id.
            OutputError, DiskFullError: it cannot be written.
        """
        with self._lock:
            if self._latest is None or self._latest[0] != asked.frame:
                raise PromptError(
                    f"What is on frame {asked.frame} is not known any more.",
                    remedy="Find everything there again.",
                    frame=asked.frame,
                    clip=self._clip.info.name,
                )
            found = self._latest[1]
            require_ids((asked.id,), found.objects, asked.frame)
            write_mask(path, found.matte(asked.id))

    def _find_everything(self, frame: int, settings: FindSettings, watch: Watch) -> str:
        clip = self._clip
        with ExitStack() as desk:
            check = self._begin(desk, watch)
            reader = desk.enter_context(closing(open_plate(clip.settings.clip.plate)))

            def on_progress(done: int, total: int) -> None:
                check()
                watch.on_amount(done, total)

            found = find_everything(reader, clip.view, clip.tracker, frame, settings, on_progress)
            labels_hw = label_picture(found)
            drawn_hwc = drawn_picture(labels_hw, clip.view.see_full(reader.read(frame)))
            with self._lock:
                self._latest = (frame, found)
                picture = str(self._files.keep(".png", png(drawn_hwc[..., ::-1])))
                labels = str(self._files.keep(".png", png(labels_hw)))
                self._finds = Finds((FrameFinds(frame, found.objects, picture, labels),))
        return f"{len(found.objects)} finds on frame {frame}."

    def _find_words(self, asked: FindWords, detector: Detector, watch: Watch) -> str:
        clip = self._clip
        with ExitStack() as desk:
            check = self._begin(desk, watch)
            reader = desk.enter_context(closing(open_plate(clip.settings.clip.plate)))

            def on_progress(done: int, total: int) -> None:
                check()
                watch.on_amount(done, total)

            found = find_words(reader, clip.view, detector, asked.text, asked.frames, asked.min_score, on_progress)
            on_frames = tuple(
                FrameFinds(one.frame, one.objects, str(self._files.keep(".png", png(one.picture_hwc[..., ::-1]))))
                for one in found.on_frames
            )
        with self._lock:
            self._finds = Finds(on_frames, found.best, found.message)
        return found.message

    def _find_best(self, frames: FrameRange, objects: tuple[MatteObject, ...], watch: Watch) -> str:
        settings = self._clip.settings
        with ExitStack() as desk:
            check = self._begin(desk, watch)

            def on_progress(done: int, total: int) -> None:
                check()
                watch.on_amount(done, total)

            found = suggest_frames(
                Clip(settings.clip.plate, frames),
                objects,
                settings.colour,
                replace(settings.track, mode="span", memory=None),
                self._clip.tracker,
                on_progress=on_progress,
            )
        best = found[objects[0].name]
        message = f"Best on frame {best[0].frame}." if best else f"{objects[0].name} is not seen on frames {frames}."
        with self._lock:
            self._finds = Finds(best=best, message=message)
        return message

    def _begin(self, desk: ExitStack, watch: Watch) -> Callable[[], None]:
        """Have the clip and its device; gives what is to be asked between steps."""
        clip = self._clip

        def is_over() -> bool:
            return clip.is_closed or watch.cancelled()

        def check() -> None:
            if is_over():
                raise CancelledError("Looking was stopped.", remedy="Ask again.", clip=clip.info.name)

        check()
        desk.enter_context(clip.in_use())
        desk.enter_context(hold_device(clip.tracker.device, on_wait=watch.on_warning, cancelled=is_over))
        return check


def _settings(clip: OpenedClip, asked: FindEverything) -> FindSettings:
    files = clip.tracker.network.files
    usual = usual_settings(is_preview=files is not None and files.is_preview)
    return replace(
        usual,
        min_area_px=usual.min_area_px if asked.min_area_px is None else asked.min_area_px,
        max_count=usual.max_count if asked.max_count is None else asked.max_count,
    )


def _about(keys: tuple[int, ...], frames: FrameRange) -> FrameRange:
    """The frames around key frames."""
    return FrameRange(max(frames.first, keys[0] - _REACH_FRAMES), min(frames.last, keys[-1] + _REACH_FRAMES))
