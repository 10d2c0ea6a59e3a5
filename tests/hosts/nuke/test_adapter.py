"""What the contract does not say of Nuke: whose button was pressed, copies of nodes, and two numberings at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nuke
import pytest
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import plate, rotomatte_node

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.adapter import NukeHost
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import FrameRange, MatteTrack, StateRange


def track(name: str, pattern: str) -> MatteTrack:
    return MatteTrack(name, pattern, (), (StateRange("present", FrameRange(1001, 1010)),), ())


@pytest.fixture
def host(nuke_session: fake.Session) -> NukeHost:
    return NukeHost()


def test_the_node_whose_button_was_pressed_is_meant_whatever_is_selected(host: NukeHost) -> None:
    pressed, selected = rotomatte_node(plate()), rotomatte_node(plate("/shots/other.%04d.exr"))
    assert host.selected_clip().clip.plate.path == "/shots/other.%04d.exr"
    host.work_on(pressed)
    assert host.selected_clip().clip.plate.path == "/shots/plate.%04d.exr"
    nuke.delete(pressed)
    assert host.selected_clip().clip.plate.path == "/shots/other.%04d.exr"
    host.work_on(selected)
    host.work_on(None)
    selected.setSelected(False)
    with pytest.raises(JobError, match="No Rotomatte node is selected"):
        host.selected_clip()


def test_two_selected_nodes_are_one_too_many(host: NukeHost) -> None:
    for node in (rotomatte_node(plate()), rotomatte_node(plate())):
        node.setSelected(True)
    nuke.allNodes("Group")[0].setSelected(True)
    with pytest.raises(JobError, match="2 Rotomatte nodes are selected"):
        host.selected_clip()


def test_a_copy_of_a_node_is_another_clip(host: NukeHost) -> None:
    one = rotomatte_node(plate())
    first = host.selected_clip()
    other = rotomatte_node(plate())
    other[names.NODE_ID].setValue(one[names.NODE_ID].value())
    assert host.selected_clip().clip.host_id != first.clip.host_id
    assert nodes.rotomatte_node(first.clip.host_id) == one


def test_a_clip_whose_node_is_gone_is_told(host: NukeHost) -> None:
    node = rotomatte_node(plate())
    clip = host.selected_clip()
    nuke.delete(node)
    with pytest.raises(JobError, match="not in this script any more"):
        host.place_matte(clip, "/out", track("car", "car/car.%04d.exr"))
    nuke.undo()
    host.place_matte(clip, "/out", track("car", "car/car.%04d.exr"))
    assert len(nuke.allNodes("Copy")) == 1


def test_a_matte_is_shown_as_its_plate_was_when_the_work_began(host: NukeHost) -> None:
    read = plate()
    read["frame_mode"].setValue("offset")
    read["frame"].setValue("-1000")
    rotomatte_node(read)
    clip = host.selected_clip()
    host.go_to(clip, 1003)
    assert nuke.frame() == 3
    read["frame"].setValue("-500")
    host.place_matte(clip, "/out", track("car", "car/car.%04d.exr"))
    (copy,) = nuke.allNodes("Copy")
    assert copy.input(1).metadata("input/filename", 3) == "/out/car/car.1003.exr"


def test_objects_come_back_as_a_cryptomatte_where_the_node_says_so(host: NukeHost) -> None:
    node = rotomatte_node(plate())
    node[names.BRING_BACK].setValue(names.CRYPTOMATTE)
    clip = host.selected_clip()
    for name in ("car", "dog"):
        host.place_matte(clip, "/out", track(name, "cryptomatte.%04d.exr"))
    (cryptomatte,) = nuke.allNodes("Cryptomatte")
    assert nuke.allNodes("Copy") == []
    assert cryptomatte["matteList"].value() == "car, dog"


def test_bringing_a_matte_back_is_one_step_to_undo(host: NukeHost, nuke_session: fake.Session) -> None:
    rotomatte_node(plate())
    clip = host.selected_clip()
    before, steps = len(nuke.allNodes()), len(nuke_session.undo_steps)
    host.place_matte(clip, "/out", track("car", "car/car.%04d.exr"))
    assert len(nuke_session.undo_steps) == steps + 1
    nuke.undo()
    assert len(nuke.allNodes()) == before


def test_clips_come_in_the_order_of_the_timeline(host: NukeHost) -> None:
    for first in (1500, 1001, 1200):
        rotomatte_node(plate(f"/shots/{first}.%04d.exr", first, first + 9))
    rotomatte_node(plate()).setInput(0, None)
    paths = [Path(clip.clip.plate.path).name for clip in host.timeline_clips()]
    assert paths == ["1001.%04d.exr", "1200.%04d.exr", "1500.%04d.exr"], "what has no plate is no clip"


def test_the_desk_renders_what_must_be_rendered_from_the_script(host: NukeHost, nuke_session: fake.Session) -> None:
    grade: Any = nuke.nodes.Grade(inputs=[plate()])
    rotomatte_node(grade)
    clip = host.selected_clip()
    assert clip.must_render
    assert host.current_frame(clip) == 1001
    nuke.frame(1007)
    assert host.current_frame(clip) == 1007
    assert nuke_session.executed == []
