"""Messages about jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional

from rotomatte_plugin.messages.clip import Outline
from rotomatte_plugin.messages.errors import ErrorWords
from rotomatte_plugin.model import FrameScore, MatteJob

JobState = Literal["queued", "running", "done", "failed", "cancelled"]

ENDED: frozenset[JobState] = frozenset({"done", "failed", "cancelled"})
"""States that a job never leaves."""


@dataclass(frozen=True)
class SubmitJob:
    """A whole job, its mattes below the folder ``out``; ``overwrite`` makes every frame anew."""

    job: MatteJob
    out: str
    overwrite: bool = False


@dataclass(frozen=True)
class JobStarted:
    """The job's name, given once and never again; this connection is told of it by ``job/event``."""

    job_id: str


@dataclass(frozen=True)
class JobAsked:
    """A job."""

    job_id: str


@dataclass(frozen=True)
class JobEvent:
    """A job at one moment.

    ``done`` of ``total`` mattes are on the disk, or tracked where nothing is to be written; of a model that is fetched,
    bytes. ``place`` is how many jobs come before it, 0 when it runs. ``object`` and ``frame`` say which matte was
    finished last, with its outline and score. ``message`` is a sentence for the artist, ``error`` what went wrong in
    the state "failed".
    """

    job_id: str
    state: JobState
    done: int = 0
    total: int = 0
    place: int = 0
    object: Optional[str] = None
    frame: Optional[int] = None
    outline_xy: Outline = ()
    score: Optional[FrameScore] = None
    message: str = ""
    error: Optional[ErrorWords] = None


@dataclass(frozen=True)
class JobList:
    """The jobs that the engine remembers, in the order in which they came, without outlines."""

    jobs: tuple[JobEvent, ...]
