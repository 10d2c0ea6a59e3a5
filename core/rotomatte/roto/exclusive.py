"""Objects that must not overlap. Pure code."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

_DECISIVENESS = np.float32(5)


def shares(logits: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """How much of each cell belongs to each of several objects, by name, 0..1; together they make 1.

    A softmax over the objects' logits: half and half where two are equally likely, and all to one where its logit
    leads by one or more.
    """
    stacked = np.stack(list(logits.values()))
    weights = np.exp(_DECISIVENESS * (stacked - stacked.max(axis=0)))
    weights /= weights.sum(axis=0)
    return {name: np.asarray(weight_hw, np.float32) for name, weight_hw in zip(logits, weights, strict=True)}
