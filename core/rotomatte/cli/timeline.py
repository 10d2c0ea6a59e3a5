"""`rotomatte timeline`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Optional

import typer

from rotomatte.cli.options import (
    AllowDegradeOption,
    ColourSpaceOption,
    ConfigOption,
    DeviceOption,
    ExposureOption,
    LookOption,
    ModelOption,
    OverwriteOption,
    ProfileOption,
    QualityOption,
    SizeOption,
    absolute_checkpoint,
    at_quality,
)
from rotomatte.cli.running import console, note, progress_bar, summarise, warn
from rotomatte.cli.timeline_tables import print_clips, print_outcome
from rotomatte.document import encoded
from rotomatte.mattes.files import write_atomically
from rotomatte.page.write_page import write_page
from rotomatte.plate.timecode import exact_rate
from rotomatte.timeline.edit_document import write_edit_report
from rotomatte.timeline.edit_report import ShotReport
from rotomatte.timeline.host_profiles import Host
from rotomatte.timeline.jobs import JobSettings
from rotomatte.timeline.list_edit import list_edit
from rotomatte.timeline.open_edit import load_timeline
from rotomatte.timeline.plan_edit import DEFAULT_HANDLES, EditPlan, plan_edit
from rotomatte.timeline.run_edit import EditRun, EditWatch, run_edit
from rotomatte.timeline.shots import Shot
from rotomatte.timeline.sidecar import template as template_of
from rotomatte.timeline.write_back import write_mattes
from rotomatte.work import Progress
from rotomatte_plugin.errors import CancelledError, JobError
from rotomatte_plugin.model import ColourSettings, JobReport, MatteOutput, RefineSettings, TrackSettings

SOME_FAILED = 3
"""The exit code of a run of which only a part succeeded."""


def timeline_command(
    edit: Annotated[
        Path,
        typer.Argument(
            metavar="EDIT", help="An edit: .otio; with the extra timelines also .edl, .xml, .fcpxml and .aaf."
        ),
    ],
    out: Annotated[
        Optional[Path], typer.Option("-o", "--out", metavar="OUT", help="Folder of the mattes, a folder a shot.")
    ] = None,
    prompts: Annotated[
        Optional[Path],
        typer.Option(
            metavar="PROMPTS.json", help="What is to be cut out; see --template. [default: markers named roto:OBJECT]"
        ),
    ] = None,
    handles: Annotated[
        int, typer.Option(metavar="N", min=0, help="Frames before and after what the edit shows, where there are any.")
    ] = DEFAULT_HANDLES,
    search: Annotated[
        Optional[list[Path]],
        typer.Option(metavar="DIR", help="Where to look for media that is not where the edit says; repeatable."),
    ] = None,
    maps: Annotated[
        Optional[list[str]],
        typer.Option("--map", metavar="FROM=TO", help="How paths of the edit begin here; repeatable."),
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Only list the shots, what they need, and what is missing.")
    ] = False,
    template: Annotated[
        Optional[Path], typer.Option(metavar="PROMPTS.json", help="Only write a file for --prompts, to be filled.")
    ] = None,
    host: Annotated[Host, typer.Option("--for", help="Which host the edit of the mattes is written for.")] = "generic",
    old_readers: Annotated[
        bool, typer.Option("--old-readers", help="Write it for readers of OpenTimelineIO before 0.15 (Clip.1).")
    ] = False,
    rate: Annotated[
        Optional[str],
        typer.Option(metavar="FPS", help="The frame rate of an edit decision list, such as 25 or 24000/1001."),
    ] = None,
    sequence: Annotated[
        Optional[str], typer.Option(metavar="NAME", help="Which edit is meant of a file that holds several.")
    ] = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    quality: QualityOption = None,
    size: SizeOption = None,
    allow_degrade: AllowDegradeOption = False,
    profile: ProfileOption = "universal",
    colour_space: ColourSpaceOption = None,
    ocio: ConfigOption = None,
    look: LookOption = None,
    exposure: ExposureOption = 0.0,
    overwrite: OverwriteOption = False,
) -> None:
    """Cut objects out of the clips of an edit: mattes a shot, an edit of the mattes, and a report page out.

    Exit code 3 if some shots failed. Running the same command again does only what is missing or changed.
    """
    colour = ColourSettings(space=colour_space, config=ocio, look=look, exposure_stops=exposure)
    timeline = load_timeline(edit, rate=None if rate is None else _rate(rate), sequence=sequence)
    pairs = [_pair(text) for text in maps or ()]
    plan = plan_edit(timeline, edit, prompts=prompts, handles=handles, search=search or (), maps=pairs)
    for warning in plan.warnings:
        warn(warning)
    if list_:
        print_clips(list_edit(plan, colour))
    if template is not None:
        _write_template(plan, template)
    if list_ or template is not None:
        return
    if out is None:
        raise JobError("No folder is given for the mattes.", remedy="Give one with -o, or --list what there is.")
    if not any(shot.objects for shot in plan.shots) and not any(item.objects for item in plan.absent):
        raise JobError(
            f"Nothing is asked of any clip of {edit}.",
            remedy="Write a file to fill with --template PROMPTS.json, and give it with --prompts.",
            path=str(edit),
        )
    chosen = at_quality(
        quality,
        TrackSettings(device=device, allow_degrade=allow_degrade),
        RefineSettings(),
        model=absolute_checkpoint(model) if model else None,
        size=size,
        crop=None,
        edges=None,
    )
    if chosen.advice:
        warn(chosen.advice)
    settings = JobSettings(chosen.track, chosen.refine, colour, MatteOutput(profile=profile))
    run = _run(plan, settings, out, overwrite=overwrite)
    report = run.report
    if run.jobs:
        written = write_mattes(plan, run.jobs, out, host, old_readers=old_readers)
        for warning in written.warnings:
            warn(warning)
        report = replace(report, mattes=written.edit.name)
        write_edit_report(report, out)
        note(f"The edit of the mattes is {written.edit}")
    note(f"The report is {write_page(out)}")
    print_outcome(report)
    if any(shot.state == "failed" for shot in report.shots):
        raise typer.Exit(SOME_FAILED)


def _write_template(plan: EditPlan, path: Path) -> None:
    if path.exists():
        raise JobError(
            f"{path} is there already, and may be filled.", remedy="Give another name to --template.", path=str(path)
        )
    write_atomically(path, encoded(template_of(plan.shots)))
    note(f"{path} has an entry for each shot. Fill in its objects, and give it with --prompts.")


def _run(plan: EditPlan, settings: JobSettings, out: Path, *, overwrite: bool) -> EditRun:
    """Run the shots with a bar and a summary each."""
    with ExitStack() as bar:
        try:
            return run_edit(plan, settings, out, overwrite=overwrite, watch=_Terminal(out, bar))
        except KeyboardInterrupt as error:
            raise CancelledError(
                f"Stopped. The finished frames are in {out}.",
                remedy="Run the same command again to go on.",
                path=str(out),
            ) from error


class _Terminal(EditWatch):
    """Shows a run on stderr; ``bar`` holds the bar of the shot under way."""

    def __init__(self, out: Path, bar: ExitStack) -> None:
        self._out = out
        self._bar = bar
        self._show: Callable[[Progress], None] = lambda _: None
        self._said: set[str] = set()
        self._is_first = True

    def on_shot(self, shot: Shot, number: int, total: int) -> None:
        self._is_first = number == 1
        console.print(
            f"{shot.name} ({number} of {total}): frames {shot.frames}", highlight=False, markup=False, soft_wrap=True
        )
        self._show = self._bar.enter_context(progress_bar(shot.name))

    def on_end(self, shot: ShotReport, job: Optional[JobReport]) -> None:
        self._bar.close()
        if job is None:
            warn(f"{shot.name} failed: {shot.reason}")
        else:
            summarise(job, self._out / shot.name)

    def on_note(self, sentence: str) -> None:
        # What memory a job needs differs little between the shots of an edit.
        if self._is_first:
            note(sentence)

    def on_warning(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            warn(sentence)

    def on_progress(self, progress: Progress) -> None:
        self._show(progress)


def _pair(text: str) -> tuple[str, str]:
    before, _, after = text.partition("=")
    if not before or not after:
        raise JobError(
            f"--map {text!r} is not FROM=TO.", remedy="Give both, such as --map /Volumes/plates=/mnt/plates."
        )
    return before, after


def _rate(text: str) -> Fraction:
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if rate <= 0:
        raise JobError(f"--rate {text!r} is no frame rate.", remedy="Give such as 25, 23.976 or 24000/1001.")
    return exact_rate(rate)
