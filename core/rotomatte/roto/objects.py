"""One object of a session: its prompts, its plan, and the ids of its passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from rotomatte.plate.base import PlateInfo
from rotomatte.prompts.key_frame import key_frame
from rotomatte.roto.plan import ObjectPlan
from rotomatte.roto.recipes import Recipes
from rotomatte.roto.track_log import TrackLog
from rotomatte.tracker.base import KeyFrame, Pass
from rotomatte_plugin.model import MatteObject

CORRECTED = ".corrected"
"""What an id ends with that a track goes by for the corrections that start from it."""

COPY = ".copy"
"""What an id has before its number where several objects have the same pass."""


@dataclass(frozen=True)
class PlannedObject:
    """An object, how it will be tracked, and what its passes go by: ids by keys and step.

    ``copies`` says, of passes that objects before it in the same run have as well, how many these are.
    """

    item: MatteObject
    plan: ObjectPlan
    pass_ids: Mapping[tuple[tuple[int, ...], int], str]
    copies: Mapping[str, int] = field(default_factory=dict)

    def id_of(self, one: Pass) -> str:
        """What a pass of this object, or a part of one, goes by."""
        return self.pass_ids[one.keys, one.frames.step]

    def log_id(self, one: Pass) -> str:
        """What it goes by in a log, where two objects may have the same prompts, and a name means nothing."""
        pass_id = self.id_of(one)
        copy = self.copies.get(pass_id, 0)
        return f"{pass_id}{COPY}{copy}" if copy else pass_id

    def hint_id(self, one: Pass) -> str:
        """What its sightings go by there that corrections start from: they stay for as long as the log."""
        return f"{self.log_id(one)}{CORRECTED}"


def planned(item: MatteObject, plan: ObjectPlan, recipes: Recipes) -> PlannedObject:
    """An object with the ids of its passes.

    Raises:
        JobError: a mask cannot be read.
    """
    passes = {*plan.passes, *plan.corrected.values()}
    ids = {(one.keys, one.frames.step): recipes.of_pass(one, item.prompts, plan.corrected) for one in passes}
    return PlannedObject(item, plan, ids)


def told_apart(objects: Mapping[str, PlannedObject]) -> dict[str, PlannedObject]:
    """The objects of one run, by name, so that no two of their passes go by the same in a log. Pure."""
    seen: Counter[str] = Counter()
    apart = {}
    for name, one in objects.items():
        ids = set(one.pass_ids.values())
        apart[name] = replace(one, copies={pass_id: seen[pass_id] for pass_id in ids})
        seen.update(ids)
    return apart


class KeyFrames(Mapping[int, KeyFrame]):
    """An object's key frames, each made when it is asked for: masks of many frames would not fit in memory.

    Corrections start from what ``log`` has of the track that they correct, or stand alone where it has nothing.
    """

    def __init__(self, one: PlannedObject, info: PlateInfo, log: TrackLog) -> None:
        self._object = one
        self._info = info
        self._log = log

    def __getitem__(self, frame: int) -> KeyFrame:
        key = key_frame(self._object.item.prompts.at(frame), self._info)
        corrected = self._object.plan.corrected.get(frame)
        if corrected is None:
            return key
        tracked = self._log.get(self._object.hint_id(corrected), frame)
        if tracked is not None and (tracked.logits_hw > 0).any():
            return replace(key, hint_hw=tracked.logits_hw)
        return key if key.include_n.any() else _ABSENT

    def __iter__(self) -> Iterator[int]:
        return iter(self._object.item.prompts.prompt_frames())

    def __len__(self) -> int:
        return len(self._object.item.prompts.prompt_frames())


# Clicks that only exclude, where nothing is left to exclude from: the artist says that the object is not here.
_ABSENT = KeyFrame(np.zeros((0, 2), np.float32), np.zeros(0, np.bool_), mask_hw=np.zeros((1, 1), np.bool_))
