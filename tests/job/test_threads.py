"""What goes on behind the tracker's back: background writing, the gate, the spool."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from rotomatte.background import Background
from rotomatte.gate import Gate
from rotomatte.spool import SPOOL, Spool


def test_results_come_back_in_order_and_in_the_submitting_thread() -> None:
    found: list[tuple[int, bool]] = []
    main = threading.get_ident()
    with Background[int](2, lambda number: found.append((number, threading.get_ident() == main))) as background:
        for number in range(20):
            background.submit(lambda number=number: number)  # type: ignore[misc]
    assert found == [(number, True) for number in range(20)]


def test_a_full_queue_holds_the_submitter_back() -> None:
    running, most = [0], [0]
    release = threading.Event()

    def task() -> int:
        release.wait()
        return 1

    done: list[int] = []
    with Background[int](3, done.append) as background:
        for _ in range(3):
            background.submit(task)
        most[0] = len(done)
        release.set()
        background.submit(task)
        running[0] = len(done)
    assert most[0] == 0
    assert running[0] >= 1
    assert len(done) == 4


def test_an_error_comes_out_and_later_tasks_are_dropped() -> None:
    ran: list[str] = []
    gate = threading.Event()

    def fail() -> str:
        gate.wait()
        raise OSError("no more room")

    def work() -> None:
        with Background[str](8, ran.append) as background:
            background.submit(fail)
            for _ in range(5):
                background.submit(lambda: "later")
            gate.set()

    with pytest.raises(OSError, match="no more room"):
        work()
    assert "later" not in ran


def test_an_interruption_does_not_wait_for_the_queue() -> None:
    started, release = threading.Event(), threading.Event()

    def slow() -> str:
        started.set()
        release.wait()
        return "first"

    ran: list[str] = []

    def work() -> None:
        with Background[str](8, ran.append) as background:
            background.submit(slow)
            background.submit(lambda: "second")
            started.wait()
            threading.Timer(0, release.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert ran == []


@pytest.mark.parametrize(("act", "comes"), [("open", True), ("shut", False), ("look", True)])
def test_the_gate(act: str, comes: bool) -> None:
    gate, time_has_come = Gate(), threading.Event()
    answers: list[bool] = []
    waiter = threading.Thread(target=lambda: answers.append(gate.wait(time_has_come.is_set)))
    waiter.start()
    if act == "look":
        time_has_come.set()
    getattr(gate, act)()
    waiter.join()
    assert answers == [comes]


def test_a_gate_that_opened_cannot_be_shut() -> None:
    gate = Gate()
    gate.open()
    gate.shut()
    assert gate.wait(lambda: False)


@pytest.mark.parametrize("held", [0, 100])
def test_the_spool_keeps_small_pictures_and_mattes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    monkeypatch.setattr("rotomatte.spool._HELD", held)
    spool = Spool(tmp_path, (32, 18))
    picture_hwc = np.full((18, 32, 3), (0.25, 0.5, 0.75), np.float32)
    matte_hw = np.zeros((180, 320), np.float32)
    matte_hw[:, 160:] = 1
    assert spool.picture(7) is None
    spool.keep_picture(7, picture_hwc)
    assert not spool.has(7, ["a"])
    spool.keep_matte("a", 7, matte_hw)
    assert spool.has(7, ["a"])
    assert (tmp_path / SPOOL).exists() == (held == 0)
    kept = spool.picture(7)
    assert kept is not None
    np.testing.assert_allclose(kept, picture_hwc, atol=0.02)
    small = spool.matte("a", 7)
    assert small is not None
    assert small.shape == (18, 32)
    assert (small[:, :15].max(), small[:, 17:].min()) == (0, 1)
    spool.clear()
    assert not spool.has_picture(7)
    assert not (tmp_path / SPOOL).exists()


def test_the_spool_moves_the_oldest_to_the_disk_and_keeps_the_newest_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rotomatte.spool._HELD", 3)
    spool = Spool(tmp_path, (32, 18))
    for frame in range(5):
        spool.keep_matte("a", frame, np.full((18, 32), frame / 5, np.float32))
    assert sorted(path.stem for path in (tmp_path / SPOOL).rglob("*.png")) == ["0", "1"]
    spool.keep_matte("a", 0, np.ones((18, 32), np.float32))
    for frame, value in enumerate((1, 0.2, 0.4, 0.6, 0.8)):
        small = spool.matte("a", frame)
        assert small is not None
        np.testing.assert_allclose(small, value, atol=1 / 255)
        assert spool.matte("a", frame) is None
    assert not list((tmp_path / SPOOL).rglob("*.png"))


def test_a_newer_version_takes_the_place_of_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rotomatte.spool._HELD", 2)
    spool = Spool(tmp_path, (32, 18))
    for _ in range(9):
        spool.keep_matte("a", 1, np.ones((18, 32), np.float32))
    assert not (tmp_path / SPOOL).exists()


def test_what_was_taken_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rotomatte.spool._HELD", 2)
    spool = Spool(tmp_path, (32, 18))
    for frame in range(20):
        spool.keep_matte("a", frame, np.ones((18, 32), np.float32))
        assert spool.matte("a", frame) is not None
        assert spool.matte("a", frame) is None
    assert not (tmp_path / SPOOL).exists()


def test_a_damaged_picture_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rotomatte.spool._HELD", 0)
    spool = Spool(tmp_path, (32, 18))
    spool.keep_matte("a", 1, np.ones((18, 32), np.float32))
    for path in (tmp_path / SPOOL).rglob("*.png"):
        path.write_bytes(b"half a pic")
    assert spool.matte("a", 1) is None
