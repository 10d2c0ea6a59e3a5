from __future__ import annotations

import pytest

from rotomatte_hosts.blender.gestures import Box, Choose, Click, Event, Gestures, Meaning


def press(x: float = 50, y: float = 40, **keys: bool) -> Event:
    return Event("LEFTMOUSE", "PRESS", (x, y), **keys)


def move(x: float, y: float) -> Event:
    return Event("MOUSEMOVE", "NOTHING", (x, y))


def release(x: float = 50, y: float = 40) -> Event:
    return Event("LEFTMOUSE", "RELEASE", (x, y))


def key(name: str, **keys: bool) -> Event:
    return Event(name, "PRESS", (1, 1), **keys)


def meanings(*events: Event) -> list[Meaning]:
    gestures = Gestures()
    return [gestures.take(event) for event in events]


def test_a_click_includes_and_one_with_shift_does_not() -> None:
    assert meanings(press(), release()) == ["swallow", Click((50, 40), True)]
    assert meanings(press(shift=True), release()) == ["swallow", Click((50, 40), False)]


def test_a_hand_that_trembles_still_clicks_where_it_pressed() -> None:
    assert meanings(press(), move(53, 44), release(53, 44))[-1] == Click((50, 40), True)


def test_a_drag_draws_a_box_that_grows_and_may_shrink_again() -> None:
    gestures = Gestures()
    assert gestures.take(press()) == "swallow"
    assert gestures.take(move(56, 40)) == "drag"
    assert gestures.box == ((50, 40), (56, 40))
    assert gestures.take(move(51, 41)) == "drag", "once a box, always a box"
    assert gestures.take(release(90, 10)) == Box((50, 40), (51, 41))
    assert gestures.box is None
    assert not gestures.is_pressed


def test_the_threshold_grows_with_the_screen() -> None:
    gestures = Gestures(drag_px=12)
    gestures.take(press())
    assert gestures.take(move(60, 40)) == "swallow"
    assert gestures.take(move(62, 40)) == "drag"


def test_escape_lets_go_of_the_box_first() -> None:
    gestures = Gestures()
    gestures.take(press())
    gestures.take(move(90, 90))
    assert gestures.take(key("ESC")) == "drag"
    assert gestures.box is None
    assert gestures.take(release(90, 90)) == "pass"
    assert gestures.take(key("ESC")) == "end"


def test_numbers_choose_objects() -> None:
    assert meanings(key("ZERO"), key("SEVEN"), key("NUMPAD_3")) == [Choose(0), Choose(7), Choose(3)]


def test_undo_is_the_last_prompts() -> None:
    assert meanings(key("Z", ctrl=True), key("Z", oskey=True)) == ["remove last", "remove last"]


@pytest.mark.parametrize(
    "event",
    [
        move(5, 5),
        release(),
        key("Z"),
        key("Z", ctrl=True, shift=True),
        key("SEVEN", ctrl=True),
        key("RIGHT_ARROW"),
        press(ctrl=True),
        press(alt=True),
        Event("LEFTMOUSE", "PRESS", None),
        Event("SEVEN", "PRESS", None),
        Event("SEVEN", "RELEASE", (1, 1)),
        Event("ESC", "RELEASE", (1, 1)),
        Event("MIDDLEMOUSE", "PRESS", (1, 1)),
        Event("TIMER", "NOTHING", (1, 1)),
    ],
    ids=lambda event: f"{event.type} {event.value} {event.at_px}",
)
def test_everything_else_is_blenders(event: Event) -> None:
    assert meanings(event) == ["pass"]
