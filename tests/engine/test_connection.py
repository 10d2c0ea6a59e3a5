"""One engine a user, and a connection file that only its user can read."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine.conftest import PATIENCE_S, wait_until

from rotomatte.engine.connection import Place, is_engine_alive, make_token
from rotomatte.engine.main import _Life
from rotomatte.engine.queue import JobQueue
from rotomatte.engine.server import Server
from rotomatte.engine.stop import stop_engine
from rotomatte_plugin.connection import Connection, FileFacts, read_connection, why_not_trusted
from rotomatte_plugin.errors import EngineError
from rotomatte_plugin.messages import PROTOCOL

HERE = Connection("127.0.0.1", 4711, "t" * 64, os.getpid(), PROTOCOL, "2026-01-01T00:00:00+00:00")

posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment whose runtime folder and log are the test's own."""
    runtime = tmp_path / "xdg"
    runtime.mkdir(mode=0o700)
    return {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "XDG_STATE_HOME": str(tmp_path / "state")}


def engine_folder(environ: dict[str, str]) -> Path:
    return Path(environ["XDG_RUNTIME_DIR"]) / "rotomatte"


def start(environ: dict[str, str], idle_s: float = 60.0) -> subprocess.Popen[str]:
    """An engine in the foreground, which says its port once it is ready."""
    program = (
        f"from rotomatte.engine.main import run_engine\n"
        f"print(run_engine(idle_s={idle_s}, on_ready=lambda port: print(port, flush=True)))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def end(process: subprocess.Popen[str]) -> tuple[str, str]:
    said = process.communicate(timeout=PATIENCE_S)
    return said[0], said[1]


def test_what_is_announced_is_found_and_gone_afterwards(folder: Path) -> None:
    with Place(folder) as place:
        assert place.take()
        place.announce(HERE)
        assert read_connection(folder / "engine.json") == HERE
        assert is_engine_alive(folder)
    assert read_connection(folder / "engine.json") is None
    assert not is_engine_alive(folder)
    assert not is_engine_alive(folder / "none")


def test_there_is_one_place(folder: Path) -> None:
    with Place(folder) as first, Place(folder) as second:
        assert first.take()
        first.announce(HERE)
        assert not second.take()
    with Place(folder) as third:
        assert third.take()


def test_the_second_leaves_the_first_ones_file_alone(folder: Path) -> None:
    with Place(folder) as first:
        first.take()
        first.announce(HERE)
        with Place(folder) as second:
            second.take()
        assert read_connection(folder / "engine.json") == HERE


def test_what_a_dead_engine_left_is_cleared_away(folder: Path) -> None:
    # Its number belongs to a living process by now: this one.
    (folder / "engine.json").write_text("whatever")
    (folder / "engine.part").write_text("half")
    with Place(folder) as place:
        assert place.take()
        assert not (folder / "engine.json").exists()
        place.announce(HERE)
        assert read_connection(folder / "engine.json") == HERE


def test_a_file_that_was_tidied_away_comes_back(folder: Path) -> None:
    with Place(folder) as place:
        place.take()
        place.announce(HERE)
        (folder / "engine.json").unlink()
        place.keep()
        assert read_connection(folder / "engine.json") == HERE
        assert not place.is_lost()
        (folder / "engine.lock").unlink()
        assert place.is_lost(), "another engine could take the place now"
        (folder / "engine.json").write_text("another's")
    assert (folder / "engine.json").read_text() == "another's"


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {make_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(bytes.fromhex(token)) == 32 for token in tokens)


@posix
def test_the_file_is_for_its_user_alone(folder: Path) -> None:
    before = os.umask(0)
    try:
        with Place(folder / "made") as place:
            place.take()
            place.announce(HERE)
            assert stat.S_IMODE((folder / "made").stat().st_mode) == 0o700
            assert stat.S_IMODE((folder / "made" / "engine.json").stat().st_mode) == 0o600
            assert stat.S_IMODE((folder / "made" / "engine.lock").stat().st_mode) == 0o600
    finally:
        os.umask(before)


@posix
def test_a_folder_that_others_can_change_is_no_place(folder: Path) -> None:
    folder.chmod(0o777)
    with Place(folder) as place, pytest.raises(EngineError, match="can be changed by other users"):
        place.take()
    with pytest.raises(EngineError, match="can be changed by other users"):
        read_connection(folder / "engine.json")


REGULAR, FOLDER, LINK = stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK


@pytest.mark.parametrize(
    ("facts", "uid", "is_folder", "problem"),
    [
        (FileFacts(REGULAR | 0o600, 7), 7, False, ""),
        (FileFacts(REGULAR | 0o400, 7), 7, False, ""),
        (FileFacts(REGULAR | 0o600, 8), 7, False, "belongs to another user"),
        (FileFacts(REGULAR | 0o600, 0), 7, False, "belongs to another user"),
        (FileFacts(REGULAR | 0o640, 7), 7, False, "can be read or changed by other users"),
        (FileFacts(REGULAR | 0o604, 7), 7, False, "can be read or changed by other users"),
        (FileFacts(REGULAR | 0o602, 7), 7, False, "can be read or changed by other users"),
        (FileFacts(LINK | 0o600, 7), 7, False, "is no plain file"),
        (FileFacts(stat.S_IFIFO | 0o600, 7), 7, False, "is no plain file"),
        (FileFacts(FOLDER | 0o700, 7), 7, True, ""),
        (FileFacts(FOLDER | 0o755, 7), 7, True, ""),
        (FileFacts(FOLDER | 0o770, 7), 7, True, "can be changed by other users"),
        (FileFacts(FOLDER | 0o700, 8), 7, True, "belongs to another user"),
        (FileFacts(LINK | 0o700, 7), 7, True, "is no folder"),
        # Windows says 0o666 of every file and owner 0 of all: its own rights decide.
        (FileFacts(REGULAR | 0o666, 0), None, False, ""),
        (FileFacts(FOLDER | 0o777, 0), None, True, ""),
        (FileFacts(FOLDER | 0o777, 0), None, False, "is no plain file"),
    ],
)
def test_whom_a_secret_is_safe_from(facts: FileFacts, uid: int | None, is_folder: bool, problem: str) -> None:
    assert why_not_trusted(facts, uid, is_folder=is_folder) == problem


@posix
def test_a_file_that_could_be_anybodys_is_refused(folder: Path) -> None:
    path = folder / "engine.json"
    with Place(folder) as place:
        place.take()
        place.announce(HERE)
        path.chmod(0o644)
        with pytest.raises(EngineError, match="can be read or changed by other users"):
            read_connection(path)
    elsewhere = folder / "elsewhere"
    elsewhere.write_text("{}")
    path.symlink_to(elsewhere)
    with pytest.raises(EngineError, match="cannot be opened"):
        read_connection(path)
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(EngineError, match="is no plain file"):
        read_connection(path)


@posix
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_is_refused(folder: Path) -> None:
    path = folder / "engine.json"
    path.write_text("{}")
    path.chmod(0o600)
    os.chown(path, 12345, 12345)
    with pytest.raises(EngineError, match="belongs to another user"):
        read_connection(path)


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", '{"host": 1}', "x" * 10_000, '{"host":"127.0.0.1","port":"x"}', "\udcff"]
)
def test_junk_is_no_connection_file(folder: Path, text: str) -> None:
    path = folder / "engine.json"
    path.write_text(text, errors="surrogateescape")
    path.chmod(0o600)
    with pytest.raises(EngineError, match="is not a connection file") as error:
        read_connection(path)
    assert error.value.path == str(path)


