"""A tracker that can be stopped between two frames, wherever its passes lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Optional

from rotomatte.tracker.base import KeepMemory, KeyFrame, Pass, SeenClip, Step, TrackedFrame, Tracker
from rotomatte_plugin.model import ModelUsed


class StoppableTracker(Tracker):
    """``tracker``, which calls ``check`` before every frame it answers; what that raises ends the tracking.

    Here and not where mattes are written, since a pass may lead through hundreds of frames before the first matte.
    """

    def __init__(self, tracker: Tracker, check: Callable[[], None]) -> None:
        self._tracker = tracker
        self._check = check

    @property
    def model(self) -> ModelUsed:
        return self._tracker.model

    @property
    def device(self) -> str:
        return self._tracker.device

    @property
    def grid_size(self) -> int:
        return self._tracker.grid_size

    def tell(self, say: Callable[[str], None]) -> None:
        """See ``Tracker.tell``."""
        self._tracker.tell(say)

    def answer(self, frame: int, key: KeyFrame, clip: SeenClip) -> TrackedFrame:
        """See ``Tracker.answer``."""
        self._check()
        return self._tracker.answer(frame, key, clip)

    def track(
        self,
        passes: Sequence[Pass],
        keys: Mapping[str, Mapping[int, KeyFrame]],
        clip: SeenClip,
        *,
        memories: Mapping[Pass, bytes] = {},
        keep_memory: Optional[KeepMemory] = None,
    ) -> Iterator[Step]:
        """See ``Tracker.track``. A stopped tracker keeps what its passes remember, as an interrupted one does."""
        self._check()
        for step in self._tracker.track(passes, keys, clip, memories=memories, keep_memory=keep_memory):
            yield step
            self._check()
