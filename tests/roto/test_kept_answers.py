"""Answers that wait on the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.plate.base import Window
from rotomatte.roto.fuse import Sighting
from rotomatte.roto.kept_answers import KeptAnswers
from rotomatte.roto.run import Answer
from rotomatte.roto.windows import CloseUp
from rotomatte_plugin.errors import OutputError

FloatArray = NDArray[np.float32]


def halves(seed: int, size: int = 8) -> FloatArray:
    return np.random.default_rng(seed).normal(0, 5, (size, size)).astype(np.float16).astype(np.float32)


FULL = Answer(
    "car",
    1007,
    Sighting(halves(1), 4.25, 0.75, 0.5, neighbour_iou=0.9, passes_iou=0.8),
    share_hw=halves(2),
    close_up=CloseUp(Window(-5, 3, 100, 90), halves(3)),
)
BARE = Answer("car", 1008, Sighting(halves(4), -3.0, 0.1))
BEYOND = Answer("car", 1009, None, beyond_cut=True)


@pytest.mark.parametrize("answer", [FULL, BARE, BEYOND], ids=["full", "bare", "beyond a cut"])
def test_all_of_an_answer_comes_back(tmp_path: Path, answer: Answer) -> None:
    kept = KeptAnswers(tmp_path)
    assert not kept.has("car/id", answer.frame)
    kept.keep("car/id", answer)
    assert kept.has("car/id", answer.frame)
    again = KeptAnswers(tmp_path).get("car/id", "car", answer.frame)
    assert again is not None
    assert (again.object, again.frame, again.beyond_cut) == (answer.object, answer.frame, answer.beyond_cut)
    assert (again.sighting is None) == (answer.sighting is None)
    if again.sighting and answer.sighting:
        assert np.array_equal(again.sighting.logits_hw, answer.sighting.logits_hw)
        for name in ("object_score", "predicted_iou", "start_iou", "neighbour_iou", "passes_iou"):
            assert getattr(again.sighting, name) == getattr(answer.sighting, name)
    assert (again.share_hw is None) == (answer.share_hw is None)
    assert answer.share_hw is None or np.array_equal(np.asarray(again.share_hw), answer.share_hw)
    assert (again.close_up is None) == (answer.close_up is None)
    if again.close_up and answer.close_up:
        assert again.close_up.window == answer.close_up.window
        assert np.array_equal(again.close_up.logits_hw, answer.close_up.logits_hw)


def test_another_id_or_frame_is_another_answer(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path)
    kept.keep("car/id", FULL)
    assert kept.get("car/other", "car", FULL.frame) is None
    assert kept.get("car/id", "car", FULL.frame + 1) is None


def test_a_damaged_file_reads_as_nothing(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path)
    kept.keep("car/id", FULL)
    path = tmp_path / "car" / "id" / "1007.npz"
    path.write_bytes(path.read_bytes()[:200])
    assert kept.get("car/id", "car", 1007) is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError):
        KeptAnswers(tmp_path / "file").keep("car/id", FULL)
