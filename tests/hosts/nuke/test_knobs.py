"""What an artist set on the node, as prompts in plate pixels and file frames."""

from __future__ import annotations

from typing import Any

import nuke
import pytest
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import CAR, HEIGHT_PX, key_point, plate, rotomatte_node

from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.gizmo import object_text
from rotomatte_hosts.nuke.knobs import Shown, objects_of, refine_of
from rotomatte_hosts.nuke.names import switch_of
from rotomatte_hosts.nuke.point_knobs import set_box, set_point
from rotomatte_plugin.errors import JobError, PromptError
from rotomatte_plugin.model import BoxPrompt, CleanUp, FrameRange, Keyed, PointPrompt, RefineSettings

SHOWN = Shown(FrameMap(FrameRange(1, 10), shift=-1000), HEIGHT_PX)


@pytest.fixture
def node() -> Any:
    fake.new_script("17.1v1")
    return rotomatte_node(plate())


def test_a_new_node_has_an_object_without_prompts(node: Any) -> None:
    (car,) = objects_of(node, SHOWN)
    assert (car.name, bool(car.prompts), car.clean_up) == ("car", False, ())


def test_each_key_of_a_point_is_a_prompt_on_its_frame(node: Any) -> None:
    key_point(node, CAR.point(1, include=True), {1003: (20.5, 79.5), 1007: (24.5, 80.0)})
    key_point(node, CAR.point(2, include=False), {1003: (0.5, 0.5)})
    (car,) = objects_of(node, SHOWN)
    assert car.prompts.points == (
        PointPrompt(3, 20.5, 10.5),
        PointPrompt(7, 24.5, 10.0),
        PointPrompt(3, 0.5, 89.5, include=False),
    )


def test_a_point_without_keys_is_a_prompt_on_the_reference_frame(node: Any) -> None:
    node["reference_frame"].setValue(1005)
    name = CAR.point(1, include=True)
    node[name].setValue([8.0, 40.0])
    node[switch_of(name)].setValue(True)
    nuke.frame(1009)
    assert objects_of(node, SHOWN)[0].prompts.points == (PointPrompt(5, 8.0, 50.0),)


def test_points_that_are_off_and_objects_that_are_off_are_none(node: Any) -> None:
    name = CAR.point(1, include=True)
    key_point(node, name, {1003: (1.0, 1.0)})
    node[switch_of(name)].setValue(False)
    assert not objects_of(node, SHOWN)[0].prompts
    node[CAR.named("enabled")].setValue(False)
    assert objects_of(node, SHOWN) == ()


def test_a_box_is_turned_over(node: Any) -> None:
    key_point(node, CAR.named("box"), {1010: (4.0, 40.0)})
    for index, value in ((2, 40.0), (3, 84.0)):
        node[CAR.named("box")].setValueAt(value, 1010, index)
    assert objects_of(node, SHOWN)[0].prompts.boxes == (BoxPrompt(10, 4, 6, 40, 50),)


def test_clean_up_is_kept_or_keyed(node: Any) -> None:
    node[CAR.named("feather_px")].setValue(2.5)
    grow = node[CAR.named("grow_px")]
    grow.setAnimated()
    grow.setValueAt(-1.0, 1001)
    grow.setValueAt(3.0, 1010)
    node[CAR.named("smooth_frames")].setValue(2)
    (car,) = objects_of(node, SHOWN)
    assert car.clean_up == (CleanUp(smooth_frames=2, feather_px=2.5, grow_px=Keyed(((1, -1.0), (10, 3.0)))),)


def test_settings_of_all_objects(node: Any) -> None:
    assert refine_of(node) == RefineSettings(band_px=12.0)
    node["exclusive"].setValue(True)
    node["band_px"].setValue(20)
    assert refine_of(node) == RefineSettings(exclusive=True, band_px=20.0)


def test_two_objects_of_one_name_are_refused(node: Any) -> None:
    node.readKnobs(object_text(2))
    assert [item.name for item in objects_of(node, SHOWN)] == ["car", "object2"]
    node["object2_name"].setValue("Car")
    with pytest.raises(JobError, match="are named 'Car'"):
        objects_of(node, SHOWN)


def test_a_name_that_cannot_be_a_file_is_refused(node: Any) -> None:
    node[CAR.named("name")].setValue("red car")
    with pytest.raises(JobError, match="cannot name an object"):
        objects_of(node, SHOWN)


def test_points_are_added_to_the_first_that_has_none_on_the_frame(node: Any) -> None:
    nuke.frame(1003)
    set_point(node, CAR, 1003, 20.0, 80.0, include=True)
    set_point(node, CAR, 1003, 30.0, 70.0, include=True)
    set_point(node, CAR, 1003, 1.0, 1.0, include=False)
    nuke.frame(1006)
    set_point(node, CAR, 1006, 22.0, 80.0, include=True)
    first, second = (CAR.point(index, include=True) for index in (1, 2))
    assert node[first].getKeyList() == [1003, 1006]
    assert node[second].getKeyList() == [1003]
    assert {(point.frame, point.x, point.y, point.include) for point in objects_of(node, SHOWN)[0].prompts.points} == {
        (3, 20.0, 10.0, True),
        (6, 22.0, 10.0, True),
        (3, 30.0, 20.0, True),
        (3, 1.0, 89.0, False),
    }


def test_a_point_that_stands_still_stays_one(node: Any) -> None:
    name = CAR.point(1, include=True)
    node[name].setValue([8.0, 40.0])
    node[switch_of(name)].setValue(True)
    set_point(node, CAR, 1001, 20.0, 80.0, include=True)
    assert not node[name].isAnimated()
    assert node[CAR.point(2, include=True)].getKeyList() == [1001]


def test_a_key_elsewhere_than_on_the_current_frame_is_the_only_one(node: Any) -> None:
    nuke.frame(1001)
    set_point(node, CAR, 1008, 20.0, 80.0, include=True)
    assert node[CAR.point(1, include=True)].getKeyList() == [1008]


def test_no_more_points_than_there_are(node: Any) -> None:
    for index in range(8):
        set_point(node, CAR, 1001, float(index), 1.0, include=True)
    with pytest.raises(PromptError, match="All including points"):
        set_point(node, CAR, 1001, 9.0, 1.0, include=True)


def test_a_box_is_set_on_the_frame(node: Any) -> None:
    set_box(node, CAR, 1001, (4.0, 40.0, 40.0, 84.0))
    nuke.frame(1004)
    set_box(node, CAR, 1004, (5.0, 40.0, 41.0, 84.0))
    assert objects_of(node, SHOWN)[0].prompts.boxes == (BoxPrompt(1, 4, 6, 40, 50), BoxPrompt(4, 5, 6, 41, 50))
