"""Setting an object's points and box on a frame."""

from __future__ import annotations

from typing import Any

import nuke

from rotomatte_hosts.nuke.names import ObjectKnobs, switch_of
from rotomatte_plugin.errors import PromptError


def set_point(node: nuke.Node, knobs: ObjectKnobs, frame: int, x: float, y: float, *, include: bool) -> None:
    """Give an object one more point on a frame: the first that has no prompt there gets a key.

    Args:
        node: the Rotomatte node.
        knobs: of the object.
        frame: the current one, of the script.
        x: in Nuke's pixels.
        y: in Nuke's pixels, upward.
        include: whether it is on the object.

    Raises:
        PromptError: all points have a prompt on that frame.
    """
    for name, includes in knobs.points():
        knob: Any = node[name]
        is_on = bool(node[switch_of(name)].value())
        # One that is on and has no keys is a prompt on the reference frame, and stays it.
        is_free = includes == include and (not is_on or (knob.isAnimated() and not knob.isKeyAt(frame)))
        if is_free:
            if not is_on:
                knob.clearAnimated()
            set_key(knob, frame, (x, y))
            node[switch_of(name)].setValue(True)
            return
    kind = "including" if include else "excluding"
    raise PromptError(
        f"All {kind} points of the object have a key on frame {frame}.",
        remedy="Move one of them, or draw a box or a Roto shape.",
        frame=frame,
    )


def set_box(node: nuke.Node, knobs: ObjectKnobs, frame: int, box_xyrt: tuple[float, float, float, float]) -> None:
    """Set an object's box on a frame.

    Args:
        node: the Rotomatte node.
        knobs: of the object.
        frame: the current one, of the script.
        box_xyrt: its left, bottom, right and top in Nuke's pixels.
    """
    name = knobs.named("box")
    knob: Any = node[name]
    if not node[switch_of(name)].value():
        knob.clearAnimated()
    set_key(knob, frame, box_xyrt)
    node[switch_of(name)].setValue(True)


def set_key(knob: Any, frame: int, values: tuple[float, ...]) -> None:
    """Give an array knob a key on a frame of the script, and none elsewhere that it had none on."""
    was_animated = knob.isAnimated()
    knob.setAnimated()
    for index, value in enumerate(values):
        knob.setValueAt(value, frame, index)
    for time in () if was_animated else knob.getKeyList():
        # Nuke makes a key with the old value on the frame it thinks it is on.
        if round(time) != frame:
            knob.removeKeyAt(time)
