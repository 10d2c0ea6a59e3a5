from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rotomatte.tracker.memory_policy import MOST_ANCHORS, LookBack, Sighting, something_alike
from rotomatte_plugin.model import MemoryPolicy

BoolArray = NDArray[np.bool_]
REACH = 15
POLICIES = st.sampled_from(["stock", "visible", "distractor"])


def box(left: int, top: int, width: int, height: int) -> BoolArray:
    mask_hw = np.zeros((40, 40), np.bool_)
    mask_hw[top : top + height, left : left + width] = True
    return mask_hw


HERE, NEAR, ELSEWHERE = box(5, 5, 10, 10), box(6, 5, 10, 10), box(25, 25, 10, 10)


def sighting(
    frame: int, *, score: float = 5.0, iou: float = 0.9, masks: Iterable[BoolArray] = (HERE, NEAR)
) -> Sighting:
    return Sighting(frame, score, iou, np.stack(list(masks)), chosen=0)


def look_back(policy: MemoryPolicy) -> LookBack:
    return LookBack(policy, REACH, anchored=0)


@given(POLICIES, st.integers(1, 60), st.sets(st.integers(1, 60), max_size=5))
def test_all_policies_are_the_same_while_the_object_is_well_seen(
    policy: MemoryPolicy, last: int, keys: set[int]
) -> None:
    ours = look_back(policy)
    for frame in range(1, last + 1):
        if frame in keys:
            ours.pass_key(frame)
        else:
            ours.pass_frame(sighting(frame))
    for steps in range(1, REACH + 1):
        frame = last + 1 - steps
        assert ours.back(steps) == (frame if frame >= 1 else None)
    assert len(ours.recent) <= REACH
    assert ours.anchors == []


@pytest.mark.parametrize("unseen", [{"score": -1.0}, {"score": 0.0}, {"iou": 0.3}], ids=["absent", "even", "unsure"])
@pytest.mark.parametrize("policy", ["visible", "distractor"])
def test_a_long_occlusion_takes_no_place(policy: MemoryPolicy, unseen: dict[str, float]) -> None:
    ours = look_back(policy)
    for frame in range(1, 11):
        ours.pass_frame(sighting(frame))
    for frame in range(11, 100):
        ours.pass_frame(sighting(frame, **unseen))  # type: ignore[arg-type]
    assert [ours.back(steps) for steps in (1, 2, 10, 11)] == [10, 9, 1, None]


def test_stock_remembers_an_occlusion() -> None:
    ours = look_back("stock")
    for frame in range(1, 30):
        ours.pass_frame(sighting(frame, score=-1.0))
    assert [ours.back(steps) for steps in (1, REACH, REACH + 1)] == [29, 29 - REACH + 1, None]


def with_anchors(frames: Iterable[int]) -> LookBack:
    """Ten quiet frames, then something alike on the frames given."""
    ours = look_back("distractor")
    for frame in range(1, 11):
        ours.pass_frame(sighting(frame))
    for frame in frames:
        ours.pass_frame(sighting(frame, masks=(HERE, ELSEWHERE)))
    return ours


def test_anchors_are_apart_and_few_and_the_oldest_goes() -> None:
    assert with_anchors(range(11, 17)).anchors == [11]
    assert with_anchors(range(11, 18)).anchors == [11, 17]
    assert with_anchors(range(11, 36)).anchors == [17, 23, 29, 35][-MOST_ANCHORS:]


def test_a_key_frame_counts_as_an_anchor() -> None:
    ours = with_anchors([])
    ours.pass_key(11)
    for frame in range(12, 18):
        ours.pass_frame(sighting(frame, masks=(HERE, ELSEWHERE)))
    assert ours.anchors == [17]


@pytest.mark.parametrize(
    "seen",
    [
        sighting(20, iou=0.8, masks=(HERE, ELSEWHERE)),
        sighting(20, score=-1, masks=(HERE, ELSEWHERE)),
        sighting(20, masks=(HERE, NEAR)),
        sighting(20, masks=(HERE,)),
        sighting(20, masks=(HERE, np.zeros_like(HERE))),
        sighting(20, masks=(box(5, 5, 10, 13), ELSEWHERE)),
        sighting(20, masks=(box(5, 5, 10, 7), ELSEWHERE)),
    ],
    ids=["unsure", "absent", "nothing alike", "one candidate", "empty candidate", "grown", "shrunk"],
)
def test_no_anchor_is_made_of(seen: Sighting) -> None:
    ours = with_anchors([])
    ours.pass_frame(seen)
    assert ours.anchors == []


def test_an_anchor_needs_only_one_candidate_elsewhere() -> None:
    ours = with_anchors([])
    ours.pass_frame(sighting(20, masks=(box(5, 5, 10, 11), NEAR, ELSEWHERE)))
    assert ours.anchors == [20]


def test_specks_are_not_something_alike() -> None:
    speckled_hw = NEAR.copy()
    speckled_hw[39, 39] = True
    assert not something_alike(np.stack([HERE, speckled_hw]), 0)
    assert not something_alike(np.stack([np.zeros_like(HERE), ELSEWHERE]), 0)


def test_the_larger_box_decides() -> None:
    assert something_alike(np.stack([HERE, box(5, 5, 10, 15)]), 0), "10 of 15 rows"
    assert not something_alike(np.stack([HERE, box(5, 5, 10, 14)]), 0), "10 of 14 rows"


@pytest.mark.parametrize(
    ("keys", "most", "shown"), [(1, -1, 3), (9, -1, 3), (1, 4, 3), (2, 4, 2), (4, 4, 0), (6, 4, 0)]
)
def test_anchors_leave_key_frames_their_places(keys: int, most: int, shown: int) -> None:
    ours = with_anchors(range(11, 36))
    assert ours.shown_anchors(keys, most) == tuple(ours.anchors[len(ours.anchors) - shown :])
