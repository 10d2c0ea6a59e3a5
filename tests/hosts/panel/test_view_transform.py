from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte_hosts.panel.view_transform import LEAST_ZOOM, MOST_ZOOM, ViewTransform, at_zoom, fitted

places = st.floats(-5000, 5000)
views = st.builds(
    ViewTransform, st.floats(LEAST_ZOOM, MOST_ZOOM), st.tuples(places, places), st.sampled_from([0.5, 1.0, 2.0])
)


@given(views, st.tuples(places, places))
def test_there_and_back(view: ViewTransform, plate_xy: tuple[float, float]) -> None:
    assert view.to_plate(view.to_screen(plate_xy)) == pytest.approx(plate_xy, abs=1e-6)


@given(views, st.floats(0.1, 10), st.tuples(st.floats(0, 2000), st.floats(0, 2000)))
def test_zooming_keeps_what_is_under_the_mouse(view: ViewTransform, factor: float, at_xy: tuple[float, float]) -> None:
    before = view.to_plate(at_xy)
    zoomed = view.zoomed(factor, at_xy)
    assert zoomed.to_plate(at_xy) == pytest.approx(before, rel=1e-6, abs=1e-4)
    assert LEAST_ZOOM <= zoomed.zoom <= MOST_ZOOM


def test_a_squeezed_plate_fits_at_its_true_width() -> None:
    view = fitted((1000, 500), (1000, 500), 2.0)
    assert view.zoom == 0.5
    assert view.to_screen((0, 0)) == (0, 125)
    assert view.to_screen((1000, 500)) == (1000, 375)


def test_pixel_by_pixel_in_the_middle() -> None:
    view = at_zoom(1, (200, 100), (100, 50), 1.0)
    assert view.to_screen((50, 25)) == (100, 50)
    assert view.to_screen((51, 25)) == (101, 50)
