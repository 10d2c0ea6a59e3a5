from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.demo.noise import fractal_noise
from rotomatte.plate.cuts import CutFinder, Signature, is_cut, signature

Picture = NDArray[np.float32]
SIZE = 256


@cache
def world(number: int) -> Picture:
    """A wide picture with large and small shapes, its colours its own."""
    rng = np.random.default_rng([771, number])
    relief_hw = fractal_noise(SIZE, 3 * SIZE, cell_px=90, octaves=6, seed=9000 + number)
    tone_hw = fractal_noise(SIZE, 3 * SIZE, cell_px=150, octaves=3, seed=9500 + number)
    dark, light, tint = rng.uniform(0.05, 0.45, 3), rng.uniform(0.35, 0.9, 3), rng.normal(0, 0.12, 3)
    share_hw = np.clip(0.5 + 0.3 * relief_hw, 0, 1)[..., None]
    return np.clip(dark + (light - dark) * share_hw + tint * tone_hw[..., None], 0, 1).astype(np.float32)


def view(number: int, x: float = 256.0, y: float = 0.0, zoom: float = 1.0, roll: float = 0.0) -> Picture:
    """What a camera sees of the world, the left border at column ``x``."""
    turn = cv2.getRotationMatrix2D((x + SIZE / 2, SIZE / 2 + y), np.degrees(roll), zoom)
    turn[:, 2] -= (x, y)
    seen_hwc = cv2.warpAffine(world(number), turn, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(seen_hwc, np.float32)


def grained(seen_hwc: Picture, sigma: float, seed: int) -> Picture:
    noisy_hwc = seen_hwc + np.random.default_rng(seed).normal(0, sigma, seen_hwc.shape)
    return np.clip(noisy_hwc, 0, 1).astype(np.float32)


def smeared(seen_hwc: Picture, length_px: int) -> Picture:
    return np.asarray(cv2.blur(seen_hwc, (length_px, 1)), np.float32)


def lit(number: int) -> Picture:
    """A flash of lightning from one side."""
    glow_hw = np.exp(-((np.mgrid[:SIZE, :SIZE][1] / SIZE - 0.2) ** 2) / 0.1)
    return np.clip(view(number, 257) * (1 + 3 * glow_hw[..., None]) + 0.1, 0, 1).astype(np.float32)


def crossed(number: int, left_px: int) -> Picture:
    """Somebody close to the camera covers half of the frame."""
    seen_hwc = view(number, 256).copy()
    body_hw = fractal_noise(SIZE, SIZE // 2, cell_px=70, octaves=3, seed=9900 + number)
    seen_hwc[:, left_px : left_px + SIZE // 2] = np.clip(0.2 + 0.08 * body_hw, 0, 1)[..., None] * (1.0, 0.4, 0.3)
    return np.asarray(cv2.GaussianBlur(seen_hwc, (0, 0), 2), np.float32)


ONE_SHOT: dict[str, Callable[[int], tuple[Picture, Picture]]] = {
    "next to nothing": lambda n: (view(n), view(n, 258)),
    "a pan by 30 % of the width": lambda n: (view(n), view(n, 256 + 77)),
    "the same, smeared": lambda n: (smeared(view(n), 39), smeared(view(n, 256 + 77), 39)),
    "a hand-held camera": lambda n: (view(n, 250, 4), view(n, 268, -12, 1.05, 0.05)),
    "a zoom by 15 %": lambda n: (view(n), view(n, zoom=1.15)),
    "a flash": lambda n: (view(n), np.clip(view(n, 257) * 2.5 + 0.1, 0, 1)),
    "a flash during a pan": lambda n: (view(n), np.clip(view(n, 256 + 77) * 2.5 + 0.1, 0, 1)),
    "a flash that blows out": lambda n: (view(n), np.clip(view(n, 257) * 3 + 0.5, 0, 1)),
    "lightning": lambda n: (view(n), lit(n)),
    "full white": lambda n: (view(n), np.ones((SIZE, SIZE, 3), np.float32)),
    "an exposure pop of two stops": lambda n: (view(n), view(n, 257) * 0.3),
    "a strobe light goes out": lambda n: (view(n), np.round(view(n, 257) * 0.05 * 255).astype(np.float32) / 255),
    "a coloured light": lambda n: (view(n), view(n, 257) * np.array([1, 0.3, 0.3], np.float32)),
    "a fade": lambda n: (view(n) * 0.6, view(n, 257) * 0.3),
    "the end of a fade": lambda n: (view(n) * 0.06, view(n, 257) * 0),
    "a fade to white": lambda n: (view(n) * 0.5 + 0.5, view(n, 257) * 0.2 + 0.8),
    "somebody crosses": lambda n: (view(n), crossed(n, 60)),
    "and goes on": lambda n: (crossed(n, 40), crossed(n, 110)),
    "heavy grain": lambda n: (grained(view(n), 0.15, 1), grained(view(n, 257), 0.15, 2)),
    "sudden motion blur": lambda n: (view(n), smeared(view(n, 266), 40)),
    "focus is lost": lambda n: (view(n), np.asarray(cv2.GaussianBlur(view(n), (0, 0), 8), np.float32)),
}

TWO_SHOTS: dict[str, Callable[[int], tuple[Picture, Picture]]] = {
    "a cut": lambda n: (view(n), view(n + 1)),
    "a cut in heavy grain": lambda n: (grained(view(n), 0.1, 1), grained(view(n + 1), 0.1, 2)),
    "a cut in the dark": lambda n: (view(n) * 0.2, view(n + 1) * 0.2),
    "a cut to black": lambda n: (view(n), np.zeros((SIZE, SIZE, 3), np.float32)),
    "a cut from black": lambda n: (np.full((SIZE, SIZE, 3), 0.004, np.float32), view(n)),
}


@pytest.mark.parametrize("what", ONE_SHOT)
def test_one_shot_is_one_shot(what: str) -> None:
    for number in range(6):
        before, after = map(signature, ONE_SHOT[what](number))
        assert not is_cut(before, after), number
        assert not is_cut(after, before), number


@pytest.mark.parametrize("what", TWO_SHOTS)
def test_two_shots_are_two(what: str) -> None:
    for number in range(6):
        before, after = map(signature, TWO_SHOTS[what](number))
        assert is_cut(before, after), number
        assert is_cut(after, before), number


@pytest.mark.parametrize("what", ["a cut", "a fade", "a hand-held camera"])
def test_black_bars_are_not_looked_at(what: str) -> None:
    for number in range(6):
        pair = [picture.copy() for picture in (ONE_SHOT | TWO_SHOTS)[what](number)]
        for picture in pair:
            picture[:32], picture[-32:] = 0, 0
        assert is_cut(*map(signature, pair)) == (what in TWO_SHOTS), number


def test_a_cut_to_black_inside_black_bars() -> None:
    seen_hwc = view(1).copy()
    seen_hwc[:32], seen_hwc[-32:] = 0, 0
    assert is_cut(signature(seen_hwc), signature(np.zeros_like(seen_hwc)))


def test_black_frames_are_one_shot() -> None:
    black = signature(np.zeros((SIZE, SIZE, 3), np.float32))
    assert not is_cut(black, black)


def test_a_few_lights_in_the_night_are_one_shot() -> None:
    night_hwc = np.zeros((SIZE, SIZE, 3), np.float32)
    for row, column in ((10, 20), (120, 130), (240, 230)):
        night_hwc[row : row + 8, column : column + 8] = 0.8
    assert not is_cut(signature(night_hwc), signature(np.roll(night_hwc, 8, axis=1)))


def noted(*frames: int, cut_before: int = 5) -> CutFinder:
    finder = CutFinder()
    for frame in frames:
        finder.note(frame, view(1 if frame < cut_before else 2, 256 + frame % 7))
    return finder


@pytest.mark.parametrize("frames", [range(10), range(9, -1, -1), [0, 9, 4, 5, 3, 6, 2, 7, 1, 8, 5, 4]])
def test_cuts_are_known_whatever_the_order(frames: list[int]) -> None:
    finder = noted(*frames)
    for frame in range(1, 10):
        assert finder.known(frame - 1, frame) is (frame == 5)
        assert finder.known(frame, frame - 1) is (frame == 5)


def test_what_was_not_compared_is_not_known() -> None:
    finder = noted(1, 2, 4, 6)
    assert finder.known(1, 2) is False
    assert finder.known(2, 3) is None
    assert finder.known(4, 6) is None
    assert finder.known(4, 5) is None
    assert finder.known(4, 4) is None
    finder.note(5, view(2))
    assert finder.known(4, 5) is True


def test_only_neighbours_are_known() -> None:
    assert noted(1, 2, 3).known(1, 3) is None


def test_a_frame_that_comes_again_stays_longer() -> None:
    finder = noted(0, *range(100, 163))
    finder.note(0, view(1))
    for frame in (1000, 1):
        finder.note(frame, view(1))
    assert finder.known(0, 1) is False


def test_frames_noted_long_apart_are_not_compared_until_they_come_again() -> None:
    finder = noted(0, *range(100, 164), 1)
    assert finder.known(0, 1) is None
    finder.note(0, view(1))
    assert finder.known(0, 1) is False


def test_memory_does_not_grow_with_the_clip() -> None:
    finder = CutFinder()
    shots = [np.full((64, 64, 3), level, np.float32) for level in (0.0, 0.5)]
    tracemalloc.start()
    try:
        used = []
        for first, last in ((0, 100), (100, 2_100)):
            for frame in range(first, last):
                finder.note(1_000_000 + frame, shots[frame // 7 % 2])
            used.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert used[1] - used[0] < 10_000
    assert all(finder.known(1_000_000 + at - 1, 1_000_000 + at) is (at % 7 == 0) for at in range(1, 2_100))


@cache
def davis_signatures(media: Path) -> dict[str, list[Signature]]:
    found = {}
    for folder in sorted((media / "davis10" / "JPEGImages").iterdir()):
        # A quarter of the size is a JPEG decoder's own, and fast.
        read = (cv2.imread(str(path), cv2.IMREAD_REDUCED_COLOR_4) for path in sorted(folder.glob("*.jpg")))
        found[folder.name] = [
            signature(np.asarray(bgr[..., ::-1], np.float32) / 255) for bgr in read if bgr is not None
        ]
    return found


@pytest.mark.parametrize("step", [1, 2, 3])
def test_real_motion_is_no_cut(media: Path, step: int) -> None:
    for name, signatures in davis_signatures(media).items():
        for place in range(len(signatures) - step):
            assert not is_cut(signatures[place], signatures[place + step]), f"{name} {place}"


def test_real_shots_joined_are_cuts(media: Path) -> None:
    shots = davis_signatures(media)
    joined = [(shots[before][-1], shots[after][0]) for before in shots for after in shots if before != after]
    found = sum(is_cut(before, after) for before, after in joined)
    assert len(joined) == 90
    assert found >= 88
