"""From an artist's words to finds on a frame: what is looked for, which boxes stay, and what is said. Pure code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Optional

from rotomatte.finding.detector import Detection
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.messages import FoundObject

MOST_CHARACTERS = 200
MOST_PHRASES = 8
MOST_FINDS = 30
SAME_IOU = 0.7
"""Boxes that overlap more are about the same thing, and the best of them stays."""

_PARTS = re.compile(r"[,.;\n]+")
_HINT = "Try a plainer word, another frame, or a lower --min-score; or click on it."


def phrases(text: str) -> tuple[str, ...]:
    """What is looked for: parts between commas, lower case, each once.

    Raises:
        PromptError: nothing is left, or it is more than a few words.
    """
    found = tuple(dict.fromkeys(" ".join(part.split()).casefold() for part in _PARTS.split(text) if part.strip()))
    if not any(character.isalnum() for phrase in found for character in phrase):
        raise PromptError("No words were given to look for.", remedy='Say what it is, such as "red car".')
    if len(text) > MOST_CHARACTERS or len(found) > MOST_PHRASES:
        raise PromptError(
            f"{len(text)} characters in {len(found)} phrases are too many to look for.",
            remedy=f'Give a few words, such as "red car, driver": at most {MOST_CHARACTERS} characters and '
            f"{MOST_PHRASES} phrases.",
        )
    return found


def require_score(score: float) -> None:
    """Refuse what no score can be.

    Raises:
        PromptError: it is not in 0..1.
    """
    if not 0 <= score <= 1:
        raise PromptError(f"No score is {score:g}.", remedy="Give a number from 0 to 1, such as 0.3.")


def kept(detections: Iterable[Detection], least_score: float, size_px: tuple[int, int]) -> list[Detection]:
    """Those worth showing, the best first: within the picture of that width and height, and of the same thing one."""
    chosen: list[Detection] = []
    for one in sorted(detections, key=lambda one: (-one.score, one.box_xyxy_px)):
        within = _within(one, size_px)
        if one.score < least_score or len(chosen) == MOST_FINDS:
            break
        if within is not None and all(overlap(within.box_xyxy_px, other.box_xyxy_px) <= SAME_IOU for other in chosen):
            chosen.append(within)
    return chosen


def overlap(one_xyxy: Sequence[float], other_xyxy: Sequence[float]) -> float:
    """Intersection over union of two boxes."""
    width = min(one_xyxy[2], other_xyxy[2]) - max(one_xyxy[0], other_xyxy[0])
    height = min(one_xyxy[3], other_xyxy[3]) - max(one_xyxy[1], other_xyxy[1])
    common = max(0.0, width) * max(0.0, height)
    return common / (_area(one_xyxy) + _area(other_xyxy) - common)


def as_finds(detections: Sequence[Detection], origin_xy: tuple[int, int]) -> tuple[FoundObject, ...]:
    """Detections as finds in plate pixels, numbered in their order; ``origin_xy`` is where the picture begins."""
    left, top = origin_xy
    return tuple(
        FoundObject(
            id=number,
            name=f"{_name(one.words)}_{number:02d}",
            outline_xy=(),
            box_xyxy_px=(
                round(one.box_xyxy_px[0] + left, 1),
                round(one.box_xyxy_px[1] + top, 1),
                round(one.box_xyxy_px[2] + left, 1),
                round(one.box_xyxy_px[3] + top, 1),
            ),
            area_px=round(_area(one.box_xyxy_px), 1),
            score=round(one.score, 4),
            source=f"words: {one.words}",
        )
        for number, one in enumerate(detections, start=1)
    )


def nothing_found(text: str, frames: Sequence[int], best: Optional[Detection], least_score: float) -> str:
    """The answer where no box scores enough."""
    where = f"frame {frames[0]}" if len(frames) == 1 else f"{len(frames)} frames"
    closest = (
        "and nothing comes near it."
        if best is None
        else f"the nearest scores {best.score:.2f}, below {least_score:.2f} ({best.words})."
    )
    return f"Nothing on {where} is taken for {text.strip()!r}: {closest} {_HINT}"


def _within(one: Detection, size_px: tuple[int, int]) -> Optional[Detection]:
    width, height = size_px
    x0, y0, x1, y1 = one.box_xyxy_px
    box = (max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1))
    return Detection(box, one.score, one.words) if box[2] - box[0] >= 1 and box[3] - box[1] >= 1 else None


def _area(box_xyxy: Sequence[float]) -> float:
    return (box_xyxy[2] - box_xyxy[0]) * (box_xyxy[3] - box_xyxy[1])


def _name(words: str) -> str:
    """A name that an object may have."""
    name = re.sub(r"[^a-z0-9]+", "_", words).strip("_")
    return name if name[:1].isalpha() else "object"
