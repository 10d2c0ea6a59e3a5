"""The client against a real engine process, which crashes in every way."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from tests.plugin.conftest import Machine, start_small, wait_until

from rotomatte_plugin import client as client_module
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import (
    EngineBusyError,
    EngineError,
    EngineMissingError,
    EngineTimeoutError,
    JobError,
    PlateNotFoundError,
    PromptError,
    RotomatteError,
)
from rotomatte_plugin.link import LinkLostError
from rotomatte_plugin.messages import (
    CLIP_CHANGE,
    CLIP_CLOSE,
    CLIP_LOAD,
    CLIP_OPEN,
    CLIP_PREVIEW,
    CLIP_REMOVE_OBJECT,
    CLIP_SAVE,
    CLIP_SET_OBJECT,
    ENDED,
    ENGINE_INFO,
    ENGINE_SHUTDOWN,
    JOB_STATUS,
    JOB_SUBMIT,
    ChangeClip,
    ClipAsked,
    JobAsked,
    JobEvent,
    LoadClip,
    Nothing,
    OpenClip,
    PreviewAsked,
    RemoveObject,
    SaveClip,
    SetObject,
    SubmitJob,
)
from rotomatte_plugin.model import (
    Clip,
    ColourSettings,
    MatteJob,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    RefineSettings,
)

CAR = MatteObject("car", PromptSet(points=(PointPrompt(1, 2.5, 3.5), PointPrompt(2, 2.5, 3.5))))
DOG = MatteObject("dog", PromptSet(points=(PointPrompt(1, 7.5, 3.5),)))


def open_clip(client: EngineClient, path: str = "/plate.mov", **colour: str) -> str:
    opened = client.call(CLIP_OPEN, OpenClip(Clip(Plate(path)), ColourSettings(**colour)))  # type: ignore[arg-type]
    return opened.clip_id


def known(client: EngineClient, clip_id: str, folder: Path) -> dict[str, object]:
    """What the engine knows of a clip."""
    path = folder / "saved.json"
    client.call(CLIP_SAVE, SaveClip(clip_id, str(path)))
    found = json.loads(path.read_text())
    assert isinstance(found, dict)
    return found


def submit(client: EngineClient, out: Path, plate: str) -> str:
    out.mkdir()
    job_id = client.call(JOB_SUBMIT, SubmitJob(MatteJob(Clip(Plate(plate)), (CAR,)), str(out))).job_id
    (out / "go").touch()
    return job_id


def until_ended(client: EngineClient, job_id: str) -> list[JobEvent]:
    """Every event of a job up to its last, as a host's timer would collect them."""
    found: list[JobEvent] = []

    def look() -> bool:
        found.extend(event for event in client.events() if event.job_id == job_id)
        return bool(found) and found[-1].state in ENDED

    wait_until(look)
    return found


def test_the_first_call_starts_an_engine_and_others_share_it(machine: Machine) -> None:
    first, second = machine.client(), machine.client()
    pid = first.call(ENGINE_INFO, Nothing()).pid
    assert pid == machine.pid() != os.getpid()
    assert second.call(ENGINE_INFO, Nothing()).pid == pid
    first.close()
    assert second.call(ENGINE_INFO, Nothing()).pid == pid, "it serves the others on"
    with pytest.raises(EngineError, match="was closed"):
        first.call(ENGINE_INFO, Nothing())


def test_results_come_as_their_classes(machine: Machine) -> None:
    client = machine.client()
    opened = client.call(CLIP_OPEN, OpenClip(Clip(Plate("/p.mov"))))
    assert (opened.frames.last, opened.canvas.x_px, opened.rate, opened.warnings) == (5, -2, None, ("w",))
    made = client.call(CLIP_PREVIEW, PreviewAsked(opened.clip_id, CAR, 1))
    assert made.outline_xy == (((1.0, 1.0), (4.5, 1.0), (4.5, 4.0)),)
    loaded = client.call(CLIP_LOAD, LoadClip("/saved"))
    assert [item.name for item in loaded.objects] == ["first", "second"]


