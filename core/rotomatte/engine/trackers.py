"""Models that stay loaded between clips and jobs."""

from __future__ import annotations

import gc
import logging
import sys
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from rotomatte_plugin.model import TrackSettings

if TYPE_CHECKING:
    from rotomatte.engine.shared_tracker import SharedTracker
    from rotomatte.network import Network

_log = logging.getLogger(__name__)


class WarmTrackers:
    """One tracker for all clips and jobs of the same network, size and device.

    A tracker stays for as long as a clip or a job has it; of the others, the one asked for last does. Any thread may
    ask. Cheap to make: what torch needs is imported with the first tracker.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._trackers: WeakValueDictionary[Network, SharedTracker] = WeakValueDictionary()
        self._latest: SharedTracker | None = None

    def get(self, track: TrackSettings) -> SharedTracker:
        """The tracker that settings name; it is loaded when it first answers.

        Raises:
            ModelError: no such model, or no weights for it, or no such device.
        """
        from rotomatte.engine.shared_tracker import SharedTracker, network_of  # noqa: PLC0415  torch takes seconds

        with self._lock:
            one = network_of(track)
            found = self._trackers.get(one)
            if found is None:
                found = self._trackers[one] = SharedTracker(one)
            self._latest = found
            return found

    def free(self) -> None:
        """Let go of the one asked for last, and give the memory back that torch holds in reserve."""
        with self._lock:
            self._latest = None
        gc.collect()
        if "torch" in sys.modules:
            from rotomatte.tracker.sam2_device import let_go_of_blocks, pick_device  # noqa: PLC0415

            let_go_of_blocks(pick_device("auto"))
        _log.info("freed; %d trackers stay with their clips", len(self._trackers))
