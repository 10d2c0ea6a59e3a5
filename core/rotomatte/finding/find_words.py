"""What words name, on frames of a plate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from rotomatte.colour.view import ModelView
from rotomatte.finding.boxes import drawn_boxes
from rotomatte.finding.detector import Detection, Detector
from rotomatte.finding.prompt_frame import Sight, best_frames, sight
from rotomatte.finding.suggest import small_grey
from rotomatte.finding.words import as_finds, kept, nothing_found, phrases, require_score
from rotomatte.plate.base import FloatArray, PlateReader
from rotomatte_plugin.messages import FoundObject, PromptFrame


@dataclass(frozen=True)
class WordFinds:
    """What is taken for the words on a frame, the best first; ``picture_hwc`` is the frame with it, 8 bits RGB."""

    frame: int
    objects: tuple[FoundObject, ...]
    picture_hwc: NDArray[np.uint8]


@dataclass(frozen=True)
class FoundByWords:
    """The finds of every frame that was looked at, and which of several is best for prompts; ``message`` is a sentence."""

    on_frames: tuple[WordFinds, ...]
    best: tuple[PromptFrame, ...]
    message: str


def find_words(
    reader: PlateReader,
    view: ModelView,
    detector: Detector,
    text: str,
    frames: Sequence[int],
    least_score: Optional[float] = None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> FoundByWords:
    """Look for what ``text`` names on frames, each as the model's view shows it at its own size.

    Boxes below ``least_score``, 0..1, are left out; below the detector's usual one where None. Where several frames are
    looked at, they are compared by the best box of each, as ``prompt_frame`` does.

    Raises:
        PromptError: the words, or the score, cannot be used.
        FrameMissingError, FrameUnreadableError, FrameSizeError: see ``PlateReader.read``.
        ModelError: the detector failed.
    """
    wanted = phrases(text)
    least = detector.usual_score if least_score is None else least_score
    require_score(least)
    canvas = reader.info.canvas
    nearest: Optional[Detection] = None
    found: list[WordFinds] = []
    sights: list[Sight] = []
    for done, frame in enumerate(frames):
        on_progress(done, len(frames))
        seen_hwc = view.see_full(reader.read(frame))
        detections = detector.detect(seen_hwc, wanted)
        nearest = max([*detections, *([nearest] if nearest else [])], key=lambda one: one.score, default=None)
        chosen = kept(detections, least, (canvas.width, canvas.height))
        objects = as_finds(chosen, (canvas.left, canvas.top))
        found.append(WordFinds(frame, objects, drawn_boxes(seen_hwc, chosen)))
        if len(frames) > 1 and chosen:
            sights.extend(_sights(frame, seen_hwc, chosen))
    on_progress(len(frames), len(frames))
    best = best_frames(
        sights, (float(canvas.left), float(canvas.top), float(canvas.width), float(canvas.height)), apart=1
    )
    if not any(one.objects for one in found):
        message = nothing_found(text, frames, nearest, least)
    elif best:
        message = f"Best on frame {best[0].frame} of {len(frames)}."
    else:
        message = (
            f"{len(found[0].objects)} boxes on frame {frames[0]}, the best scores {found[0].objects[0].score:.2f}."
        )
    return FoundByWords(tuple(found), best, message)


def _sights(frame: int, seen_hwc: FloatArray, chosen: Sequence[Detection]) -> list[Sight]:
    """The best box of a frame measured, others around it in its way."""
    grey_hw = small_grey(seen_hwc)
    scale_x, scale_y = grey_hw.shape[1] / seen_hwc.shape[1], grey_hw.shape[0] / seen_hwc.shape[0]

    def mask(one: Detection) -> NDArray[np.bool_]:
        mask_hw = np.zeros(grey_hw.shape, np.bool_)
        x0, y0, x1, y1 = one.box_xyxy_px
        left, top = int(x0 * scale_x), int(y0 * scale_y)
        mask_hw[top : max(top + 1, round(y1 * scale_y)), left : max(left + 1, round(x1 * scale_x))] = True
        return mask_hw

    own_hw = mask(chosen[0])
    others_hw = np.logical_or.reduce([np.zeros_like(own_hw), *(mask(one) for one in chosen[1:])])
    measured = sight(frame, grey_hw, own_hw, others_hw, chosen[0].score)
    return [] if measured is None else [measured]
