"""A tracker that several clips and a job use in turns."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Condition
from typing import Optional

from rotomatte.network import Network, network
from rotomatte.tracker.base import FloatArray, KeepMemory, KeyFrame, Pass, SeenClip, Step, TrackedFrame
from rotomatte.tracker.disc import DiscTracker
from rotomatte.tracker.proposals import Proposal, Proposer, Proposing
from rotomatte_plugin.model import ModelUsed, TrackSettings

_log = logging.getLogger(__name__)


class SharedTracker(Proposer):
    """A network that is loaded when it first answers. Threads may share it.

    Tracking gives way between two frames: ``answer``, for which an artist waits, never waits for more than the frame
    in hand. What a clip's feature cache holds is used within these turns only.
    """

    def __init__(self, one: Network) -> None:
        self.network = one
        self._changed = Condition()
        self._is_busy = False
        self._hurried = 0
        self._loaded: Optional[Proposer] = None
        self._say: Callable[[str], None] = lambda _: None

    @property
    def model(self) -> ModelUsed:
        files = self.network.files
        if files is None:
            return DiscTracker.model
        return ModelUsed(files.name, files.sha256, files.licence, self.network.image_size)

    @property
    def device(self) -> str:
        return self.network.device

    @property
    def grid_size(self) -> int:
        with self.turn(hurried=False):
            return self._tracker().grid_size

    @contextmanager
    def turn(self, *, hurried: bool) -> Iterator[None]:
        """Nobody else uses the tracker meanwhile; who is ``hurried`` goes first."""
        with self._changed:
            self._hurried += hurried
            self._changed.wait_for(lambda: not self._is_busy and (hurried or not self._hurried))
            self._hurried -= hurried
            self._is_busy = True
        try:
            yield
        finally:
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()

    def tell(self, say: Callable[[str], None]) -> None:
        """See ``Tracker.tell``; the log hears of it too."""
        with self.turn(hurried=False):
            self._say = say
            if self._loaded is not None:
                self._loaded.tell(self._said)

    def answer(self, frame: int, key: KeyFrame, clip: SeenClip) -> TrackedFrame:
        """See ``Tracker.answer``."""
        with self.turn(hurried=True):
            return self._tracker().answer(frame, key, clip)

    def propose(self, seen_hwc: FloatArray, how: Proposing) -> list[Proposal]:
        """See ``Proposer.propose``."""
        with self.turn(hurried=True):
            return self._tracker().propose(seen_hwc, how)

    def track(
        self,
        passes: Sequence[Pass],
        keys: Mapping[str, Mapping[int, KeyFrame]],
        clip: SeenClip,
        *,
        memories: Mapping[Pass, bytes] = {},
        keep_memory: Optional[KeepMemory] = None,
    ) -> Iterator[Step]:
        """See ``Tracker.track``."""
        with self.turn(hurried=False):
            steps = iter(self._tracker().track(passes, keys, clip, memories=memories, keep_memory=keep_memory))
        while True:
            with self.turn(hurried=False):
                step = next(steps, None)
            if step is None:
                return
            yield step

    def _tracker(self) -> Proposer:
        if self._loaded is None:
            _log.info("loading %s on %s", self.model.name, self.device)
            self._loaded = self.network.load()
            self._loaded.tell(self._said)
        return self._loaded

    def _said(self, sentence: str) -> None:
        _log.warning(sentence)
        self._say(sentence)


def network_of(track: TrackSettings) -> Network:
    """The network that settings name; equal ones for settings that load the same."""
    one = network(track)
    same = TrackSettings(track.model, track.config, track.device)
    return replace(one, track=same)
