"""The clip as the model sees it, with an eye on where its shots end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.cuts import CutFinder
from rotomatte.tracker.base import SeenClip
from rotomatte.tracker.features import FeatureCache

FloatArray = NDArray[np.float32]


class WatchedClip(SeenClip):
    """Frames from ``look`` (``seen_hwc`` of the model's size), their features, and the cuts between them."""

    def __init__(self, look: Callable[[int], FloatArray], features: FeatureCache, cuts: CutFinder) -> None:
        self._look = look
        self._features = features
        self._cuts = cuts
        self._latest: tuple[int, FloatArray] | None = None

    @property
    def features(self) -> FeatureCache:
        return self._features

    def picture(self, frame: int) -> FloatArray:
        if self._latest is None or self._latest[0] != frame:
            seen_hwc = self._look(frame)
            self._cuts.note(frame, seen_hwc)
            self._latest = (frame, seen_hwc)
        return self._latest[1]

    def is_cut(self, frame: int, neighbour: int) -> bool:
        known = self._cuts.known(frame, neighbour)
        if known is None:
            # The frame itself comes last: the tracker asks for its picture next.
            for one in (neighbour, frame):
                if not self._cuts.remembers(one):
                    self.picture(one)
            known = self._cuts.known(frame, neighbour)
        return bool(known)
