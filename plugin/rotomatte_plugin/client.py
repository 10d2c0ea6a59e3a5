"""The engine as a host sees it: finds it or starts it, calls it, and survives its crash."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Any, Optional

from rotomatte_plugin.connection import Connection, read_connection
from rotomatte_plugin.errors import EngineBusyError, EngineError, EngineTimeoutError, ProtocolError, RotomatteError
from rotomatte_plugin.launch import launch, why_failed
from rotomatte_plugin.link import Link, LinkLostError
from rotomatte_plugin.locate import connection_path
from rotomatte_plugin.messages import (
    CLIP_CHANGE,
    CLIP_CLOSE,
    CLIP_LOAD,
    CLIP_OPEN,
    CLIP_REMOVE_OBJECT,
    CLIP_SET_OBJECT,
    JOB_STATUS,
    ClipOpened,
    JobAsked,
    JobEvent,
    LoadClip,
    Method,
    OpenClip,
    RemoveObject,
    SetObject,
    SubmitJob,
)
from rotomatte_plugin.messages.methods import Params, Result
from rotomatte_plugin.model import ColourSettings
from rotomatte_plugin.plain import from_plain
from rotomatte_plugin.remembered import Remembered, RememberedClip, RememberedJob

START_S = 30.0
"""How long a client waits for an engine to start, or to have room."""

_LOOK_S = 0.02
_BUSY_S = 0.25
_COLLECT_S = 5.0

Start = Callable[[Mapping[str, str]], "subprocess.Popen[bytes]"]


class EngineClient:
    """A host's way to the engine. ``name`` is what the engine's log calls it, such as ``Nuke 15.1``.

    Calls may come from any thread and wait for their answer. Events wait until the host asks for them, such as from its
    timer, so that nothing here ever touches the host. After a crash of the engine the call that notices starts another
    one and opens the caller's clips there again, with all their objects; their ids stay valid. Jobs that had not ended
    go on there at once, keeping their finished frames, and are given up if that engine crashes too.
    """

    def __init__(self, name: str, *, environ: Mapping[str, str] = os.environ, start: Start = launch) -> None:
        self._name = name
        self._environ = environ
        self._start = start
        self._events: queue.SimpleQueue[JobEvent] = queue.SimpleQueue()
        self._remembered = Remembered(self._events.put)
        self._reach_lock = threading.RLock()
        self._link: Optional[Link] = None
        self._served_by: Optional[Connection] = None
        self._is_closed = False

    def __enter__(self) -> EngineClient:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def call(self, method: Method[Params, Result], params: Params, timeout_s: Optional[float] = None) -> Result:
        """Call a method, starting the engine where none runs, and wait for the result.

        Args:
            method: one of ``rotomatte_plugin.messages``.
            params: what it takes.
            timeout_s: how long to wait for the answer, the method's own time limit where None.

        Raises:
            RotomatteError: what the engine raised, by its own class.
            EngineMissingError: no Python with the engine is found.
            EngineBusyError: it serves as many clients as it can.
            EngineTimeoutError: it did not start, or not answer, in time.
            EngineError: it could not be reached, or ended before it answered: twice, or once where a second call
                would start another job.
        """
        params = _with_host_config(params, self._environ)
        limit_s = method.time_limit_s if timeout_s is None else timeout_s
        try:
            answer = self._ask(method, params, limit_s)
        except RotomatteError:
            if method == CLIP_CLOSE:
                # It is of no use any more, whatever became of it in the engine.
                self._remembered.learn(method, params, None)
            raise
        result: Result = self._remembered.to_caller(answer)
        self._remembered.learn(method, params, result)
        return result

    def events(self) -> tuple[JobEvent, ...]:
        """What happened to this client's jobs since the last time, in its order; never waits."""
        found = []
        with suppress(queue.Empty):
            while True:
                found.append(self._events.get_nowait())
        return tuple(found)

    def close(self) -> None:
        """Leave the engine; its jobs go on, and it ends by itself when nobody has used it for a time."""
        self._is_closed = True
        # First without the lock: another thread may hold it while it waits for an answer of this very link.
        if self._link is not None:
            self._link.close()
        with self._reach_lock:
            link, self._link = self._link, None
        if link is not None:
            link.close()

    def _ask(self, method: Method[Params, Result], params: Any, limit_s: float) -> Result:
        try:
            return self._reach().call(method, self._remembered.to_engine(params), limit_s)
        except LinkLostError:
            if not method.repeats:
                raise
            # The engine may have been dead for a moment already.
            return self._reach().call(method, self._remembered.to_engine(params), limit_s)

    def _reach(self) -> Link:
        """The link, to a new engine if need be, which then has all that the last one had."""
        with self._reach_lock:
            if self._link is None or self._link.is_lost:
                self._link, connection = self._connect()
                if self._served_by is not None:
                    self._restore(self._link, is_same_engine=connection == self._served_by)
                self._served_by = connection
            return self._link

    def _connect(self) -> tuple[Link, Connection]:
        process: Optional[subprocess.Popen[bytes]] = None
        problem: EngineError = EngineTimeoutError(
            f"The engine did not start within {START_S:g} s.", remedy="Try again; see `rotomatte doctor`."
        )
        deadline_s = time.monotonic() + START_S
        try:
            while time.monotonic() < deadline_s:
                if self._is_closed:
                    raise EngineError("The client was closed.", remedy="Make a new one.")
                connection = read_connection(connection_path(self._environ))
                try:
                    if connection is not None:
                        return Link(connection, self._name, self._take_event, self._on_lost), connection
                except EngineBusyError as error:
                    problem = error
                    time.sleep(_BUSY_S)
                    continue
                except LinkLostError:
                    # The file of an engine that is gone, or too many at its door: another start finds out.
                    pass
                code = 0 if process is None else process.poll()
                if code == 0:
                    process = self._start(self._environ)
                elif code is not None:
                    raise why_failed(self._environ)
                time.sleep(_LOOK_S)
        finally:
            if process is not None and os.name == "posix":
                # It ends with the start of the engine, and would stay behind as a zombie.
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_COLLECT_S)
        raise problem

    def _restore(self, link: Link, *, is_same_engine: bool) -> None:
        """Bring a new engine to where the last one was.

        Raises:
            LinkLostError: it crashed over that, too.
        """
        if not is_same_engine:
            for clip_id, clip in self._remembered.clips().items():
                self._restore_clip(link, clip_id, clip)
        for job_id, job in self._remembered.jobs().items():
            self._restore_job(link, job_id, job, is_same_engine=is_same_engine)

    def _restore_clip(self, link: Link, clip_id: str, clip: RememberedClip) -> None:
        if clip.error is not None:
            return
        try:
            opened = _open_again(link, clip)
        except LinkLostError:
            crash = EngineError(
                "The engine crashed as it opened this clip again.",
                remedy="See the engine's log, and open the clip anew.",
            )
            self._remembered.not_reopened(clip_id, crash)
            raise
        except RotomatteError as error:
            self._remembered.not_reopened(clip_id, error)
        else:
            self._remembered.reopened(clip_id, opened)

    def _restore_job(self, link: Link, job_id: str, job: RememberedJob, *, is_same_engine: bool) -> None:
        try:
            if is_same_engine:
                # It is watched from now on; what happened meanwhile is in the answer.
                asked = self._remembered.to_engine(JobAsked(job_id))
                self._remembered.take_event(link.call(JOB_STATUS, asked, JOB_STATUS.time_limit_s))
            elif job.is_second_try:
                raise EngineError(
                    "The engine crashed twice over this job. Finished frames are kept.",
                    remedy="See the engine's log; a smaller model or image size may help.",
                )
            else:
                params = self._remembered.to_engine(job.params)
                self._remembered.try_again(job_id)
                self._remembered.restarted(job_id, link.call(job.method, params, job.method.time_limit_s))
        except LinkLostError:
            raise
        except RotomatteError as error:
            self._remembered.give_up(job_id, error)

    def _on_lost(self) -> None:
        """In the thread that read: jobs must not wait for the caller's next call."""
        if self._is_closed or not self._remembered.jobs():
            return
        try:
            self._reach()
        except LinkLostError:
            # Its own thread comes here again.
            return
        except RotomatteError as error:
            for job_id in self._remembered.jobs():
                self._remembered.give_up(job_id, error)

    def _take_event(self, raw: object) -> None:
        # A newer engine may tell of things that this client does not know.
        with suppress(ProtocolError):
            self._remembered.take_event(from_plain(JobEvent, raw))


