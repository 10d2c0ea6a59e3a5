"""What a client remembers of its clips and jobs, so that a new engine can take over from one that crashed.

Only bookkeeping: nothing here speaks to an engine. A clip or job keeps, for the caller, the id that the first engine
gave it; a later engine's id for it is known here alone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Optional, Union

from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.messages import (
    CLIP_CHANGE,
    CLIP_CLOSE,
    CLIP_LOAD,
    CLIP_OPEN,
    CLIP_REMOVE_OBJECT,
    CLIP_SET_OBJECT,
    ENDED,
    ChangeClip,
    ClipOpened,
    JobEvent,
    JobList,
    JobStarted,
    LoadClip,
    Method,
    OpenClip,
    to_words,
)
from rotomatte_plugin.model import MatteObject

_MOST_EARLY_JOBS = 64


@dataclass
class RememberedClip:
    """A clip as its caller left it, with its latest change; ``error`` says why a new engine could not open it."""

    opening: Union[OpenClip, LoadClip]
    engine_id: str
    objects: dict[str, MatteObject] = field(default_factory=dict)
    change: Optional[ChangeClip] = None
    error: Optional[RotomatteError] = None


@dataclass
class RememberedJob:
    """A job that has not ended, in the caller's words; it is given to a new engine once at most."""

    method: Method[Any, JobStarted]
    params: Any
    is_second_try: bool = False


class Remembered:
    """A client's open clips and unfinished jobs, by the caller's ids. Any thread may use it.

    ``pass_on`` is called with every event of a job that the caller knows by now. One that comes earlier, since another
    thread reads events than waits for the call that starts the job, is kept until then.
    """

    def __init__(self, pass_on: Callable[[JobEvent], None]) -> None:
        self._pass_on = pass_on
        self._lock = threading.RLock()
        self._clips: dict[str, RememberedClip] = {}
        self._jobs: dict[str, RememberedJob] = {}
        self._caller_ids: dict[str, str] = {}
        self._engine_ids: dict[str, str] = {}
        self._early: OrderedDict[str, list[JobEvent]] = OrderedDict()

    def clips(self) -> dict[str, RememberedClip]:
        """The open clips."""
        with self._lock:
            return dict(self._clips)

    def jobs(self) -> dict[str, RememberedJob]:
        """The jobs that have not ended."""
        with self._lock:
            return dict(self._jobs)

    def to_engine(self, params: Any) -> Any:
        """Params with the engine's ids in place of the caller's.

        Raises:
            RotomatteError: they are about a clip that a new engine could not open; why it could not.
        """
        with self._lock:
            clip = self._clips.get(getattr(params, "clip_id", ""))
            job_id = self._engine_ids.get(getattr(params, "job_id", ""))
        if clip is not None and clip.error is not None:
            raise clip.error
        if clip is not None:
            params = replace(params, clip_id=clip.engine_id)
        return params if job_id is None else replace(params, job_id=job_id)

    def to_caller(self, result: Any) -> Any:
        """A result or event with the caller's ids in place of the engine's."""
        with self._lock:
            if isinstance(result, JobList):
                return JobList(tuple(self.to_caller(job) for job in result.jobs))
            if isinstance(result, (JobEvent, JobStarted)):
                return replace(result, job_id=self._caller_ids.get(result.job_id, result.job_id))
            return result

    def learn(self, method: Method[Any, Any], params: Any, result: Any) -> None:
        """Take note of a call that succeeded, in the caller's words."""
        with self._lock:
            if method in {CLIP_OPEN, CLIP_LOAD}:
                objects = {item.name: item for item in result.objects}
                self._clips[result.clip_id] = RememberedClip(params, result.clip_id, objects)
            elif method == CLIP_CLOSE:
                self._clips.pop(params.clip_id, None)
            elif method == CLIP_CHANGE and params.clip_id in self._clips:
                self._clips[params.clip_id].change = params
            elif method == CLIP_SET_OBJECT and params.clip_id in self._clips:
                self._clips[params.clip_id].objects[params.object.name] = params.object
            elif method == CLIP_REMOVE_OBJECT and params.clip_id in self._clips:
                self._clips[params.clip_id].objects.pop(params.name, None)
            elif isinstance(result, JobStarted):
                self._jobs[result.job_id] = RememberedJob(method, params)
                self._know(result.job_id, result.job_id)
            elif isinstance(result, JobEvent):
                self._know(self._engine_ids.get(result.job_id, result.job_id), result.job_id)

    def take_event(self, event: JobEvent) -> None:
        """Pass an event of the engine's on, or keep it until its job is known."""
        with self._lock:
            caller_id = self._caller_ids.get(event.job_id)
            if caller_id is None:
                self._early.setdefault(event.job_id, []).append(event)
                if len(self._early) > _MOST_EARLY_JOBS:
                    self._early.popitem(last=False)
                return
            if event.state in ENDED:
                self._jobs.pop(caller_id, None)
            self._pass_on(replace(event, job_id=caller_id))

    def give_up(self, job_id: str, error: RotomatteError) -> None:
        """No engine will end this job of the caller's."""
        with self._lock:
            if self._jobs.pop(job_id, None) is not None:
                self._pass_on(JobEvent(job_id, "failed", message=error.message, error=to_words(error)))

    def reopened(self, clip_id: str, opened: ClipOpened) -> None:
        """A new engine has opened a clip."""
        with self._lock:
            if clip_id in self._clips:
                self._clips[clip_id].engine_id = opened.clip_id

    def not_reopened(self, clip_id: str, error: RotomatteError) -> None:
        """A new engine could not open a clip, or died of it."""
        with self._lock:
            if clip_id in self._clips:
                self._clips[clip_id].error = error

    def try_again(self, job_id: str) -> None:
        """A new engine is about to be given a job, and may die of it."""
        with self._lock:
            if job_id in self._jobs:
                self._jobs[job_id].is_second_try = True

    def restarted(self, job_id: str, started: JobStarted) -> None:
        """A new engine has taken a job over."""
        with self._lock:
            self._know(started.job_id, job_id)

    def _know(self, engine_id: str, caller_id: str) -> None:
        self._caller_ids[engine_id] = caller_id
        self._engine_ids[caller_id] = engine_id
        for event in self._early.pop(engine_id, ()):
            self.take_event(event)
