"""From a Rotomatte node in (a fake) Nuke into the panel, worked by mouse and keys, and back into the script."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import nuke
import numpy as np
import OpenEXR
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import CAR, HEIGHT_PX, key_point, plate, rotomatte_node
from tests.hosts.panel.artist import CTRL, SHIFT, Artist
from tests.hosts.panel.conftest import application, qt_says_nothing  # noqa: F401 - fixtures

from rotomatte.cli.panel import _read_handed
from rotomatte_hosts.nuke import names
from rotomatte_hosts.nuke.knobs import objects_of
from rotomatte_hosts.nuke.work import leave, work
from rotomatte_hosts.panel.app import Panel, PanelStart
from rotomatte_hosts.panel.session_file import SavedSession
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.handover import Handover
from rotomatte_plugin.model import MatteObject
from rotomatte_plugin.panel_call import Process, panel_command

FIRST, COUNT = 1001, 4
GREY_XY = (110.0, 70.0)
STROKE_XY = ((110.0, 60.0), (115.0, 65.0), (120.0, 70.0))
PATIENCE_S = 120.0
Work = Callable[[Artist], None]


class Room:
    """A Nuke with a Rotomatte node, and an artist who sits at the panel each time that it is opened."""

    def __init__(self, session: fake.Session, node: Any, folder: Path) -> None:
        self.session, self.node, self.folder = session, node, folder
        self.start: Callable[[Path], Process] = self._sit_down
        self.work: Work = add
        self.handed: Handover | None = None
        self.done: list[MatteObject] = []

    def press(self) -> str:
        """Open the panel and wait until Nuke waits for nothing more; gives what the node says."""
        self.node["press_open_panel"].execute()
        self.session.pump(lambda: all(call.phase == "idle" for call in work().panels.values()), limit_s=PATIENCE_S)
        return str(self.node[names.PANEL_STATUS].value())

    def open_panel(self, at_work: Work) -> str:
        self.work = at_work
        return self.press()

    def objects(self) -> tuple[MatteObject, ...]:
        return objects_of(self.node, work().host.shown(self.node))

    def begin(self, folder: Path) -> Process:
        """What starts the panel's program."""
        return self.start(folder)

    def _sit_down(self, folder: Path) -> Process:
        assert panel_command(Path("python"), folder)[-2:] == ["--handover", str(folder)]
        self.handed = handed = Handover(folder)

        def read(path: str) -> tuple[SavedSession, ...]:
            return tuple(
                replace(one, document=replace(one.document, settings=replace(one.document.settings, model="disc")))
                for one in _read_handed(handed, path)
            )

        artist = Artist(self.folder / "panel", DeskSettings(model="disc"))
        start = PanelStart((str(handed.job_path),), read, "0.1", handed.autosaves, self.folder / "panel.ini", handed)
        artist.panel = Panel(start)
        try:
            artist.open(handed.job_path)
            self.work(artist)
            self.done = [held.item for held in artist.window.model.document.objects]
        finally:
            artist.leave()
            # The panel sets all that is there aside, and other tests come after this one.
            gc.unfreeze()
        return ended()


def ended(code: int = 0) -> Process:
    """A program that has come to its end."""
    process = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"])
    process.wait()
    return process


def add(artist: Artist) -> None:
    artist.press(Qt.Key.Key_E, CTRL | SHIFT)
    artist.until(lambda: "Handed to Nuke" in artist.window.messages.text, "it is handed over")


def exclude_and_add(artist: Artist) -> None:
    artist.click(GREY_XY, Qt.MouseButton.RightButton)
    add(artist)


def shown_files(copy: Any) -> list[str]:
    """The files of a matte at the frames of the plate."""
    return [Path(copy.input(1).metadata("input/filename", at)).name for at in range(1, COUNT + 1)]


@pytest.fixture
def room(
    application: object,  # noqa: F811 - the fixture
    own_engine: None,
    disc_plate: DiscPlate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Room]:
    """The plate's first file is shown at frame 1 of a saved script; two points with keys and a box are on the disc."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    session = fake.new_script("17.1v1")
    folder = disc_plate("sh010", first=FIRST, count=COUNT)
    nuke.root()["name"].setValue((tmp_path / "comp_v007.nk").as_posix())
    read = plate((folder / "sh010.%04d.png").as_posix(), FIRST, FIRST + COUNT - 1)
    read["colorspace"].setValue("default (sRGB)")
    read["frame_mode"].setValue("start at")
    read["frame"].setValue("1")
    nuke.frame(1)
    node = rotomatte_node(read)
    key_point(node, CAR.point(1, include=True), {1 + at: centre(FIRST + at) for at in (0, 2)})
    x, y = disc_centre(FIRST, FIRST)
    key_point(node, CAR.named("box"), {1: (x - 12.0, HEIGHT_PX - y - 13.0)})
    for index, value in ((2, x + 13.0), (3, HEIGHT_PX - y + 12.0)):
        node[CAR.named("box")].setValueAt(value, 1, index)
    made = Room(session, node, tmp_path)
    monkeypatch.setattr("rotomatte_plugin.panel_call.start_panel", made.begin)
    yield made
    leave()
    assert session.printed == []


def centre(frame: int) -> tuple[float, float]:
    """Of the disc in a file, in Nuke's pixels."""
    x, y = disc_centre(frame, FIRST)
    return x + 0.5, HEIGHT_PX - y - 0.5


