from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rotomatte.roto.fuse import Sighting
from rotomatte.roto.track_log import TrackLog
from rotomatte_plugin.errors import OutputError


def sighting() -> Sighting:
    logits_hw = np.linspace(-9, 9, 256, dtype=np.float32).reshape(16, 16).astype(np.float16).astype(np.float32)
    return Sighting(logits_hw, 3.123456789, 0.75, 0.25, 0.5)


def test_a_sighting_comes_back_as_it_was(tmp_path: Path) -> None:
    log = TrackLog(tmp_path / "log")
    log.keep("car/x", 1005, sighting())
    found = TrackLog(tmp_path / "log").get("car/x", 1005)
    assert found is not None
    assert np.array_equal(found.logits_hw, sighting().logits_hw)
    assert (found.object_score, found.predicted_iou) == (3.123456789, 0.75)
    assert (found.start_iou, found.neighbour_iou) == (0.25, 0.5)


def test_what_was_not_kept_or_was_dropped_is_not_there(tmp_path: Path) -> None:
    log = TrackLog(tmp_path)
    assert not log.has("a/x", 1)
    assert log.get("a/x", 1) is None
    assert log.cut("a/x") is None
    assert log.memory("a/x") is None
    log.keep("a/x", 1, sighting())
    assert log.has("a/x", 1)
    assert not log.has("b/x", 1)
    log.drop("a/x", 1)
    assert log.get("a/x", 1) is None


def test_a_cut_and_a_memory_come_back(tmp_path: Path) -> None:
    log = TrackLog(tmp_path)
    inside_hw = np.eye(8, dtype=np.bool_)
    log.keep_cut("a/x", -3)
    log.keep_memory("a/x", 1024, b"older", inside_hw)
    log.keep_memory("a/x", 1025, b"memory\x00", inside_hw)
    assert log.cut("a/x") == -3
    memory = log.memory("a/x")
    assert memory is not None
    assert memory[:2] == (1025, b"memory\x00")
    assert np.array_equal(memory[2], inside_hw)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut off", b"no archive"])
def test_a_damaged_file_reads_as_nothing(tmp_path: Path, damage: bytes) -> None:
    log = TrackLog(tmp_path)
    log.keep("a/x", 1, sighting())
    for path in tmp_path.rglob("*.npz"):
        path.write_bytes(damage)
    assert log.get("a/x", 1) is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file in the way")
    with pytest.raises(OutputError, match="could not be written"):
        TrackLog(tmp_path / "log").keep("a/x", 1, sighting())
