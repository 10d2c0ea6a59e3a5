"""The command line in this process, and the edit with everything in it, run once."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import opentimelineio as otio
import pytest
from tests.timeline import coded_edit

from rotomatte.cli.app import main


@dataclass(frozen=True)
class Said:
    """What a command came to: its exit code, and what it said on stdout and stderr."""

    code: int
    out: str
    err: str


def rotomatte(*arguments: object) -> Said:
    """Run a command."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr("sys.argv", ["rotomatte", *map(str, arguments)])
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    return Said(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class EditOnDisk:
    """An edit with its prompts, and the folder of its mattes."""

    path: Path

    @property
    def prompts(self) -> Path:
        return self.path.with_name("prompts.json")

    @property
    def out(self) -> Path:
        return self.path.with_name("out")

    def run(self, *options: object) -> Said:
        """`rotomatte timeline`, quickly."""
        quick = ("--model", "disc", "--handles", 2)
        return rotomatte("timeline", self.path, "--prompts", self.prompts, "-o", self.out, *quick, *options)

    def mattes(self) -> dict[Path, bytes]:
        """Every matte."""
        return {path: path.read_bytes() for path in sorted(self.out.rglob("*.exr"))}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[EditOnDisk, Said]:
    """The edit with everything in it, after its first run."""
    folder = tmp_path_factory.mktemp("everything")
    plates = coded_edit.write_plates(folder / "plates")
    edit = EditOnDisk(folder / "everything.otio")
    otio.adapters.write_to_file(coded_edit.coded_timeline(plates), str(edit.path))
    entries = [coded_edit.entry(plates[asked.plate], asked) for asked in coded_edit.ASKED]
    edit.prompts.write_bytes(coded_edit.sidecar([*entries, coded_edit.OFFLINE_ENTRY]))
    return edit, edit.run()