def test_the_engines_error_is_raised_as_what_it_was(machine: Machine) -> None:
    client = machine.client()
    with pytest.raises(PromptError) as error:
        client.call(CLIP_PREVIEW, PreviewAsked(open_clip(client), CAR, 0))
    assert (error.value.message, error.value.remedy) == ("No such frame.", "Take another.")
    assert (error.value.clip, error.value.frame, error.value.path) == ("é", 0, "/p")


def test_every_call_has_its_time(machine: Machine) -> None:
    client = machine.client()
    clip_id = open_clip(client)
    with pytest.raises(EngineTimeoutError, match=r"clip/preview within 0\.2 s"):
        client.call(CLIP_PREVIEW, PreviewAsked(clip_id, CAR, 777), timeout_s=0.2)
    assert machine.client().call(ENGINE_INFO, Nothing()).pid == machine.pid(), "nobody else waits"


def test_after_a_crash_the_clips_are_there_again(machine: Machine) -> None:
    client = machine.client()
    first, second, closed = open_clip(client, "/a.mov"), open_clip(client, "/b.mov"), open_clip(client, "/c.mov")
    client.call(CLIP_SET_OBJECT, SetObject(first, DOG))
    client.call(CLIP_SET_OBJECT, SetObject(first, CAR))
    client.call(CLIP_SET_OBJECT, SetObject(second, CAR))
    client.call(CLIP_REMOVE_OBJECT, RemoveObject(first, "dog"))
    client.call(CLIP_CLOSE, ClipAsked(closed))
    client.call(CLIP_CHANGE, ChangeClip(first, RefineSettings(ramp_cells=2.0)))
    client.call(CLIP_CHANGE, ChangeClip(first, RefineSettings(ramp_cells=3.0)))
    loaded = client.call(CLIP_LOAD, LoadClip("/saved")).clip_id
    client.call(CLIP_REMOVE_OBJECT, RemoveObject(loaded, "first"))
    for _ in range(2):
        pid = machine.pid()
        machine.kill()
        assert known(client, first, machine.folder)["objects"] == {"car": 2}
        assert known(client, first, machine.folder)["ramp_cells"] == 3.0
        assert known(client, second, machine.folder)["objects"] == {"car": 2}
        assert "ramp_cells" not in known(client, second, machine.folder), "it has no change"
        assert known(client, loaded, machine.folder)["objects"] == {"second": 0}
        assert machine.pid() != pid
        with pytest.raises(JobError, match="No clip"):
            known(client, closed, machine.folder)


def test_a_call_that_kills_two_engines_is_told_and_the_next_call_works(machine: Machine) -> None:
    client = machine.client()
    clip_id = open_clip(client)
    with pytest.raises(LinkLostError, match="ended before it answered"):
        client.call(CLIP_PREVIEW, PreviewAsked(clip_id, CAR, 666))
    assert int((machine.runtime / "starts").read_text()) == 2, "it was tried again once"
    assert client.call(CLIP_PREVIEW, PreviewAsked(clip_id, CAR, 1)).area_px == 6


@pytest.mark.parametrize(("plate", "kind"), [("/gone.mov", PlateNotFoundError), ("/poison.mov", EngineError)])
def test_a_clip_that_cannot_be_opened_again_does_not_take_the_others_along(
    machine: Machine, plate: str, kind: type[RotomatteError]
) -> None:
    client = machine.client()
    lost, good = open_clip(client, plate), open_clip(client)
    client.call(CLIP_SET_OBJECT, SetObject(good, CAR))
    machine.kill()
    with suppress(LinkLostError):
        known(client, good, machine.folder)
    assert known(client, good, machine.folder)["objects"] == {"car": 2}
    with pytest.raises(kind):
        known(client, lost, machine.folder)
    with pytest.raises(kind):
        client.call(CLIP_CLOSE, ClipAsked(lost))
    with pytest.raises(JobError, match="No clip"):
        known(client, lost, machine.folder)
    assert known(client, good, machine.folder)["objects"] == {"car": 2}


