"""One job at a time on a GPU, across processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from rotomatte.device_lock import hold_device, lock_name, visit_device
from rotomatte_plugin.errors import CancelledError, DeviceError, EngineBusyError

HOLDER = """
import sys
from rotomatte.device_lock import hold_device
with hold_device(sys.argv[1], on_wait=print, cancelled=lambda: False):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("LOCALAPPDATA", str(folder))
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return folder


@contextmanager
def another_process(device: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has the device's lock until its stdin is closed."""
    command = [sys.executable, "-c", HOLDER, device]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def never() -> bool:
    return False


def test_a_second_process_waits_says_so_once_and_goes_on() -> None:
    said: list[str] = []
    waits: list[float] = []
    with another_process("cuda") as process:

        def wait(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                process.communicate()

        with hold_device("cuda", on_wait=said.append, cancelled=never, wait=wait):
            assert process.returncode == 0, "the first one has let go"
    assert len(waits) == 3
    assert said == ["Another Rotomatte job uses the GPU: waiting until it is done."]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_a_killed_process_holds_nothing() -> None:
    with another_process("cuda") as process:
        waited = []

        def wait(seconds: float) -> None:
            waited.append(seconds)
            process.send_signal(signal.SIGKILL)
            process.wait()

        with hold_device("cuda", on_wait=lambda _: None, cancelled=never, wait=wait):
            assert waited
        assert process.returncode == -signal.SIGKILL


def test_waiting_can_be_cancelled() -> None:
    answers = iter([False, False, True])
    waits: list[float] = []
    with (
        another_process("mps"),
        pytest.raises(CancelledError, match="waited for the GPU"),
        hold_device("mps", on_wait=lambda _: None, cancelled=lambda: next(answers), wait=waits.append),
    ):
        pass
    assert len(waits) == 2


def test_a_visitor_is_turned_away_at_once_and_let_in_where_the_device_is_its_own() -> None:
    with another_process("cuda"), pytest.raises(EngineBusyError, match="nothing can be shown"), visit_device("cuda"):
        pass
    with hold_device("cuda", on_wait=print, cancelled=never), visit_device("cuda"), visit_device("cuda"):
        pass
    with visit_device("cpu"), visit_device("cpu"):
        pass


def test_a_job_does_not_wait_for_a_visitor_of_its_own_process_but_for_another_job() -> None:
    said: list[str] = []
    with visit_device("cuda"), hold_device("cuda", on_wait=said.append, cancelled=lambda: True):
        assert said == []
        with (
            pytest.raises(CancelledError),
            hold_device("cuda", on_wait=said.append, cancelled=lambda: True, wait=lambda _: None),
        ):
            pass
        assert len(said) == 1


def test_the_device_is_free_when_the_last_of_a_process_has_left(runtime: Path) -> None:
    other = FileLock(runtime / "rotomatte" / "cuda-0.lock", timeout=0)
    with ExitStack() as visit:
        with hold_device("cuda", on_wait=print, cancelled=never):
            visit.enter_context(visit_device("cuda"))
        with pytest.raises(Timeout):
            other.acquire()
    with other:
        pass


def test_another_gpu_and_the_cpu_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(_: float) -> None:
        raise AssertionError("there is nothing to wait for")

    with another_process("cuda:0"):
        for device in ("cuda:1", "mps", "cpu"):
            with hold_device(device, on_wait=wait, cancelled=never, wait=wait):  # type: ignore[arg-type]
                pass
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
        with hold_device("cuda", on_wait=wait, cancelled=never, wait=wait):  # type: ignore[arg-type]
            pass


def test_it_is_let_go_of_after_an_error() -> None:
    with pytest.raises(OSError, match="gone wrong"), hold_device("cuda", on_wait=print, cancelled=never):
        raise OSError("gone wrong")
    with hold_device("cuda", on_wait=print, cancelled=lambda: True):
        pass


def test_jobs_share_the_cpu() -> None:
    with hold_device("cpu", on_wait=print, cancelled=never), hold_device("cpu", on_wait=print, cancelled=lambda: True):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the folder is not the test's own")
def test_a_folder_that_cannot_be_used_is_a_sentence(runtime: Path) -> None:
    (runtime / "rotomatte").write_text("in the way")
    with pytest.raises(DeviceError, match="lock") as told, hold_device("cuda", on_wait=print, cancelled=never):
        pass
    assert told.value.path == str(runtime / "rotomatte")


@pytest.mark.parametrize(
    ("device", "visible", "name"),
    [
        ("cpu", None, None),
        ("mps", None, "mps"),
        ("cuda", None, "cuda-0"),
        ("cuda:2", None, "cuda-2"),
        ("cuda", "3", "cuda-3"),
        ("cuda:1", "3, 5", "cuda-5"),
        ("cuda", "GPU-8932f937-d72c", "cuda-GPU-8932f937-d72c"),
        ("cuda", "MIG-x/1/0", "cuda-MIG-x-1-0"),
        ("cuda:1", "3", "cuda-1"),
        ("cuda", "", "cuda-0"),
    ],
)
def test_the_lock_is_that_of_the_card(device: str, visible: str | None, name: str | None) -> None:
    assert lock_name(device, {} if visible is None else {"CUDA_VISIBLE_DEVICES": visible}) == name
