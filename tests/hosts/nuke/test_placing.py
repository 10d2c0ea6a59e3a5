"""Mattes and outlines back in the script, each as one undo step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nuke
import pytest
from nuke import rotopaint as rp
from tests.hosts.nuke.fake import Session
from tests.hosts.nuke.scene import HEIGHT_PX, plate, rotomatte_node

from rotomatte_hosts.nuke import names
from rotomatte_hosts.nuke.arriving import first_pattern, show_arriving
from rotomatte_hosts.nuke.draw_outline import clear_outlines, draw_outline
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.knobs import Shown
from rotomatte_hosts.nuke.place_cryptomatte import place_cryptomatte
from rotomatte_hosts.nuke.place_read import place_read
from rotomatte_hosts.nuke.place_roto import place_roto, visible_keys
from rotomatte_plugin.model import FrameRange, ShapePoint, ShapePrompt

FRAMES = FrameRange(1, 10)
SHOWN = FrameMap(FRAMES, shift=-1000)
TRIANGLE = ((10.0, 70.0), (30.0, 70.0), (30.0, 30.0))


@pytest.fixture
def node(nuke_session: Session) -> Any:
    return rotomatte_node(plate())


def of_class(kind: str) -> list[Any]:
    return list(nuke.allNodes(kind))


def undo_and_count(session: Session) -> int:
    """Undo the last step; how many nodes the script then has."""
    nuke.undo()
    return len(nuke.allNodes())


def test_a_matte_is_a_raw_read_and_a_copy_of_its_alpha(node: Any, nuke_session: Session) -> None:
    before, steps = len(nuke.allNodes()), len(nuke_session.undo_names)
    place_read(node, "car", "/m [v1]/car.%04d.exr", FRAMES, SHOWN)
    assert nuke_session.undo_names[steps:] == ["Rotomatte: matte of car"]
    (read,) = [read for read in of_class("Read") if read.knob(names.OWNER)]
    assert read["raw"].value() is True
    assert [read[knob].value() for knob in ("first", "last", "origfirst", "origlast")] == [1, 10, 1, 10]
    assert [read[knob].value() for knob in ("before", "after", "on_error")] == ["black"] * 3
    assert read["file"].getEvaluatedValue() == "/m [v1]/car.%04d.exr", "brackets are no TCL"
    (copy,) = of_class("Copy")
    assert (copy.input(0), copy.input(1)) == (node.input(0), read)
    assert (copy["from0"].value(), copy["to0"].value()) == ("rgba.alpha", "rgba.alpha")
    assert undo_and_count(nuke_session) == before


def test_the_matte_is_shown_at_the_frames_of_its_plate(node: Any) -> None:
    place_read(node, "car", "/m/car.%04d.exr", FRAMES, SHOWN)
    (read,) = [read for read in of_class("Read") if read.knob(names.OWNER)]
    assert (read["frame_mode"].value(), read["frame"].value()) == ("start at", "1001")
    assert read.metadata("input/filename", 1004) == "/m/car.0004.exr"
    place_read(node, "car", "/m/car.%04d.exr", FRAMES, FrameMap(FRAMES))
    assert read.metadata("input/filename", 4) == "/m/car.0004.exr"


def test_a_second_time_only_the_files_change(node: Any) -> None:
    place_read(node, "car", "/m/v1/car.%04d.exr", FRAMES, SHOWN)
    place_read(node, "dog", "/m/v1/dog.%04d.exr", FRAMES, SHOWN)
    (copy,) = [copy for copy in of_class("Copy") if copy[names.OWNER].value().endswith("/car")]
    copy.setXYpos(500, 600)
    copy["to0"].setValue("rgba.red")
    place_read(node, "car", "/m/v2/car.%04d.exr", FrameRange(2, 9), SHOWN)
    assert len(of_class("Copy")) == 2
    assert (copy.xpos(), copy.ypos(), copy["to0"].value()) == (500, 600, "rgba.red")
    files = {read[names.OWNER].value().partition("/")[2]: read for read in of_class("Read") if read.knob(names.OWNER)}
    assert set(files) == {"car", "dog"}
    assert files["car"]["file"].value() == "/m/v2/car.%04d.exr"
    assert files["car"]["last"].value() == 9
    assert files["dog"]["file"].value() == "/m/v1/dog.%04d.exr"


def test_the_same_files_are_read_anew_without_an_undo_step(
    node: Any, nuke_session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    place_read(node, "car", "/m/car.%04d.exr", FRAMES, SHOWN)
    place_cryptomatte(node, "car", "/m/cryptomatte.%04d.exr", FRAMES, SHOWN)
    for read in of_class("Read"):
        read["reload"].setCommand("import nuke; nuke.tprint(nuke.thisNode().name())")
    steps = nuke_session.undo_names
    place_read(node, "car", "/m/car.%04d.exr", FRAMES, SHOWN)
    place_cryptomatte(node, "car", "/m/cryptomatte.%04d.exr", FRAMES, SHOWN)
    assert nuke_session.undo_names == steps
    assert capsys.readouterr().out.split() == ["car_matte", "cryptomatte_matte"]


def test_the_artists_own_settings_of_the_read_stay(node: Any) -> None:
    place_read(node, "car", "/m/v1/car.%04d.exr", FRAMES, SHOWN)
    (read,) = [read for read in of_class("Read") if read.knob(names.OWNER)]
    read["after"].setValue("hold")
    place_read(node, "car", "/m/v2/car.%04d.exr", FRAMES, SHOWN)
    assert (read["after"].value(), read["before"].value()) == ("hold", "black")
    assert read["file"].value() == "/m/v2/car.%04d.exr"


def test_what_the_artist_deleted_comes_again(node: Any) -> None:
    place_read(node, "car", "/m/car.%04d.exr", FRAMES, SHOWN)
    nuke.delete(of_class("Copy")[0])
    place_read(node, "car", "/m/car.%04d.exr", FRAMES, SHOWN)
    assert len(of_class("Copy")) == 1


def test_nodes_of_another_rotomatte_node_stay(node: Any) -> None:
    other = rotomatte_node(plate("/shots/other.%04d.exr"))
    place_read(node, "car", "/m/one/car.%04d.exr", FRAMES, SHOWN)
    place_read(other, "car", "/m/two/car.%04d.exr", FRAMES, SHOWN)
    mattes = sorted(read["file"].value() for read in of_class("Read") if read.knob(names.OWNER))
    assert mattes == ["/m/one/car.%04d.exr", "/m/two/car.%04d.exr"]


def test_many_objects_share_a_cryptomatte(node: Any, nuke_session: Session) -> None:
    for name in ("car", "dog", "car"):
        place_cryptomatte(node, name, "/m/cryptomatte.%04d.exr", FRAMES, SHOWN)
    (crypto,) = of_class("Cryptomatte")
    assert crypto["matteList"].value() == "car, dog"
    assert crypto.input(0)["file"].value() == "/m/cryptomatte.%04d.exr"
    assert crypto.input(0)["raw"].value() is True
    crypto["matteList"].setValue("mine")
    place_cryptomatte(node, "dog", "/m/cryptomatte.%04d.exr", FRAMES, SHOWN)
    assert crypto["matteList"].value() == "mine, dog"
    assert nuke_session.undo_names[-1] == "Rotomatte: Cryptomatte with dog"
    assert crypto.input(0)["before"].value() == "black"


def outline(frame: int, x: float = 0.0) -> ShapePrompt:
    return ShapePrompt(frame, tuple(ShapePoint(at + x, y) for at, y in TRIANGLE))


def the_shape(name: str = "car") -> Any:
    (roto,) = of_class("Roto")
    curves = roto["curves"]
    return curves.toElement(name)


def test_an_outline_is_a_shape_with_keys_upside_down(node: Any, nuke_session: Session) -> None:
    steps = len(nuke_session.undo_names)
    place_roto(node, "car", (outline(3), outline(4, 1.0)), HEIGHT_PX, SHOWN, FRAMES)
    assert len(nuke_session.undo_names) == steps + 1
    shape = the_shape()
    assert len(shape) == 3
    assert list(shape[0].center.getControlPointKeyTimes()) == [1003, 1004]
    at = [shape[index].center.getPosition(1004) for index in range(3)]
    assert [(point.x, point.y) for point in at] == [(11, 20), (31, 20), (31, 60)]
    assert shape[0].leftTangent.getControlPointKeyTimes() == []
    assert [frame for frame in range(1001, 1011) if shape.getVisible(frame)] == [1003, 1004]
    assert of_class("Roto")[0].input(0) == node.input(0)
    nuke.undo()
    assert of_class("Roto") == []


def test_tangents_are_turned_over(node: Any) -> None:
    bent = ShapePrompt(3, (ShapePoint(1, 2, -3, 4, 5, -6), ShapePoint(9, 2), ShapePoint(9, 9)))
    place_roto(node, "car", (bent,), HEIGHT_PX, SHOWN, FRAMES)
    left, right = (part.getPosition(1003) for part in (the_shape()[0].leftTangent, the_shape()[0].rightTangent))
    assert (left.x, left.y, right.x, right.y) == (-3, -4, 5, 6)


def test_a_second_outline_takes_the_place_of_the_first_and_the_artists_stay(node: Any) -> None:
    place_roto(node, "car", (outline(3),), HEIGHT_PX, SHOWN, FRAMES)
    (roto,) = of_class("Roto")
    mine: Any = rp.Shape(roto["curves"])
    mine.name = "mine"
    roto["curves"].rootLayer.append(mine)
    place_roto(node, "dog", (outline(3),), HEIGHT_PX, SHOWN, FRAMES)
    place_roto(node, "car", (outline(5),), HEIGHT_PX, SHOWN, FRAMES)
    assert sorted(element.name for element in roto["curves"].rootLayer) == ["car", "dog", "mine"]
    assert the_shape()[0].center.getControlPointKeyTimes() == [1005]
    place_roto(node, "car", (), HEIGHT_PX, SHOWN, FRAMES)
    assert the_shape() is None


@pytest.mark.parametrize(
    ("seen", "keys"),
    [
        ([], ((1, False), (6, False))),
        (range(1, 7), ((1, True), (6, True))),
        ([3, 4], ((1, False), (2, False), (3, True), (4, True), (5, False), (6, False))),
        ([1, 6], ((1, True), (2, False), (5, False), (6, True))),
        ([3], ((1, False), (2, False), (3, True), (4, False), (6, False))),
    ],
)
def test_visibility_has_a_key_on_either_side_of_every_change(seen: Any, keys: Any) -> None:
    assert visible_keys(seen, FrameRange(1, 6)) == keys


def strokes(node: Any) -> list[Any]:
    return list(node.node("Outline")["curves"].rootLayer)


def test_the_outline_is_drawn_on_its_frame_alone(node: Any, nuke_session: Session) -> None:
    steps = len(nuke_session.undo_names)
    hole = tuple((x + 1, y + 1) for x, y in TRIANGLE)
    draw_outline(node, "car", 1003, (TRIANGLE, hole), HEIGHT_PX)
    draw_outline(node, "car", 1004, (TRIANGLE,), HEIGHT_PX)
    draw_outline(node, "dog", 1003, (TRIANGLE,), HEIGHT_PX)
    assert len(strokes(node)) == 4
    draw_outline(node, "car", 1003, (hole,), HEIGHT_PX)
    assert len(strokes(node)) == 3
    (car,) = [stroke for stroke in strokes(node) if stroke.name.startswith("car@1003")]
    assert [(point.getPosition(1003).x, point.getPosition(1003).y) for point in car] == [
        (11, 19), (31, 19), (31, 59), (11, 19),
    ]  # fmt: skip
    assert [car.getVisible(frame) for frame in (1001, 1002, 1003, 1004, 1010)] == [False, False, True, False, False]
    clear_outlines(node)
    assert strokes(node) == []
    assert len(nuke_session.undo_names) == steps, "drawings are no undo steps"


def test_mattes_arrive_while_they_are_written(node: Any, tmp_path: Path) -> None:
    shown = Shown(SHOWN, HEIGHT_PX)
    (tmp_path / "car").mkdir()
    show_arriving(node, tmp_path.as_posix(), shown)
    assert of_class("Copy") == []
    (tmp_path / "car" / "car.0004.exr").touch()
    show_arriving(node, tmp_path.as_posix(), shown)
    (read,) = [read for read in of_class("Read") if read.knob(names.OWNER)]
    assert read["file"].value() == (tmp_path / "car" / "car.%04d.exr").as_posix()
    assert (read["first"].value(), read["last"].value()) == (1, 10)
    show_arriving(node, tmp_path.as_posix(), shown)
    assert len(of_class("Copy")) == 1


def test_half_written_and_foreign_files_have_no_pattern(tmp_path: Path) -> None:
    for name in (".car.0001.exr.part", "car.0001.exr.tmp", "cart.0001.exr", "car.final.exr", "car.old.0001.exr"):
        (tmp_path / name).touch()
    assert first_pattern(tmp_path, "car") is None
    (tmp_path / "car.-003.exr").touch()
    assert first_pattern(tmp_path, "car") == (tmp_path / "car.%04d.exr").as_posix()
