"""What the mouse and the keyboard mean while the tool is on. Pure code.

A press and a release in one place are a click, one with Shift on what is not the object; a press that moves away draws a
box. Escape lets go of a box that is being drawn, and else ends the tool.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Optional, Union

Xy = tuple[float, float]

DRAG_PX = 6.0
"""How far the mouse moves before a press is no click any more, on a screen without scaling; a hand is never still."""

_DIGITS = {
    name: number
    for number, word in enumerate(("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"))
    for name in (word, f"NUMPAD_{number}")
}


@dataclass(frozen=True)
class Event:
    """An event in Blender's words; ``at_px`` is in the region, from its bottom left, ``None`` where it is elsewhere."""

    type: str
    value: str
    at_px: Optional[Xy]
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    oskey: bool = False


@dataclass(frozen=True)
class Click:
    """The object is here (``include``), or is not."""

    at_px: Xy
    include: bool


@dataclass(frozen=True)
class Box:
    """The object is between these corners."""

    one_px: Xy
    other_px: Xy


@dataclass(frozen=True)
class Choose:
    """The object with this number is meant from now on."""

    number: int


Meaning = Union[Click, Box, Choose, Literal["remove last", "drag", "swallow", "pass", "end"]]
"""What to do: "drag": draw the box that grows, or none any more; "pass": the event is Blender's."""


@dataclass
class Gestures:
    """Follows the events; ``drag_px`` is the threshold on this screen."""

    drag_px: float = DRAG_PX
    _pressed: Optional[Xy] = None
    _shift: bool = False
    _box: Optional[tuple[Xy, Xy]] = field(default=None)

    @property
    def is_pressed(self) -> bool:
        """Whether the button is down: what the mouse does then belongs to where it was pressed."""
        return self._pressed is not None

    @property
    def box(self) -> Optional[tuple[Xy, Xy]]:
        """Two corners of the box that is being drawn."""
        return self._box

    def take(self, event: Event) -> Meaning:
        """What an event means."""
        if event.type == "LEFTMOUSE":
            return self._button(event)
        if event.type in {"MOUSEMOVE", "INBETWEEN_MOUSEMOVE"}:
            return self._move(event)
        if event.value != "PRESS":
            return "pass"
        if event.type == "ESC":
            return self._escape()
        return self._key(event)

    def _button(self, event: Event) -> Meaning:
        if event.value == "PRESS":
            if event.at_px is None or event.ctrl or event.alt or event.oskey:
                return "pass"
            self._pressed, self._shift = event.at_px, event.shift
            return "swallow"
        if event.value != "RELEASE" or self._pressed is None:
            return "pass"
        pressed, box = self._pressed, self._box
        self._pressed = self._box = None
        return Click(pressed, not self._shift) if box is None else Box(*box)

    def _move(self, event: Event) -> Meaning:
        if self._pressed is None or event.at_px is None:
            return "pass"
        (x, y), (x0, y0) = event.at_px, self._pressed
        if self._box is None and max(abs(x - x0), abs(y - y0)) < self.drag_px:
            return "swallow"
        self._box = (self._pressed, event.at_px)
        return "drag"

    def _escape(self) -> Meaning:
        if self._pressed is None:
            return "end"
        self._pressed = self._box = None
        return "drag"

    def _key(self, event: Event) -> Meaning:
        if event.at_px is None:
            return "pass"
        if event.type == "Z" and (event.ctrl or event.oskey) and not event.shift and not event.alt:
            return "remove last"
        if event.type in _DIGITS and not (event.shift or event.ctrl or event.alt or event.oskey):
            return Choose(_DIGITS[event.type])
        return "pass"
