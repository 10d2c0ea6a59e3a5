from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte.mattes.edges.tiles import Tile, in_tiles, tiles
from rotomatte.plate.base import FloatArray


@settings(deadline=None)
@given(
    st.integers(1, 90),
    st.integers(1, 90),
    st.integers(8, 40),
    st.integers(1, 12),
    st.lists(st.tuples(st.integers(0, 89), st.integers(0, 89)), max_size=9),
)
def test_every_unknown_pixel_gets_what_was_found_for_it(
    height: int, width: int, side_px: int, overlap_px: int, places: list[tuple[int, int]]
) -> None:
    unknown_hw = np.zeros((height, width), np.bool_)
    for row, column in places:
        unknown_hw[row % height, column % width] = True
    truth_hwc = np.random.default_rng(1).random((height, width, 2), np.float32)
    found_hwc = in_tiles(unknown_hw, 2, side_px, overlap_px, lambda tile: truth_hwc[tile.place])
    np.testing.assert_allclose(found_hwc[unknown_hw], truth_hwc[unknown_hw], atol=1e-5)


def test_tiles_lie_where_something_is_unknown_and_stay_in_the_frame() -> None:
    unknown_hw = np.zeros((100, 130), np.bool_)
    unknown_hw[5, 5] = unknown_hw[70, 129] = True
    assert list(tiles(unknown_hw, 50, 8)) == [Tile(0, 0, 58, 58), Tile(92, 42, 130, 100)]
    assert list(tiles(np.zeros((40, 40), np.bool_), 50, 8)) == []


def test_tiles_that_disagree_are_faded_into_each_other() -> None:
    answers = iter([0.0, 1.0])

    def solve(tile: Tile) -> FloatArray:
        return np.full((tile.bottom - tile.top, tile.right - tile.left, 1), next(answers), np.float32)

    found_hw = in_tiles(np.ones((20, 80), np.bool_), 1, 40, 10, solve)[..., 0]
    row = found_hw[10]
    assert (row[:30] == 0).all()
    assert (row[50:] == 1).all()
    np.testing.assert_allclose(np.diff(row[30:50]), 1 / 20, atol=1e-4)
