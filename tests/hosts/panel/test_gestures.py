from __future__ import annotations

from rotomatte_hosts.panel.gestures import (
    Box,
    Button,
    Gestures,
    Handle,
    Meaning,
    Move,
    Pan,
    Point,
    Select,
    Stroke,
    Xy,
)
from rotomatte_plugin.model import PointPrompt

CLICKED = Handle("car", PointPrompt(3, 10, 10))


def dragged(
    gestures: Gestures,
    path: list[Xy],
    button: Button = "left",
    handle: Handle | None = None,
    *,
    ctrl: bool = False,
    alt: bool = False,
) -> list[Meaning | None]:
    """Screen and plate have the same coordinates here, but for an offset of 100 pixels."""
    plate = [(x - 100, y - 100) for x, y in path]
    gestures.press(button, path[0], plate[0], handle, ctrl=ctrl, alt=alt)
    meant = [gestures.move(*places) for places in zip(path[1:], plate[1:], strict=True)]
    return [*meant, gestures.release(button, plate[-1])]


def test_clicks() -> None:
    at = [(110.0, 120.0), (111.0, 121.0)]
    assert dragged(Gestures(), at) == [None, Point((10, 20), include=True)]
    assert dragged(Gestures(), at, ctrl=True) == [None, Point((10, 20), include=False)]
    assert dragged(Gestures(), at, "right") == [None, Point((10, 20), include=False)]


def test_a_box() -> None:
    path = [(110.0, 120.0), (150.0, 160.0), (170.0, 180.0)]
    assert dragged(Gestures(), path) == [
        Box((10, 20), (50, 60), is_final=False),
        Box((10, 20), (70, 80), is_final=False),
        Box((10, 20), (70, 80), is_final=True),
    ]


def test_no_box_around_what_is_not_the_object() -> None:
    assert dragged(Gestures(), [(0.0, 0.0), (50.0, 50.0)], "right") == [None, None]


def test_a_drag_that_comes_back_is_no_click() -> None:
    meant = dragged(Gestures(), [(110.0, 120.0), (150.0, 160.0), (110.0, 120.0)])
    assert meant[-1] == Box((10, 20), (10, 20), is_final=True)


def test_a_scribble() -> None:
    gestures = Gestures()
    gestures.tool = "scribble"
    meant = dragged(gestures, [(100.0, 100.0), (105.0, 100.0), (106.0, 100.0), (112.0, 100.0)], "right")
    assert meant[-1] == Stroke(((0, 0), (5, 0), (12, 0)), include=False, is_final=True)
    assert meant[0] == Stroke(((0, 0), (5, 0)), include=False, is_final=False)


def test_a_prompt_is_taken_hold_of() -> None:
    assert dragged(Gestures(), [(110.0, 110.0)], handle=CLICKED) == [Select(CLICKED)]
    assert dragged(Gestures(), [(110.0, 110.0), (115.0, 107.0)], handle=CLICKED) == [
        Move(CLICKED, (5, -3), is_final=False),
        Move(CLICKED, (5, -3), is_final=True),
    ]


def test_what_is_not_the_object_may_be_right_beside_a_prompt() -> None:
    assert dragged(Gestures(), [(110.0, 110.0)], "right", CLICKED) == [Point((10, 10), include=False)]
    assert dragged(Gestures(), [(110.0, 110.0)], handle=CLICKED, ctrl=True) == [Point((10, 10), include=False)]


def test_panning() -> None:
    path = [(110.0, 110.0), (115.0, 107.0), (116.0, 107.0)]
    for meant in (dragged(Gestures(), path, "middle"), dragged(Gestures(), path, alt=True, handle=CLICKED)):
        assert meant == [Pan((5, -3)), Pan((1, 0)), None]


def test_one_button_at_a_time() -> None:
    gestures = Gestures()
    gestures.press("left", (0, 0), (0, 0))
    gestures.press("right", (9, 9), (9, 9))
    assert gestures.release("right", (9, 9)) is None
    assert gestures.release("left", (0, 0)) == Point((0, 0), include=True)


def test_escape_lets_go() -> None:
    gestures = Gestures()
    gestures.press("left", (0, 0), (0, 0))
    gestures.cancel()
    assert gestures.move((50, 50), (50, 50)) is None
    assert gestures.release("left", (50, 50)) is None
