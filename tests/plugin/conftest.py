"""An environment of the test's own, in which engines can be started and killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from rotomatte_plugin.client import EngineClient

SMALL_ENGINE = Path(__file__).with_name("small_engine.py")
PATIENCE_S = 30.0


def wait_until(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Look again and again; fails the test where it never is so."""
    never = threading.Event()
    for _ in range(int(patience_s / 0.01)):
        if is_so():
            return
        never.wait(0.01)
    pytest.fail("it never came to that")


def start_small(environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """As `launch` does, with the small engine instead."""
    return subprocess.Popen([sys.executable, "-I", str(SMALL_ENGINE)], env=dict(environ))


class Machine:
    """A user's session on a machine: its environment, its engine and its clients."""

    def __init__(self, folder: Path) -> None:
        runtime = folder / "xdg"
        runtime.mkdir(mode=0o700)
        self.folder = folder
        self.runtime = runtime / "rotomatte"
        self.environ = {
            **{name: value for name, value in os.environ.items() if name not in {"OCIO", "ROTOMATTE_ENGINE"}},
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_CONFIG_HOME": str(folder / "config"),
        }
        self.clients: list[EngineClient] = []

    def client(self, **environ: str) -> EngineClient:
        self.clients.append(EngineClient("test", environ={**self.environ, **environ}, start=start_small))
        return self.clients[-1]

    def pid(self) -> int:
        number = json.loads((self.runtime / "engine.json").read_text())["pid"]
        assert isinstance(number, int)
        return number

    def kill(self) -> None:
        """kill -9; comes back when the process is gone."""
        pid = self.pid()
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(pid))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A container may have nobody who collects orphans.
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    if os.name != "posix":
        pytest.skip("the small engine leaves its process tree as POSIX does")
    before = set(threading.enumerate())
    machine = Machine(tmp_path)
    yield machine
    for client in machine.clients:
        client.close()
    if (machine.runtime / "engine.json").exists() and is_alive(machine.pid()):
        machine.kill()
    wait_until(lambda: set(threading.enumerate()) <= before)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine whose engine serves all tests of a file, since its start takes a second or more."""
    if os.name != "posix":
        pytest.skip("the engine is killed as POSIX does")
    machine = Machine(tmp_path_factory.mktemp("machine"))
    yield machine
    if (machine.runtime / "engine.json").exists() and is_alive(machine.pid()):
        machine.kill()
