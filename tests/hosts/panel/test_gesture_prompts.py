from __future__ import annotations

from rotomatte_hosts.panel.gesture_prompts import prompts_made
from rotomatte_hosts.panel.gestures import Box, Point, Stroke
from rotomatte_plugin.messages import CanvasWindow
from rotomatte_plugin.model import BoxPrompt, PointPrompt, StrokePrompt

CANVAS = CanvasWindow(-10, 0, 110, 50)


def test_a_click_beside_the_picture_is_none() -> None:
    assert prompts_made(Point((-5, 3), include=False), 7, CANVAS) == (PointPrompt(7, -5, 3, include=False),)
    assert prompts_made(Point((-11, 3), include=True), 7, CANVAS) == ()
    assert prompts_made(Point((5, 50), include=True), 7, CANVAS) == ()


def test_a_box_is_cut_to_the_picture() -> None:
    assert prompts_made(Box((120, 60), (50, 20), is_final=True), 7, CANVAS) == (BoxPrompt(7, 50, 20, 100, 50),)
    assert prompts_made(Box((110, 60), (150, 20), is_final=True), 7, CANVAS) == ()


def test_of_a_stroke_each_part_in_the_picture_is_one() -> None:
    drawn = Stroke(((-20, 5), (0, 5), (10, 5), (10, 60), (30, 60), (30, 40)), include=False, is_final=True)
    assert prompts_made(drawn, 7, CANVAS) == (
        StrokePrompt(7, ((0, 5), (10, 5)), include=False),
        StrokePrompt(7, ((30, 40),), include=False),
    )
    assert prompts_made(Stroke(((10, 60), (30, 60)), include=True, is_final=True), 7, CANVAS) == ()