def test_a_node_goes_to_the_panel_and_its_mattes_and_prompts_come_back_in_one_step(room: Room, tmp_path: Path) -> None:
    (before,) = room.objects()
    assert [point.frame for point in before.prompts.points] == [FIRST, FIRST + 2]
    nuke.frame(3)
    room.node["object1_grow_px"].setValue(1.5)
    steps, count = len(room.session.undo_names), len(nuke.allNodes())

    def at_work(artist: Artist) -> None:
        model = artist.window.model
        assert [held.item for held in model.document.objects] == list(room.objects())
        assert model.frame == FIRST + 2
        assert model.document.clip.colour == work().host.clip(room.node).colour
        exclude_and_add(artist)

    said = room.open_panel(at_work)
    assert "The mattes of car are in." in said
    assert room.handed is not None
    assert room.handed.new_result() is None, "it is taken"

    (copy,) = nuke.allNodes("Copy")
    assert copy.input(0) == room.node.input(0)
    assert shown_files(copy) == [f"car.{FIRST + at}.exr" for at in range(COUNT)]
    assert (copy.input(1)["first"].value(), copy.input(1)["last"].value()) == (FIRST, FIRST + COUNT - 1)
    for at in range(COUNT):
        x, y = disc_centre(FIRST + at, FIRST)
        assert alpha_of(Path(copy.input(1).metadata("input/filename", 1 + at)))[y, x] == 1
    assert (tmp_path / "mattes" / "comp" / "v007" / "Rotomatte1" / "car").is_dir()

    (after,), (wanted,) = room.objects(), room.done
    assert Counter(after.prompts.points) == Counter(wanted.prompts.points)
    assert replace(after.prompts, points=()) == replace(wanted.prompts, points=())
    assert after.clean_up == wanted.clean_up != ()
    (excluded,) = (point for point in after.prompts.points if not point.include)
    assert excluded.frame == FIRST + 2
    assert (excluded.x, excluded.y) == pytest.approx(GREY_XY, abs=0.5)

    assert room.session.undo_names[steps:] == ["Rotomatte: Rotomatte1 from the panel"]
    nuke.undo()
    assert len(nuke.allNodes()) == count
    assert room.objects()[0].prompts == before.prompts


def test_an_object_that_is_made_in_the_panel_gets_a_tab(room: Room) -> None:
    def at_work(artist: Artist) -> None:
        artist.press(Qt.Key.Key_N, CTRL)
        artist.click(GREY_XY)
        add(artist)

    room.open_panel(at_work)
    assert [item.name for item in room.objects()] == [item.name for item in room.done]
    assert len(room.done) == 2
    assert room.objects()[1] == room.done[1]
    assert len(nuke.allNodes("Copy")) == 2


def test_what_was_scribbled_goes_round_though_no_knob_holds_it(room: Room) -> None:
    def at_work(artist: Artist) -> None:
        artist.press(Qt.Key.Key_B)
        viewer = artist.window.viewer
        start, *rest = (QPoint(*map(round, viewer.view().to_screen(place))) for place in STROKE_XY)
        QTest.mousePress(viewer, Qt.MouseButton.RightButton, pos=start)
        for place in rest:
            QTest.mouseMove(viewer, place)
        QTest.mouseRelease(viewer, Qt.MouseButton.RightButton, pos=rest[-1])
        add(artist)

    said = room.open_panel(at_work)
    (wanted,) = room.done
    assert wanted.prompts.strokes
    assert room.objects() == (wanted,)
    assert "'from the panel'" in said


def test_adding_again_changes_the_files_and_no_node(room: Room) -> None:
    room.open_panel(add)
    steps, (copy,) = len(room.session.undo_names), nuke.allNodes("Copy")
    room.open_panel(add)
    assert nuke.allNodes("Copy") == [copy]
    assert len(nuke.allNodes("Read")) == 2
    assert len(room.session.undo_names) == steps


def test_only_the_frames_between_in_and_out_are_placed(room: Room) -> None:
    def at_work(artist: Artist) -> None:
        artist.window.model.go_to(FIRST + 2)
        artist.press(Qt.Key.Key_O)
        add(artist)

    room.open_panel(at_work)
    (copy,) = nuke.allNodes("Copy")
    read: Any = copy.input(1)
    assert (read["first"].value(), read["last"].value()) == (FIRST, FIRST + 2)
    assert Path(read.metadata("input/filename", 3)).name == f"car.{FIRST + 2}.exr"
    assert (read["frame_mode"].value(), read["frame"].value()) == ("start at", "1")


