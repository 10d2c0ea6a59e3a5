"""The clips that are open in the engine."""

from __future__ import annotations

import uuid
from functools import partial
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from rotomatte.document import encode, read_job
from rotomatte.engine.clip_finder import ClipFinder
from rotomatte.engine.clips import OpenedClip
from rotomatte.engine.handlers import full_path
from rotomatte.engine.propagation import propagation
from rotomatte.engine.queue import JobQueue, Task, Watch
from rotomatte.engine.runner import run_matte_job
from rotomatte.engine.trackers import WarmTrackers
from rotomatte.mattes.files import write_atomically
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.messages import (
    ChangeClip,
    ClipAsked,
    ClipOpened,
    JobStarted,
    LoadClip,
    Nothing,
    OpenClip,
    PickFound,
    PictureAsked,
    PictureMade,
    PreviewAsked,
    PreviewMade,
    Propagate,
    RemoveObject,
    SaveClip,
    SetObject,
    WriteMattes,
)
from rotomatte_plugin.model import MatteOutput


class OpenClips:
    """Answers what hosts ask of their clips. ``folder`` is the engine's own, for what is kept of each.

    Each method is that of the protocol with the same name, and raises what the clip does, and ``JobError`` where no
    clip has that id.
    """

    def __init__(self, trackers: WarmTrackers, queue: JobQueue, folder: Path) -> None:
        self._trackers = trackers
        self._queue = queue
        self._folder = folder
        self._lock = Lock()
        self._clips: dict[str, OpenedClip] = {}
        self._finders: WeakKeyDictionary[OpenedClip, ClipFinder] = WeakKeyDictionary()

    def open(self, asked: OpenClip) -> ClipOpened:
        """Open a plate; its model is loaded when it first answers."""
        return self._added(asked, MatteOutput()).opened()

    def load(self, asked: LoadClip) -> ClipOpened:
        """Open a clip that was saved, or any job document."""
        job = read_job(full_path(asked.path))
        clip = self._added(OpenClip(job.clip, job.colour, job.track, job.refine), job.output)
        try:
            for item in job.objects:
                clip.set_object(item)
        except BaseException:
            self.close(ClipAsked(clip.clip_id))
            raise
        return clip.opened()

    def change(self, asked: ChangeClip) -> Nothing:
        """Give a clip other settings; its tracks stay."""
        self.find(asked.clip_id).change(asked.refine, asked.direction)
        return Nothing()

    def picture(self, asked: PictureAsked) -> PictureMade:
        """Show what the model sees."""
        return PictureMade(str(self.find(asked.clip_id).picture(asked.frame, asked.side_px)))

    def set_object(self, asked: SetObject) -> Nothing:
        """Add or replace an object."""
        self.find(asked.clip_id).set_object(asked.object)
        return Nothing()

    def remove_object(self, asked: RemoveObject) -> Nothing:
        """Forget an object."""
        self.find(asked.clip_id).remove_object(asked.name)
        return Nothing()

    def preview(self, asked: PreviewAsked) -> PreviewMade:
        """Answer an object's prompts on a frame."""
        return self.find(asked.clip_id).preview(asked.object, asked.frame)

    def propagate(self, asked: Propagate) -> JobStarted:
        """Track, as a job."""
        return JobStarted(self._queue.put(propagation(self.find(asked.clip_id), asked)))

    def mattes(self, asked: WriteMattes) -> JobStarted:
        """Write the mattes, as the same job from anywhere does, but for what is tracked already."""
        clip, out = self.find(asked.clip_id), full_path(asked.out)
        run = partial(run_matte_job, trackers=self._trackers, log=clip.log)
        make = self._queue.matte_task(clip.job(asked.output, asked.frames), out, overwrite=asked.overwrite, run=run)

        def write(watch: Watch) -> str:
            with clip.in_use():
                return make(watch)

        return JobStarted(self._queue.put(write))

    def save(self, asked: SaveClip) -> Nothing:
        """Save the clip as a job document."""
        path, job = full_path(asked.path), self.find(asked.clip_id).job()
        write_atomically(self._queue.allowed(path.parent) / path.name, encode(job))
        return Nothing()

    def close(self, asked: ClipAsked) -> Nothing:
        """Close a clip; tracking for it stops, mattes that are being written are finished."""
        with self._lock:
            clip = self._clips.pop(asked.clip_id, None)
        if clip is None:
            raise _unknown(asked.clip_id)
        clip.close()
        return Nothing()

    def finder(self, clip_id: str) -> ClipFinder:
        """What finds things on the open clip of that id."""
        clip = self.find(clip_id)
        with self._lock:
            if clip not in self._finders:
                self._finders[clip] = ClipFinder(clip, self._folder / clip_id)
            return self._finders[clip]

    def begin(self, task: Task) -> JobStarted:
        """Put a task into the queue."""
        return JobStarted(self._queue.put(task))

    def pick_found(self, asked: PickFound) -> Nothing:
        """Write the matte of a find."""
        path = full_path(asked.path)
        self.finder(asked.clip_id).pick(asked, self._queue.allowed(path.parent) / path.name)
        return Nothing()

    def free(self) -> None:
        """Give back the memory of what clips can make anew."""
        with self._lock:
            clips = tuple(self._clips.values())
        for clip in clips:
            clip.forget_features()

    def _added(self, asked: OpenClip, output: MatteOutput) -> OpenedClip:
        clip_id = uuid.uuid4().hex
        clip = OpenedClip(clip_id, asked, output, self._trackers.get(asked.track), self._folder / clip_id)
        with self._lock:
            self._clips[clip_id] = clip
        return clip

    def find(self, clip_id: str) -> OpenedClip:
        """The open clip of that id."""
        with self._lock:
            clip = self._clips.get(clip_id)
        if clip is None:
            raise _unknown(clip_id)
        return clip


def _unknown(clip_id: str) -> JobError:
    return JobError(f"No clip {clip_id!r} is open.", remedy="Open it, or load it, first.")
