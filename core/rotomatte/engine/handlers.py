"""The methods about the engine itself and about jobs."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rotomatte import __version__
from rotomatte.engine.dispatch import Handler, Handlers
from rotomatte.engine.log import last_lines
from rotomatte.engine.queue import JobQueue
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.messages import (
    ENDED,
    ENGINE_FREE,
    ENGINE_INFO,
    ENGINE_LOG,
    ENGINE_MODELS,
    ENGINE_SHUTDOWN,
    JOB_CANCEL,
    JOB_LIST,
    JOB_STATUS,
    JOB_SUBMIT,
    PROTOCOL,
    EngineInfo,
    JobAsked,
    JobEvent,
    JobList,
    JobStarted,
    LogAsked,
    LogText,
    Method,
    ModelInfo,
    ModelList,
    Nothing,
    SubmitJob,
)

if TYPE_CHECKING:
    from rotomatte.models.published import Published

_MOST_LOG_LINES = 1000
_BUNDLED_TITLE = "Bundled preview model"


def engine_handlers(
    queue: JobQueue,
    *,
    log: Path,
    started: str,
    client_count: Callable[[], int],
    shut_down: Callable[[], None],
    free: Callable[[], None],
) -> Handlers:
    """What answers ``engine/*``.

    ``started`` is ISO 8601 in UTC; ``shut_down`` asks the engine to end soon, ``free`` gives memory back.
    """

    def info(_: Nothing) -> EngineInfo:
        return EngineInfo(
            version=__version__,
            protocol=PROTOCOL,
            python=platform.python_version(),
            pid=os.getpid(),
            started=started,
            clients=client_count(),
            jobs=unfinished(queue),
            log=str(log),
        )

    def end_of_log(asked: LogAsked) -> LogText:
        return LogText(str(log), last_lines(log, min(max(asked.lines, 0), _MOST_LOG_LINES)))

    def freed(_: Nothing) -> Nothing:
        free()
        return Nothing()

    def shutdown(_: Nothing) -> Nothing:
        shut_down()
        return Nothing()

    return _table(
        (ENGINE_INFO, info),
        (ENGINE_MODELS, _models),
        (ENGINE_LOG, end_of_log),
        (ENGINE_FREE, freed),
        (ENGINE_SHUTDOWN, shutdown),
    )


def job_handlers(queue: JobQueue) -> Handlers:
    """What answers ``job/*``."""

    def submit(asked: SubmitJob) -> JobStarted:
        return JobStarted(queue.submit(asked.job, full_path(asked.out), overwrite=asked.overwrite))

    def status(asked: JobAsked) -> JobEvent:
        return queue.status(asked.job_id)

    def cancel(asked: JobAsked) -> Nothing:
        queue.cancel(asked.job_id)
        return Nothing()

    def listed(_: Nothing) -> JobList:
        # Many outlines are longer than a message may be.
        return JobList(tuple(replace(event, outline_xy=()) for event in queue.list()))

    return _table((JOB_SUBMIT, submit), (JOB_STATUS, status), (JOB_CANCEL, cancel), (JOB_LIST, listed))


def unfinished(queue: JobQueue) -> int:
    """How many jobs wait or run."""
    return sum(event.state not in ENDED for event in queue.list())


def full_path(text: str) -> Path:
    """The path that a client means.

    Raises:
        JobError: it is not a full one.
    """
    path = Path(text)
    if not path.is_absolute():
        raise JobError(
            f"{text!r} is not a full path.",
            remedy="Give the full path: the engine works in a folder of its own.",
            path=text,
        )
    return path


def _models(_: Nothing) -> ModelList:
    # Only when asked for: they read yaml and weights.
    from rotomatte.models.detectors import DETECTORS  # noqa: PLC0415
    from rotomatte.models.registry import BUNDLED, SPECS  # noqa: PLC0415
    from rotomatte.models.store import best_present, find, resolve_model  # noqa: PLC0415

    bundled = resolve_model(BUNDLED, None)
    path = bundled.weights_path
    models = [ModelInfo(BUNDLED, "", bundled.licence, bundled.image_size, str(path) if path else None, _BUNDLED_TITLE)]
    models.extend(_info(spec, find(spec), spec.alias, spec.image_size) for spec in SPECS)
    return ModelList(tuple(models), best_present(), tuple(_info(spec, find(spec), "", 0) for spec in DETECTORS))


def _info(item: Published, place: Path | None, alias: str, image_size: int) -> ModelInfo:
    path = str(place) if place else None
    return ModelInfo(item.name, alias, item.licence, image_size, path, item.title, item.size_bytes)


def _table(*pairs: tuple[Method[Any, Any], Handler]) -> Handlers:
    return {method.name: handler for method, handler in pairs}