def test_a_connection_file_never_leads_to_another_machine(folder: Path) -> None:
    with Place(folder) as place:
        place.take()
        place.announce(replace(HERE, host="10.0.0.1"))
        with pytest.raises(EngineError, match=r"10\.0\.0\.1"):
            read_connection(folder / "engine.json")


def test_the_start_brings_no_heavy_library_along() -> None:
    program = (
        "import rotomatte.engine.main, sys;"
        "print(sorted({'torch','numpy','cv2','av','OpenEXR','PyOpenColorIO','sam2','typer','rich'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@posix
def test_two_starts_at_once_give_one_engine(environ: dict[str, str]) -> None:
    command = [sys.executable, "-I", "-m", "rotomatte.engine"]
    starts = [subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait(PATIENCE_S) for process in starts] == [0] * 4, "everybody is told that one is there"
    connection = read_connection(engine_folder(environ) / "engine.json")
    assert connection is not None
    log = (Path(environ["XDG_STATE_HOME"]) / "rotomatte" / "log" / "engine.log").read_text()
    assert log.count(" started, process ") == 1
    assert stop_engine(engine_folder(environ), PATIENCE_S)
    assert not stop_engine(engine_folder(environ), PATIENCE_S)


@posix
def test_a_signal_ends_it_cleanly(environ: dict[str, str]) -> None:
    process = start(environ)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    assert json.loads((engine_folder(environ) / "engine.json").read_text())["port"] == port
    process.send_signal(signal.SIGTERM)
    assert end(process) == ("True\n", "")
    assert not (engine_folder(environ) / "engine.json").exists()


def test_the_config_of_whoever_starts_it_is_not_that_of_all_jobs(environ: dict[str, str]) -> None:
    program = (
        "import os\n"
        "from rotomatte.engine.main import run_engine\n"
        "run_engine(idle_s=0, on_ready=lambda _: print(os.environ.get('OCIO')))"
    )
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, env={**environ, "OCIO": "/mine.ocio"}, capture_output=True, text=True, check=True)
    assert ended.stdout == "None\n"


def test_it_ends_when_nobody_wants_it(environ: dict[str, str]) -> None:
    process = start(environ, idle_s=0.1)
    said, error = end(process)
    assert said.splitlines()[-1] == "True"
    assert not error
    assert not (engine_folder(environ) / "engine.json").exists()


@posix
def test_after_a_kill_the_next_one_takes_the_place(environ: dict[str, str]) -> None:
    first = start(environ)
    assert first.stdout is not None
    first.stdout.readline()
    second = start(environ)
    assert end(second) == ("False\n", ""), "there is one already"
    first.kill()
    end(first)
    assert (engine_folder(environ) / "engine.json").exists(), "it had no time to tidy up"
    third = start(environ)
    assert third.stdout is not None
    assert third.stdout.readline()
    assert stop_engine(engine_folder(environ), PATIENCE_S)
    assert end(third) == ("True\n", "")


def test_a_jump_of_the_clock_ends_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server("t")
    try:
        with JobQueue() as queue, Place(folder) as place:
            place.take()
            life = _Life(server, queue, place, idle_s=3600)
            assert life.goes_on()
            monkeypatch.setattr("time.time", lambda: 1e12)
            assert life.goes_on()
            monkeypatch.setattr("time.time", lambda: 0.0)
            assert life.goes_on()
            monkeypatch.setattr("time.monotonic", lambda: 1e12)
            assert not life.goes_on(), "an hour did pass"
    finally:
        server._listener.close()


def test_an_engine_whose_place_was_cleared_away_ends(folder: Path) -> None:
    server = Server("t")
    try:
        with JobQueue() as queue, Place(folder) as place:
            place.take()
            life = _Life(server, queue, place, idle_s=3600)
            assert life.goes_on()
            (folder / "engine.lock").unlink()
            wait_until(lambda: not life.goes_on())
    finally:
        server._listener.close()
