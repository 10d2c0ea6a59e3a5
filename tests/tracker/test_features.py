from __future__ import annotations

from collections.abc import Container
from pathlib import Path

import numpy as np
import pytest

from rotomatte.tracker.features import CacheBudget, FeatureCache, HalfArray

SIZE_BYTES = 2 * (12 + 4)
"""What one frame takes up."""


def arrays(frame: int) -> list[HalfArray]:
    return [np.arange(12, dtype=np.float16).reshape(3, 4) + frame, np.full((1, 4), frame, np.float16)]


def cache(folder: Path, in_memory: int, on_disk: int, worth: Container[int] = range(100)) -> FeatureCache:
    return FeatureCache(CacheBudget(in_memory * SIZE_BYTES, on_disk * SIZE_BYTES), folder, worth)


def frames_in(features: FeatureCache) -> list[int]:
    return [frame for frame in range(100) if frame in features]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def assert_there(features: FeatureCache, frame: int) -> None:
    found = features.get(frame)
    assert found is not None
    for one, other in zip(found, arrays(frame), strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == np.float16


def test_the_longest_unused_go_to_the_disk_and_then_away(tmp_path: Path) -> None:
    features = cache(tmp_path, in_memory=2, on_disk=1)
    for frame in (1, 2, 3):
        features.put(frame, arrays(frame))
    assert files(tmp_path) == ["1.npz"]
    assert_there(features, 2)
    features.put(4, arrays(4))
    assert frames_in(features) == [2, 3, 4], "3 was unused the longest in memory, and 1 on the disk"
    assert files(tmp_path) == ["3.npz"]


def test_what_comes_back_from_the_disk_is_what_went_there(tmp_path: Path) -> None:
    features = cache(tmp_path, in_memory=1, on_disk=5)
    for frame in range(5):
        features.put(frame, arrays(frame))
    for frame in (0, 3, 1, 4, 2):
        assert_there(features, frame)
    assert len(files(tmp_path)) == 4


@pytest.mark.parametrize(("in_memory", "on_disk"), [(0, 0), (0, 2), (2, 0)])
def test_no_budget_is_exceeded(tmp_path: Path, in_memory: int, on_disk: int) -> None:
    features = cache(tmp_path, in_memory, on_disk)
    for frame in range(5):
        assert features.takes(frame) == (in_memory + on_disk > 0)
        features.put(frame, arrays(frame))
    assert frames_in(features) == list(range(5 - in_memory - on_disk, 5))
    assert len(files(tmp_path)) == on_disk


def test_only_what_is_worth_it_is_taken(tmp_path: Path) -> None:
    features = cache(tmp_path, in_memory=5, on_disk=0, worth={2})
    for frame in (1, 2):
        features.put(frame, arrays(frame))
    assert frames_in(features) == [2]
    assert [features.takes(frame) for frame in (1, 2)] == [False, True]


@pytest.mark.parametrize("damage", ["empty", "cut", "gone"])
def test_a_damaged_file_counts_as_not_there(tmp_path: Path, damage: str) -> None:
    features = cache(tmp_path, in_memory=1, on_disk=2)
    for frame in (1, 2):
        features.put(frame, arrays(frame))
    path = tmp_path / "1.npz"
    whole = path.read_bytes()
    path.write_bytes(b"" if damage == "empty" else whole[:-200])
    if damage == "gone":
        path.unlink()
    assert features.get(1) is None
    assert 1 not in features
    features.put(1, arrays(1))
    assert_there(features, 1)


def test_clearing_removes_the_files(tmp_path: Path) -> None:
    features = cache(tmp_path, in_memory=1, on_disk=2)
    for frame in (1, 2, 3):
        features.put(frame, arrays(frame))
    features.clear()
    assert frames_in(features) == []
    assert files(tmp_path) == []
    features.put(1, arrays(1))
    assert_there(features, 1)
