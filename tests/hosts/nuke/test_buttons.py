"""What the buttons do to the node, short of the engine's work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nuke
import pytest
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import CAR, HEIGHT_PX, plate, rotomatte_node, sample

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.knobs import Shown, objects_of
from rotomatte_hosts.nuke.work import leave, settings_of, work
from rotomatte_plugin.model import FrameRange, MaskPrompt, PointPrompt


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[fake.Session]:
    """A Nuke on a machine without an engine."""
    monkeypatch.setenv("ROTOMATTE_ENGINE", str(tmp_path / "absent"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    made = fake.new_script("16.0v8")
    yield made
    leave()
    assert made.printed == []


@pytest.fixture
def node(session: fake.Session, tmp_path: Path) -> Any:
    nuke.root()["name"].setValue((tmp_path / "comp.nk").as_posix())
    return rotomatte_node(plate())


def press(session: fake.Session, node: Any, button: str) -> None:
    node[f"press_{button}"].execute()
    session.pump(lambda: work().desk.view.phase == "idle" and not work().is_watching)


def points(node: Any) -> tuple[PointPrompt, ...]:
    return objects_of(node, Shown(FrameMap(FrameRange(1001, 1010)), HEIGHT_PX))[0].prompts.points


def test_points_come_from_the_viewer_in_one_undo_step(session: fake.Session, node: Any) -> None:
    sample(session, node, (20.0, 79.0, 21.0, 80.0))
    steps = len(session.undo_names)
    press(session, node, "object1_include")
    assert session.undo_names[steps:] == ["Rotomatte: point"]
    nuke.frame(1004)
    press(session, node, "object1_exclude")
    assert [(point.frame, point.include) for point in points(node)] == [(1001, True), (1004, False)]
    for point in points(node):
        assert (point.x, point.y) == pytest.approx((20.5, 10.5))
    nuke.undo()
    nuke.undo()
    assert points(node) == ()


def test_a_sampled_point_is_no_box(session: fake.Session, node: Any) -> None:
    sample(session, node, (20.5, 79.5, 20.5, 79.5))
    press(session, node, "object1_box")
    assert "No box is sampled" in session.messages[0]
    assert "Drag a box" in session.messages[0]


def test_without_a_viewer_it_is_said(session: fake.Session, node: Any) -> None:
    press(session, node, "object1_include")
    assert session.messages[0].startswith("No viewer shows a picture.")
    assert points(node) == ()


def test_an_engine_that_is_not_there_is_the_status(session: fake.Session, node: Any, tmp_path: Path) -> None:
    sample(session, node, (20.0, 79.0, 21.0, 80.0))
    steps = len(session.undo_names)
    press(session, node, "object1_include")
    press(session, node, "track_both")
    assert "which is not there" in node[names.STATUS].value()
    assert session.messages == []
    assert session.undo_names[steps:] == ["Rotomatte: point"], "the status is no undo step"
    assert not any(task["open"] for task in session.tasks)


def test_a_node_without_prompts_says_what_to_do(session: fake.Session, node: Any) -> None:
    press(session, node, "track_forward")
    assert "has no prompts yet" in node[names.STATUS].value()


def test_an_object_is_added_in_one_undo_step(session: fake.Session, node: Any) -> None:
    press(session, node, "add_object")
    press(session, node, "add_object")
    assert node["object3_name"].value() == "object3"
    assert session.undo_names[-1] == "Rotomatte: add object"
    nuke.undo()
    assert node.knob("object3_name") is None
    assert node.knob("object2_name") is not None


def test_the_connected_roto_and_tracker_are_named(session: fake.Session, node: Any) -> None:
    press(session, node, "object1_use_roto")
    assert "Connect a Roto or RotoPaint" in session.messages.pop()
    node.setInput(names.PROMPTS_INPUT, nuke.nodes.Roto(name="Garage"))
    press(session, node, "object1_use_roto")
    assert node[CAR.named("roto")].value() == "Garage"
    node.setInput(names.PROMPTS_INPUT, nuke.nodes.Tracker4(name="Wheels"))
    press(session, node, "object1_use_tracker")
    assert node[CAR.named("tracker")].value() == "Wheels"
    assert session.messages == []


def test_the_alpha_becomes_a_mask_on_this_frame(session: fake.Session, node: Any, tmp_path: Path) -> None:
    seen: list[tuple[str, int, bool]] = []
    session.renderer = lambda above, frame, path: seen.append((above.name(), frame, nuke.root()["proxy"].value()))
    nuke.root()["proxy"].setValue(True)
    nuke.frame(1003)
    steps = len(session.undo_names)
    press(session, node, "object1_use_alpha")
    path = (tmp_path / "mattes/comp/v001/Rotomatte1/prompts/car.1003.exr").as_posix()
    assert seen == [("Read1", 1003, False)]
    assert nuke.root()["proxy"].value() is True
    assert nuke.allNodes("Write") == []
    (executed,) = session.executed
    assert (executed.channels, executed.is_raw, executed.path) == ("alpha", True, path)
    shown = Shown(FrameMap(FrameRange(1001, 1010)), HEIGHT_PX)
    assert objects_of(node, shown)[0].prompts.masks == (MaskPrompt(1003, path),)
    assert session.undo_names[steps:] == ["Rotomatte: use alpha"]


def test_an_alpha_of_another_size_is_refused(session: fake.Session, node: Any) -> None:
    node.setInput(names.PROMPTS_INPUT, nuke.nodes.Constant(format="64 64 0 0 64 64 1 square"))
    press(session, node, "object1_use_alpha")
    assert "Constant1 is 64 x 64, and the plate is 160 x 90." in session.messages[0]


def test_an_alpha_that_nuke_cannot_render_is_said(session: fake.Session, node: Any) -> None:
    press(session, node, "object1_use_alpha")
    assert session.messages[0].startswith("Nuke did not render the alpha of Read1: the test gave no renderer.")
    assert nuke.allNodes("Write") == []
    assert not session.is_undo_off


def test_an_unsaved_script_has_no_folder(session: fake.Session, node: Any) -> None:
    nuke.root()["name"].setValue("")
    press(session, node, "write")
    assert "has not been saved yet" in session.messages[0]


@pytest.mark.parametrize(
    ("way", "profile"),
    [(names.READ_AND_COPY, "universal"), (names.CRYPTOMATTE, "cryptomatte"), (names.ROTO_SHAPES, "universal")],
)
def test_settings_are_those_of_the_node(node: Any, way: str, profile: str) -> None:
    node[names.BRING_BACK].setValue(way)
    node[names.QUALITY].setValue("best")
    node[names.COLOUR_SPACE].setValue(" ACEScg ")
    node[names.BAND].setValue(30)
    found = settings_of(node)
    assert (found.output.profile, found.quality, found.colour_space, found.refine.band_px) == (
        profile, "best", "ACEScg", 30.0,
    )  # fmt: skip
    node[names.COLOUR_SPACE].setValue("")
    assert settings_of(node).colour_space is None


def test_a_copied_node_gets_an_id_of_its_own(session: fake.Session, node: Any) -> None:
    copy: Any = rotomatte_node(plate())
    copy[names.NODE_ID].setValue(nodes.id_of(node))
    first, second = (nodes.id_of(found) for found in nodes.rotomatte_nodes())
    assert first != second
    assert nodes.id_of(node) == first, "the one whose name comes first keeps it"
    nuke.delete(copy)
    assert nodes.find(second) is None


def test_the_script_that_closes_takes_its_work_with_it(session: fake.Session, node: Any) -> None:
    press(session, node, "track_both")
    before = work()
    for event, _, call, _ in list(session.callbacks):
        if event == "onScriptClose":
            call()
    assert work() is not before
    before.desk.track("both")
    assert before.desk.view.error is not None
    assert "closed" in before.desk.view.error.message


def test_a_step_that_fails_leaves_nothing(session: fake.Session) -> None:
    before = len(nuke.allNodes())

    def fail() -> None:
        with nodes.one_undo_step("Rotomatte: nothing"):
            nuke.nodes.NoOp()
            nuke.nodes.NoSuchNode()

    with pytest.raises(RuntimeError):
        fail()
    assert len(nuke.allNodes()) == before
    assert "Rotomatte: nothing" not in session.undo_names
