"""The real engine's own methods, and its command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import DiscPlate
from tests.plugin.conftest import Machine, wait_until

from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import JobError, OutputError
from rotomatte_plugin.messages import (
    CLIP_SAVE,
    ENGINE_FREE,
    ENGINE_INFO,
    ENGINE_LOG,
    ENGINE_MODELS,
    ENGINE_SHUTDOWN,
    JOB_CANCEL,
    JOB_LIST,
    JOB_STATUS,
    JOB_SUBMIT,
    PROTOCOL,
    JobAsked,
    JobEvent,
    LogAsked,
    Nothing,
    SaveClip,
    SubmitJob,
)
from rotomatte_plugin.model import Clip, MatteJob, MatteObject, Plate, PointPrompt, PromptSet, TrackSettings

OBJECT = MatteObject("disc", PromptSet(points=(PointPrompt(1001, 30.0, 40.0),)))


def disc_job(folder: Path) -> MatteJob:
    return MatteJob(Clip(Plate(str(folder))), (OBJECT,), track=TrackSettings(model="disc"))


def rotomatte(machine: Machine, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "rotomatte", "engine", *map(str, arguments)]
    return subprocess.Popen(command, env=machine.environ, stderr=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    _, text = process.communicate(timeout=60)
    assert process.returncode == 0, text
    return text.strip()


@pytest.fixture
def client(machine: Machine) -> EngineClient:
    machine.clients.append(EngineClient("test", environ={**machine.environ, "ROTOMATTE_ENGINE": sys.executable}))
    return machine.clients[-1]


def test_the_engine_tells_of_itself(client: EngineClient, machine: Machine) -> None:
    info = client.call(ENGINE_INFO, Nothing())
    assert (info.pid, info.protocol, info.clients, info.jobs) == (machine.pid(), PROTOCOL, 1, 0)
    assert info.started.endswith("+00:00")
    log = client.call(ENGINE_LOG, LogAsked(100))
    assert log.path == info.log
    assert log.path.startswith(machine.environ["XDG_STATE_HOME"])
    assert f"process {info.pid}" in log.text
    assert "'test' connected" in log.text
    assert client.call(ENGINE_LOG, LogAsked(-5)).text == ""
    listed = client.call(ENGINE_MODELS, Nothing())
    names = [model.name for model in listed.models]
    assert (names[0], names[-1]) == ("bundled", "sam2.1_hiera_large")
    assert listed.preferred in names
    for model in listed.models:
        assert model.path is None or Path(model.path).is_file()
    client.call(ENGINE_FREE, Nothing())
    with pytest.raises(JobError, match="No clip 'c' is open"):
        client.call(CLIP_SAVE, SaveClip("c", "/x"))


def test_jobs_go_through_the_queue(client: EngineClient, disc_plate: DiscPlate, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="not a full path"):
        client.call(JOB_SUBMIT, SubmitJob(disc_job(tmp_path), "out"))
    with pytest.raises(JobError, match="knows no job"):
        client.call(JOB_STATUS, JobAsked("none"))
    missing = client.call(JOB_SUBMIT, SubmitJob(disc_job(tmp_path / "none.mov"), str(tmp_path / "a"))).job_id
    good = client.call(JOB_SUBMIT, SubmitJob(disc_job(disc_plate()), str(tmp_path / "b"))).job_id
    late = client.call(JOB_SUBMIT, SubmitJob(disc_job(tmp_path / "none"), str(tmp_path / "c"))).job_id
    client.call(JOB_CANCEL, JobAsked(late))
    events: list[JobEvent] = []

    def look() -> bool:
        events.extend(client.events())
        return any(event.state == "done" for event in events)

    wait_until(look)
    last = {event.job_id: event for event in events}
    assert last[missing].state == "failed"
    error = last[missing].error
    assert error is not None
    assert error.code == 401
    assert "Traceback" not in error.message
    assert (last[good].done, last[good].total) == (8, 8)
    assert last[late].state == "cancelled"
    assert [event.state for event in client.call(JOB_LIST, Nothing()).jobs] == ["failed", "done", "cancelled"]
    assert len(list((tmp_path / "b").rglob("*.exr"))) == 8


def test_shutting_down_cancels_and_says_so(client: EngineClient, disc_plate: DiscPlate, tmp_path: Path) -> None:
    job_id = client.call(JOB_SUBMIT, SubmitJob(disc_job(disc_plate(count=200)), str(tmp_path / "out"))).job_id
    wait_until(lambda: any(event.done for event in client.events()))
    client.call(ENGINE_SHUTDOWN, Nothing())
    found: list[JobEvent] = []

    def look() -> bool:
        found.extend(event for event in client.events() if event.job_id == job_id)
        return bool(found) and found[-1].state == "cancelled"

    wait_until(look)
    assert 0 < len(list((tmp_path / "out").rglob("*.exr"))) < 200


def test_the_command_line_starts_and_stops_it(machine: Machine, client: EngineClient, tmp_path: Path) -> None:
    assert said(rotomatte(machine, "--stop")) == "No engine runs."
    allowed = tmp_path / "renders"
    allowed.mkdir()
    engine = rotomatte(machine, "--allow-output", allowed)
    assert engine.stderr is not None
    assert "listens on port" in engine.stderr.readline()
    assert client.call(ENGINE_INFO, Nothing()).pid == engine.pid
    with pytest.raises(OutputError, match="not below an allowed folder"):
        client.call(JOB_SUBMIT, SubmitJob(disc_job(tmp_path), os.path.join(allowed, "..", "out")))  # noqa: PTH118
    assert client.call(JOB_SUBMIT, SubmitJob(disc_job(tmp_path / "none"), str(allowed / "out"))).job_id
    assert said(rotomatte(machine)) == "An engine runs already."
    client.close()
    assert said(rotomatte(machine, "--stop")) == "The engine has ended."
    assert said(engine) == ""


def test_an_idle_engine_ends(machine: Machine) -> None:
    assert "listens on port" in said(rotomatte(machine, "--idle-minutes", 0.01))
    assert not (machine.runtime / "engine.json").exists()
