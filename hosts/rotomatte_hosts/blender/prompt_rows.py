"""Prompts as rows of one shape, the way a .blend file keeps them, and as the model's words. Pure code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import (
    BoxPrompt,
    MaskPrompt,
    MatteObject,
    PointPrompt,
    PromptSet,
    ShapePoint,
    ShapePrompt,
    StrokePrompt,
)

RowKind = Literal["POINT", "BOX", "SHAPE", "STROKE", "MASK"]


@dataclass(frozen=True)
class PromptRow:
    """One prompt of an object on a frame of the clip.

    ``points`` are in plate pixels: one of a point, the top-left and the bottom-right corner of a box, the control points
    of a shape, those along a stroke. Only a shape's have tangents. Boxes, shapes and masks always include. A mask has no
    points, and ``path`` is the full path of its picture.
    """

    kind: RowKind
    frame: int
    points: tuple[ShapePoint, ...]
    include: bool = True
    path: str = ""


def point_row(frame: int, x: float, y: float, *, include: bool = True) -> PromptRow:
    """A click."""
    return PromptRow("POINT", frame, (ShapePoint(x, y),), include)


def box_row(frame: int, one_xy: tuple[float, float], other_xy: tuple[float, float]) -> PromptRow:
    """A box between two opposite corners, whichever they are."""
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(one_xy, other_xy))
    return PromptRow("BOX", frame, (ShapePoint(left, top), ShapePoint(right, bottom)))


def stroke_row(frame: int, points_xy: Iterable[tuple[float, float]], *, include: bool = True) -> PromptRow:
    """A stroke."""
    return PromptRow("STROKE", frame, tuple(ShapePoint(x, y) for x, y in points_xy), include)


def mask_row(frame: int, path: str) -> PromptRow:
    """A picture of the plate's size that is the object's matte."""
    return PromptRow("MASK", frame, (), path=path)


def rows_of_object(item: MatteObject) -> tuple[PromptRow, ...]:
    """An object's prompts as rows: the inverse of ``prompt_set``.

    Raises:
        PromptError: it has words for prompts, which a row cannot be.
    """
    if item.prompts.texts:
        raise PromptError(
            f"{item.name} has words for prompts, which Blender does not keep.",
            remedy="Find the object by these words, and take what is found.",
            frame=item.prompts.texts[0].frame,
        )
    return tuple(_rows_of(item.prompts))


def prompt_set(rows: Iterable[PromptRow]) -> PromptSet:
    """The rows of one object as prompts, in their order.

    Raises:
        PromptError: a row does not describe a prompt.
    """
    points: list[PointPrompt] = []
    boxes: list[BoxPrompt] = []
    shapes: list[ShapePrompt] = []
    strokes: list[StrokePrompt] = []
    masks: list[MaskPrompt] = []
    for row in rows:
        if row.kind == "SHAPE":
            shapes.append(ShapePrompt(row.frame, row.points))
        elif row.kind == "STROKE":
            strokes.append(StrokePrompt(row.frame, tuple((point.x, point.y) for point in row.points), row.include))
        elif row.kind == "MASK":
            masks.append(MaskPrompt(row.frame, row.path))
        elif row.kind == "BOX":
            corner, opposite = row.points
            boxes.append(BoxPrompt(row.frame, corner.x, corner.y, opposite.x, opposite.y))
        else:
            (point,) = row.points
            points.append(PointPrompt(row.frame, point.x, point.y, row.include))
    return PromptSet(tuple(points), tuple(boxes), tuple(masks), shapes=tuple(shapes), strokes=tuple(strokes))


def add(one: PromptSet, other: PromptSet) -> PromptSet:
    """All prompts of both."""
    return PromptSet(
        one.points + other.points,
        one.boxes + other.boxes,
        one.masks + other.masks,
        one.shapes + other.shapes,
        one.strokes + other.strokes,
        one.texts + other.texts,
    )


def describe(row: PromptRow) -> str:
    """What a list says of it, beside its frame and its kind."""
    if row.kind == "POINT":
        return f"{row.points[0].x:.0f}, {row.points[0].y:.0f}"
    if row.kind == "BOX":
        corner, opposite = row.points
        return f"{opposite.x - corner.x:.0f} x {opposite.y - corner.y:.0f}"
    if row.kind == "MASK":
        return Path(row.path).name
    return f"{len(row.points)} points"


def _rows_of(prompts: PromptSet) -> Iterator[PromptRow]:
    for point in prompts.points:
        yield point_row(point.frame, point.x, point.y, include=point.include)
    for box in prompts.boxes:
        yield box_row(box.frame, (box.x0, box.y0), (box.x1, box.y1))
    for mask in prompts.masks:
        yield mask_row(mask.frame, mask.path)
    for shape in prompts.shapes:
        yield PromptRow("SHAPE", shape.frame, shape.points)
    for stroke in prompts.strokes:
        yield stroke_row(stroke.frame, stroke.points_xy, include=stroke.include)