def test_a_panel_that_is_closed_without_adding_leaves_nuke_alone_and_offers_what_was_done(room: Room) -> None:
    before, steps = room.objects(), len(room.session.undo_names)
    said = room.open_panel(lambda artist: artist.click(GREY_XY, Qt.MouseButton.RightButton))
    assert said == "The panel was closed, and nothing was added."
    assert room.objects() == before
    assert nuke.allNodes("Copy") == []
    assert len(room.session.undo_names) == steps

    offered: list[str] = []

    def go_on(artist: Artist) -> None:
        offered.append(artist.window.messages.text)
        button = next(one for one in artist.window.findChildren(QPushButton) if one.text() == "Open what was left")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        artist.until_seen()
        add(artist)

    room.open_panel(go_on)
    assert "not all of it was added" in offered[0]
    (car,) = room.objects()
    assert [point.include for point in car.prompts.points].count(False) == 1


def test_what_was_added_while_nuke_was_away_comes_in_at_the_next_press(room: Room) -> None:
    def add_and_leave(artist: Artist) -> None:
        exclude_and_add(artist)
        leave()

    room.work = add_and_leave
    room.node["press_open_panel"].execute()
    assert nuke.allNodes("Copy") == []
    placed: list[int] = []
    room.open_panel(lambda artist: placed.append(len(nuke.allNodes("Copy"))))
    assert placed == [1], "before the panel opens again"
    (car,) = room.objects()
    assert [point.include for point in car.prompts.points].count(False) == 1


def test_a_plate_below_a_grade_is_rendered_before_the_panel_opens(room: Room) -> None:
    grade = nuke.nodes.Grade(inputs=[room.node.input(0)])
    room.node.setInput(0, grade)
    nuke.root()["first_frame"].setValue(1)
    nuke.root()["last_frame"].setValue(COUNT)
    room.session.renderer = render

    room.open_panel(exclude_and_add)
    assert [item.frame for item in room.session.executed] == [1, 2, 3, 4]
    (copy,) = nuke.allNodes("Copy")
    # The mattes of a rendered plate have the script's numbers.
    assert shown_files(copy) == [f"car.{at:04d}.exr" for at in range(1, COUNT + 1)]
    assert [point.frame for point in room.objects()[0].prompts.points if not point.include] == [1]


def test_stop_ends_the_rendering_for_the_panel(room: Room) -> None:
    grade = nuke.nodes.Grade(inputs=[room.node.input(0)])
    room.node.setInput(0, grade)
    nuke.root()["first_frame"].setValue(1)
    nuke.root()["last_frame"].setValue(COUNT)
    room.session.renderer = render
    started: list[Path] = []

    def start(folder: Path) -> Process:
        started.append(folder)
        return ended()

    room.start = start
    room.node["press_open_panel"].execute()
    assert room.node[names.PANEL_STATUS].value() == "Rendering the plate for the panel."
    room.node["press_stop"].execute()
    assert "the panel is not opened" in room.node[names.PANEL_STATUS].value()
    room.session.pump(lambda: not work().is_watching)
    assert started == []


def render(above: Any, frame: int, path: str) -> None:
    """What Nuke's Write makes of the plate."""
    shown = cv2.imread(above.input(0).metadata("input/filename", frame))
    assert shown is not None
    coded_hwc = shown[..., ::-1].astype(np.float32) / 255
    linear_hwc = np.where(coded_hwc <= 0.04045, coded_hwc / 12.92, ((coded_hwc + 0.055) / 1.055) ** 2.4)
    channels = {name: np.ascontiguousarray(linear_hwc[..., at], np.float32) for at, name in enumerate("RGB")}
    OpenEXR.File({}, channels).write(path)


def test_a_second_press_while_it_is_open_opens_no_second_panel(room: Room) -> None:
    opened: list[Process] = []

    def start(_: Path) -> Process:
        opened.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))
        return opened[-1]

    room.start = start
    room.node["press_open_panel"].execute()
    room.node["press_open_panel"].execute()
    assert "open for this node already" in room.node[names.PANEL_STATUS].value()
    (process,) = opened
    process.communicate(b"\n")
    room.session.pump(lambda: all(call.phase == "idle" for call in work().panels.values()))
    assert "nothing was added" in room.node[names.PANEL_STATUS].value()


def test_a_panel_that_cannot_be_drawn_says_which_command_helps(room: Room) -> None:
    room.start = lambda _: ended(7)
    assert f"{sys.executable} -m pip install 'rotomatte[panel]'" in room.press()
    assert room.session.messages == []


def test_a_script_that_was_never_saved_is_told(room: Room) -> None:
    nuke.root()["name"].setValue("")
    room.press()
    assert room.session.messages[0].startswith("The folder of the mattes is named after the script")


@pytest.mark.skipif(os.name != "posix", reason="killed by a signal")
def test_a_panel_that_is_killed_is_told(room: Room) -> None:
    def start(folder: Path) -> Process:
        command = panel_command(Path(sys.executable), folder)
        process = subprocess.Popen(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
        room.handed = Handover(folder)
        while process.poll() is None and not room.handed.lock.is_held():
            pass
        assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return process

    room.start = start
    assert "ended by itself" in room.press()
    assert room.handed is not None
    assert not room.handed.lock.is_held()
