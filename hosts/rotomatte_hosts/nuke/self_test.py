"""What Rotomatte takes for granted about Nuke, tried out on a licence: a report for the people who have none.

Every check says what it found or fails. All of it happens in a group that is deleted again, without undo steps, with
frames rendered into a temporary folder; the artist's script is left as it was.
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import nuke

from rotomatte_hosts.nuke import nodes
from rotomatte_hosts.nuke.self_checks import CHECKS, Check
from rotomatte_plugin.messages import PROTOCOL

REPORT_NAME = "rotomatte-nuke-self-test.json"

_ASYNCHRONOUS = "executeInMainThread from a thread comes to the main thread"


@dataclass(frozen=True)
class Finding:
    """What came of a check: ``detail`` is what it found, or how it failed."""

    check: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class Report:
    """A self-test; nothing in it is about the artist's script, files or names."""

    nuke: str
    python: str
    system: str
    protocol: str
    findings: tuple[Finding, ...]


def run_and_tell() -> None:
    """Run the self-test as a menu command: the report lies in the user's home, and a window says so."""
    path = Path.home() / REPORT_NAME
    report = run(CHECKS)
    _write(report, path)
    _wait_for_thread(report, path)
    failed = [finding.check for finding in report.findings if not finding.passed]
    told = f"{len(failed)} of {len(report.findings)} checks failed:\n" + "\n".join(failed) if failed else "All passed."
    nuke.message(f"Rotomatte's self-test has ended. {told}\nThe report is {path}.")


def run(checks: Sequence[Check]) -> Report:
    """Try everything out, each check in a group of its own."""
    was_modified = nuke.root().modified()
    with nodes.without_undo(), tempfile.TemporaryDirectory(prefix="rotomatte-") as folder:
        findings = tuple(_tried(check, Path(folder)) for check in checks)
    nuke.root().setModified(was_modified)
    return Report(str(nuke.NUKE_VERSION_STRING), platform.python_version(), sys.platform, str(PROTOCOL), findings)


def _tried(check: Check, folder: Path) -> Finding:
    selected = nuke.selectedNodes()
    group = nuke.nodes.Group()
    try:
        with group:
            return Finding(check.name, passed=True, detail=check.look(folder))
    except Exception as error:  # noqa: BLE001 - whatever Nuke raises is what is wanted
        return Finding(check.name, passed=False, detail=f"{type(error).__name__}: {error}")
    finally:
        nuke.delete(group)
        for node in selected:
            node.setSelected(True)


def _wait_for_thread(report: Report, path: Path) -> None:
    """Add one finding more as soon as the main thread has been reached, which is after the menu command."""
    later: Callable[[], None] = lambda: _write(_with(report, Finding(_ASYNCHRONOUS, True, _thread_name())), path)  # noqa: E731
    threading.Thread(target=lambda: nuke.executeInMainThread(later), daemon=True).start()


def _with(report: Report, finding: Finding) -> Report:
    return Report(report.nuke, report.python, report.system, report.protocol, (*report.findings, finding))


def _thread_name() -> str:
    return (
        "main thread"
        if threading.current_thread() is threading.main_thread()
        else "a thread that is not Python's main one"
    )


def _write(report: Report, path: Path) -> None:
    path.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
