"""Mattes of a script without a window, such as on a farm: ``nuke -t rotomatte_nuke.py job.json``.

What is written and how is in the script's own Rotomatte node; the job names the script, and the node where there are
several. Nothing else of Rotomatte runs in a terminal session.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import nuke

from rotomatte_hosts.nuke import nodes
from rotomatte_hosts.nuke.versions import why_not
from rotomatte_hosts.nuke.work import Work, leave, work
from rotomatte_plugin.desk import DeskView
from rotomatte_plugin.errors import JobError, ProtocolError, RotomatteError
from rotomatte_plugin.plain import from_plain
from rotomatte_plugin.status import sentences, status_text
from rotomatte_plugin.terminal import TerminalTimers, work_off


@dataclass(frozen=True)
class HeadlessJob:
    """What a job file has, as JSON.

    ``script`` is a Nuke script, ``node`` the full name of a Rotomatte node in it (the only one where None), ``folder``
    where the mattes go (as the node says where None). ``save_as`` is a path at which the script is saved once the
    mattes are in it; it stays as it is where None.
    """

    script: str
    node: Optional[str] = None
    folder: Optional[str] = None
    save_as: Optional[str] = None


def main(arguments: Sequence[str]) -> int:
    """Run the job of a file; gives the exit code, that of the command line's errors, and prints what went wrong."""
    try:
        reason = why_not(str(nuke.NUKE_VERSION_STRING))
        if reason is not None or len(arguments) != 1:
            raise JobError(
                reason or f"{len(arguments)} job files are given.", remedy="Run nuke -t rotomatte_nuke.py job.json."
            )
        run(read_job(Path(arguments[0])))
    except RotomatteError as error:
        nuke.tprint(sentences(error), file=sys.stderr)
        return error.exit_code
    return 0


def read_job(path: Path) -> HeadlessJob:
    """The job of a file.

    Raises:
        JobError: the file cannot be read, or is no such job.
    """
    known = ", ".join(HeadlessJob.__dataclass_fields__)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        job = from_plain(HeadlessJob, raw)
    except (OSError, ValueError, ProtocolError) as error:
        raise JobError(
            f"{path} is no job for Nuke: {error}",
            remedy=f"Give JSON with {known}; only script is needed.",
            path=str(path),
        ) from error
    unknown = sorted(set(raw) - set(HeadlessJob.__dataclass_fields__))
    if unknown:
        raise JobError(f"The job has the unknown field {unknown[0]!r}.", remedy=f"Use {known}.", path=str(path))
    return job


def run(job: HeadlessJob) -> None:
    """Write the mattes of a script's Rotomatte node and bring them back into the script.

    Raises:
        JobError: the script cannot be opened, or has no such node.
        RotomatteError: whatever the desk says went wrong.
    """
    try:
        nuke.scriptOpen(job.script)
    except RuntimeError as error:
        raise JobError(f"The script cannot be opened: {error}.", remedy="Check its path.", path=job.script) from error
    at_work = work()
    try:
        at_work.write(find_node(job.node), job.folder)
        _wait(at_work)
        if job.save_as is not None:
            nuke.scriptSaveAs(job.save_as, 1)
    finally:
        leave()


def find_node(name: Optional[str]) -> nuke.Node:
    """The script's Rotomatte node of a full name, its only one where None.

    Raises:
        JobError: there is none, or there are several to choose from.
    """
    every = nodes.rotomatte_nodes()
    found = [node for node in every if name in {None, node.fullName()}]
    if len(found) != 1:
        listed = ", ".join(node.fullName() for node in every) or "none"
        raise JobError(
            f"The script has {len(found)} Rotomatte nodes" + (f" named {name!r}." if name else "."),
            remedy=f"Name one as node; there are: {listed}.",
        )
    return found[0]


def _wait(at_work: Work) -> None:
    """Wait until all is written; each new line of status is printed.

    Raises:
        RotomatteError: what the desk says went wrong.
    """
    said = ""

    def look(view: DeskView) -> None:
        nonlocal said
        if status_text(view) != said:
            said = status_text(view)
            nuke.tprint(said)

    timers = at_work.host.timers
    if isinstance(timers, TerminalTimers):
        work_off(at_work.desk, timers, look)
