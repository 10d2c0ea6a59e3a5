from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rotomatte_hosts.panel.frame_cache import FrameCache, PictureKey, wanted
from rotomatte_plugin.model import FrameRange


def key(frame: int) -> PictureKey:
    return PictureKey(frame)


def test_what_was_looked_at_longest_ago_goes_first() -> None:
    cache: FrameCache[str] = FrameCache(30)
    for frame in (1, 2, 3):
        cache.put(key(frame), str(frame), 10)
    assert cache.get(key(1)) == "1"
    cache.put(key(4), "4", 10)
    assert cache.frames(key(0)) == {1, 3, 4}
    cache.put(key(5), "5", 20)
    assert cache.frames(key(0)) == {4, 5}


def test_one_that_is_too_large_is_kept_alone() -> None:
    cache: FrameCache[str] = FrameCache(30)
    cache.put(key(1), "1", 10)
    cache.put(key(2), "2", 99)
    assert cache.frames(key(0)) == {2}
    cache.put(key(3), "3", 10)
    assert cache.frames(key(0)) == {3}


def test_the_same_key_counts_once() -> None:
    cache: FrameCache[str] = FrameCache(30)
    for _ in range(9):
        cache.put(key(1), "1", 10)
    cache.put(key(2), "2", 10)
    assert len(cache) == 2


def test_looks_are_told_apart() -> None:
    cache: FrameCache[str] = FrameCache(99)
    cache.put(PictureKey(1), "display", 1)
    cache.put(PictureKey(1, exposure_stops=1.0), "brighter", 1)
    assert cache.get(PictureKey(1, look="model")) is None
    assert cache.get(PictureKey(1, exposure_stops=1.0)) == "brighter"
    assert cache.frames(PictureKey(7, exposure_stops=1.0)) == {1}


def test_ahead_before_behind() -> None:
    assert list(wanted(FrameRange(1, 100), 10, 1, 8)) == [10, 11, 12, 13, 9, 14, 15, 16]
    assert list(wanted(FrameRange(1, 100), 10, -1, 6)) == [10, 9, 8, 7, 11, 6]


def test_at_the_end_playing_starts_over() -> None:
    assert list(wanted(FrameRange(1, 9), 9, 1, 4)) == [9, 1, 2, 3]


@given(st.integers(-50, 50), st.integers(1, 40), st.data(), st.sampled_from([1, -1]), st.integers(0, 60))
def test_every_frame_once(first: int, count: int, data: st.DataObject, direction: int, most: int) -> None:
    frames = FrameRange(first, first + count - 1)
    playhead = data.draw(st.integers(frames.first, frames.last))
    found = list(wanted(frames, playhead, direction, most))
    assert len(found) == len(set(found)) == min(most, count)
    assert set(found) <= set(frames)
