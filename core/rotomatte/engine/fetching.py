"""Fetching a model while everything else goes on."""

from __future__ import annotations

from concurrent.futures import Future, wait
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from rotomatte.engine.dispatch import Handlers
from rotomatte.engine.queue import JobQueue, Watch
from rotomatte_plugin.errors import CancelledError
from rotomatte_plugin.messages import MODEL_FETCH, FetchModel, JobStarted

if TYPE_CHECKING:
    from rotomatte.models.published import Published

_LOOK_S = 0.1
_ENDING_S = 1.0
_STEPS = 200
_LEAST_STEP_BYTES = 1 << 20


def fetch_handlers(queue: JobQueue) -> Handlers:
    """What answers ``model/fetch``."""

    def fetch(asked: FetchModel) -> JobStarted:
        # With the first call only, so that an engine starts at once.
        from rotomatte.models.catalogue import find_published  # noqa: PLC0415

        return JobStarted(queue.put_beside(partial(_fetch, find_published(asked.name))))

    return {MODEL_FETCH.name: fetch}


def _fetch(item: Published, watch: Watch) -> str:
    """The task.

    Raises:
        CancelledError: it was cancelled; what has come stays for the next time.
        RotomatteError: see ``download``.
    """
    from rotomatte.models.store import find, is_published  # noqa: PLC0415

    present = find(item)
    if present is not None and is_published(item, present):
        return f"{item.name} is on this machine already: {present}"
    path = _downloading(item, watch)
    while not wait([path], _LOOK_S).done:
        if watch.cancelled():
            # It ends with the next bytes, but a silent server may take a minute: nobody waits for that.
            wait([path], _ENDING_S)
            break
    if watch.cancelled():
        raise _cancelled(item)
    return f"{item.name} is ready: {path.result()}"


def _downloading(item: Published, watch: Watch) -> Future[Path]:
    """The download in a thread that no end of the engine waits for."""
    from rotomatte.models.download import download  # noqa: PLC0415
    from rotomatte.models.store import user_folder  # noqa: PLC0415

    path: Future[Path] = Future()
    told_bytes = -1

    def progress(done_bytes: int, total_bytes: int) -> None:
        nonlocal told_bytes
        if watch.cancelled():
            raise _cancelled(item)
        step_bytes = max(_LEAST_STEP_BYTES, total_bytes // _STEPS)
        if told_bytes < 0 or done_bytes - told_bytes >= step_bytes or done_bytes == total_bytes:
            told_bytes = done_bytes
            watch.on_amount(done_bytes, total_bytes)

    def run() -> None:
        try:
            path.set_result(download(item, user_folder(), progress))
        except BaseException as error:  # noqa: BLE001 - whoever waits for it raises it
            path.set_exception(error)

    Thread(target=run, name="rotomatte-download", daemon=True).start()
    return path


def _cancelled(item: Published) -> CancelledError:
    return CancelledError(f"Fetching {item.name} was stopped.", remedy="Fetch it again: it goes on where it stopped.")
