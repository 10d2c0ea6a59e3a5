"""The frames a batch of objects looks back at, each object only at those on which it was well seen."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from rotomatte.tracker.memory_policy import WELL_SEEN_IOU
from rotomatte.training.stepping import Prediction

_REACH_FRAMES = 15
_PROMPTED = -1


def well_seen(predicted: Prediction) -> Tensor:
    """Whether each object was found, as the engine decides it (N,)."""
    return (predicted.score_n1[:, 0] > 0) & (predicted.iou_nm.max(dim=1).values > WELL_SEEN_IOU)


class RecentMemories:
    """What the policy "visible" of rotomatte.tracker.memory_policy keeps, for N objects at once."""

    def __init__(self, objects: int) -> None:
        self._memories: dict[int, dict[str, Any]] = {}
        self._count = 0
        self._places_n: list[list[int]] = [[] for _ in range(objects)]

    def add(self, memory: dict[str, Any], well_seen_n: Tensor) -> None:
        """Take the memory of a frame, one column an object, into the view of the objects that were well seen."""
        for n in well_seen_n.nonzero()[:, 0].tolist():
            self._places_n[n] = [*self._places_n[n], self._count][-_REACH_FRAMES:]
        self._memories[self._count] = memory
        in_view = {place for places in self._places_n for place in places}
        self._memories = {place: one for place, one in self._memories.items() if place in in_view}
        self._count += 1

    def before(self, index: int, prompted: dict[str, Any]) -> dict[int, dict[str, Any]]:
        """The memories in view as sam2 looks for them: as those of the frames right before ``index``.

        The attention takes as many memories of every object. An object that was well seen on fewer frames than another
        sees its oldest memory, or else ``prompted``, in the places left over.
        """
        known = {_PROMPTED: prompted, **self._memories}
        steps = max(len(places) for places in self._places_n)
        views = {}
        for back in range(1, steps + 1):
            chosen_n = [places[-min(back, len(places))] if places else _PROMPTED for places in self._places_n]
            views[index - back] = _columns(known, chosen_n)
        return views


def _columns(known: dict[int, dict[str, Any]], chosen_n: list[int]) -> dict[str, Any]:
    if len(set(chosen_n)) == 1:
        return known[chosen_n[0]]
    return {
        "obj_ptr": torch.stack([known[at]["obj_ptr"][n] for n, at in enumerate(chosen_n)]),
        "maskmem_features": torch.stack([known[at]["maskmem_features"][n] for n, at in enumerate(chosen_n)]),
        "maskmem_pos_enc": known[_PROMPTED]["maskmem_pos_enc"],
    }
