"""What an artist has drawn with Blender's own tools, as prompts. Pure code.

A track, layer or mask ``car`` is about the object of that name, if the clip has one; ``car:+`` and ``car:-`` (what is not
the car) are about it in any case. What lies outside the picture, or on frames that the clip does not have, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rotomatte_hosts.blender.coordinates import SizePx, Xy, plate_from_mask, plate_from_view
from rotomatte_hosts.blender.frames import FrameMap
from rotomatte_hosts.blender.naming import object_of_label
from rotomatte_hosts.blender.prompt_rows import PromptRow, point_row, stroke_row
from rotomatte_plugin.in_picture import is_inside, parts_inside
from rotomatte_plugin.model import PointPrompt, PromptSet, ShapePoint, StrokePrompt

_CORNER = (0.0, 0.0)


@dataclass(frozen=True)
class TrackedPoint:
    """A marker of a track: ``host_frame`` is the scene's, ``view_xy`` 0 to 1 from the bottom left.

    Disabled ones say nothing: tracking sets one itself where it fails.
    """

    track: str
    host_frame: int
    view_xy: Xy
    is_disabled: bool = False


@dataclass(frozen=True)
class DrawnStroke:
    """A stroke of a layer; ``points_xy`` are in the editor's own coordinates, ``host_frame`` is the scene's."""

    layer: str
    host_frame: int
    points_xy: tuple[Xy, ...]


@dataclass(frozen=True)
class MaskPoint:
    """A control point and the ends of its handles, all in mask coordinates; a corner's handles end in the point."""

    at_xy: Xy
    in_xy: Xy
    out_xy: Xy


@dataclass(frozen=True)
class MaskSpline:
    """A spline as it is on one frame, with its layer's name."""

    layer: str
    points: tuple[MaskPoint, ...]
    is_closed: bool
    is_filled: bool


def clicks(
    points: Iterable[TrackedPoint], known: Collection[str], frames: FrameMap, size_px: SizePx
) -> Mapping[str, PromptSet]:
    """Markers as clicks, by object, in plate pixels and the clip's numbering."""
    found: dict[str, list[PointPrompt]] = {}
    for point in points:
        about = object_of_label(point.track, known)
        frame = point.host_frame + frames.offset
        at_xy = plate_from_view(point.view_xy, size_px)
        is_there = is_inside(at_xy, _CORNER, size_px)
        if about is not None and frame in frames.frames and is_there and not point.is_disabled:
            name, include = about
            found.setdefault(name, []).append(PointPrompt(frame, *at_xy, include))
    return {name: PromptSet(points=tuple(prompts)) for name, prompts in found.items()}


def strokes(
    drawn: Iterable[DrawnStroke],
    known: Collection[str],
    frames: FrameMap,
    size_px: SizePx,
    to_plate: Callable[[Xy], Xy],
) -> Mapping[str, PromptSet]:
    """Strokes by object, in plate pixels and the clip's numbering; ``to_plate`` leads there from the editor.

    A stroke counts on the frame that it was drawn on, and not on those after it, on which Blender still shows it.
    """
    found: dict[str, list[StrokePrompt]] = {}
    for stroke in drawn:
        about = object_of_label(stroke.layer, known)
        frame = stroke.host_frame + frames.offset
        parts = parts_inside(map(to_plate, stroke.points_xy), _CORNER, size_px)
        if about is not None and frame in frames.frames and parts:
            name, include = about
            found.setdefault(name, []).extend(StrokePrompt(frame, part, include) for part in parts)
    return {name: PromptSet(strokes=tuple(prompts)) for name, prompts in found.items()}


def rows_of_splines(
    splines: Iterable[MaskSpline],
    mask_name: str,
    known: Collection[str],
    otherwise: str,
    frame: int,
    size_px: SizePx,
) -> Mapping[str, tuple[PromptRow, ...]]:
    """A mask's splines as rows, by object: the one that the layer is called like, else the mask, else ``otherwise``.

    A closed spline is the object's outline, and the points of an open one are clicks. What is not filled says what is
    not the object: a closed one becomes a stroke along it.
    """
    rows: dict[str, list[PromptRow]] = {}
    for spline in splines:
        about = object_of_label(spline.layer, known) or object_of_label(mask_name, known) or (otherwise, True)
        name, include = about
        rows.setdefault(name, []).extend(_rows(spline, frame, size_px, include=include and spline.is_filled))
    return {name: tuple(found) for name, found in rows.items()}


def _rows(spline: MaskSpline, frame: int, size_px: SizePx, *, include: bool) -> Iterator[PromptRow]:
    corners = [plate_from_mask(point.at_xy, size_px) for point in spline.points]
    is_area = spline.is_closed and len(corners) >= 3
    if is_area and include:
        yield PromptRow("SHAPE", frame, tuple(_control_point(point, size_px) for point in spline.points))
    elif is_area:
        for part in parts_inside([*corners, corners[0]], _CORNER, size_px):
            yield stroke_row(frame, part, include=False)
    else:
        for x, y in corners:
            if is_inside((x, y), _CORNER, size_px):
                yield point_row(frame, x, y, include=include)


def _control_point(point: MaskPoint, size_px: SizePx) -> ShapePoint:
    (x, y), (in_x, in_y), (out_x, out_y) = (
        plate_from_mask(xy, size_px) for xy in (point.at_xy, point.in_xy, point.out_xy)
    )
    return ShapePoint(x, y, in_x - x, in_y - y, out_x - x, out_y - y)
