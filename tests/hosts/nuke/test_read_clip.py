"""A Rotomatte node's plate: which Reads are read as they are, and what has to be rendered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nuke
import pytest
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import HEIGHT_PX, plate, rotomatte_node

from rotomatte_hosts.nuke import nodes
from rotomatte_hosts.nuke.read_clip import NukeClip, clip_of
from rotomatte_plugin.errors import JobError, PlateError
from rotomatte_plugin.model import FrameRange


@pytest.fixture
def session() -> fake.Session:
    return fake.new_script()


def found(above: Any) -> NukeClip:
    node = rotomatte_node(above)
    nodes.rotomatte_nodes()
    return clip_of(node)


def behind(kind: str, above: Any, **knobs: Any) -> Any:
    return getattr(nuke.nodes, kind)(inputs=[above], **knobs)


def test_a_read_behind_dots_and_what_is_switched_off_is_read_as_it_is(nuke_session: fake.Session) -> None:
    read = plate("/shots/plate.####.exr")
    above = behind("Dot", behind("Grade", behind("NoOp", read), disable=True))
    clip = found(above)
    assert not clip.clip.must_render
    assert clip.clip.clip.plate.path == "/shots/plate.%04d.exr"
    assert clip.clip.clip.plate.first_frame is None
    assert clip.frames.frames == FrameRange(1001, 1010)
    assert clip.height_px == HEIGHT_PX
    assert clip.connected == above


@pytest.mark.parametrize(
    ("kind", "knobs"),
    [
        ("Grade", {}),
        ("TimeOffset", {"time_offset": 10}),
        ("FrameHold", {"firstFrame": 1003}),
        ("Retime", {}),
        ("TimeWarp", {}),
        ("Transform", {}),
        ("Reformat", {}),
        ("Group", {}),
    ],
)
def test_what_changes_pixels_or_time_is_rendered(session: fake.Session, kind: str, knobs: dict[str, Any]) -> None:
    assert found(behind(kind, plate(), **knobs)).clip.must_render


def test_a_switch_that_is_animated_is_rendered(session: fake.Session) -> None:
    grade = behind("Grade", plate(), disable=True)
    grade["disable"].setAnimated()
    assert found(grade).clip.must_render
    fake.new_script()
    grade = behind("Grade", plate(), disable=True)
    grade["disable"].setExpression("frame < 1005")
    assert found(grade).clip.must_render


@pytest.mark.parametrize(
    "change",
    [
        lambda read: read["frame"].setValue("frame*2"),
        lambda read: read["colorspace"].setValue("AlexaV3Log"),
        lambda read: read["file"].setValue("/shots/a.%04d.ari"),
        lambda read: read["file"].setValue("/shots/held.exr"),
        lambda read: read["premultiplied"].setValue(True),
        lambda read: read["disable"].setValue(True) and read["disable"].setAnimated(),
    ],
)
def test_a_read_that_the_engine_would_see_differently_is_rendered(
    session: fake.Session, change: Callable[[Any], None]
) -> None:
    read = plate()
    change(read)
    assert found(read).clip.must_render


def test_where_nuke_tells_of_other_files_than_expected_it_is_believed(
    session: fake.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = plate()
    assert not found(read).clip.must_render
    told = {1001: "/cache/plate.1001.exr", 1010: "/cache/plate.1010.exr"}
    monkeypatch.setattr(nuke.Node, "metadata", lambda _, key, time, view: told[time])
    assert not found(read).clip.must_render, "localised: the same names elsewhere"
    told[1010] = "/cache/plate.1009.exr"
    assert found(read).clip.must_render
    nuke.root().setProxy(True)
    assert not found(read).clip.must_render, "a proxy has names of its own"


def test_a_movie_and_a_still_are_read_as_they_are(session: fake.Session) -> None:
    movie = found(plate("/shots/plate.MOV", 1, 48)).clip
    assert not movie.must_render
    assert movie.clip.plate.first_frame == 1
    still = found(plate("/shots/clean.exr", 1, 1)).clip
    assert not still.must_render
    assert still.clip.frames == FrameRange(1, 1)


def test_the_path_is_evaluated(session: fake.Session) -> None:
    session.tcl["getenv SHOT"] = "sh010"
    nuke.root()["project_directory"].setValue("/film")
    nuke.root()["views"].setValue("left right")
    read = plate()
    read["file"].setValue("[getenv SHOT]/%V.%04d.exr")
    assert found(read).clip.clip.plate.path == "/film/sh010/left.%04d.exr"
    read["file"].setValue("[getenv NOPE]/a.%04d.exr")
    with pytest.raises(PlateError, match="cannot be evaluated"):
        found(read)


def test_without_a_plate_the_sentence_says_what_to_connect(session: fake.Session) -> None:
    for above in (None, nuke.nodes.Dot()):
        node = rotomatte_node(plate())
        node.setInput(0, above)
        with pytest.raises(JobError) as error:
            clip_of(node)
        assert "onnect" in error.value.remedy


def test_rendered_frames_are_the_scripts_own(session: fake.Session) -> None:
    nuke.root()["first_frame"].setValue(1005)
    nuke.root()["last_frame"].setValue(2000)
    clip = found(behind("TimeOffset", plate(), time_offset=2))
    assert clip.frames.frames == clip.clip.clip.frames == FrameRange(1005, 1012)
    assert clip.frames.to_clip(1007) == 1007
    nuke.root()["first_frame"].setValue(1500)
    assert found(behind("TimeOffset", plate(), time_offset=2)).frames.frames == FrameRange(1003, 1012)


def test_a_rendered_plate_is_another_one_when_something_upstream_changes(session: fake.Session) -> None:
    read = plate()
    grade = behind("Grade", read)
    node = rotomatte_node(grade)
    nodes.rotomatte_nodes()
    first = clip_of(node).clip
    nuke.frame(1004)
    grade.setXYpos(300, 300)
    grade["label"].setValue("warm")
    assert clip_of(node).clip == first, "neither the time nor looks change a pixel"
    grade["gamma"].setValue(1.1)
    second = clip_of(node).clip
    assert second.clip.plate != first.clip.plate
    read["file"].setValue("/shots/plate_v2.%04d.exr")
    assert clip_of(node).clip.clip.plate not in {first.clip.plate, second.clip.plate}


def test_what_is_inside_of_a_group_counts(session: fake.Session) -> None:
    group = behind("Group", plate())
    with group:
        inner = nuke.nodes.Grade()
    node = rotomatte_node(group)
    nodes.rotomatte_nodes()
    before = clip_of(node).clip
    inner["mix"].setValue(0.5)
    assert clip_of(node).clip != before


def test_the_same_nodes_otherwise_connected_count(session: fake.Session) -> None:
    one, other = plate("/a.%04d.exr"), plate("/b.%04d.exr")
    merge = nuke.nodes.Merge2(inputs=[one, other])
    node = rotomatte_node(merge)
    nodes.rotomatte_nodes()
    before = clip_of(node).clip
    merge.setInput(0, other)
    merge.setInput(1, one)
    assert clip_of(node).clip != before


def test_the_same_node_at_another_input_counts(session: fake.Session) -> None:
    read = plate()
    merge = nuke.nodes.Merge2(inputs=[read])
    node = rotomatte_node(merge)
    nodes.rotomatte_nodes()
    before = clip_of(node).clip.clip.plate
    merge.setInput(0, None)
    merge.setInput(1, read)
    assert clip_of(node).clip.clip.plate != before


def test_what_expressions_refer_to_counts(session: fake.Session) -> None:
    driver = nuke.nodes.Transform(name="Driver")
    grade = behind("Grade", plate())
    grade["mix"].setExpression("Driver.rotate + root.first_frame")
    node = rotomatte_node(grade)
    nodes.rotomatte_nodes()
    before = clip_of(node).clip
    nuke.nodes.Dot()
    assert clip_of(node).clip == before, "the rest of the script is no matter"
    driver["rotate"].setValue(3)
    assert clip_of(node).clip != before


def test_the_view_is_the_one_in_the_viewer(session: fake.Session) -> None:
    nuke.root()["views"].setValue("left right")
    read = plate("/shots/%V.%04d.exr")
    viewer = nuke.nodes.Viewer(inputs=[read])
    node = rotomatte_node(read)
    nodes.rotomatte_nodes()
    assert clip_of(node).clip.clip.plate.path == "/shots/left.%04d.exr"
    session.active_viewer, session.viewer_view = viewer._uid, "right"
    assert clip_of(node).clip.clip.plate.path == "/shots/right.%04d.exr"
    graded = rotomatte_node(behind("Grade", read))
    nodes.rotomatte_nodes()
    right = clip_of(graded)
    session.viewer_view = "left"
    assert clip_of(graded).clip != right.clip
    assert right.view == "right"


def test_looking_at_a_clip_changes_nothing_that_could_be_undone(session: fake.Session) -> None:
    node = rotomatte_node(behind("Grade", plate()))
    steps = list(session.undo_names)
    nodes.rotomatte_nodes()
    clip_of(node)
    assert session.undo_names == steps
