"""What an artist means with the mouse over the viewer. Pure code.

A click on a prompt takes hold of it, and dragging moves it. Elsewhere the left button says what belongs to the object,
the right one, or the left with Ctrl, what does not: a click is a point, dragging draws a box, and with the scribble a
stroke. Dragging with the middle button, or with Alt, moves the view.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, Optional, Union

from rotomatte_hosts.panel.document import Prompt

Xy = tuple[float, float]
Button = Literal["left", "middle", "right"]
Tool = Literal["point", "scribble"]

DRAG_PX = 4.0
"""How far, in screen pixels, the mouse must move before it is no click any more."""

_STROKE_STEP_PX = 3.0


@dataclass(frozen=True)
class Handle:
    """A prompt under the mouse; ``corner`` is which one of a box, from the top left in reading order, else None."""

    name: str
    prompt: Prompt
    corner: Optional[int] = None


@dataclass(frozen=True)
class Point:
    """A click, in plate pixels."""

    at_px: Xy
    include: bool


@dataclass(frozen=True)
class Box:
    """A box from corner to corner, in plate pixels; ``is_final`` once the button was let go."""

    one_px: Xy
    other_px: Xy
    is_final: bool


@dataclass(frozen=True)
class Stroke:
    """A stroke in plate pixels."""

    points_px: tuple[Xy, ...]
    include: bool
    is_final: bool


@dataclass(frozen=True)
class Select:
    """A prompt was clicked on."""

    handle: Handle


@dataclass(frozen=True)
class Move:
    """A prompt is dragged by so many plate pixels from where it was."""

    handle: Handle
    by_px: Xy
    is_final: bool


@dataclass(frozen=True)
class Pan:
    """The view moves by so many screen pixels."""

    by_screen: Xy


Meaning = Union[Point, Box, Stroke, Select, Move, Pan]


@dataclass
class _Press:
    button: Button
    include: bool
    screen_xy: Xy
    plate_xy: Xy
    handle: Optional[Handle]
    pans: bool
    last_screen_xy: Xy
    has_moved: bool = False
    stroke: list[Xy] = field(default_factory=list)


class Gestures:
    """Takes presses, moves and releases one after the other, and says what each of them means."""

    def __init__(self) -> None:
        self.tool: Tool = "point"
        self._press: Optional[_Press] = None

    @property
    def is_pressed(self) -> bool:
        """Whether a button is down."""
        return self._press is not None

    def press(
        self,
        button: Button,
        screen_xy: Xy,
        plate_xy: Xy,
        handle: Optional[Handle] = None,
        *,
        ctrl: bool = False,
        alt: bool = False,
    ) -> None:
        """A button goes down; a second one at the same time means nothing."""
        if self._press is not None:
            return
        pans = button == "middle" or alt
        taken = handle if button == "left" and not ctrl and not pans else None
        self._press = _Press(
            button, button == "left" and not ctrl, screen_xy, plate_xy, taken, pans, screen_xy, stroke=[plate_xy]
        )

    def move(self, screen_xy: Xy, plate_xy: Xy) -> Optional[Meaning]:
        """The mouse moves."""
        press = self._press
        if press is None:
            return None
        if press.pans:
            before, press.last_screen_xy = press.last_screen_xy, screen_xy
            return Pan((screen_xy[0] - before[0], screen_xy[1] - before[1]))
        press.has_moved = press.has_moved or math.dist(screen_xy, press.screen_xy) >= DRAG_PX
        if self._draws_stroke(press) and math.dist(screen_xy, press.last_screen_xy) >= _STROKE_STEP_PX:
            press.last_screen_xy = screen_xy
            press.stroke.append(plate_xy)
        return self._meaning(press, plate_xy, is_final=False) if press.has_moved else None

    def release(self, button: Button, plate_xy: Xy) -> Optional[Meaning]:
        """A button goes up."""
        press = self._press
        if press is None or press.button != button:
            return None
        self._press = None
        if press.pans:
            return None
        if press.has_moved:
            return self._meaning(press, plate_xy, is_final=True)
        return Select(press.handle) if press.handle is not None else Point(press.plate_xy, press.include)

    def cancel(self) -> None:
        """What was begun is nothing, such as after Escape."""
        self._press = None

    def _draws_stroke(self, press: _Press) -> bool:
        return self.tool == "scribble" and press.handle is None

    def _meaning(self, press: _Press, plate_xy: Xy, *, is_final: bool) -> Optional[Meaning]:
        if press.handle is not None:
            by_px = (plate_xy[0] - press.plate_xy[0], plate_xy[1] - press.plate_xy[1])
            return Move(press.handle, by_px, is_final)
        if self.tool == "scribble":
            return Stroke(tuple(press.stroke), press.include, is_final)
        # Only the inside of a box is said; SAM 2 knows no box of what is not the object.
        return Box(press.plate_xy, plate_xy, is_final) if press.include else None
