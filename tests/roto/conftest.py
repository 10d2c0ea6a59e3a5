"""A small clip in memory, seen by the bundled model or by the disc tracker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.network import network
from rotomatte.places import Place
from rotomatte.plate.base import PlateInfo, Window
from rotomatte.plate.cuts import CutFinder
from rotomatte.roto.clip import WatchedClip
from rotomatte.roto.run import Answer
from rotomatte.roto.session import Matte, Session
from rotomatte.roto.track_log import TrackLog
from rotomatte.tracker.base import Tracker
from rotomatte.tracker.disc import DiscTracker
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte_plugin.model import FrameRange, MatteObject, RefineSettings, TrackSettings

FloatArray = NDArray[np.float32]

CANVAS = Window(0, 0, 160, 96)


def info(frames: FrameRange) -> PlateInfo:
    return PlateInfo("plate", "plate", "sequence", frames, (), None, CANVAS, (0, 0), CANVAS, 1.0, 4, None, "id")


def centre(frame: int) -> tuple[float, float]:
    """Where the ball is on a frame, in plate pixels."""
    return 30 + 4.0 * (frame - 1001), 48.0


def ball(frame: int) -> FloatArray:
    """A striped orange ball of 16 px over blue noise, ``rgb_hwc``."""
    noise_hw = np.random.default_rng(5).random((24, 40), np.float32)
    ground_hw = cv2.resize(noise_hw, (CANVAS.width, CANVAS.height), interpolation=cv2.INTER_CUBIC)
    image_hwc = np.stack([0.1 + 0.1 * ground_hw, 0.2 + 0.2 * ground_hw, 0.4 + 0.3 * ground_hw], axis=2)
    x, y = (round(value) for value in centre(frame))
    cv2.circle(image_hwc, (x, y), 16, (0.9, 0.5, 0.1), -1, cv2.LINE_AA)
    cv2.line(image_hwc, (x - 8, y - 6), (x + 8, y - 6), (0.7, 0.3, 0.1), 3, cv2.LINE_AA)
    return np.asarray(np.clip(image_hwc, 0, 1), np.float32)


class Desk:
    """A session with all that it needs around it; ``edit`` keeps its mattes up to date, as a host would."""

    def __init__(self, tracker: Tracker, folder: Path, track: TrackSettings, frames: FrameRange, *, exclusive: bool):
        self.frames = frames
        self.tracker = tracker
        self.session = Session(
            info(frames),
            "seen",
            tracker,
            frames,
            track,
            RefineSettings(exclusive=exclusive),
            TrackLog(folder / "log"),
            self.shown,
        )
        self.features = FeatureCache(CacheBudget(1 << 26, 0), folder / "features", worth=frames)
        self.looked: list[int] = []
        self.clip = WatchedClip(self._look, self.features, CutFinder())
        self.answers: dict[Place, Answer] = {}
        self.recipes: dict[Place, str] = {}

    def _look(self, frame: int) -> FloatArray:
        self.looked.append(frame)
        size = self.tracker.model.image_size
        return np.asarray(cv2.resize(self.shown(frame), (size, size), interpolation=cv2.INTER_AREA), np.float32)

    def shown(self, frame: int) -> FloatArray:
        return ball(frame)

    def edit(self, *items: MatteObject) -> list[Place]:
        """Give objects other prompts, and track what that changes: the places in the order of their answers."""
        for item in items:
            self.session.set_object(item)
        return [(answer.object, answer.frame) for answer in self.track()]

    def track(self) -> Iterator[Answer]:
        recipes = {
            (name, frame): recipe
            for name in self.session.names()
            for frame, recipe in self.session.recipes(name).items()
        }
        changed = {place for place, recipe in recipes.items() if self.recipes.get(place) != recipe}
        for answer in self.session.run(changed).answers(self.clip):
            place = (answer.object, answer.frame)
            self.answers[place], self.recipes[place] = answer, recipes[place]
            yield answer

    def mattes(self) -> Mapping[Place, Matte]:
        return {place: self.session.matte(answer) for place, answer in self.answers.items()}


@pytest.fixture(scope="session")
def bundled() -> Tracker:
    return network(TrackSettings("bundled", device="cpu")).load()


@pytest.fixture
def desk(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Makes desks, each in a folder of its own unless one is named."""
    made = 0

    def make(
        tracker: Tracker | None = None,
        track: TrackSettings | None = None,
        frames: FrameRange | None = None,
        *,
        exclusive: bool = False,
        folder: str | None = None,
        kind: type[Desk] = Desk,
    ) -> Desk:
        nonlocal made
        made += 1
        return kind(
            tracker or DiscTracker(),
            tmp_path / (folder or f"desk{made}"),
            track or TrackSettings(),
            frames or FrameRange(1001, 1016),
            exclusive=exclusive,
        )

    return make
