"""Prompts: what an artist says of an object on a frame."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

from rotomatte_plugin.errors import PromptError


@dataclass(frozen=True)
class PointPrompt:
    """A click: this pixel belongs to the object (``include``) or does not."""

    frame: int
    x: float
    y: float
    include: bool = True

    def __post_init__(self) -> None:
        _require_finite(self.frame, "point", self.x, self.y)


@dataclass(frozen=True)
class BoxPrompt:
    """A box around the object, from its top-left to its bottom-right corner."""

    frame: int
    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        _require_finite(self.frame, "box", self.x0, self.y0, self.x1, self.y1)
        if self.x1 <= self.x0 or self.y1 <= self.y0:
            raise PromptError(
                f"The box {self.x0:g},{self.y0:g},{self.x1:g},{self.y1:g} on frame {self.frame} is inverted or empty.",
                remedy="Give the top-left corner first, then the bottom-right one: X0,Y0,X1,Y1.",
                frame=self.frame,
            )


@dataclass(frozen=True)
class MaskPrompt:
    """An image of the plate's size whose alpha, or else first channel, is the object's matte on that frame."""

    frame: int
    path: str


@dataclass(frozen=True)
class ShapePoint:
    """A control point of an outline; tangents are offsets from the point, zero for a corner."""

    x: float
    y: float
    in_dx: float = 0.0
    in_dy: float = 0.0
    out_dx: float = 0.0
    out_dy: float = 0.0


@dataclass(frozen=True)
class ShapePrompt:
    """A closed outline, polygon or cubic Bezier, whose inside is the object's matte on that frame."""

    frame: int
    points: tuple[ShapePoint, ...]

    def __post_init__(self) -> None:
        if len(self.points) < 3:
            raise PromptError(
                f"The shape on frame {self.frame} has {len(self.points)} point(s).",
                remedy="Give a closed shape of at least three points.",
                frame=self.frame,
            )
        for point in self.points:
            _require_finite(self.frame, "shape", point.x, point.y, point.in_dx, point.in_dy, point.out_dx, point.out_dy)


@dataclass(frozen=True)
class StrokePrompt:
    """A painted stroke through the object (``include``) or through what is not the object."""

    frame: int
    points_xy: tuple[tuple[float, float], ...]
    include: bool = True

    def __post_init__(self) -> None:
        if not self.points_xy:
            raise PromptError(
                f"The stroke on frame {self.frame} has no points.",
                remedy="Remove it or draw it again.",
                frame=self.frame,
            )
        for point_xy in self.points_xy:
            _require_finite(self.frame, "stroke", *point_xy)


@dataclass(frozen=True)
class TextPrompt:
    """Words that name the object on that frame."""

    frame: int
    text: str


@dataclass(frozen=True)
class PromptSet:
    """All that an artist said about one object, by kind; each prompt knows its frame."""

    points: tuple[PointPrompt, ...] = ()
    boxes: tuple[BoxPrompt, ...] = ()
    masks: tuple[MaskPrompt, ...] = ()
    shapes: tuple[ShapePrompt, ...] = ()
    strokes: tuple[StrokePrompt, ...] = ()
    texts: tuple[TextPrompt, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, kind.name) for kind in fields(self))

    def prompt_frames(self) -> tuple[int, ...]:
        """The key frames: every frame that carries a prompt, ascending."""
        return tuple(sorted({prompt.frame for kind in fields(self) for prompt in getattr(self, kind.name)}))

    def at(self, frame: int) -> PromptSet:
        """The prompts of one frame only."""
        kept = {
            kind.name: tuple(prompt for prompt in getattr(self, kind.name) if prompt.frame == frame)
            for kind in fields(self)
        }
        return replace(self, **kept)


def _require_finite(frame: int, kind: str, *values: float) -> None:
    if not all(math.isfinite(value) for value in values):
        raise PromptError(
            f"A {kind} on frame {frame} has a coordinate that is not a number.",
            remedy="Give coordinates in plate pixels, such as 960,540.",
            frame=frame,
        )