def test_a_job_is_told_of(machine: Machine) -> None:
    client = machine.client()
    out = machine.folder / "out"
    job_id = submit(client, out, "/plate.mov")
    events = until_ended(client, job_id)
    assert events[-1] == JobEvent(job_id, "done", 5, 5, frame=5)
    assert client.events() == ()


def test_a_job_goes_on_in_a_new_engine_without_being_asked(machine: Machine) -> None:
    client = machine.client()
    out = machine.folder / "out"
    job_id = submit(client, out, "/once.mov")
    assert until_ended(client, job_id)[-1].state == "done"
    assert [(out / f"{frame}.exr").read_text() for frame in range(1, 6)] == ["0", "0", "1", "1", "1"]
    assert client.call(JOB_STATUS, JobAsked(job_id)) == JobEvent(job_id, "done", 5, 5, frame=5), "its name stays"


def test_a_client_that_was_cut_off_comes_back_to_the_same_engine(machine: Machine) -> None:
    client = machine.client()
    clip_id = open_clip(client)
    client.call(CLIP_SET_OBJECT, SetObject(clip_id, CAR))
    out = machine.folder / "out"
    out.mkdir()
    job_id = client.call(JOB_SUBMIT, SubmitJob(MatteJob(Clip(Plate("/p")), (CAR,)), str(out))).job_id
    link = client._link
    assert link is not None
    link._socket.shutdown(socket.SHUT_RDWR)
    wait_until(lambda: client._link is not link)
    (out / "go").touch()
    assert until_ended(client, job_id)[-1].state == "done"
    assert known(client, clip_id, machine.folder)["objects"] == {"car": 2}
    assert (machine.runtime / "starts").read_text() == "1"
    assert client.call(ENGINE_INFO, Nothing()).jobs == 1, "it was watched again, and not begun again"


def test_a_job_that_kills_every_engine_is_given_up(machine: Machine) -> None:
    client = machine.client()
    job_id = submit(client, machine.folder / "out", "/deadly.mov")
    last = until_ended(client, job_id)[-1]
    assert last.state == "failed"
    assert last.error is not None
    assert "crashed twice" in last.error.message
    assert int((machine.runtime / "starts").read_text()) == 3
    assert client.call(ENGINE_INFO, Nothing()).clients == 2, "the third one is there to stay"


def test_an_engine_that_was_sent_home_comes_back_when_needed(machine: Machine) -> None:
    client = machine.client()
    clip_id = open_clip(client)
    pid = machine.pid()
    client.call(ENGINE_SHUTDOWN, Nothing())
    wait_until(lambda: not (machine.runtime / "engine.json").exists())
    assert client.call(CLIP_PREVIEW, PreviewAsked(clip_id, CAR, 1)).area_px == 6
    assert machine.pid() != pid


def test_a_connection_file_without_an_engine_is_no_hindrance(machine: Machine) -> None:
    machine.client().call(ENGINE_INFO, Nothing())
    machine.kill()
    assert (machine.runtime / "engine.json").exists()
    assert machine.client().call(ENGINE_INFO, Nothing()).pid == machine.pid()


def test_a_full_engine_is_waited_for_and_then_told_of(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine.environ, "SMALL_ENGINE_CLIENTS", "1")
    first, second = machine.client(), machine.client()
    first.call(ENGINE_INFO, Nothing())
    monkeypatch.setattr(client_module, "START_S", 0.5)
    with pytest.raises(EngineBusyError):
        second.call(ENGINE_INFO, Nothing())
    first.close()
    monkeypatch.setattr(client_module, "START_S", 30.0)
    assert second.call(ENGINE_INFO, Nothing()).pid == machine.pid()


