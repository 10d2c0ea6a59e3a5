"""What passes found on an open clip, kept until it is closed."""

from __future__ import annotations

from typing import Optional

from rotomatte.roto.fuse import Sighting
from rotomatte.roto.objects import CORRECTED
from rotomatte.roto.track_log import TrackLog


class LastingLog(TrackLog):
    """A log that forgets nothing: nothing is tracked twice, and clicks correct what was tracked before they were made.

    For tracks of mode "span" only: their logits lose nothing in half precision.
    """

    def note(self, pass_id: str, frame: int, sighting: Sighting) -> None:
        """See ``TrackLog.note``."""
        self.keep(pass_id, frame, sighting)

    def has(self, pass_id: str, frame: int) -> bool:
        """See ``TrackLog.has``."""
        return super().has(pass_id, frame) or super().has(pass_id.removesuffix(CORRECTED), frame)

    def get(self, pass_id: str, frame: int) -> Optional[Sighting]:
        """See ``TrackLog.get``."""
        return super().get(pass_id, frame) or super().get(pass_id.removesuffix(CORRECTED), frame)

    def drop(self, pass_id: str, frame: int) -> None:
        """Keeps it all the same."""
