"""Everything on a frame of a plate."""

from __future__ import annotations

from rotomatte.colour.view import ModelView
from rotomatte.finding.found import Found, Mattes, described
from rotomatte.finding.frame import FoundFrame
from rotomatte.finding.gather import OnProgress, gather
from rotomatte.finding.settings import FindSettings
from rotomatte.plate.base import PlateReader
from rotomatte.tracker.proposals import Proposer


def find_everything(
    reader: PlateReader,
    view: ModelView,
    tracker: Proposer,
    frame: int,
    settings: FindSettings,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Found:
    """What may be objects on a frame, the largest first.

    Raises:
        FrameMissingError, FrameUnreadableError, FrameSizeError: see ``PlateReader.read``.
        OutOfMemoryError: the device, or the machine, ran out of memory.
    """
    canvas = reader.info.canvas
    looked_at = FoundFrame(reader.read(frame), canvas, view, tracker)
    candidates = gather(looked_at, settings, on_progress)
    mattes = Mattes(looked_at, settings)
    return Found(described(candidates, mattes, settings.min_area_px), mattes)
