"""Real servers: killed in the middle of a job, stopped, and two on one folder."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import DiscPlate
from tests.serve_jobs.conftest import Drop

from rotomatte.job import run_job
from rotomatte.serve_jobs.documents import parse_job_file
from rotomatte.serve_jobs.names import parse_claim

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")

FRAMES = 40


def start(watched: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "rotomatte", "serve-jobs", str(watched), *options]
    root = str(watched.parent / "renders")
    return subprocess.Popen([*command, "--allow-output", root], stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    """What a server said until it ended of itself, without complaint."""
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    return said


def until(process: subprocess.Popen[str], is_time: Callable[[], bool]) -> None:
    """Look until it is time; the server must live so long."""
    deadline_s = time.monotonic() + 60
    while not is_time():
        assert process.poll() is None, "it ended too early"
        assert time.monotonic() < deadline_s, "nothing comes"


def mattes(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.exr"))}


def times(out: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in out.rglob("*.exr")}


def test_a_server_killed_again_and_again_loses_nothing_and_does_nothing_twice(
    watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    plate = disc_plate(count=FRAMES)
    renders = watched.parent / "renders"
    out = renders / "killed"
    asked = drop("killed", plate)
    run_job(parse_job_file(asked.read_bytes(), "").job, watched.parent / "whole")
    expected = mattes(watched.parent / "whole")
    assert len(expected) == 2 * FRAMES
    moments = (
        lambda: bool(list(watched.glob("killed.*.running.json"))),
        lambda: len(list(out.glob("*/*.exr"))) >= 7,
        lambda: len(list(out.glob("*/*.exr"))) >= 45,
    )
    kept: dict[Path, int] = {}
    for number, moment in enumerate(moments):
        process = start(watched)
        until(process, moment)
        process.kill()
        process.communicate()
        assert mattes(out).items() <= expected.items(), "what a kill leaves is whole"
        assert len(mattes(out)) < 2 * FRAMES
        assert times(out).items() >= kept.items(), "finished frames are not made again"
        kept = times(out)
        (running,) = watched.glob("killed.*.running.json")
        claim = parse_claim(running.name)
        # The first may die between taking the job and beginning it.
        assert claim is not None
        assert number <= claim.begun <= number + 1
        assert not (watched / "killed.done.json").exists()
    said = finish(start(watched, "--once"))
    assert said.count("killed: begins") == 1
    assert mattes(out) == expected
    assert times(out).items() >= kept.items()
    assert json.loads((watched / "killed.done.json").read_text())["out"] == str(out)
    assert {path.name for path in watched.iterdir()} == {
        "killed.ran.json",
        "killed.done.json",
    }
    assert not list(out.rglob(".*.part"))


def test_a_stopped_server_ends_after_its_frame(watched: Path, drop: Drop, disc_plate: DiscPlate) -> None:
    drop("sh010", disc_plate(count=FRAMES))
    out = watched.parent / "renders" / "sh010"
    process = start(watched)
    until(process, lambda: len(list(out.glob("*/*.exr"))) >= 5)
    process.send_signal(signal.SIGTERM)
    said = finish(process)
    assert "left for the next server" in said
    assert 5 <= len(mattes(out)) < 2 * FRAMES
    assert not list(out.rglob(".*.part"))
    (left,) = watched.iterdir()
    assert left.name.endswith("-0.running.json")


def test_two_servers_share_a_folder_and_run_nothing_twice(watched: Path, drop: Drop, disc_plate: DiscPlate) -> None:
    plate = disc_plate(count=4)
    names = {f"sh{number:03d}" for number in range(10)}
    for name in names:
        drop(name, plate)
    both = [start(watched, "--once") for _ in range(2)]
    said = "".join(finish(process) for process in both)
    assert sorted(line.split(":")[0] for line in said.splitlines() if line.endswith(": begins")) == sorted(names)
    assert {path.name for path in watched.iterdir()} == {
        f"{name}.{end}.json" for name in names for end in ("ran", "done")
    }
    assert all(len(mattes(watched.parent / "renders" / name)) == 8 for name in names)


@pytest.mark.slow
def test_thirty_jobs_whose_servers_are_killed_at_random(watched: Path, drop: Drop, disc_plate: DiscPlate) -> None:
    plate = disc_plate(count=12)
    names = [f"sh{number:03d}" for number in range(30)]
    for name in names:
        asked = drop(name, plate)
    run_job(parse_job_file(asked.read_bytes(), "").job, watched.parent / "whole")
    expected = mattes(watched.parent / "whole")
    renders = watched.parent / "renders"
    for many in sorted(random.Random(7).sample(range(30 * 24), 15)):  # noqa: S311
        process = start(watched)
        until(process, lambda many=many: len(list(renders.rglob("*.exr"))) >= many)  # type: ignore[misc]
        process.kill()
        process.communicate()
    finish(start(watched, "--once"))
    assert {path.name for path in watched.iterdir()} == {
        f"{name}.{end}.json" for name in names for end in ("ran", "done")
    }
    assert all(mattes(renders / name) == expected for name in names)


def test_once_says_by_its_exit_code_that_a_job_failed(watched: Path, drop: Drop) -> None:
    drop("gone")
    process = start(watched, "--once")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "gone: failed: " in said
    assert "Traceback" not in said
