"""`rotomatte resolve`: mattes for the edit that is open in DaVinci Resolve Studio."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Literal, Optional

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rotomatte.cli.running import console, note, warn
from rotomatte.mattes.files import write_atomically
from rotomatte_hosts.resolve import pick
from rotomatte_hosts.resolve.add_macro import add_macro
from rotomatte_hosts.resolve.connect import Session, connect
from rotomatte_hosts.resolve.facts_panel import open_facts_panel
from rotomatte_hosts.resolve.job import run_job
from rotomatte_hosts.resolve.list_clips import list_clips
from rotomatte_hosts.resolve.make_mattes import Wishes, make_mattes
from rotomatte_hosts.resolve.open_panel import open_panel
from rotomatte_hosts.resolve.output_folder import plates_folder
from rotomatte_hosts.resolve.places import find_scripting
from rotomatte_hosts.resolve.probe import Finding, as_plain, probe
from rotomatte_hosts.resolve.probe_points import points
from rotomatte_hosts.resolve.record import record, write_cassette
from rotomatte_hosts.resolve.tour import tour
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.quality import PRESETS, Quality

resolve_app = typer.Typer(
    help="Cut objects out of clips of the timeline that is open in DaVinci Resolve Studio, and bring the mattes into it.",
    no_args_is_help=True,
)

Way = Literal["track", "comp", "clip-matte", "none"]

_Which = Annotated[
    str,
    typer.Option(
        "--clips",
        metavar="WHICH",
        help="selected (Resolve 21.0.4 and later), playhead, colour:Orange, track:2, marked (by a marker named "
        "roto:OBJECT), or all.",
    ),
]


@resolve_app.command("clips")
def clips_command(which: _Which = "playhead") -> None:
    """Show how clips would be read, and what is to be cut out of them."""
    with _connect() as session:
        lines = list_clips(session.resolve, which, str(plates_folder()))
    table = Table()
    for heading in ("Clip", "Track", "Timeline", "Plate frames"):
        table.add_column(heading)
    for heading in ("Plate", "Colour space", "Objects"):
        table.add_column(heading, overflow="fold")
    for line in lines:
        # As Text, since names and paths may hold square brackets, which rich would take for markup.
        cells = (
            line.name,
            str(line.track),
            line.record,
            line.frames,
            line.problem or line.way,
            line.colour,
            line.objects,
        )
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)


@resolve_app.command("matte")
def matte_command(
    which: _Which = "playhead",
    out: Annotated[
        Optional[Path],
        typer.Option("-o", "--out", metavar="FOLDER", help="Folder of the mattes. [default: as the clip's macro says]"),
    ] = None,
    way: Annotated[
        Optional[Way],
        typer.Option(
            "--as",
            help="How mattes come back: on a new track, as a Fusion comp of the clip, as its clip matte "
            "(experimental), or not at all. [default: as the clip's macro says]",
        ),
    ] = None,
    quality: Annotated[
        Optional[Quality],
        typer.Option(
            help=" ".join(f"{name}: {preset.meaning}" for name, preset in PRESETS.items())
            + " [default: as the clip's macro says]"
        ),
    ] = None,
) -> None:
    """Write the mattes of clips and bring them into the timeline; exit code 3 if some of several clips failed.

    Running the same command again writes only what is missing or changed.
    """
    bring_back = "clip matte" if way == "clip-matte" else way
    wishes = Wishes(folder=None if out is None else str(out), bring_back=bring_back, quality=quality)
    with _connect() as session, EngineClient(f"{session.product} {_version(session)}") as client:
        code = make_mattes(session.resolve, which, client, note, wishes)
    raise typer.Exit(code)


@resolve_app.command("panel")
def panel_command(
    facts: Annotated[
        Optional[Path],
        typer.Argument(metavar="[FACTS.json]", help="A clip that the Lua script has read. [default: Studio's own]"),
    ] = None,
    which: _Which = "playhead",
) -> None:
    """Open the panel for a clip, and bring in the mattes and prompts that are added there until it is closed.

    Where the Lua script has read the clip, it brings them in when it is run again.
    """
    if facts is not None:
        open_facts_panel(facts, note)
        return
    with _connect() as session:
        open_panel(session.resolve, which, note)


@resolve_app.command("prompts")
def prompts_command(which: _Which = "playhead") -> None:
    """Add the prompt macro to the Fusion comp of clips; there its cross, boxes and buttons say what is wanted."""
    with _connect() as session:
        for item in pick.items(session.resolve, which):
            if item.GetMediaPoolItem() is None:
                _say(f"{item.GetName()} is no clip: it is left alone.")
                continue
            added = add_macro(item)
            _say(f"{item.GetName()} has the prompt macro{'' if added else ' already'}.")
    _say("On the Fusion page select RotomattePrompt, put its cross on what is to be cut out, and press Include.")


@resolve_app.command("job")
def job_command(
    facts: Annotated[Path, typer.Argument(metavar="FACTS.json", help="What the Lua script has read of a clip.")],
    out: Annotated[
        Optional[Path],
        typer.Option("-o", "--out", metavar="FOLDER", help="Folder of the mattes. [default: as the clip's macro says]"),
    ] = None,
    drop: Annotated[
        Optional[Path],
        typer.Option(metavar="FOLDER", help="Have it done by whoever serves this folder with `rotomatte serve-jobs`."),
    ] = None,
) -> None:
    """Write the mattes of a clip that the Lua script has read; it brings them back when it is run again."""
    with EngineClient("DaVinci Resolve") as client:
        run_job(facts, client, note, folder=None if out is None else str(out), drop=drop)


@resolve_app.command("record")
def record_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="The cassette to write.")],
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Replace names and paths; the table of them is written beside it.")
    ] = False,
) -> None:
    """Record what Resolve answers to a fixed list of questions, which change nothing, to send it to Rotomatte's makers."""
    with _connect() as session:
        lines = record(session.resolve, session.bridge, tour)
    table = write_cassette(file, lines, is_anonymous=anonymous)
    if "ended" in lines[0]:
        warn(f"It ends early: {lines[0]['ended']}")
    _say(f"{file} has {len(lines) - 1} calls.")
    if table is not None:
        _say(
            f"{table} says which word stands for which name: keep it, and look the cassette through before you send it."
        )


@resolve_app.command("probe")
def probe_command(
    file: Annotated[
        Optional[Path], typer.Argument(metavar="[REPORT.json]", help="Also write the answers with what they rest on.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Find out what is not documented about this Resolve, in a project of its own that is deleted afterwards."""
    with _connect() as session:
        if not yes:
            typer.confirm("The open project is closed for some minutes, and opened again. Is it saved?", abort=True)
        scripting = find_scripting(os.environ, sys.platform)
        found: list[Finding] = []

        def take(finding: Finding) -> None:
            found.append(finding)
            _show(finding)

        try:
            probe(
                session.resolve,
                points(None if scripting is None else scripting.modules),
                on_finding=take,
            )
        finally:
            if file is not None:
                report = as_plain(tuple(found), session.product, _version(session))
                write_atomically(file, json.dumps(report, indent=1).encode())


def _connect() -> Session:
    session = connect()
    if session.advice is not None:
        warn(session.advice)
    return session


def _version(session: Session) -> str:
    return ".".join(str(part) for part in session.version)


def _show(finding: Finding) -> None:
    answer = f"not answered: {finding.why_not}" if finding.answer is None else finding.answer
    typer.echo(f"{finding.point}) {finding.question} {answer[:1].upper()}{answer[1:]}")


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
