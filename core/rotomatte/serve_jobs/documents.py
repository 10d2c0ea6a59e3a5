"""The documents of a watch folder: what a script drops, and what it gets back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from rotomatte.document import canonical, decode
from rotomatte_plugin.errors import JobError, RotomatteError
from rotomatte_plugin.model import FrameRange, JobReport, MatteJob, PromptSuggestion, StateRange
from rotomatte_plugin.report_file import REPORT_NAME

MOST_BYTES = 64 << 20

_FORM = '{"job": {…}, "out": "FOLDER", "overwrite": false}'
_FIELDS = {"job", "out", "overwrite"}


@dataclass(frozen=True)
class JobFile:
    """A ``*.job.json``: a job, the folder of its mattes (relative to the file's own) and whether to make all anew."""

    job: MatteJob
    out: str
    overwrite: bool = False


@dataclass(frozen=True)
class ObjectDone:
    """One object's mattes: a printf pattern below ``out``, how they are to be read, and where a prompt would help."""

    object: str
    pattern: str
    states: tuple[StateRange, ...]
    suggestions: tuple[PromptSuggestion, ...]


@dataclass(frozen=True)
class JobDone:
    """A ``*.done.json``: where the mattes are and what was used; ``report`` is the path of the whole report."""

    server: str
    out: str
    report: str
    frames: FrameRange
    objects: tuple[ObjectDone, ...]
    warnings: tuple[str, ...]
    model: str
    device: str
    seconds: float


@dataclass(frozen=True)
class JobFailed:
    """A ``*.failed.json``: the class of the error, its sentence and remedy, and where it happened."""

    server: str
    error: str
    message: str
    remedy: str
    clip: str | None = None
    frame: int | None = None
    path: str | None = None


def parse_job_file(data: bytes, path: str) -> JobFile:
    """The job file in ``data``.

    Raises:
        JobError: too large, not JSON, of another form, or with a job that is none; see ``rotomatte.document.decode``.
    """
    if len(data) > MOST_BYTES:
        raise _wrong(path, f"is larger than {MOST_BYTES >> 20} MB")
    raw = _parsed(data)
    if raw is None:
        raise _wrong(path, "is not a JSON document")
    if not isinstance(raw, dict) or not {"job", "out"} <= set(raw) <= _FIELDS:
        raise _wrong(path, "is not of the form of a job file")
    out, overwrite = raw["out"], raw.get("overwrite", False)
    if not isinstance(out, str) or not out or not isinstance(overwrite, bool):
        raise _wrong(path, "names no output folder, or says neither true nor false of overwriting")
    try:
        job = decode(canonical(raw["job"]), MatteJob, f"The job in {path}")
    except JobError as error:
        error.path = path
        raise
    return JobFile(job, out, overwrite)


def is_whole(data: bytes) -> bool:
    """Whether nothing is missing: no beginning of a JSON object is one itself, so a file half written is none."""
    return len(data) > MOST_BYTES or _parsed(data) is not None


def done(report: JobReport, out: Path, server: str) -> JobDone:
    """The answer for a job that was done."""
    return JobDone(
        server=server,
        out=str(out),
        report=str(out / REPORT_NAME),
        frames=report.frames,
        objects=tuple(
            ObjectDone(track.object, track.pattern, track.states, track.suggestions) for track in report.tracks
        ),
        warnings=report.warnings,
        model=report.model.name,
        device=report.device,
        seconds=report.seconds,
    )


def failed(error: RotomatteError, server: str) -> JobFailed:
    """The answer for a job that failed."""
    return JobFailed(
        server=server,
        error=type(error).__name__,
        message=error.message,
        remedy=error.remedy,
        clip=error.clip,
        frame=error.frame,
        path=error.path,
    )


def encoded(answer: JobDone | JobFailed) -> bytes:
    """An answer as indented JSON in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2) + b"\n"


def _parsed(data: bytes) -> Any:
    """The JSON value in ``data``, None where it is none."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _wrong(path: str, problem: str) -> JobError:
    return JobError(f"{path} {problem}.", remedy=f"Write {_FORM}, with the job as --save-job writes it.", path=path)
