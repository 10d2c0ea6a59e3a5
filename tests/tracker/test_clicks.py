from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rotomatte.tracker.clicks import CLICKS_A_CALL, local_correction, portions


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


def blobs(*columns: int) -> NDArray[np.float32]:
    """Logits of blobs four cells wide, each at its column."""
    logits_hw = np.full((16, 32), -6, np.float32)
    for column in columns:
        logits_hw[4:8, column : column + 4] = 6
    return logits_hw


def at(column: int) -> list[float]:
    return [(column + 0.5) / 32, 5.5 / 16]


def corrected(hint: NDArray[np.float32], answer: NDArray[np.float32], *clicks: tuple[int, bool]) -> NDArray[np.bool_]:
    points = np.array([at(column) for column, _ in clicks], np.float32)
    return local_correction(hint, answer, points, np.array([include for _, include in clicks])) > 0


def test_a_correction_changes_what_is_connected_with_its_click() -> None:
    assert np.array_equal(corrected(blobs(2, 12), blobs(12, 22), (3, False)), blobs(12) > 0)
    assert np.array_equal(corrected(blobs(2, 12), blobs(12, 22), (23, True)), blobs(2, 12, 22) > 0)
    assert np.array_equal(corrected(blobs(2, 12), blobs(12, 22), (3, False), (23, True)), blobs(12, 22) > 0)


def test_what_was_clicked_is_never_contradicted() -> None:
    hint = blobs(2, 12)
    kept = corrected(hint, hint, (13, False), (25, True))
    assert not kept[5, 13]
    assert kept[5, 25]
    assert np.array_equal(kept[:, :10], hint[:, :10] > 0)
    assert (kept != (hint > 0)).sum() <= 2 * 25


def test_an_include_takes_nothing_away_and_an_exclude_adds_nothing() -> None:
    hint, answer = blobs(2), blobs(12)
    assert np.array_equal(corrected(hint, answer, (3, True)), hint > 0)
    assert np.array_equal(corrected(hint, answer, (13, False)), hint > 0)