def _open_again(link: Link, clip: RememberedClip) -> ClipOpened:
    if isinstance(clip.opening, LoadClip):
        opened = link.call(CLIP_LOAD, clip.opening, CLIP_LOAD.time_limit_s)
    else:
        opened = link.call(CLIP_OPEN, clip.opening, CLIP_OPEN.time_limit_s)
    if clip.change is not None:
        link.call(CLIP_CHANGE, replace(clip.change, clip_id=opened.clip_id), CLIP_CHANGE.time_limit_s)
    for item in opened.objects:
        if item.name not in clip.objects:
            removal = RemoveObject(opened.clip_id, item.name)
            link.call(CLIP_REMOVE_OBJECT, removal, CLIP_REMOVE_OBJECT.time_limit_s)
    for item in clip.objects.values():
        link.call(CLIP_SET_OBJECT, SetObject(opened.clip_id, item), CLIP_SET_OBJECT.time_limit_s)
    return opened


def _with_host_config(params: Any, environ: Mapping[str, str]) -> Any:
    """A clip or job that names the host's $OCIO where it names no config: the engine does not inherit it."""
    if isinstance(params, OpenClip):
        return replace(params, colour=_colour(params.colour, environ))
    if isinstance(params, SubmitJob):
        return replace(params, job=replace(params.job, colour=_colour(params.job.colour, environ)))
    return params


def _colour(colour: ColourSettings, environ: Mapping[str, str]) -> ColourSettings:
    if colour.config is None and colour.host_config is None and environ.get("OCIO"):
        return replace(colour, host_config=environ["OCIO"])
    return colour
