from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.benchmarks.sequences import HEIGHT, KINDS, SEEDS, WIDTH, Constructed, make

GONE = {"hidden_20": (20, 30), "hidden_60": (60, 70), "leaving_30": (30, 40), "cut": (30, 30), "cut_and_back": (20, 20)}


@cache
def made_once(kind: str, seed: int) -> Constructed:
    return make(kind, seed)


def require_promises(made: Constructed) -> None:
    count = len(made.frames_thwc)
    assert made.frames_thwc.shape == (count, HEIGHT, WIDTH, 3)
    assert made.truth_thw.shape == (count, HEIGHT, WIDTH)
    assert made.truth_thw[0].sum() > 0.03 * HEIGHT * WIDTH
    absent = np.flatnonzero(~made.present_t)
    least, most = GONE.get(made.kind, (0, 0))
    assert least <= len(absent) <= most
    assert (np.diff(absent) == 1).all()
    assert len(made.cuts) == {"cut": 1, "cut_and_back": 2}.get(made.kind, 0)
    if made.kind in {"cut", "crossing_twins", "crossing_marked"}:
        assert made.back is None
    else:
        assert made.back == absent[-1] + 1
        assert count - made.back >= 20
        # whole again before it ends
        assert made.truth_thw[-1].sum() > 0.85 * made.truth_thw[0].sum()
    if made.kind.startswith("crossing"):
        # the twins hide one another in part
        area_t = made.truth_thw.sum(axis=(1, 2))
        assert 0.1 < area_t.min() / area_t[0] < 0.8


@pytest.mark.parametrize("kind", KINDS)
def test_a_sequence_is_what_it_says(kind: str) -> None:
    require_promises(made_once(kind, SEEDS[0]))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS[1:])
def test_so_are_the_others(kind: str, seed: int) -> None:
    require_promises(make(kind, seed))


def test_the_same_seed_makes_the_same_sequence_and_another_one_another() -> None:
    one, again, other = made_once("cut", 1), make("cut", 1), make("cut", 2)
    assert np.array_equal(one.frames_thwc, again.frames_thwc)
    assert np.array_equal(one.truth_thw, again.truth_thw)
    assert not np.array_equal(one.frames_thwc, other.frames_thwc)


def test_the_truth_is_where_the_object_is() -> None:
    made = made_once("leaving_30", 1)
    there, gone = (made.frames_thwc[frame].astype(int) for frame in (0, int(np.flatnonzero(~made.present_t)[0])))
    # The camera rests in this kind, so that only the object differs, and the grain.
    differs_hw = np.abs(there - gone).max(axis=2) > 40
    overlap = (differs_hw & made.truth_thw[0]).sum() / (differs_hw | made.truth_thw[0]).sum()
    assert overlap > 0.8
