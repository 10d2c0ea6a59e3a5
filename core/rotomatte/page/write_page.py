"""``report.html``, beside the mattes that it speaks of."""

from __future__ import annotations

from pathlib import Path

from rotomatte.mattes.files import write_atomically
from rotomatte.page.render import render_edit, render_job
from rotomatte.page.shot_sheet import sheet_of_job, sheet_of_shot
from rotomatte.timeline.edit_document import read_edit_report
from rotomatte.timeline.edit_report import EDIT_REPORT_NAME
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.report_file import REPORT_NAME

PAGE_NAME = "report.html"


def write_page(out: Path) -> Path:
    """Write the page of the edit, or of the job, whose mattes are in ``out``; returns where it is.

    It is made from what lies on the disk alone: the reports, the overlays, and the mattes, which are read for their
    flicker. What is damaged or gone of one shot is told in that shot's part.

    Raises:
        JobError: there is no report in the folder, or it cannot be read.
        OutputError, DiskFullError: the page cannot be written.
    """
    path = out / PAGE_NAME
    if (out / EDIT_REPORT_NAME).exists():
        edit = read_edit_report(out)
        html = render_edit(edit, [sheet_of_shot(place + 1, out, edit, shot) for place, shot in enumerate(edit.shots)])
    elif (out / REPORT_NAME).exists():
        html = render_job(sheet_of_job(out))
    else:
        raise JobError(
            f"{out} has neither {EDIT_REPORT_NAME} nor {REPORT_NAME}.",
            remedy="Give the folder that `rotomatte timeline` or `rotomatte matte` has written to with -o.",
            path=str(out),
        )
    write_atomically(path, html.encode())
    return path
