from __future__ import annotations

import pytest

from rotomatte_hosts.panel.document import Prompt
from rotomatte_hosts.panel.gestures import Handle
from rotomatte_hosts.panel.hit import handle_at, moved
from rotomatte_hosts.panel.view_transform import ViewTransform, Xy
from rotomatte_plugin.messages import CanvasWindow
from rotomatte_plugin.model import BoxPrompt, MaskPrompt, PointPrompt, ShapePoint, ShapePrompt, StrokePrompt

VIEW = ViewTransform(2.0, (100.0, 50.0))
POINT = PointPrompt(1, 10, 10)
BOX = BoxPrompt(1, 20, 20, 60, 40)
STROKE = StrokePrompt(1, ((0, 0), (0, 10)))
CANVAS = CanvasWindow(-10, -10, 210, 110)
SHAPE = ShapePrompt(1, (ShapePoint(100, 100), ShapePoint(120, 100), ShapePoint(120, 120)))
ALL: list[tuple[str, Prompt]] = [("car", prompt) for prompt in (POINT, BOX, STROKE, SHAPE, MaskPrompt(1, "a.png"))]


@pytest.mark.parametrize(
    ("plate_xy", "handle"),
    [
        ((10, 10), Handle("car", POINT)),
        ((13, 13), Handle("car", POINT)),
        ((15, 15), None),
        ((20, 20), Handle("car", BOX, 0)),
        ((61, 19), Handle("car", BOX, 1)),
        ((20, 40), Handle("car", BOX, 2)),
        ((60, 40), Handle("car", BOX, 3)),
        ((40, 21), Handle("car", BOX)),
        ((40, 30), None),
        ((1, 6), Handle("car", STROKE)),
        ((0, 15), None),
        ((120, 119), Handle("car", SHAPE)),
        ((110, 110), None),
    ],
)
def test_what_is_under_the_mouse(plate_xy: Xy, handle: Handle | None) -> None:
    assert handle_at(ALL, VIEW.to_screen(plate_xy), VIEW) == handle


def test_of_two_in_one_place_the_upper_one() -> None:
    assert handle_at([("a", POINT), ("b", POINT)], VIEW.to_screen((10, 10)), VIEW) == Handle("b", POINT)


@pytest.mark.parametrize(
    ("corner", "after"),
    [
        (None, (25, 23, 65, 43)),
        (0, (25, 23, 60, 40)),
        (1, (20, 23, 65, 40)),
        (2, (25, 20, 60, 43)),
        (3, (20, 20, 65, 43)),
    ],
)
def test_a_box_is_dragged(corner: int | None, after: tuple[float, float, float, float]) -> None:
    assert moved(Handle("car", BOX, corner), (5, 3), CANVAS) == BoxPrompt(1, *after)


def test_a_corner_passes_the_other() -> None:
    assert moved(Handle("car", BOX, 0), (50, 0), CANVAS) == BoxPrompt(1, 60, 20, 70, 40)
    assert moved(Handle("car", BOX, 0), (40, 0), CANVAS) == BOX, "a box without an inside is none"


def test_the_others_are_dragged() -> None:
    assert moved(Handle("car", POINT), (1, -2), CANVAS) == PointPrompt(1, 11, 8)
    assert moved(Handle("car", STROKE), (1, -2), CANVAS) == StrokePrompt(1, ((1, -2), (1, 8)))
    shape = moved(Handle("car", SHAPE), (1, -2), CANVAS)
    assert isinstance(shape, ShapePrompt)
    assert [(point.x, point.y) for point in shape.points] == [(101, 98), (121, 98), (121, 118)]


@pytest.mark.parametrize(
    ("handle", "by_px", "after"),
    [
        (Handle("car", POINT), (900, -900), PointPrompt(1, 200, -10)),
        (Handle("car", STROKE), (-900, 900), StrokePrompt(1, ((-10, 90), (-10, 100)))),
        (Handle("car", BOX), (900, 900), BoxPrompt(1, 160, 80, 200, 100)),
        (Handle("car", BOX, 0), (-900, 900), BoxPrompt(1, -10, 40, 60, 100)),
        (Handle("car", BOX, 3), (-900, -900), BoxPrompt(1, -10, -10, 20, 20)),
    ],
)
def test_what_is_dragged_stays_in_the_picture(handle: Handle, by_px: Xy, after: Prompt) -> None:
    assert moved(handle, by_px, CANVAS) == after


def test_of_a_shape_a_pixel_stays_in_the_picture() -> None:
    shape = moved(Handle("car", SHAPE), (900, -900), CANVAS)
    assert isinstance(shape, ShapePrompt)
    assert [(point.x, point.y) for point in shape.points] == [(199, -29), (219, -29), (219, -9)]


def test_what_is_outside_already_may_come_in_and_goes_no_farther() -> None:
    outside = Handle("car", BoxPrompt(1, 190, 20, 260, 40))
    assert moved(outside, (5, 0), CANVAS) == outside.prompt
    assert moved(outside, (-10, 0), CANVAS) == BoxPrompt(1, 180, 20, 250, 40)
