"""From a press on a button in (a fake) Nuke through a real engine to real mattes, and back into the script."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import nuke
import numpy as np
import OpenEXR
import pytest
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import CAR, key_point, plate, rotomatte_node, sample

from rotomatte_hosts.nuke import names
from rotomatte_hosts.nuke.knobs import objects_of
from rotomatte_hosts.nuke.work import leave, settings_of, work

FIRST, COUNT, HEIGHT_PX = 1001, 4, 90
PATIENCE_S = 120.0


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[fake.Session]:
    """A Nuke of its own, on a machine of its own; its engine is gone afterwards."""
    if os.name != "posix":
        pytest.skip("the engine is ended by a signal")
    runtime = tmp_path / "xdg"
    runtime.mkdir(mode=0o700)
    for name, folder in (
        ("XDG_RUNTIME_DIR", runtime),
        ("XDG_STATE_HOME", tmp_path / "state"),
        ("XDG_CONFIG_HOME", tmp_path / "config"),
        ("XDG_DATA_HOME", tmp_path / "data"),
        ("NUKE_TEMP_DIR", tmp_path / "nuke"),
    ):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("ROTOMATTE_ENGINE", sys.executable)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.delenv("OCIO", raising=False)
    made = fake.new_script("17.1v1")
    yield made
    leave()
    connection = runtime / "rotomatte" / "engine.json"
    if connection.exists():
        os.kill(json.loads(connection.read_text())["pid"], signal.SIGTERM)
    assert made.printed == []


def shot(disc_plate: DiscPlate, tmp_path: Path) -> Any:
    """A saved script in which the plate's first file is shown at frame 1, with a point on the disc."""
    folder = disc_plate("sh010", first=FIRST, count=COUNT)
    nuke.root()["name"].setValue((tmp_path / "comp_v007.nk").as_posix())
    read = plate((folder / "sh010.%04d.png").as_posix(), FIRST, FIRST + COUNT - 1)
    read["colorspace"].setValue("default (sRGB)")
    read["frame_mode"].setValue("start at")
    read["frame"].setValue("1")
    nuke.frame(1)
    node = rotomatte_node(read)
    node["quality"].setValue("draft")
    return node


def draw_box(node: Any) -> None:
    """A box around the disc on the plate's first file."""
    x, y = disc_centre(FIRST, FIRST)
    key_point(node, CAR.named("box"), {1: (x - 12.0, HEIGHT_PX - y - 13.0)})
    for index, value in ((2, x + 13.0), (3, HEIGHT_PX - y + 12.0)):
        node[CAR.named("box")].setValueAt(value, 1, index)


def middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Of the box around them."""
    xs, ys = zip(*points, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def press(session: fake.Session, node: Any, button: str) -> None:
    """Press a button and wait until the work has ended and the node says so."""
    node[f"press_{button}"].execute()
    session.pump(lambda: work().desk.view.phase == "idle" and not work().is_watching, limit_s=PATIENCE_S)
    assert work().desk.view.error is None, node[names.STATUS].value()
    assert session.messages == []


def strokes(node: Any) -> dict[int, list[tuple[float, float]]]:
    """The outlines drawn, by the frame of the script."""
    found: dict[int, list[tuple[float, float]]] = {}
    for stroke in node.node(names.OUTLINE_NODE)["curves"].rootLayer:
        name, _, rest = stroke.name.partition("@")
        assert name == "car"
        frame = int(rest.partition("#")[0])
        found.setdefault(frame, []).extend((point.getPosition(frame).x, point.getPosition(frame).y) for point in stroke)
    return found


def overlap(path: Path, frame: int) -> float:
    """Of a matte with the disc of that file."""
    disc_hw = np.zeros((HEIGHT_PX, 160), np.uint8)
    cv2.circle(disc_hw, disc_centre(frame, FIRST), 12, 1, -1)
    alpha_hw = alpha_of(path)
    return float(np.minimum(alpha_hw, disc_hw).sum() / np.maximum(alpha_hw, disc_hw).sum())


def test_from_a_point_to_a_matte_in_the_script(session: fake.Session, disc_plate: DiscPlate, tmp_path: Path) -> None:
    node = shot(disc_plate, tmp_path)
    x, y = disc_centre(FIRST, FIRST)
    centre = (x + 0.5, HEIGHT_PX - y - 0.5)
    sample(session, node, (x - 12.0, HEIGHT_PX - y - 13.0, x + 13.0, HEIGHT_PX - y + 12.0))
    press(session, node, "object1_box")
    sample(session, node, (*centre, *centre))
    press(session, node, "object1_include")
    assert node[CAR.point(1, include=True)].getValueAt(1) == pytest.approx(centre)
    assert list(strokes(node)) == [1]
    assert middle(strokes(node)[1]) == pytest.approx(centre, abs=3)

    press(session, node, "track_both")
    assert sorted(strokes(node)) == [1, 2, 3, 4]

    steps = len(session.undo_names)
    press(session, node, "write")
    folder = tmp_path / "mattes" / "comp" / "v007" / "Rotomatte1"
    assert sorted(path.name for path in (folder / "car").iterdir()) == [f"car.{FIRST + at}.exr" for at in range(COUNT)]
    for frame in range(FIRST, FIRST + COUNT):
        assert overlap(folder / "car" / f"car.{frame}.exr", frame) > 0.7
    (copy,) = nuke.allNodes("Copy")
    read: Any = copy.input(1)
    assert copy.input(0) == node.input(0)
    assert read["raw"].value()
    assert [read.metadata("input/filename", at) for at in (1, 4)] == [
        (folder / "car" / f"car.{frame}.exr").as_posix() for frame in (FIRST, FIRST + 3)
    ]
    assert session.undo_names[steps:] == ["Rotomatte: matte of car"], "though it was shown before it was whole"
    assert not any(task["open"] for task in session.tasks)

    assert strokes(node) == {}, "the mattes are there instead"

    # The same mattes as a shape.
    node[names.BRING_BACK].setValue(names.ROTO_SHAPES)
    press(session, node, "write")
    assert len(nuke.allNodes("Copy")) == 1
    (roto,) = nuke.allNodes("Roto")
    shape: Any = roto["curves"].toElement("car")
    assert shape[0].center.getControlPointKeyTimes() == [1, 2, 3, 4]
    for at in range(COUNT):
        x, y = disc_centre(FIRST + at, FIRST)
        points = [point.center.getPosition(1 + at) for point in shape]
        assert middle([(point.x, point.y) for point in points]) == pytest.approx((x + 0.5, HEIGHT_PX - y - 0.5), abs=3)


def test_from_everything_that_is_found_to_a_matte(
    session: fake.Session, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The bundled model looks around for a minute and more.
    monkeypatch.setattr(
        "rotomatte_hosts.nuke.work.settings_of", lambda node: dataclasses.replace(settings_of(node), model="disc")
    )
    node = shot(disc_plate, tmp_path)
    press(session, node, "find_everything")
    listed = node[names.FINDS].value().split("\n")
    assert listed[0] == f"frame 1 (file {FIRST})"
    x, y = disc_centre(FIRST, FIRST)
    around = {
        stroke.name.partition("@")[0]: [(point.getPosition(1).x, point.getPosition(1).y) for point in stroke]
        for stroke in node.node(names.FINDS_NODE)["curves"].rootLayer
        if stroke.name.endswith("@1#0")
    }
    assert len(around) == len(listed) - 1
    wanted = (x + 0.5, HEIGHT_PX - y - 0.5)
    (disc, *_) = (number for number, points in around.items() if middle(points) == pytest.approx(wanted, abs=3))

    node[names.TAKE].setValue(disc)
    press(session, node, "take")
    (mask,) = objects_of(node, work().host.shown(node))[1].prompts.masks
    assert mask.frame == FIRST
    assert Path(mask.path).is_file()

    node[names.BEST_OF].setValue(2)
    press(session, node, "best_frame")
    nuke.frame(COUNT)
    press(session, node, "next_best")
    assert node[names.BEST_FRAMES].value().startswith(f"{nuke.frame()} (file {FIRST - 1 + nuke.frame()}): ")

    press(session, node, "write")
    (copy,) = nuke.allNodes("Copy")
    for at in range(1, COUNT + 1):
        assert overlap(Path(copy.input(1).metadata("input/filename", at)), FIRST - 1 + at) > 0.7


def test_a_plate_below_a_grade_is_rendered_first(session: fake.Session, disc_plate: DiscPlate, tmp_path: Path) -> None:
    node = shot(disc_plate, tmp_path)
    draw_box(node)
    grade = nuke.nodes.Grade(inputs=[node.input(0)])
    node.setInput(0, grade)
    node[names.BRING_BACK].setValue(names.CRYPTOMATTE)
    nuke.root()["first_frame"].setValue(1)
    nuke.root()["last_frame"].setValue(COUNT)

    def render(above: Any, frame: int, path: str) -> None:
        shown = cv2.imread(above.input(0).metadata("input/filename", frame))
        assert shown is not None
        coded_hwc = shown[..., ::-1].astype(np.float32) / 255
        linear_hwc = np.where(coded_hwc <= 0.04045, coded_hwc / 12.92, ((coded_hwc + 0.055) / 1.055) ** 2.4)
        channels = {name: np.ascontiguousarray(linear_hwc[..., at], np.float32) for at, name in enumerate("RGB")}
        OpenEXR.File({}, channels).write(path)

    session.renderer = render
    press(session, node, "write")
    assert [item.frame for item in session.executed] == [1, 2, 3, 4]
    assert {(item.is_raw, item.datatype, item.is_proxy) for item in session.executed} == {(True, "32 bit float", False)}
    assert nuke.allNodes("Write") == []
    (crypto,) = nuke.allNodes("Cryptomatte")
    assert crypto["matteList"].value() == "car"
    # The mattes of a rendered plate have the script's numbers.
    assert [Path(crypto.input(0).metadata("input/filename", at)).is_file() for at in (1, 4)] == [True, True]
    assert Path(crypto.input(0).metadata("input/filename", 4)).name == "cryptomatte.0004.exr"
