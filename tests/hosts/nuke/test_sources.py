"""Prompts from a Roto, a Tracker and files of masks."""

from __future__ import annotations

from typing import Any

import nuke
import pytest
from nuke import rotopaint as rp
from tests.hosts.nuke import fake
from tests.hosts.nuke.fake import plates as fake_plates
from tests.hosts.nuke.scene import CAR, HEIGHT_PX, plate, rotomatte_node

from rotomatte_hosts.nuke import from_roto, from_tracker
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.from_alpha import masks_of, with_mask
from rotomatte_hosts.nuke.knobs import Shown, objects_of
from rotomatte_hosts.nuke.sources import connected
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import FrameRange, MaskPrompt, PointPrompt, ShapePoint

SHOWN = Shown(FrameMap(FrameRange(1, 10), shift=-1000), HEIGHT_PX)
CORNERS = ((10.0, 20.0), (30.0, 20.0), (30.0, 60.0))


@pytest.fixture
def node() -> Any:
    fake.new_script("17.1v1")
    return rotomatte_node(plate())


def roto(*, keys: tuple[int, ...] = ()) -> tuple[Any, Any]:
    """A Roto node with the triangle ``CORNERS``, which moves 1 px to the right a frame between keys."""
    made: Any = nuke.nodes.Roto()
    curves = made["curves"]
    shape: Any = rp.Shape(curves)
    for x, y in CORNERS:
        point = rp.ShapeControlPoint(x, y)
        for frame in keys:
            point.center.addPositionKey(frame, (x + frame - 1001, y))
        shape.append(point)
    shape.name = "Bezier1"
    curves.rootLayer.append(shape)
    return made, shape


def shapes(node: Any, source: str) -> Any:
    node[CAR.named("roto")].setValue(source)
    return objects_of(node, SHOWN)[0].prompts.shapes


def test_every_key_of_a_shape_is_a_prompt(node: Any) -> None:
    roto(keys=(1001, 1004))
    first, second = shapes(node, "Roto1")
    assert (first.frame, second.frame) == (1, 4)
    assert [(point.x, point.y) for point in first.points] == [(10, 70), (30, 70), (30, 30)]
    assert [(point.x, point.y) for point in second.points] == [(13, 70), (33, 70), (33, 30)]


def test_a_shape_without_keys_is_one_on_the_reference_frame(node: Any) -> None:
    node["reference_frame"].setValue(1006)
    roto()
    assert [shape.frame for shape in shapes(node, "Roto1")] == [6]


def test_an_invisible_shape_is_no_prompt(node: Any) -> None:
    _, shape = roto(keys=(1001, 1004))
    shape.setVisible(1003, True)
    shape.setVisible(1004, False)
    assert [item.frame for item in shapes(node, "Roto1")] == [1]


def test_tangents_are_offsets_upside_down(node: Any) -> None:
    _, shape = roto(keys=(1001,))
    shape[0].leftTangent.setPosition((-2.0, 3.0))
    shape[0].rightTangent.setPosition((4.0, -5.0))
    assert shapes(node, "Roto1")[0].points[0] == ShapePoint(10, 70, -2, -3, 4, 5)


def test_transforms_of_the_shape_and_of_its_layers_are_applied_in_order(node: Any) -> None:
    made, shape = roto(keys=(1001,))
    curves = made["curves"]
    layer: Any = rp.Layer(curves)
    layer.name = "Layer1"
    curves.rootLayer.remove(0)
    layer.append(shape)
    curves.rootLayer.append(layer)
    # first half the size, then 100 px to the right
    shape.getTransform().addScaleKey(1001, 0.5, 0.5, 1.0)
    layer.getTransform().addTranslationKey(1001, 100.0, 0.0, 0.0)
    (found,) = shapes(node, "Roto1:Layer1/Bezier1")
    assert [(point.x, point.y) for point in found.points] == [(105, 80), (115, 80), (115, 60)]


def test_a_key_of_a_transform_is_a_prompt_too(node: Any) -> None:
    _, shape = roto(keys=(1001,))
    shape.getTransform().addTranslationKey(1001, 0.0, 0.0, 0.0)
    shape.getTransform().addTranslationKey(1009, 8.0, 0.0, 0.0)
    assert [(item.frame, item.points[0].x) for item in shapes(node, "Roto1")] == [(1, 10), (9, 18)]


def test_a_matrix_with_perspective_is_divided() -> None:
    matrix = [2.0, 0, 0, 4, 0, 2, 0, 6, 0, 0, 1, 0, 0, 0, 0, 2]
    assert from_roto.moved(1.0, 1.0, [matrix]) == (3.0, 4.0)


@pytest.mark.parametrize(
    ("source", "said"),
    [("Roto9", "not in the script"), ("Read1", "is a Read"), ("Roto1:Bezier7", "no shape 'Bezier7'")],
)
def test_a_source_that_is_not_there_is_said(node: Any, source: str, said: str) -> None:
    roto()
    with pytest.raises(JobError, match=said):
        shapes(node, source)


def test_each_track_is_a_point_on_the_reference_frame(node: Any) -> None:
    tracker: Any = nuke.nodes.Tracker4()
    for at in (0, 1):
        fake_plates.add_track(tracker)
        for frame in (1001, 1010):
            tracker["tracks"].setValueAt(10.0 * (at + 1) + frame - 1001, frame, at * from_tracker.COLUMNS + 2)
            tracker["tracks"].setValueAt(80.0, frame, at * from_tracker.COLUMNS + 3)
    node["reference_frame"].setValue(1010)
    node[CAR.named("tracker")].setValue(tracker.name())
    assert objects_of(node, SHOWN)[0].prompts.points == (PointPrompt(10, 19.0, 10.0), PointPrompt(10, 29.0, 10.0))


def test_a_tracker_without_tracks_is_said(node: Any) -> None:
    node[CAR.named("tracker")].setValue(nuke.nodes.Tracker4().name())
    with pytest.raises(JobError, match="has no tracks"):
        objects_of(node, SHOWN)


@pytest.mark.parametrize("script", ["", "{ { 1 } }", "{ a b c }"])
def test_an_unknown_table_is_not_guessed_at(script: str) -> None:
    with pytest.raises(JobError, match="does not know"):
        from_tracker.track_count(script)


def test_masks_are_frames_and_files() -> None:
    text = with_mask(with_mask("", 1003, "P:/mattes/car.1003.exr"), 1001, "/a/b.exr")
    assert text == "1001:/a/b.exr; 1003:P:/mattes/car.1003.exr"
    assert masks_of(text) == (MaskPrompt(1001, "/a/b.exr"), MaskPrompt(1003, "P:/mattes/car.1003.exr"))
    assert with_mask(text, 1001, "/c.exr") == "1001:/c.exr; 1003:P:/mattes/car.1003.exr"
    assert masks_of(" ; ") == ()
    with pytest.raises(JobError, match="does not name a frame"):
        masks_of("car.exr")


def test_the_source_is_what_the_second_input_leads_to(node: Any) -> None:
    with pytest.raises(JobError, match="Connect a Roto or RotoPaint"):
        connected(node, from_roto.CLASSES)
    made, _ = roto()
    dot: Any = nuke.nodes.Dot()
    dot.setInput(0, made)
    node.setInput(1, dot)
    assert connected(node, from_roto.CLASSES) == made
    with pytest.raises(JobError, match="Connect a Tracker4"):
        connected(node, from_tracker.CLASSES)
