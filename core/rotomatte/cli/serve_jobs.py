"""`rotomatte serve-jobs`."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import time
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from rotomatte.cli.running import console
from rotomatte.engine.queue import JobQueue
from rotomatte.engine.roots import AllowedRoots
from rotomatte.serve_jobs.folder import WatchFolder
from rotomatte.serve_jobs.names import server_id
from rotomatte.serve_jobs.server import JobServer

FAILURES_EXIT_CODE = 3


def serve_jobs_command(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", exists=True, file_okay=False, help="Where scripts drop *.job.json.")
    ],
    allow_output: Annotated[
        list[Path],
        typer.Option("--allow-output", metavar="ROOT", help="A folder below which mattes may go; repeatable."),
    ],
    once: Annotated[bool, typer.Option("--once", help="End when no job is left; exit code 3 if one failed.")] = False,
) -> None:
    """Run the jobs that scripts drop into a folder, and answer beside them; see docs/serve-jobs.md."""
    roots = AllowedRoots(allow_output)
    folder = folder.resolve()
    # Relative paths in a job mean the folder of the job file, wherever in the job they stand.
    os.chdir(folder)
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    watched = WatchFolder(folder, server_id(socket.gethostname(), os.getpid(), secrets.token_hex(3)))
    _say(f"Serving {folder}")
    with JobQueue(roots=roots) as queue:
        server = JobServer(
            watched, queue, say=_say, is_stopping=stopping.is_set, wait=stopping.wait, clock=time.monotonic
        )
        failures = server.serve(once=once)
    if once and failures:
        raise typer.Exit(FAILURES_EXIT_CODE)


def _say(line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)
