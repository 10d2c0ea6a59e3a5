from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.mattes.alpha import alpha_from_logits
from rotomatte.metrics.region import region_similarity
from rotomatte.metrics.soft import temporal_difference
from rotomatte.roto.smooth import frames_smoothed, smoothed
from rotomatte_plugin.model import CleanUp, FrameRange

FloatArray = NDArray[np.float32]

SIDE, CELLS = 256, 64
COUNT = 7
SPEED_PX = 5


@lru_cache(maxsize=8)
def surface(seed: int) -> FloatArray:
    """A rough surface, RGB."""
    rng = np.random.default_rng(seed)
    rough_hwc = cv2.resize(rng.random((48, 48, 3), np.float32), (2 * SIDE, 2 * SIDE), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(0.2 + 0.6 * rough_hwc, 0, 1), np.float32)


def scene(centre_x_px: float, *, radius_px: float = 40, hidden: bool = False) -> tuple[FloatArray, FloatArray]:
    """A rough red disc over rough ground: the picture, and its signed distance on the model's grid as logits."""
    ground_hwc, disc_hwc = surface(1)[:SIDE, :SIDE].copy(), surface(2) * np.array([1.2, 0.5, 0.4], np.float32)
    shift = round(centre_x_px)
    disc_hwc = np.roll(disc_hwc, shift, axis=1)[:SIDE, :SIDE]
    places = np.arange(SIDE) + 0.5
    distance_hw = np.hypot(places[None, :] - shift, places[:, None] - SIDE / 2) - radius_px
    inside_hwc = np.clip(0.5 - distance_hw, 0, 1)[..., None].astype(np.float32)
    seen_hwc = ground_hwc * (1 - inside_hwc) + np.clip(disc_hwc, 0, 1) * inside_hwc
    if hidden:
        seen_hwc = np.roll(surface(3), 7, axis=0)[:SIDE, :SIDE]
    logits_hw = cv2.resize(-distance_hw.astype(np.float32), (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    return seen_hwc, np.asarray(np.clip(logits_hw / 2, -12, 12), np.float32)


def walk(count: int = COUNT, speed_px: float = SPEED_PX) -> tuple[list[FloatArray], list[FloatArray]]:
    """Pictures and exact answers of a disc on its way."""
    frames = [scene(SIDE / 2 + speed_px * (place - count // 2)) for place in range(count)]
    return [seen_hwc for seen_hwc, _ in frames], [logits_hw for _, logits_hw in frames]


def flickering(exact: list[FloatArray]) -> list[FloatArray]:
    """Each answer with errors of its own, smooth over a few cells as a model's are."""
    rng = np.random.default_rng(5)
    noise = [cv2.GaussianBlur(rng.normal(0, 1, (CELLS, CELLS)), (0, 0), 2) for _ in exact]
    return [np.asarray(one + 2.0 * hw / hw.std(), np.float32) for one, hw in zip(exact, noise, strict=True)]


def over(answers: list[FloatArray], pictures: list[FloatArray], frames: int) -> list[FloatArray]:
    """Every answer, smoothed over so many frames on either side."""
    smooth = []
    for centre in range(len(answers)):
        first, end = max(0, centre - frames), centre + frames + 1
        smooth.append(smoothed(answers[first:end], pictures[first:end], centre - first))
    return smooth


def mattes(answers: list[FloatArray]) -> list[FloatArray]:
    return [alpha_from_logits(logits_hw, SIDE, SIDE, 1.0) for logits_hw in answers]


def flicker(found: list[FloatArray], truth: list[FloatArray]) -> float:
    pairs = zip(found[1:], truth[1:], found, truth, strict=False)
    return float(np.mean([temporal_difference(*pair) for pair in pairs]))


def overlap(found: list[FloatArray], truth: list[FloatArray]) -> float:
    return float(np.mean([region_similarity(*pair) for pair in zip(found, truth, strict=True)]))


def test_flicker_falls_and_a_moving_edge_is_not_smeared() -> None:
    pictures, exact = walk()
    truth, before = mattes(exact), mattes(flickering(exact))
    little, after = (mattes(over(flickering(exact), pictures, frames)) for frames in (1, 2))
    assert flicker(after, truth) < 0.97 * flicker(little, truth) < 0.97 * flicker(before, truth)
    assert flicker(after, truth) < 0.8 * flicker(before, truth)
    assert overlap(after, truth) > overlap(before, truth) + 0.02
    assert overlap(mattes(over(exact, pictures, 2)), truth) > 0.985


@pytest.mark.parametrize("centre", [0, 2])
def test_answers_are_carried_along_the_motion(centre: int) -> None:
    pictures, exact = walk(3, speed_px=12)
    answer_hw = smoothed(exact, pictures, centre)
    assert region_similarity(*mattes([answer_hw, exact[centre]])) > 0.98


@pytest.mark.parametrize("absurd", [-1024.0, 1024.0])
def test_one_absurd_frame_does_not_win(absurd: float) -> None:
    pictures, exact = walk(5)
    answers = [*exact[:2], np.full((CELLS, CELLS), absurd, np.float32), *exact[3:]]
    truth = mattes(exact)
    found = [mattes([smoothed(answers, pictures, centre)])[0] for centre in (1, 2, 3)]
    assert region_similarity(found[0], truth[1]) > 0.97
    assert region_similarity(found[2], truth[3]) > 0.97
    assert region_similarity(found[1], truth[2]) > 0.65, "its own frame, from the others alone"


def test_frames_that_show_something_else_have_no_vote() -> None:
    pictures, exact = walk(5)
    hidden_hwc, _ = scene(0, hidden=True)
    absent_hw = np.full((CELLS, CELLS), -9.0, np.float32)
    shown = [hidden_hwc, hidden_hwc, pictures[2], hidden_hwc, hidden_hwc]
    answer_hw = smoothed([absent_hw, absent_hw, exact[2], absent_hw, absent_hw], shown, 2)
    assert region_similarity(*mattes([answer_hw, exact[2]])) > 0.97


@pytest.mark.parametrize("speed_px", [20, 40])
def test_a_small_thing_too_fast_for_the_flow_is_not_erased(speed_px: float) -> None:
    frames = [scene(48 + speed_px * place, radius_px=10) for place in range(5)]
    pictures, exact = [seen_hwc for seen_hwc, _ in frames], [logits_hw for _, logits_hw in frames]
    truth = mattes(exact)[2]
    assert region_similarity(mattes([smoothed(exact, pictures, 2)])[0], truth) > 0.85


def test_a_frame_alone_stays_as_it_is_and_answers_repeat() -> None:
    pictures, exact = walk(3)
    np.testing.assert_array_equal(smoothed(exact[:1], pictures[:1], 0), exact[0].clip(-16, 16))
    one_hw, again_hw = (smoothed(flickering(exact), pictures, 1) for _ in range(2))
    np.testing.assert_array_equal(one_hw, again_hw)


def test_how_many_frames_count_on_a_frame() -> None:
    settings = (CleanUp(smooth_frames=1), CleanUp(FrameRange(5, 9), smooth_frames=3), CleanUp(grow_px=2))
    assert [frames_smoothed(settings, frame) for frame in (4, 5, 10)] == [1, 3, 1]
    assert frames_smoothed((), 1) == 0
