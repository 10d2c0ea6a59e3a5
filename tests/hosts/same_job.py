"""One clip and one set of prompts, given through different hosts: what has to be equal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rotomatte.document import read_report
from rotomatte_plugin.model import MatteJob


@dataclass(frozen=True)
class Made:
    """The job of a folder of mattes, without the host's words for the clip, and the bytes of every matte by its name."""

    job: MatteJob
    mattes: Mapping[str, bytes]


def made(folder: Path) -> Made:
    """What a host has had made.

    What the host calls the clip is its own. Colours that it names itself are those that an artist has to name elsewhere.
    """
    job = read_report(folder / "rotomatte.json").job
    clip = replace(job.clip, name="", host_id="")
    said = job.colour
    space, config = said.space or said.host_space, said.config or said.host_config
    colour = replace(said, space=space, config=config, host_space=None, host_config=None)
    mattes = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.exr"))}
    assert mattes
    return Made(replace(job, clip=clip, colour=colour), mattes)


def by_command_line(plate: str, out: Path, *options: str, environ: Mapping[str, str] | None = None) -> Made:
    """The same by the command line; ``options`` are prompts and settings."""
    command = [sys.executable, "-m", "rotomatte", "matte", plate, "-o", str(out), *options]
    subprocess.run(command, check=True, capture_output=True, env=None if environ is None else dict(environ))
    return made(out)
