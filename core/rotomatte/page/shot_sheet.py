"""A shot's part of the page: what its folder has on the disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Optional
from urllib.parse import quote

from rotomatte.document import read_report
from rotomatte.metrics.flicker import Flicker, flicker_of_areas, flicker_of_mattes
from rotomatte.metrics.matte_rows import read_rows
from rotomatte.metrics.on_disk import matte_files
from rotomatte.outputs import MASTERS, is_in_place
from rotomatte.page.contact_frames import contact_frames
from rotomatte.page.needs import Kind, Needs, needs_of
from rotomatte.page.object_sheet import frame_words, object_sheet
from rotomatte.page.pictures import small_pictures
from rotomatte.page.record_times import record_time
from rotomatte.page.sheet import FlickerFound, SheetPicture, ShotSheet, UseLine
from rotomatte.report import OVERLAY_NAME
from rotomatte.timeline.edit_report import EditReport, ShotReport
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.model import JobReport, MatteTrack
from rotomatte_plugin.report_file import REPORT_NAME

_EARLIER = "What follows is what an earlier run left in the shot's folder."


def sheet_of_job(out: Path) -> ShotSheet:
    """The page of a job whose mattes are in ``out``, for a page beside them.

    Raises:
        JobError: its report cannot be read.
    """
    report = read_report(out / REPORT_NAME)
    clip = report.job.clip
    name = clip.name or out.resolve().name
    bare = ShotSheet("s1", name, Needs("done"), "done", clip.plate.path, "", report.frames, seconds=report.seconds)
    return _with_report(bare, out, report)


def sheet_of_shot(number: int, out: Path, edit: EditReport, shot: ShotReport) -> ShotSheet:
    """The part of the ``number``-th shot of an edit whose folders are in ``out``.

    A report that is absent, damaged or of another version is told in the sheet.
    """
    bare = ShotSheet(
        id=f"s{number}",
        name=shot.name,
        needs=Needs(_kind(shot)),
        state=shot.state,
        media=shot.media,
        folder=f"{quote(shot.name)}/",
        frames=shot.frames,
        used=shot.used,
        asked=shot.objects,
        troubles=(shot.reason,) if shot.reason else (),
        seconds=shot.seconds,
        uses=tuple(
            UseLine(use.id, use.name, use.track, record_time(edit, use.record), use.is_seen) for use in shot.uses
        ),
    )
    folder = out / shot.name
    if shot.state == "skipped" or (shot.state == "failed" and not (folder / REPORT_NAME).exists()):
        return bare
    try:
        report = read_report(folder / REPORT_NAME)
    except RotomatteError as error:
        kind: Kind = "unreadable" if shot.state == "done" else "failed"
        return replace(bare, needs=Needs(kind), troubles=(*bare.troubles, f"{error.message} {error.remedy}"))
    whole = _with_report(bare, folder, report)
    if shot.state == "failed":
        return replace(whole, needs=bare.needs, troubles=(*whole.troubles, _EARLIER))
    return whole


def _kind(shot: ShotReport) -> Kind:
    if shot.state == "skipped":
        return "not run" if shot.objects else "not asked"
    return shot.state


def _with_report(bare: ShotSheet, folder: Path, report: JobReport) -> ShotSheet:
    keys = {item.name: item.prompts.prompt_frames() for item in report.job.objects}
    shown = contact_frames(
        report.frames, sorted({frame for of_one in keys.values() for frame in of_one}), report.tracks
    )
    troubles = list(bare.troubles)
    try:
        pictures = small_pictures(folder / OVERLAY_NAME, report.frames.first, shown)
    except RotomatteError as error:
        pictures = ()
        troubles.append(f"{error.message} {error.remedy}")
    on_sheet = [picture.frame for picture in pictures]
    flickers = [_flicker(folder, report, track) for track in report.tracks]
    return replace(
        bare,
        needs=needs_of(report.frames, report.tracks, [flicker.share for flicker in flickers if not flicker.trouble]),
        frames=report.frames,
        troubles=tuple(troubles),
        report=report,
        pictures=tuple(
            SheetPicture(f"{bare.id}-f{item.frame}", item, frame_words(item.frame, report.tracks, keys))
            for item in pictures
        ),
        objects=tuple(
            object_sheet(
                bare.id, place, track, report.frames, keys.get(track.object, ()), on_sheet, flicker, bare.folder
            )
            for place, (track, flicker) in enumerate(zip(report.tracks, flickers, strict=True))
        ),
    )


def _flicker(folder: Path, report: JobReport, track: MatteTrack) -> FlickerFound:
    """From the mattes where they are all there, else from their areas."""
    pattern = track.pattern if is_in_place(report.job.output) else f"{MASTERS}/{track.object}"
    try:
        files = matte_files(str(folder / pattern))
        found = flicker_of_mattes(read_rows(files, report.frames))
        trouble = ""
    except RotomatteError as error:
        found = flicker_of_areas({score.frame: score.area_px for score in track.scores})
        trouble = f"{error.message} {error.remedy}"
    return _found(found, trouble)


def _found(flicker: Optional[Flicker], trouble: str) -> FlickerFound:
    if flicker is None:
        return FlickerFound(None, None, trouble)
    return FlickerFound(flicker.share, flicker.worst_frame, trouble)
