from __future__ import annotations

import pytest

from rotomatte_hosts.blender.as_prompts import (
    DrawnStroke,
    MaskPoint,
    MaskSpline,
    TrackedPoint,
    clicks,
    rows_of_splines,
    strokes,
)
from rotomatte_hosts.blender.coordinates import plate_from_view
from rotomatte_hosts.blender.frames import FrameMap
from rotomatte_hosts.blender.prompt_rows import PromptRow, point_row, stroke_row
from rotomatte_plugin.model import FrameRange, PointPrompt, PromptSet, ShapePoint, StrokePrompt

SIZE = (64, 48)
FRAMES = FrameMap(996, FrameRange(1001, 1012))
"""The clip's frame 1001 is the scene's frame 5."""


def test_markers_are_clicks_on_the_frame_on_which_they_are_seen() -> None:
    points = [
        TrackedPoint("car", 5, (0.25, 0.75)),
        TrackedPoint("car.001", 7, (0.5, 0.25)),
        TrackedPoint("car:-", 5, (0.0, 1.0)),
        TrackedPoint("dog:+", 16, (0.5, 0.5)),
    ]
    assert clicks(points, ["car"], FRAMES, SIZE) == {
        "car": PromptSet((PointPrompt(1001, 16, 12), PointPrompt(1003, 32, 36), PointPrompt(1001, 0, 0, False))),
        "dog": PromptSet((PointPrompt(1012, 32, 24),)),
    }


@pytest.mark.parametrize(
    "point",
    [
        TrackedPoint("car", 5, (0.5, 0.5), is_disabled=True),
        TrackedPoint("Track", 5, (0.5, 0.5)),
        TrackedPoint("car", 4, (0.5, 0.5)),
        TrackedPoint("car", 17, (0.5, 0.5)),
        TrackedPoint("car", 5, (1.0, 0.5)),
        TrackedPoint("car", 5, (0.5, 0.0)),
        TrackedPoint("car", 5, (-0.01, 0.5)),
        TrackedPoint("car", 5, (float("nan"), 0.5)),
    ],
    ids=repr,
)
def test_markers_that_say_nothing(point: TrackedPoint) -> None:
    assert clicks([point], ["car"], FRAMES, SIZE) == {}


def test_strokes_are_cut_to_the_picture() -> None:
    drawn = [
        DrawnStroke("car", 7, ((0.25, 0.75), (0.5, 0.5), (1.5, 0.5))),
        DrawnStroke("car:-", 7, ((0.75, 0.25),)),
        DrawnStroke("car", 7, ((1.25, 0.75),)),
        DrawnStroke("car", 40, ((0.25, 0.75),)),
        DrawnStroke("Note", 7, ((0.25, 0.75),)),
    ]
    found = strokes(drawn, ["car"], FRAMES, SIZE, lambda view_xy: plate_from_view(view_xy, SIZE))
    expected = (StrokePrompt(1003, ((16, 12), (32, 24))), StrokePrompt(1003, ((48, 36),), False))
    assert found == {"car": PromptSet(strokes=expected)}


def spline(layer: str, *corners: tuple[float, float], closed: bool = True, filled: bool = True) -> MaskSpline:
    return MaskSpline(layer, tuple(MaskPoint(corner, corner, corner) for corner in corners), closed, filled)


SQUARE = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75))
IN_PLATE = ((16.0, 40.0), (48.0, 40.0), (48.0, 8.0))


def test_splines_are_outlines_clicks_or_what_is_not_the_object() -> None:
    splines = [
        spline("area", *SQUARE),
        spline("hole", *SQUARE, filled=False),
        spline("here", (0.5, 0.5), closed=False),
        spline("not here", (0.5, 0.5), (5, 5), closed=False, filled=False),
        spline("a lone point", (0.5, 0.5)),
    ]
    rows = rows_of_splines(splines, "Mask", ["car"], "car", 1003, SIZE)
    assert rows == {
        "car": (
            PromptRow("SHAPE", 1003, tuple(ShapePoint(x, y) for x, y in IN_PLATE)),
            stroke_row(1003, (*IN_PLATE, IN_PLATE[0]), include=False),
            point_row(1003, 32, 24),
            point_row(1003, 32, 24, include=False),
            point_row(1003, 32, 24),
        )
    }


def test_handles_are_offsets_in_plate_pixels() -> None:
    bent = MaskPoint((0.5, 0.5), (0.25, 0.5), (0.5, 0.75))
    rows = rows_of_splines([MaskSpline("", (bent,) * 3, True, True)], "", [], "car", 1, SIZE)
    assert rows["car"][0].points[0] == ShapePoint(32, 24, in_dx=-16, in_dy=0, out_dx=0, out_dy=-16)


def test_a_layers_name_counts_before_the_masks() -> None:
    splines = [spline("dog", *SQUARE), spline("Layer", *SQUARE), spline("dog:-", *SQUARE)]
    rows = rows_of_splines(splines, "Car", ["car", "dog", "tree"], "tree", 1, SIZE)
    assert {name: [row.kind for row in found] for name, found in rows.items()} == {
        "dog": ["SHAPE", "STROKE"],
        "car": ["SHAPE"],
    }


def test_what_lies_outside_altogether_is_no_prompt() -> None:
    far = [(x + 5, y) for x, y in SQUARE]
    assert rows_of_splines([spline("", *far, filled=False)], "", [], "car", 1, SIZE) == {"car": ()}


def test_of_a_line_that_leaves_the_picture_each_part_in_it_is_one() -> None:
    drawn = DrawnStroke("car:-", 7, ((20, 40), (40, 40), (40, 50), (60, 50), (60, 40)))
    found = strokes([drawn], ["car"], FRAMES, SIZE, lambda at_xy: at_xy)
    first, second = found["car"].strokes
    assert (first.points_xy, second.points_xy) == (((20, 40), (40, 40)), ((60, 40),))
