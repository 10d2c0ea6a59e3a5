"""Clean-up of a finished matte: what is to be done on a frame, and doing it. Pure code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Union

import numpy as np
from numpy.typing import NDArray

from rotomatte.mattes.feather import feathered
from rotomatte.mattes.morphology import closed, grown, opened
from rotomatte.mattes.specks import holes_filled, specks_removed
from rotomatte_plugin.model import CleanUp, Holdout, amount_at

FloatArray = NDArray[np.float32]

_OPERATIONS: dict[str, Callable[[FloatArray, float], FloatArray]] = {
    "fill_holes_px": holes_filled,
    "remove_specks_px": specks_removed,
    "close_px": closed,
    "open_px": opened,
    "grow_px": grown,
    "feather_px": feathered,
}
"""By the field of ``CleanUp``, in the order in which they are done."""


@dataclass(frozen=True)
class Change:
    """One operation on one frame: a field of ``CleanUp`` and its value there."""

    field: str
    amount_px: float


Step = Union[Change, Holdout]


def steps(settings: Sequence[CleanUp], frame: int) -> tuple[Step, ...]:
    """All that is done to a matte on a frame, in order; empty where nothing is, so that it may stand for a recipe."""
    planned: list[Step] = []
    for one in settings:
        if one.covers(frame):
            amounts = ((field, amount_at(getattr(one, field), frame)) for field in _OPERATIONS)
            planned += [Change(field, amount_px) for field, amount_px in amounts if amount_px]
            planned += one.holdouts
    return tuple(planned)


def cleaned(
    alpha_hw: FloatArray,
    settings: Sequence[CleanUp],
    frame: int,
    holdouts: Callable[[Holdout, int], FloatArray],
) -> FloatArray:
    """A matte after ``steps``, and the very same array where there are none.

    ``alpha_hw`` is float32 in 0..1 at plate size, as ``holdouts`` gives it for a holdout and a frame. A garbage matte
    takes away what is above its inverse and a core matte lifts what is below it, so that two soft edges in one place
    stay as soft as they were. Smoothing over frames comes before there is an alpha: ``rotomatte.roto.smooth``.
    """
    for step in steps(settings, frame):
        if isinstance(step, Change):
            alpha_hw = _OPERATIONS[step.field](alpha_hw, step.amount_px)
        elif step.kind == "garbage":
            alpha_hw = np.minimum(alpha_hw, 1 - holdouts(step, frame))
        else:
            alpha_hw = np.maximum(alpha_hw, holdouts(step, frame))
    return alpha_hw
