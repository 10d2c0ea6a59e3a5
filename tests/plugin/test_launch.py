"""Starting the engine from a host that would lead it astray."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from tests.plugin.conftest import PATIENCE_S, Machine

from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import EngineError
from rotomatte_plugin.launch import clean_environment, creation_flags, engine_command, launch, why_failed
from rotomatte_plugin.messages import ENGINE_INFO, ENGINE_SHUTDOWN, Nothing


def test_what_a_host_sets_for_itself_stays_there() -> None:
    astray = {
        "PYTHONHOME": "/nuke",
        "PYTHONPATH": "/nuke/lib",
        "PythonUserBase": "C:\\host",
        "LD_LIBRARY_PATH": "/nuke",
        "LD_PRELOAD": "/nuke/x.so",
        "DYLD_INSERT_LIBRARIES": "/x",
        "QT_PLUGIN_PATH": "/nuke/qt",
        "VIRTUAL_ENV": "/studio",
        "OCIO": "/nuke/config.ocio",
        "__PYVENV_LAUNCHER__": "/x",
    }
    kept = {
        "PATH": "/bin",
        "HOME": "/home/ann",
        "ROTOMATTE_MODELS": "/models",
        "CUDA_VISIBLE_DEVICES": "1",
        "TMPDIR": "/t",
    }
    assert clean_environment({**astray, **kept}) == kept


def test_the_command_is_isolated() -> None:
    assert engine_command(Path("/v/bin/python")) == [str(Path("/v/bin/python")), "-I", "-m", "rotomatte.engine"]


def test_windows_is_asked_for_a_process_of_its_own() -> None:
    assert creation_flags("win32", breaks_away=True) == 0x8 | 0x200 | 0x1000000
    assert creation_flags("win32", breaks_away=False) == 0x8 | 0x200
    assert creation_flags("linux", breaks_away=True) == 0


def test_an_engine_survives_nonsense_and_leaves_the_process_tree(machine: Machine) -> None:
    environ = {
        **machine.environ,
        "ROTOMATTE_ENGINE": sys.executable,
        "PYTHONHOME": "/nonsense",
        "PYTHONPATH": "/nonsense",
        "LD_LIBRARY_PATH": "/nonsense",
        "QT_PLUGIN_PATH": "/nonsense",
        "OCIO": "/nonsense",
    }
    with EngineClient("test", environ=environ) as client:
        info = client.call(ENGINE_INFO, Nothing())
        assert info.pid == machine.pid()
        assert os.getsid(info.pid) != os.getsid(0)
        if sys.platform == "linux":
            process = Path(f"/proc/{info.pid}")
            parent = int(process.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
            assert parent != os.getpid()
            assert process.joinpath("cwd").readlink() == Path("/")
            own = process.joinpath("environ").read_bytes()
            assert b"/nonsense" not in own
        # Before the folder of the test is gone.
        client.call(ENGINE_SHUTDOWN, Nothing())


def test_the_starter_ends_when_the_engine_is_ready(machine: Machine) -> None:
    environ = {**machine.environ, "ROTOMATTE_ENGINE": sys.executable}
    assert launch(environ).wait(PATIENCE_S) == 0
    first = machine.pid()
    assert launch(environ).wait(PATIENCE_S) == 0, "there is one already"
    assert machine.pid() == first


def test_why_an_engine_did_not_start_is_its_last_word(machine: Machine) -> None:
    assert "it said nothing" in why_failed(machine.environ).message
    machine.runtime.mkdir(mode=0o700)
    environ = {**machine.environ, "ROTOMATTE_ENGINE": sys.executable}
    # Somebody made the lock a folder, which no engine can take.
    (machine.runtime / "engine.lock").mkdir()
    assert launch(environ).wait(PATIENCE_S) != 0
    error = why_failed(machine.environ)
    assert "cannot be used for the engine's connection file" in error.message
    assert error.path == str(machine.runtime / "engine.err")


def test_a_python_that_cannot_be_run_is_named(machine: Machine) -> None:
    python = machine.folder / "python"
    python.write_text("")
    with pytest.raises(EngineError, match="cannot be started with") as error:
        launch({**machine.environ, "ROTOMATTE_ENGINE": str(python)})
    assert error.value.path == str(python)
