from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from rotomatte.tracker.clicks import CLICKS_A_CALL, portions


@given(st.lists(st.booleans(), max_size=40))
def test_every_click_is_in_one_call_and_no_call_is_large(include: list[bool]) -> None:
    calls = portions(np.array(include, np.bool_))
    assert sorted(place for call in calls for place in call) == list(range(len(include)))
    assert len(calls) >= 1
    assert all(len(call) <= CLICKS_A_CALL for call in calls)
    assert all(len(call) == CLICKS_A_CALL for call in calls[:-1])


@given(st.lists(st.booleans(), max_size=40))
@example([False] * 9 + [True, False])
def test_the_artists_order_is_kept_but_for_a_first_include(include: list[bool]) -> None:
    calls = portions(np.array(include, np.bool_))
    order = [int(place) for call in calls for place in call]
    if any(include):
        assert any(include[place] for place in calls[0])
    if not any(include) or any(include[:CLICKS_A_CALL]):
        assert order == list(range(len(include)))
    else:
        assert order == [include.index(True), *(place for place in range(len(include)) if place != include.index(True))]


def test_another_click_leaves_the_earlier_calls_as_they_were() -> None:
    before = portions(np.ones(16, np.bool_))
    after = portions(np.ones(17, np.bool_))
    assert [call.tolist() for call in after[:-1]] == [call.tolist() for call in before]
