"""``rotomatte-edit.json`` on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from rotomatte.document import encoded, read_document
from rotomatte.mattes.files import write_atomically
from rotomatte.timeline.edit_report import EDIT_REPORT_NAME, EDIT_REPORT_SCHEMA, EditReport
from rotomatte_plugin.errors import ForeignMattesError, JobError


def read_edit_report(out: Path) -> EditReport:
    """The report of the edit whose mattes are in ``out``.

    Raises:
        JobError: there is none, or it is not such a document, or one of another schema.
    """
    path = out / EDIT_REPORT_NAME
    report = read_document(path, EditReport)
    if report.schema != EDIT_REPORT_SCHEMA:
        raise JobError(
            f"{path} has schema {report.schema}, and this Rotomatte reads schema {EDIT_REPORT_SCHEMA}.",
            remedy="Update Rotomatte, or run `rotomatte timeline` again with this version.",
            path=str(path),
        )
    return report


def earlier_report(out: Path) -> Optional[EditReport]:
    """What an earlier run left in ``out``, None where there was none.

    Raises:
        ForeignMattesError: a file of that name is no report that this Rotomatte reads.
    """
    path = out / EDIT_REPORT_NAME
    if not path.exists():
        return None
    try:
        return read_edit_report(out)
    except JobError as error:
        raise ForeignMattesError(
            f"{path} is in the way: {error.message}",
            remedy="Choose another folder with -o, or add --overwrite to replace it.",
            path=str(path),
        ) from error


def write_edit_report(report: EditReport, out: Path) -> None:
    """Write it, so that nobody ever reads half of it.

    Raises:
        OutputError: it cannot be written.
    """
    write_atomically(out / EDIT_REPORT_NAME, encoded(report))
