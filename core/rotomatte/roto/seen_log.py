"""What passes of mode "exact" found on an open clip, for the eye."""

from __future__ import annotations

from pathlib import Path

from rotomatte.roto.fuse import Sighting
from rotomatte.roto.lasting_log import LastingLog
from rotomatte.roto.track_log import TrackLog


class SeenLog(TrackLog):
    """A log that forgets, since the logits of mode "exact" lose digits in half precision.

    ``seen`` keeps what can be shown of them, and no run ever finds it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.seen = LastingLog(folder / "seen")

    def note(self, pass_id: str, frame: int, sighting: Sighting) -> None:
        """See ``TrackLog.note``."""
        self.seen.keep(pass_id, frame, sighting)

    def keep_cut(self, pass_id: str, frame: int) -> None:
        """See ``TrackLog.keep_cut``."""
        super().keep_cut(pass_id, frame)
        self.seen.keep_cut(pass_id, frame)
