"""Lines of JSON that say where an object is, as Resolve's markers and Rotomatte's macro there have them. Pure.

    {"v":1,"kind":"include","x":0.5,"y":0.5}
    {"v":1,"kind":"box","x0":0.1,"y0":0.2,"x1":0.4,"y1":0.6}

Numbers are fractions of the picture's whole width and height from its bottom-left corner, as Fusion has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional, Union

import msgspec

from rotomatte.document import decode
from rotomatte.plate.base import Window
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import BoxPrompt, PointPrompt, PromptSet


@dataclass(frozen=True)
class _Line:
    """A click or a box. ``t`` and ``obj``, its time and its object in the macro, say nothing at a marker."""

    v: Literal[1]
    kind: Literal["include", "exclude", "box"]
    x: Optional[float] = None
    y: Optional[float] = None
    x0: Optional[float] = None
    y0: Optional[float] = None
    x1: Optional[float] = None
    y1: Optional[float] = None
    t: Optional[float] = None
    obj: int = 1


def are_lines(text: str) -> bool:
    """Whether a text is such lines, by the version in its first one."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        raw = msgspec.json.decode(first)
    except msgspec.DecodeError:
        return False
    return isinstance(raw, dict) and "v" in raw


def prompts_of_lines(text: str, frame: int, display: Window, where: str) -> PromptSet:
    """The prompts of all lines, on one frame; empty lines count for nothing.

    Args:
        text: the lines.
        frame: the plate's frame.
        display: the plate's display window, which the fractions are of.
        where: what has the lines, for messages.

    Raises:
        JobError: a line makes no sense; the sentence has its number.
    """
    points: list[PointPrompt] = []
    boxes: list[BoxPrompt] = []
    for number, text_of_line in enumerate(text.splitlines(), 1):
        if text_of_line.strip():
            what = f"{where}, line {number},"
            prompt = _placed(decode(text_of_line.encode(), _Line, what), frame, display, what)
            if isinstance(prompt, BoxPrompt):
                boxes.append(prompt)
            else:
                points.append(prompt)
    return PromptSet(points=tuple(points), boxes=tuple(boxes))


def _placed(line: _Line, frame: int, display: Window, what: str) -> Union[PointPrompt, BoxPrompt]:
    width, height = display.width, display.height
    if line.kind == "box":
        x0, y0, x1, y1 = (_number(line, name, what) for name in ("x0", "y0", "x1", "y1"))
        (left, right), (bottom, top) = sorted((x0, x1)), sorted((y0, y1))
        return BoxPrompt(frame, left * width, (1 - top) * height, right * width, (1 - bottom) * height)
    x, y = (_number(line, name, what) for name in ("x", "y"))
    return PointPrompt(frame, x * width, (1 - y) * height, include=line.kind == "include")


def _number(line: _Line, name: str, what: str) -> float:
    value: Optional[float] = getattr(line, name)
    if value is None:
        raise PromptError(f"{what} has no number as {name}.", remedy="Give it, or remove that line.")
    return value
