"""The engine's life, from taking its place to leaving it."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from rotomatte import __version__
from rotomatte.engine.clip_handlers import ClipDesk
from rotomatte.engine.connection import Place, make_token
from rotomatte.engine.fetching import fetch_handlers
from rotomatte.engine.handlers import engine_handlers, job_handlers, unfinished
from rotomatte.engine.log import log_path, open_log
from rotomatte.engine.matte_handlers import matte_handlers
from rotomatte.engine.queue import JobQueue
from rotomatte.engine.roots import AllowedRoots
from rotomatte.engine.runner import run_matte_job
from rotomatte.engine.scratch import scratch_folder
from rotomatte.engine.server import Server
from rotomatte.engine.trackers import WarmTrackers
from rotomatte_plugin.connection import LOOPBACK, Connection
from rotomatte_plugin.locate import runtime_folder
from rotomatte_plugin.messages import PROTOCOL

IDLE_MINUTES = 30.0
"""An engine that has had neither client nor job for so long ends."""

_log = logging.getLogger(__name__)


def run_engine(*, idle_s: float, on_ready: Callable[[int], None], roots: Sequence[Path] = ()) -> bool:
    """Be the user's engine until it is idle for ``idle_s`` seconds, asked to end, or told so by a signal.

    ``on_ready`` is told the port once clients can come. Mattes go below ``roots`` only, anywhere where there are none.
    Returns False at once where an engine runs already. Must be called in the main thread.

    Raises:
        EngineError: the user's runtime folder cannot be used.
        JobError: a root is no folder.
    """
    # It serves several hosts, and the config of the one that happened to start it is not that of the others: each
    # job names its own.
    os.environ.pop("OCIO", None)
    allowed = AllowedRoots(roots) if roots else None
    with Place(runtime_folder()) as place:
        if not place.take():
            return False
        with closing(open_log(log_path())):
            _serve(place, idle_s, on_ready, allowed)
    return True


def _serve(place: Place, idle_s: float, on_ready: Callable[[int], None], roots: AllowedRoots | None) -> None:
    started = datetime.now(timezone.utc).isoformat(timespec="seconds")
    token = make_token()
    server = Server(token)
    trackers = WarmTrackers()
    run = partial(run_matte_job, trackers=trackers)
    with (
        scratch_folder(runtime_folder()) as scratch,
        JobQueue(run, roots=roots, on_event=server.publish) as queue,
    ):
        clips = ClipDesk(trackers, queue, scratch)
        life = _Life(server, queue, place, idle_s)
        about = engine_handlers(
            queue,
            log=log_path(),
            started=started,
            client_count=lambda: server.client_count,
            shut_down=life.end,
            free=clips.free,
        )
        _heed_signals(life.end)
        place.announce(Connection(LOOPBACK, server.port, token, os.getpid(), PROTOCOL, started))
        _log.info("engine %s started, process %d", __version__, os.getpid())
        on_ready(server.port)
        handlers = {
            **about,
            **job_handlers(queue),
            **fetch_handlers(queue),
            **clips.handlers(),
            **matte_handlers(scratch),
        }
        server.serve(handlers, life.goes_on)
    _log.info("engine ended")


class _Life:
    """When the engine ends. Times are monotonic: a jump of the clock ends nothing."""

    def __init__(self, server: Server, queue: JobQueue, place: Place, idle_s: float) -> None:
        self._server = server
        self._queue = queue
        self._place = place
        self._idle_s = idle_s
        self._last_job_s = time.monotonic()
        self._is_ended = False

    def end(self) -> None:
        """Ask for the end; a signal may do so."""
        self._is_ended = True

    def goes_on(self) -> bool:
        """Whether the server is still wanted; where it is not, jobs have ended by then, and their clients know."""
        if unfinished(self._queue):
            self._last_job_s = time.monotonic()
        idle_s = min(self._server.seconds_empty(), time.monotonic() - self._last_job_s)
        is_lost = self._place.is_lost()
        if self._is_ended or idle_s >= self._idle_s or (is_lost and idle_s > 0):
            _log.info("engine ends: %s", "asked to" if self._is_ended else "idle")
            self._queue.stop()
            return False
        if not is_lost:
            self._place.keep()
        return True


def _heed_signals(end: Callable[[], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end())
