"""From everything that the model proposes to distinct finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rotomatte.finding.candidates import Candidate, by_size, distinct, overlap
from rotomatte.finding.crops import close_up, crops, is_cut_off
from rotomatte.finding.frame import FoundFrame
from rotomatte.finding.settings import FindSettings

_SPARE = 1.5
"""So many times the finds that are kept are looked at from close up at first: many of them become the same."""

OnProgress = Callable[[int, int], None]
"""Told how many looks at the picture are done, and of how many."""


def gather(
    frame: FoundFrame, settings: FindSettings, on_progress: OnProgress = lambda _done, _total: None
) -> list[Candidate]:
    """The distinct finds of a frame, the largest first.

    Raises:
        OutOfMemoryError: the device, or the machine, ran out of memory.
    """
    most = round(settings.max_count * (_SPARE if settings.close_looks else 1))
    windows = crops(frame.canvas, settings.crop_layers, settings.crop_overlap)
    kept: list[Candidate] = []
    for done, window in enumerate(windows):
        on_progress(done, len(windows))
        proposed = [
            one
            for one in frame.proposals(window, settings.proposing())
            if one.area_px >= settings.min_area_px and not is_cut_off(one.logits_hw > 0, window, frame.canvas)
        ]
        # After each window, so that those of all windows are never in memory together.
        kept = distinct([*kept, *proposed], frame.canvas, settings.merge_iou, most)
    on_progress(len(windows), len(windows))
    for _ in range(settings.close_looks):
        closer = []
        for done, candidate in enumerate(kept):
            on_progress(done, len(kept))
            closer.append(_from_close_up(frame, candidate))
        on_progress(len(kept), len(kept))
        kept = distinct(
            (one for one in closer if one.area_px >= settings.min_area_px),
            frame.canvas,
            settings.merge_iou,
            settings.max_count,
        )
    return by_size(kept)


def _from_close_up(frame: FoundFrame, candidate: Candidate) -> Candidate:
    """What a candidate becomes; the less of it is as before, the less there is to it."""
    box = candidate.box()
    if box is None:
        return candidate
    closer = frame.looked_at_again(candidate, close_up(box, frame.canvas))
    return replace(closer, score=candidate.score * closer.score * overlap(candidate, closer, frame.canvas))
