"""kill -9 in the middle of a job, then the same command again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import DiscPlate

FRAMES = 40


def command(folder: Path, out: Path) -> list[str]:
    click = ["--include", "a@1010:66,40", "--include", "b@1030:5,5"]
    return [sys.executable, "-m", "rotomatte", "matte", str(folder), "-o", str(out), "--model", "disc", *click]


def mattes(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.exr"))}


def report(out: Path) -> dict[str, object]:
    found = json.loads((out / "rotomatte.json").read_text())
    assert isinstance(found, dict)
    return {name: value for name, value in found.items() if name != "seconds"}


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_after_a_kill_the_same_command_gives_the_same_bytes(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate(count=FRAMES)
    whole = tmp_path / "whole"
    subprocess.run(command(folder, whole), check=True, capture_output=True)
    expected = mattes(whole)
    assert len(expected) == 2 * FRAMES
    dice = random.Random(2)  # noqa: S311
    for number in range(4):
        out = tmp_path / f"killed{number}"
        kill_after = dice.randrange(1, 2 * FRAMES)
        process = subprocess.Popen(command(folder, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            if len(list(out.glob("*/*.exr"))) >= kill_after:
                process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.returncode == -signal.SIGKILL
        survivors = mattes(out)
        assert kill_after <= len(survivors) < 2 * FRAMES
        assert survivors.items() <= expected.items(), "what a kill leaves is whole"
        subprocess.run(command(folder, out), check=True, capture_output=True)
        assert mattes(out) == expected
        assert report(out) == report(whole)
        assert not list(out.rglob(".*.part"))


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as POSIX does")
def test_ctrl_c_keeps_finished_frames_and_says_how_to_go_on(disc_plate: DiscPlate, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        command(disc_plate(count=FRAMES), out),
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts background jobs with Ctrl-C ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    while process.poll() is None and not list(out.glob("*/*.exr")):
        pass
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "Run the same command again to go on." in said
    assert "Traceback" not in said
    assert 0 < len(mattes(out)) < 2 * FRAMES
