"""Runs in which not all goes well: what is done stays done, and what went wrong is told in one sentence."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.timeline.conftest import EditOnDisk, Said
from tests.timeline.small_edit import COUNT, FIRST, small_edit

from rotomatte.timeline.edit_document import read_edit_report
from rotomatte.timeline.edit_report import EDIT_REPORT_NAME
from rotomatte.tracker.disc import DiscTracker

SHOTS = ["one_1003", "two_1003", "three_1003"]


@pytest.fixture
def edit(tmp_path: Path) -> EditOnDisk:
    return small_edit(tmp_path)


def states(edit: EditOnDisk) -> list[str]:
    shots = read_edit_report(edit.out).shots
    assert [shot.name for shot in shots] == SHOTS
    return [shot.state for shot in shots]


def sentence(said: Said, code: int) -> str:
    """The one sentence of a command that failed."""
    assert said.code == code, said.err
    assert "Traceback" not in said.err
    (line,) = [line for line in said.err.splitlines() if line.startswith("Error: ")]
    return line


def on_shot(number: int, act: Callable[[], None]) -> Callable[..., object]:
    """``DiscTracker.track`` that does something else on one shot, counted from 1, and counts them."""
    seen = 0
    track = DiscTracker.track

    def tracked(self: DiscTracker, *arguments: object, **named: object) -> object:
        nonlocal seen
        seen += 1
        if seen == number:
            act()
        return track(self, *arguments, **named)  # type: ignore[arg-type]

    return tracked


def interrupt() -> None:
    raise KeyboardInterrupt


def crash() -> None:
    raise ZeroDivisionError


def test_a_shot_that_fails_stops_no_other(edit: EditOnDisk) -> None:
    frame = edit.path.with_name("plates") / "two" / "two.1004.png"
    there = frame.read_bytes()
    frame.write_bytes(there[: len(there) * 6 // 10])
    assert edit.run().code == 3
    assert states(edit) == ["done", "failed", "done"]
    failed = read_edit_report(edit.out).shots[1]
    assert "1004" in failed.reason
    assert failed.reason.endswith(".")

    done = {path: path.stat().st_mtime_ns for path in edit.mattes() if "two_1003" not in str(path)}
    frame.write_bytes(there)
    assert edit.run().code == 0
    assert states(edit) == ["done"] * 3
    assert {path: path.stat().st_mtime_ns for path in done} == done


def test_a_missing_frame_is_listed_and_fails_its_shot_alone(edit: EditOnDisk) -> None:
    (edit.path.with_name("plates") / "two" / "two.1004.png").unlink()
    assert edit.run().code == 3
    assert states(edit) == ["done", "failed", "done"]
    assert "1004" in read_edit_report(edit.out).shots[1].reason


def test_a_bug_in_one_shot_stops_no_other(edit: EditOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DiscTracker, "track", on_shot(2, crash))
    assert edit.run().code == 3
    assert states(edit) == ["done", "failed", "done"]
    assert "bug in Rotomatte" in read_edit_report(edit.out).shots[1].reason


def test_ctrl_c_keeps_what_is_done(edit: EditOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(DiscTracker, "track", on_shot(2, interrupt))
        assert "Run the same command again" in sentence(edit.run(), 130)
    assert states(edit) == ["done", "skipped", "skipped"]
    assert read_edit_report(edit.out).shots[2].reason == "The run was stopped before it."
    done = {path: path.stat().st_mtime_ns for path in edit.mattes()}
    assert len(done) == COUNT

    assert edit.run().code == 0
    assert states(edit) == ["done"] * 3
    assert {path: path.stat().st_mtime_ns for path in done} == done


def test_ctrl_c_forgets_nothing_of_an_earlier_run(edit: EditOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    edit.run()
    before = read_edit_report(edit.out)
    next(iter(edit.mattes())).unlink()
    monkeypatch.setattr(DiscTracker, "track", on_shot(1, interrupt))
    assert edit.run().code == 130
    assert read_edit_report(edit.out) == before


def test_a_shot_that_is_asked_for_otherwise_is_not_taken_for_done(
    edit: EditOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit.run()
    edit.prompts.write_text(edit.prompts.read_text(encoding="utf-8").replace("disc", "car"), encoding="utf-8")
    monkeypatch.setattr(DiscTracker, "track", on_shot(1, interrupt))
    assert edit.run().code == 130
    assert states(edit) == ["skipped"] * 3


def test_mattes_of_somebody_else_fail_their_shot_alone(edit: EditOnDisk) -> None:
    stray = edit.out / "two_1003" / "disc" / f"disc.{FIRST + 2}.exr"
    stray.parent.mkdir(parents=True)
    stray.write_text("a note", encoding="utf-8")
    assert edit.run().code == 3
    assert states(edit) == ["done", "failed", "done"]
    assert "--overwrite" in read_edit_report(edit.out).shots[1].reason
    assert stray.read_text(encoding="utf-8") == "a note"
    assert edit.run("--overwrite").code == 0


def test_a_report_of_somebody_else_is_left_alone(edit: EditOnDisk) -> None:
    edit.out.mkdir()
    path = edit.out / EDIT_REPORT_NAME
    path.write_text("a note", encoding="utf-8")
    assert "is in the way" in sentence(edit.run(), 6)
    assert path.read_text(encoding="utf-8") == "a note"
    assert edit.run("--overwrite").code == 0
    assert states(edit) == ["done"] * 3


def test_a_folder_that_cannot_be(edit: EditOnDisk) -> None:
    edit.out.write_text("a note", encoding="utf-8")
    assert "could not be written" in sentence(edit.run(), 6)


def test_a_full_disk(edit: EditOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("rotomatte.mattes.files.os.fsync", full)
    assert "The disk is full" in sentence(edit.run(), 6)
    assert not edit.mattes()
