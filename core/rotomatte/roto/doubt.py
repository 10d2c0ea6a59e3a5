"""How doubtful each frame of a track is. Pure code."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from statistics import median
from typing import Literal

from rotomatte_plugin.model import FrameScore

Cause = Literal["presence", "model", "passes", "motion", "size"]

LOW_IOU = 0.5
"""A predicted IoU below this is doubtful whatever the model and the object: the model gives half of the matte up."""

_LEVEL_SHARE = 0.75
_OF_LEVEL = 0.8
_ABSENCE = 0.25
_DISAGREEMENT = 0.4
_CHANGE = 0.3
_USUAL_CHANGES = 2.5
_SIZE_FACTOR = 1.6
_SIZE_WINDOW = 4
_SIZE_EVIDENCE = 2


@dataclass(frozen=True, slots=True)
class Doubt:
    """How doubtful one frame is: up to 1 is as usual, 2 plainly wrong; ``cause`` is what weighs most."""

    amount: float
    cause: Cause


def is_seen(score: FrameScore) -> bool:
    """Whether the object is to be seen at all: the model says so, and the matte is not empty."""
    return score.object_score > 0 and score.area_px > 0


def doubts(scores: Iterable[FrameScore], key_frames: Sequence[int]) -> dict[int, Doubt]:
    """How doubtful the object is on every tracked frame on which it is seen and that carries no prompt.

    ``key_frames`` ascend. Five things are looked at; each gives an amount of which 1 is as much as is tolerated, and
    the largest counts.

    - "presence": the object score, as a probability. A quarter of absence is tolerated.
    - "model": the predicted IoU. Tolerated is the error of a matte of ``LOW_IOU``, or 0.8 of the object's own level
      where that is stricter. The level is what the best quarter of the object's frames reach. Where SAM 2.1 says 0.9 on
      most frames, 0.7 means something; where a small model never says more, it does not, but below ``LOW_IOU`` it
      does: on ten DAVIS sequences the first bundled model's frames there had a mean J of 0.32, and above it 0.60.
    - "passes": how much the tracks from the keys on either side differ (1 - IoU). Tolerated is 0.4 half-way between
      the keys and more towards either, where the track from that key is all that counts.
    - "motion": how much the matte differs from its neighbour's (1 - IoU). Small and fast things always differ, so
      2.5 times the object's median is tolerated, and 0.3 in any case. No true mask of those sequences goes beyond.
    - "size": the area against the medians of four frames before and of four after, both factors multiplied: steady
      growth cancels out, a step counts once and a single odd frame twice. A factor of 1.6 is tolerated; of true
      masks only those that passed behind trees went beyond.

    What goes out of sight shrinks, and what comes back grows, so "motion" and "size" are only reckoned where all the
    frames compared are seen.
    """
    known = {score.frame: score for score in scores}
    seen = {frame: score for frame, score in known.items() if is_seen(score)}
    lost = known.keys() - seen.keys()
    keys = frozenset(key_frames)
    judged = [seen[frame] for frame in sorted(seen) if frame not in keys]
    tolerated_error = 1 - max(LOW_IOU, _OF_LEVEL * _level(judged))
    changes = {score.frame: change for score in judged if (change := _change(score, lost)) is not None}
    tolerated_change = max(_CHANGE, _USUAL_CHANGES * median(changes.values())) if changes else _CHANGE
    found: dict[int, Doubt] = {}
    for score in judged:
        amounts: dict[Cause, float] = {
            "model": 0.0 if score.predicted_iou is None else (1 - score.predicted_iou) / tolerated_error,
            "presence": 1 / (1 + math.exp(min(score.object_score, 700))) / _ABSENCE,
            "passes": _disagreement(score, key_frames) / _DISAGREEMENT,
            "motion": changes.get(score.frame, 0.0) / tolerated_change,
            "size": _size_factor_log(score.frame, seen, lost) / math.log(_SIZE_FACTOR),
        }
        cause = max(amounts, key=lambda name: amounts[name])
        found[score.frame] = Doubt(amounts[cause], cause)
    return found


def _level(judged: Sequence[FrameScore]) -> float:
    ious = sorted(score.predicted_iou for score in judged if score.predicted_iou is not None)
    return ious[int(_LEVEL_SHARE * (len(ious) - 1))] if ious else 0.0


def _change(score: FrameScore, lost: AbstractSet[int]) -> float | None:
    if score.neighbour_iou is None or not lost.isdisjoint((score.frame - 1, score.frame + 1)):
        return None
    return 1 - score.neighbour_iou


def _disagreement(score: FrameScore, key_frames: Sequence[int]) -> float:
    """How much the passes differ, by how far the frame is from the nearer of its two keys."""
    after = bisect_left(key_frames, score.frame)
    if score.passes_iou is None or not 0 < after < len(key_frames):
        return 0.0
    left, right = key_frames[after - 1], key_frames[after]
    from_nearer = min(score.frame - left, right - score.frame)
    return (1 - score.passes_iou) * 2 * from_nearer / (right - left)


def _size_factor_log(frame: int, seen: Mapping[int, FrameScore], lost: AbstractSet[int]) -> float:
    sides = [[frame + side * step for step in range(1, _SIZE_WINDOW + 1)] for side in (-1, 1)]
    areas = [[seen[near].area_px for near in side if near in seen] for side in sides]
    if not lost.isdisjoint((*sides[0], *sides[1])) or min(map(len, areas)) < _SIZE_EVIDENCE:
        return 0.0
    return abs(sum(math.log(seen[frame].area_px / median(side)) for side in areas))
