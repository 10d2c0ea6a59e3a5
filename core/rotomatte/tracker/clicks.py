"""Large sets of clicks, in portions that SAM 2 takes well. Pure code."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CLICKS_A_CALL = 8
"""SAM 2 was trained with up to eight clicks on a frame (Ravi et al., 2024, appendix on training)."""


def portions(include_n: NDArray[np.bool_]) -> Sequence[NDArray[np.intp]]:
    """The indices of the clicks for each call, in the artist's order; at least one call, which may have none.

    ``include_n`` says which clicks are on the object: the first of those is in the first call, for there is nothing
    yet to take away from. A click added at the end leaves the earlier calls as they were.
    """
    order = np.arange(len(include_n))
    if include_n.any() and not include_n[:CLICKS_A_CALL].any():
        first = int(np.argmax(include_n))
        order = np.concatenate([order[first : first + 1], np.delete(order, first)])
    return np.split(order, range(CLICKS_A_CALL, len(order), CLICKS_A_CALL))
