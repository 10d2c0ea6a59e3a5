"""Serving a watch folder, in this process: what is taken, when, how often, and what is answered."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import DiscPlate, alpha_of
from tests.serve_jobs.conftest import Drop

from rotomatte.engine.queue import JobQueue
from rotomatte.engine.roots import AllowedRoots
from rotomatte.engine.runner import run_matte_job
from rotomatte.mattes.files import temporary_path
from rotomatte.serve_jobs.folder import WatchFolder
from rotomatte.serve_jobs.names import lock_name
from rotomatte.serve_jobs.server import LOOK_EVERY_S, MOST_BEGUN, JobServer
from rotomatte_plugin.errors import OutputError
from rotomatte_plugin.model import MatteJob


class Desk:
    """A server on a folder, and what it did; ``between`` is called in every pause, with the number of it."""

    def __init__(self, folder: Path, name: str = "desk-1-aa") -> None:
        self.folder = WatchFolder(folder, name)
        self.root = folder.parent / "renders"
        self.said: list[str] = []
        self.ran: list[str] = []
        self.now_s = 0.0
        self.pauses = 0
        self.is_stopping = False
        self.between: Callable[[int], None] = lambda _: None
        self.during: Callable[[], None] = lambda: None

    def serve(self, *, once: bool = True) -> int:
        with JobQueue(self._run, roots=AllowedRoots([self.root])) as queue:
            server = JobServer(
                self.folder,
                queue,
                say=self.said.append,
                is_stopping=lambda: self.is_stopping,
                wait=self._wait,
                clock=lambda: self.now_s,
            )
            return server.serve(once=once)

    def _run(self, job: MatteJob, out: Path, **rest: Any) -> Any:
        self.ran.append(out.name)
        self.during()
        return run_matte_job(job, out, **rest)

    def _wait(self, seconds: float) -> None:
        assert seconds == LOOK_EVERY_S
        self.now_s += seconds
        self.pauses += 1
        assert self.pauses < 100, "it waits for something that never comes"
        self.between(self.pauses)


@pytest.fixture
def desk(watched: Path) -> Desk:
    return Desk(watched)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def read(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_a_job_is_done_and_answered(desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate) -> None:
    plate = disc_plate()
    dropped = drop("sh010", plate).read_bytes()
    assert desk.serve() == 0
    assert files(watched) == {"sh010.ran.json", "sh010.done.json"}
    assert (watched / "sh010.ran.json").read_bytes() == dropped
    answer = read(watched / "sh010.done.json")
    out = watched.parent / "renders" / "sh010"
    assert (answer["out"], answer["report"]) == (str(out), str(out / "rotomatte.json"))
    assert Path(answer["report"]).exists()
    assert answer["frames"] == {"first": 1001, "last": 1008}
    assert [one["object"] for one in answer["objects"]] == ["a", "b"]
    assert answer["objects"][0]["states"] == [{"state": "present", "frames": {"first": 1001, "last": 1008}}]
    assert alpha_of(out / (answer["objects"][0]["pattern"] % 1005)).max() == 1


def test_the_oldest_is_first_and_a_bad_one_stops_nobody(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    plate = disc_plate(count=4)
    for place, name in enumerate(("z", "bad", "y", "elsewhere", "x")):
        path = drop(name, plate, **({"out": "/etc/mattes"} if name == "elsewhere" else {}))
        if name == "bad":
            path.write_text('{"job": {"clip": 3}, "out": "x"}')
        os.utime(path, (1_000_000 + place, 1_000_000 + place))
    assert desk.serve() == 2
    assert desk.ran == ["z", "y", "x"]
    refused = read(watched / "elsewhere.failed.json")
    assert (refused["error"], refused["path"]) == ("OutputError", "/etc/mattes")
    assert "not below an allowed folder" in refused["message"]
    assert "--allow-output" in refused["remedy"]
    assert read(watched / "bad.failed.json")["error"] == "JobError"
    assert not [name for name in files(watched) if name.endswith((".job.json", ".running.json", ".serving"))]


def test_a_jobs_own_error_is_answered(desk: Desk, watched: Path, drop: Drop) -> None:
    drop("gone", watched / "gone.%04d.exr")
    assert desk.serve() == 1
    answer = read(watched / "gone.failed.json")
    assert answer["error"] == "PlateNotFoundError"
    assert answer["remedy"]


def test_junk_is_left_alone(desk: Desk, watched: Path) -> None:
    (watched / "notes.txt").write_text("hello")
    (watched / "sh010.json").write_text("{}")
    (watched / ".hidden.job.json").write_text("{}")
    (watched / "x.running.json").write_text("{}")
    (watched / "folder.job.json").mkdir()
    (watched / "nowhere.job.json").symlink_to(watched / "absent")
    if hasattr(os, "mkfifo"):
        os.mkfifo(watched / "pipe.job.json")
    before = files(watched)
    assert desk.serve() == 0
    assert files(watched) == before


def test_a_file_being_written_is_waited_for(desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate) -> None:
    path = drop("slow", disc_plate(count=4))
    whole = path.read_bytes()
    path.write_bytes(whole[:10])

    def write(pause: int) -> None:
        # Slower than the patience with a file that does not change.
        if pause % 6 == 0:
            path.write_bytes(whole[: pause * 5] if pause < 24 else whole)

    desk.between = write
    assert desk.serve() == 0
    assert desk.pauses == 24
    assert "slow.done.json" in files(watched)


def test_a_file_that_never_gets_whole_fails(desk: Desk, watched: Path, drop: Drop) -> None:
    drop("half").write_text('{"job": ')
    assert desk.serve() == 1
    assert desk.pauses == 10
    assert "not a JSON document" in read(watched / "half.failed.json")["message"]


def test_a_new_job_of_an_old_name_runs_and_replaces_the_answer(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    drop("sh010", watched / "no plate")
    desk.serve()
    assert "sh010.failed.json" in files(watched)
    plate = disc_plate(count=4)
    drop("sh010", plate)
    desk.during = lambda: [pytest.fail(name) for name in files(watched) if "failed" in name or "done" in name]  # type: ignore[assignment,return-value]
    assert desk.serve() == 0
    assert files(watched) == {"sh010.ran.json", "sh010.done.json"}
    (watched / "sh010.ran.json").rename(watched / "sh010.job.json")
    assert desk.serve() == 0
    assert desk.ran == ["sh010", "sh010", "sh010"]


def test_a_job_dropped_while_its_namesake_runs_runs_next(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    plate = disc_plate(count=4)
    drop("sh010", plate, out="../renders/first")

    def drop_another() -> None:
        desk.during = lambda: None
        drop("sh010", plate, out="../renders/second")

    desk.during = drop_another
    assert desk.serve() == 0
    assert desk.ran == ["first", "second"]
    assert read(watched / "sh010.done.json")["out"].endswith("second")


def leave_behind(watched: Path, path: Path, begun: int = 1, server: str = "farm-7-dead") -> Path:
    """A job file as a server that was killed leaves it."""
    (watched / lock_name(server)).touch()
    return path.rename(watched / f"{path.name.removesuffix('.job.json')}.{server}-{begun}.running.json")


def test_a_dead_servers_job_is_taken_over_and_goes_on(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    plate = disc_plate()
    drop("sh010", plate)
    desk.serve()
    (watched / "sh010.done.json").unlink()
    mattes = sorted((watched.parent / "renders").rglob("*.exr"))
    mattes[3].unlink()
    times = {path: path.stat().st_mtime_ns for path in mattes if path.exists()}
    leave_behind(watched, (watched / "sh010.ran.json").rename(watched / "sh010.job.json"))
    assert desk.serve() == 0
    assert files(watched) == {"sh010.ran.json", "sh010.done.json"}
    assert mattes[3].exists()
    assert {path: path.stat().st_mtime_ns for path in times} == times, "finished frames are kept"


def test_a_living_servers_job_is_left_alone(desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate) -> None:
    running = leave_behind(watched, drop("sh010", disc_plate(count=4)), server="farm-7-busy")
    with WatchFolder(watched, "farm-7-busy").served():
        assert desk.serve() == 0
        assert running.exists()
    assert desk.ran == []
    assert desk.serve() == 0
    assert desk.ran == ["sh010"]


def test_of_two_servers_that_see_a_job_one_gets_it(watched: Path, drop: Drop) -> None:
    path = drop("sh010")
    first, second = WatchFolder(watched, "farm-7-aa"), WatchFolder(watched, "farm-8-bb")
    assert first.waiting() == second.waiting() == [path]
    claim = first.take(path)
    assert claim is not None
    assert second.take(path) is None
    first.see_off(claim)
    assert second.take(path) is None


def test_a_job_that_was_answered_before_its_server_died_is_not_run_again(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    drop("sh010", disc_plate(count=4))
    desk.serve()
    answer = (watched / "sh010.done.json").read_bytes()
    leave_behind(watched, (watched / "sh010.ran.json").rename(watched / "sh010.job.json"))
    assert desk.serve() == 0
    assert desk.ran == ["sh010"]
    assert files(watched) == {"sh010.ran.json", "sh010.done.json"}
    assert (watched / "sh010.done.json").read_bytes() == answer


def test_an_answer_to_the_job_before_is_none_to_one_that_was_only_taken(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    plate = disc_plate(count=4)
    drop("sh010", plate)
    desk.serve()
    leave_behind(watched, drop("sh010", plate), begun=0)
    assert desk.serve() == 0
    assert desk.ran == ["sh010", "sh010"]
    assert files(watched) == {"sh010.ran.json", "sh010.done.json"}


def test_a_job_that_kills_its_servers_fails(desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate) -> None:
    plate = disc_plate(count=4)
    leave_behind(watched, drop("deadly", plate), MOST_BEGUN)
    leave_behind(watched, drop("unlucky", plate), MOST_BEGUN - 1)
    assert desk.serve() == 1
    assert desk.ran == ["unlucky"]
    assert "5 times" in read(watched / "deadly.failed.json")["message"]


def test_when_stopped_it_ends_after_the_frame_and_the_next_server_goes_on(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    drop("sh010", disc_plate(count=60))

    def stop() -> None:
        desk.is_stopping = True

    desk.during = stop
    assert desk.serve(once=False) == 0
    assert files(watched) == {"sh010.desk-1-aa-0.running.json"}
    kept = {path: path.stat().st_mtime_ns for path in (watched.parent / "renders").rglob("*.exr")}
    assert len(kept) < 120
    later = Desk(watched, "desk-2-bb")
    assert later.serve() == 0
    assert files(watched) == {"sh010.ran.json", "sh010.done.json"}
    assert len(list((watched.parent / "renders").rglob("*.exr"))) == 120
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_a_namesake_waits_until_the_other_servers_job_is_over(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    plate = disc_plate(count=4)
    leave_behind(watched, drop("sh010", plate, out="../renders/first"), server="farm-7-busy")
    drop("sh010", plate, out="../renders/second")
    busy = WatchFolder(watched, "farm-7-busy").served()

    def between(pause: int) -> None:
        assert desk.ran == []
        if pause == 3:
            busy.__exit__(None, None, None)

    desk.between = between
    busy.__enter__()
    assert desk.serve() == 0
    assert desk.ran == ["first", "second"]


def test_the_next_server_begins_with_what_was_begun(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    plate = disc_plate(count=4)
    drop("a", plate)
    leave_behind(watched, drop("z", plate))
    desk.serve()
    assert desk.ran == ["z", "a"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_fails_the_job_keeps_its_frames_and_the_next_drop_goes_on(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    drop("sh010", disc_plate())
    out = watched.parent / "renders" / "sh010"
    (out / "a").mkdir(parents=True)

    def fill() -> None:
        (out / "a" / ".a.1006.exr.part").symlink_to("/dev/full")

    desk.during = fill
    assert desk.serve() == 1
    answer = read(watched / "sh010.failed.json")
    assert (answer["error"], answer["path"]) == ("DiskFullError", str(out / "a" / "a.1006.exr"))
    kept = {path: path.stat().st_mtime_ns for path in out.rglob("*.exr")}
    assert 0 < len(kept) < 16
    assert all(alpha_of(path).max() == 1 for path in kept)
    desk.during = lambda: None
    (watched / "sh010.ran.json").rename(watched / "sh010.job.json")
    assert desk.serve() == 0
    assert files(watched) == {"sh010.ran.json", "sh010.done.json"}
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert len(list(out.rglob("*.exr"))) == 16


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_answer_waits_until_there_is_room_for_it(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop("sh010", disc_plate(count=4))
    room = [False]
    write = WatchFolder.answer

    def answer(folder: WatchFolder, *arguments: Any, **rest: Any) -> None:
        if not room[0]:
            raise OutputError("The disk is full.", remedy="Make space.")
        write(folder, *arguments, **rest)

    def between(pause: int) -> None:
        room[0] = pause == 5

    monkeypatch.setattr(WatchFolder, "answer", answer)
    desk.between = between
    assert desk.serve() == 0
    assert desk.pauses == 5
    assert desk.ran == ["sh010"]
    assert len([line for line in desk.said if "waits for the folder" in line]) == 1
    assert files(watched) == {"sh010.ran.json", "sh010.done.json"}


def test_a_link_in_the_answers_place_is_replaced_and_not_followed(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate
) -> None:
    drop("sh010", disc_plate(count=4))
    precious = watched.parent / "precious"
    precious.write_text("precious")
    temporary_path(watched / "sh010.done.json").symlink_to(precious)
    (watched / "sh010.done.json").symlink_to(precious)
    assert desk.serve() == 0
    assert precious.read_text() == "precious"
    assert read(watched / "sh010.done.json")["server"] == "desk-1-aa"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_server_of_another_user_can_try_the_lock(watched: Path) -> None:
    before = os.umask(0o077)
    try:
        with WatchFolder(watched, "desk-1-aa").served():
            assert (watched / lock_name("desk-1-aa")).stat().st_mode & 0o777 == 0o666
    finally:
        os.umask(before)
    assert files(watched) == set()


def test_a_file_that_cannot_be_taken_stops_nobody_and_is_said_once(
    desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate, monkeypatch: pytest.MonkeyPatch
) -> None:
    plate = disc_plate(count=4)
    stuck = [drop("a", plate), drop("b", plate)]
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path in stuck:
            raise PermissionError(1, "Operation not permitted")
        return rename(path, target)

    def between(pause: int) -> None:
        if pause == 5:
            drop("c", plate)
        desk.is_stopping = pause == 8

    monkeypatch.setattr(Path, "rename", refuse)
    desk.between = between
    assert desk.serve(once=False) == 0
    assert desk.ran == ["c"]
    assert all(path.exists() for path in stuck)
    assert [line for line in desk.said if "cannot be renamed" in line][:2] == [
        f"{path} cannot be renamed, so its job is left: Operation not permitted." for path in stuck
    ]
    assert len([line for line in desk.said if "cannot be renamed" in line]) == 2


def test_a_folder_that_goes_away_is_waited_for(desk: Desk, watched: Path, drop: Drop, disc_plate: DiscPlate) -> None:
    plate = disc_plate(count=4)
    away = watched.with_name("away")

    def between(pause: int) -> None:
        if pause == 1:
            watched.rename(away)
        if pause == 4:
            away.rename(watched)
            drop("sh010", plate)
        if pause == 5:
            desk.is_stopping = True

    desk.between = between
    assert desk.serve(once=False) == 0
    assert desk.ran == ["sh010"]
    assert len([line for line in desk.said if "cannot be looked at" in line]) == 1