def test_the_hosts_ocio_config_travels_with_the_clip(machine: Machine) -> None:
    client = machine.client(OCIO="ocio://of-this-host")
    assert known(client, open_clip(client), machine.folder)["config"] == "ocio://of-this-host"
    named = open_clip(client, host_config="/of/the/job.ocio")
    assert known(client, named, machine.folder)["config"] == "/of/the/job.ocio"
    assert known(client, open_clip(client, config="/x.ocio"), machine.folder)["config"] is None


def test_where_there_is_no_engine_the_sentence_says_what_to_do(machine: Machine) -> None:
    environ = {**machine.environ, "ROTOMATTE_ENGINE": str(machine.folder / "no" / "python")}
    with EngineClient("test", environ=environ) as client, pytest.raises(EngineMissingError) as error:
        client.call(ENGINE_INFO, Nothing())
    assert "ROTOMATTE_ENGINE" in error.value.remedy


def test_an_engine_that_does_not_start_says_why(machine: Machine) -> None:
    python = machine.folder / "python"
    python.write_text("#!/bin/sh\necho 'No module named rotomatte' >&2\nexit 1\n")
    python.chmod(0o755)
    environ = {**machine.environ, "ROTOMATTE_ENGINE": str(python)}
    with EngineClient("test", environ=environ) as client, pytest.raises(EngineError) as error:
        client.call(ENGINE_INFO, Nothing())
    assert error.value.message == "The engine did not start: No module named rotomatte."
    assert "doctor" in error.value.remedy


def test_a_host_that_is_killed_leaves_the_engine_and_its_job_alone(machine: Machine) -> None:
    client = machine.client()
    client.call(ENGINE_INFO, Nothing())
    out = machine.folder / "out"
    out.mkdir()
    (out / "go").touch()
    program = (
        "import os, signal, sys\n"
        "from rotomatte_plugin.client import EngineClient\n"
        "from rotomatte_plugin.messages import *\n"
        "from rotomatte_plugin.model import *\n"
        "car = MatteObject('car', PromptSet(points=(PointPrompt(1, 2, 3),)))\n"
        "EngineClient('host').call(JOB_SUBMIT, SubmitJob(MatteJob(Clip(Plate('/p')), (car,)), sys.argv[1]))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    host = subprocess.run([sys.executable, "-c", program, str(out)], env=machine.environ, check=False)
    assert host.returncode == -9
    wait_until((out / "5.exr").exists)
    wait_until(lambda: client.call(ENGINE_INFO, Nothing()).clients == 0)


def old_python() -> str | None:
    found = [os.environ.get("ROTOMATTE_OLD_PYTHON"), shutil.which("python3.9")]
    for python in filter(None, found):
        # A version manager's stand-in is there and fails.
        if subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0:
            return python
    return None


def test_the_client_runs_in_the_oldest_python_of_a_host(machine: Machine) -> None:
    python = old_python()
    if python is None:
        pytest.skip("there is no Python 3.9 here; name one in ROTOMATTE_OLD_PYTHON")
    start_small(machine.environ).wait(30)
    program = (
        "import sys\n"
        "from rotomatte_plugin.client import EngineClient\n"
        "from rotomatte_plugin.messages import *\n"
        "from rotomatte_plugin.model import *\n"
        "with EngineClient('old') as client:\n"
        "    clip = client.call(CLIP_OPEN, OpenClip(Clip(Plate('/p')))).clip_id\n"
        "    car = MatteObject('car', PromptSet(points=(PointPrompt(1, 2, 3),)))\n"
        "    print(sys.version_info[:2], client.call(CLIP_PREVIEW, PreviewAsked(clip, car, 1)).area_px)\n"
    )
    environ = {**machine.environ, "PYTHONPATH": str(Path(client_module.__file__).parents[1])}
    said = subprocess.run(
        [python, "-W", "error", "-c", program], env=environ, capture_output=True, text=True, check=False
    )
    assert said.stdout == "(3, 9) 6.0\n", said.stderr
