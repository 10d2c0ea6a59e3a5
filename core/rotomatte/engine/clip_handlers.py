"""The methods about clips."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from rotomatte.engine.dispatch import Handler, Handlers
from rotomatte.engine.finding_handlers import FINDING_ANSWERS
from rotomatte.engine.queue import JobQueue
from rotomatte.engine.trackers import WarmTrackers
from rotomatte.engine.viewer_handlers import VIEWER_ANSWERS
from rotomatte_plugin.messages import (
    CLIP_CHANGE,
    CLIP_CLOSE,
    CLIP_LOAD,
    CLIP_MATTES,
    CLIP_OPEN,
    CLIP_PICTURE,
    CLIP_PREVIEW,
    CLIP_PROPAGATE,
    CLIP_REMOVE_OBJECT,
    CLIP_SAVE,
    CLIP_SET_OBJECT,
    Method,
)

if TYPE_CHECKING:
    from rotomatte.engine.open_clips import OpenClips

_ANSWERS: tuple[tuple[Method[Any, Any], Callable[[OpenClips, Any], object]], ...] = (
    (CLIP_OPEN, lambda clips, asked: clips.open(asked)),
    (CLIP_CHANGE, lambda clips, asked: clips.change(asked)),
    (CLIP_PICTURE, lambda clips, asked: clips.picture(asked)),
    (CLIP_SET_OBJECT, lambda clips, asked: clips.set_object(asked)),
    (CLIP_REMOVE_OBJECT, lambda clips, asked: clips.remove_object(asked)),
    (CLIP_PREVIEW, lambda clips, asked: clips.preview(asked)),
    (CLIP_PROPAGATE, lambda clips, asked: clips.propagate(asked)),
    (CLIP_MATTES, lambda clips, asked: clips.mattes(asked)),
    (CLIP_SAVE, lambda clips, asked: clips.save(asked)),
    (CLIP_LOAD, lambda clips, asked: clips.load(asked)),
    (CLIP_CLOSE, lambda clips, asked: clips.close(asked)),
)


class ClipDesk:
    """What answers ``clip/*``, and frees what clips keep warm.

    The code behind it is imported with the first of these calls, so that an engine starts at once.
    """

    def __init__(self, trackers: WarmTrackers, queue: JobQueue, folder: Path) -> None:
        self._trackers = trackers
        self._queue = queue
        self._folder = folder
        self._lock = Lock()
        self._clips: OpenClips | None = None

    def handlers(self) -> Handlers:
        """A function for each method."""
        return {method.name: self._handler(answer) for method, answer in (*_ANSWERS, *FINDING_ANSWERS, *VIEWER_ANSWERS)}

    def free(self) -> None:
        """Let go of models that no clip has open, and of what can be made anew of those that are."""
        if self._clips is not None:
            self._clips.free()
        self._trackers.free()

    def _handler(self, answer: Callable[[OpenClips, Any], object]) -> Handler:
        return lambda asked: answer(self._open_clips(), asked)

    def _open_clips(self) -> OpenClips:
        with self._lock:
            if self._clips is None:
                from rotomatte.engine.open_clips import OpenClips  # noqa: PLC0415

                self._clips = OpenClips(self._trackers, self._queue, self._folder)
            return self._clips
