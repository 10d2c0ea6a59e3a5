"""A clip's job into a watch folder of ``rotomatte serve-jobs``, and its answer out of there again."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rotomatte_hosts.resolve.output_folder import plain_name
from rotomatte_plugin import errors
from rotomatte_plugin.errors import JobError, RotomatteError
from rotomatte_plugin.model import JobReport, MatteJob
from rotomatte_plugin.report_file import read_report

LOOK_S = 1.0
"""How often the folder is looked at."""

_WAITING, _DONE, _FAILED = ".job.json", ".done.json", ".failed.json"


def drop_and_wait(job: MatteJob, out: str, folder: Path, name: str, wait: Callable[[bool], None]) -> JobReport:
    """Have a server do a job; gives its report.

    Args:
        job: the job.
        out: where its mattes go, a full path, which must mean the same on the server's machine.
        folder: the watch folder.
        name: what the files are called after.
        wait: waits for ``LOOK_S``, is told whether the job has been taken, and may raise, upon which a job that nobody has
            taken is withdrawn.

    Raises:
        JobError: the folder cannot be written to.
        RotomatteError: what the server says went wrong, by its own class.
    """
    stem = f"{plain_name(name)}_{secrets.token_hex(4)}"
    waiting, done, failed = (folder / f"{stem}{ending}" for ending in (_WAITING, _DONE, _FAILED))
    document = json.dumps({"job": asdict(job), "out": out}, indent=1)
    try:
        part = folder / f".{stem}.part"
        part.write_text(document + "\n", encoding="utf-8")
        part.replace(waiting)
    except OSError as error:
        raise JobError(
            f"No job can be dropped into {folder}: {error.strerror}.",
            remedy="Name the folder that `rotomatte serve-jobs` serves, one that you may write to.",
            path=str(folder),
        ) from error
    try:
        while not done.exists() and not failed.exists():
            wait(not waiting.exists())
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    if failed.exists():
        raise _error(json.loads(failed.read_text(encoding="utf-8")))
    return read_report(str(json.loads(done.read_text(encoding="utf-8"))["out"]))


def _error(said: dict[str, str]) -> RotomatteError:
    kind = getattr(errors, said["error"], RotomatteError)
    known: type[RotomatteError] = (
        kind if isinstance(kind, type) and issubclass(kind, RotomatteError) else RotomatteError
    )
    return known(said["message"], remedy=said["remedy"])
