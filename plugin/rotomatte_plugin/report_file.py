"""What a job left on the disk for a host: its report, and outlines of its mattes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar

from rotomatte_plugin.errors import JobError, ProtocolError
from rotomatte_plugin.model import JobReport, PromptSet, ShapePrompt
from rotomatte_plugin.plain import from_plain

REPORT_NAME = "rotomatte.json"
"""The report's name in the folder of a job's mattes."""

_Document = TypeVar("_Document", JobReport, PromptSet)


def read_report(folder: str) -> JobReport:
    """The report of the job whose mattes are in a folder.

    Raises:
        JobError: there is none, or it is no report.
    """
    return _read(Path(folder) / REPORT_NAME, JobReport)


def read_shapes(path: str) -> tuple[ShapePrompt, ...]:
    """The outlines that ``matte/shapes`` wrote, ascending by frame.

    Raises:
        JobError: the file cannot be read, or holds something else.
    """
    return _read(Path(path), PromptSet).shapes


def _read(path: Path, kind: type[_Document]) -> _Document:
    try:
        return from_plain(kind, json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise JobError(
            f"{path} cannot be read: {error.strerror}.", remedy="Write the mattes again.", path=str(path)
        ) from error
    except (ValueError, ProtocolError) as error:
        raise JobError(
            f"{path} is not what this Rotomatte writes.",
            remedy="Write the mattes again, with an engine as new as the plug-in.",
            path=str(path),
        ) from error
