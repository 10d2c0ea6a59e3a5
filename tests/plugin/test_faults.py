"""kill -9 in the middle of real jobs, of the engine, the host, or both: finished frames are whole and the job goes on."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import DiscPlate
from tests.plugin.conftest import Machine, wait_until

from rotomatte.document import encode
from rotomatte.job import run_job
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.messages import ENDED, JOB_LIST, JOB_SUBMIT, JobEvent, Nothing, SubmitJob
from rotomatte_plugin.model import Clip, MatteJob, MatteObject, Plate, PointPrompt, PromptSet, TrackSettings

FRAMES = 24
PATIENCE_S = 120.0

HOST = """
import json, os, sys
from pathlib import Path
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.messages import JOB_SUBMIT, SubmitJob
from rotomatte_plugin.model import MatteJob
from rotomatte_plugin.plain import from_plain
job = from_plain(MatteJob, json.loads(Path(sys.argv[1]).read_text()))
client = EngineClient("host")
print(client.call(JOB_SUBMIT, SubmitJob(job, sys.argv[2])).job_id, flush=True)
sys.stdin.read()
"""


def disc_job(folder: Path) -> MatteJob:
    a = MatteObject("a", PromptSet(points=(PointPrompt(1005, 46.0, 40.0),)))
    b = MatteObject("b", PromptSet(points=(PointPrompt(1010, 5.0, 5.0),)))
    return MatteJob(Clip(Plate(str(folder))), (a, b), track=TrackSettings(model="disc"))


def mattes(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.exr"))}


def report(out: Path) -> dict[str, object]:
    found = json.loads((out / "rotomatte.json").read_text())
    assert isinstance(found, dict)
    return {name: value for name, value in found.items() if name != "seconds"}


def until_done(client: EngineClient, job_id: str) -> None:
    found: list[JobEvent] = []

    def look() -> bool:
        found.extend(event for event in client.events() if event.job_id == job_id)
        return bool(found) and found[-1].state in ENDED

    wait_until(look, PATIENCE_S)
    assert found[-1].state == "done", found[-1]


def start_host(machine: Machine, job: MatteJob, out: Path) -> subprocess.Popen[str]:
    document = machine.folder / "job.json"
    document.write_bytes(encode(job))
    return subprocess.Popen(
        [sys.executable, "-c", HOST, str(document), str(out)],
        env=machine.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_host(host: subprocess.Popen[str]) -> None:
    host.kill()
    host.communicate()
    assert host.returncode == -signal.SIGKILL


def suffer(machine: Machine, job: MatteJob, out: Path, fault: str, kill_after: int, whole: dict[str, bytes]) -> None:
    """Run a job, kill once so many mattes are there, and see it through."""

    def is_time() -> bool:
        return len(mattes(out)) >= kill_after

    if fault == "engine":
        with EngineClient("host", environ=machine.environ) as client:
            job_id = client.call(JOB_SUBMIT, SubmitJob(job, str(out))).job_id
            wait_until(is_time, PATIENCE_S)
            machine.kill()
            assert mattes(out).items() <= whole.items(), "what a kill leaves is whole"
            until_done(client, job_id)
        return
    host = start_host(machine, job, out)
    assert host.stdout is not None
    job_id = host.stdout.readline().strip()
    wait_until(is_time, PATIENCE_S)
    kill_host(host)
    with EngineClient("next host", environ=machine.environ) as client:
        if fault == "both":
            machine.kill()
            assert mattes(out).items() <= whole.items(), "what a kill leaves is whole"
            until_done(client, client.call(JOB_SUBMIT, SubmitJob(job, str(out))).job_id)
        else:
            # Nobody watches, and it goes on.
            wait_until(lambda: is_done(client, job_id), PATIENCE_S)


def is_done(client: EngineClient, job_id: str) -> bool:
    (event,) = [event for event in client.call(JOB_LIST, Nothing()).jobs if event.job_id == job_id]
    assert event.state in {"queued", "running", "done"}
    return event.state == "done"


@pytest.mark.parametrize("rounds", [1, pytest.param(10, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])])
def test_whatever_dies_the_mattes_are_those_of_a_quiet_run(
    machine: Machine, disc_plate: DiscPlate, rounds: int
) -> None:
    machine.environ["ROTOMATTE_ENGINE"] = sys.executable
    machine.environ["OMP_NUM_THREADS"] = "1"
    job = disc_job(disc_plate(count=FRAMES))
    quiet = machine.folder / "quiet"
    run_job(job, quiet)
    whole = mattes(quiet)
    assert len(whole) == 2 * FRAMES
    dice = random.Random(rounds)  # noqa: S311
    for number in range(rounds):
        for fault in ("engine", "host", "both"):
            out = machine.folder / f"{fault}{number}"
            suffer(machine, job, out, fault, dice.randrange(0, 2 * FRAMES - 8), whole)
            assert mattes(out) == whole
            assert report(out) == report(quiet)
            assert not list(out.rglob(".*.part"))
