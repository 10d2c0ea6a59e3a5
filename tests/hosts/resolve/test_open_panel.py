"""From a clip in (a fake) Resolve into the panel, worked by mouse and keys, and back onto the timeline."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.hosts.panel.artist import CTRL, SHIFT, Artist
from tests.hosts.panel.conftest import application, qt_says_nothing  # noqa: F401 - fixtures
from tests.hosts.resolve.fake import Scene
from tests.hosts.resolve.shots import BOX, CLICKS, COUNT, FIRST, RECORD, SHOT, in_edit

from rotomatte.cli.panel import _read_handed
from rotomatte_hosts.panel.app import Panel, PanelStart
from rotomatte_hosts.panel.session_file import SavedSession
from rotomatte_hosts.resolve.adapter import ResolveHost
from rotomatte_hosts.resolve.open_panel import open_panel
from rotomatte_hosts.resolve.progress import TerminalProgress
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.handover import Handover
from rotomatte_plugin.model import BoxPrompt, MatteObject, PointPrompt
from rotomatte_plugin.panel_call import Process, panel_command

GREY_XY = (110.0, 70.0)
Work = Callable[[Artist], None]


class Room:
    """A Resolve with a clip, and an artist who sits at the panel each time that it is opened."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene, self.folder = scene, folder
        self.said: list[str] = []
        self.handed: Handover | None = None

    def open_panel(self, work: Work) -> None:
        def start(folder: Path) -> Process:
            assert panel_command(Path("python"), folder)[-2:] == ["--handover", str(folder)]
            self.handed = Handover(folder)
            self._sit_down(self.handed, work)
            return ended()

        self.call(start)

    def call(self, start: Callable[[Path], Process]) -> None:
        """Have the panel opened by ``start``."""
        open_panel(self.scene.resolve, "playhead", self.said.append, start)

    def _sit_down(self, handed: Handover, work: Work) -> None:
        def read(path: str) -> tuple[SavedSession, ...]:
            disc = DeskSettings(model="disc")
            return tuple(
                replace(one, document=replace(one.document, settings=disc)) for one in _read_handed(handed, path)
            )

        artist = Artist(self.folder / "panel", DeskSettings(model="disc"))
        start = PanelStart((str(handed.job_path),), read, "0.1", handed.autosaves, self.folder / "panel.ini", handed)
        artist.panel = Panel(start)
        try:
            artist.open(handed.job_path)
            work(artist)
        finally:
            artist.leave()
            # The panel sets all that is there aside, and other tests come after this one.
            gc.unfreeze()

    def objects(self) -> tuple[MatteObject, ...]:
        host = ResolveHost(
            self.scene.resolve, which="playhead", bring_back=None, plates="", progress=TerminalProgress(str)
        )
        return host.objects(host.selected_clip())


def ended() -> Process:
    """A program that has come to its end."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process


def add(artist: Artist) -> None:
    artist.press(Qt.Key.Key_E, CTRL | SHIFT)
    artist.until(lambda: "Handed to DaVinci Resolve" in artist.window.messages.text, "it is handed over")


@pytest.fixture
def room(
    application: object,  # noqa: F811 - the fixture
    own_engine: None,
    disc_plate: DiscPlate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Room:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(SHOT, str(disc_plate("sh010", first=FIRST, count=COUNT)))
    return Room(in_edit(), tmp_path)


def test_a_clip_goes_to_the_panel_and_its_mattes_come_onto_the_timeline(room: Room, tmp_path: Path) -> None:
    before = room.objects()

    def work(artist: Artist) -> None:
        assert [held.item for held in artist.window.model.document.objects] == list(before)
        artist.click(GREY_XY, Qt.MouseButton.RightButton)
        add(artist)

    room.open_panel(work)

    timeline = room.scene.fake.timeline
    assert [track.name for track in timeline.tracks["video"]] == ["", "Rotomatte car"]
    (matte,) = timeline.tracks["video"][1].items
    assert (matte.start, matte.end) == (RECORD, RECORD + COUNT)
    assert [matte.frame_shown(RECORD + at) for at in range(COUNT)] == [FIRST + at for at in range(COUNT)]
    (folder,) = (tmp_path / "home").rglob("car")
    x, y = disc_centre(FIRST, FIRST)
    assert alpha_of(folder / f"car.{FIRST}.exr")[y, x] == 1

    (car,) = room.objects()
    clicks = [PointPrompt(frame, *place) for frame, place in CLICKS.items()]
    assert [point for point in car.prompts.points if point.include] == clicks
    (excluded,) = (point for point in car.prompts.points if not point.include)
    assert (excluded.x, excluded.y) == pytest.approx(GREY_XY, abs=0.5)
    assert car.prompts.boxes == (BoxPrompt(FIRST, *BOX),)
    assert any("The mattes of car are in" in line for line in room.said)


def test_a_second_time_takes_the_place_of_the_first(room: Room) -> None:
    def work(artist: Artist) -> None:
        add(artist)

    room.open_panel(work)
    room.open_panel(work)
    (matte,) = room.scene.fake.timeline.tracks["video"][1].items
    assert (matte.start, matte.end) == (RECORD, RECORD + COUNT)


def test_only_the_frames_between_in_and_out_are_placed(room: Room) -> None:
    def work(artist: Artist) -> None:
        artist.window.model.go_to(FIRST + 2)
        artist.press(Qt.Key.Key_O)
        add(artist)

    room.open_panel(work)
    (matte,) = room.scene.fake.timeline.tracks["video"][1].items
    assert (matte.start, matte.end) == (RECORD, RECORD + 3)
    assert matte.frame_shown(RECORD + 2) == FIRST + 2


def test_a_panel_that_is_closed_without_adding_leaves_resolve_alone_and_offers_what_was_done(room: Room) -> None:
    before = room.objects()
    room.open_panel(lambda artist: artist.click(GREY_XY, Qt.MouseButton.RightButton))
    assert room.said[-1] == "The panel was closed, and nothing was added."
    assert room.objects() == before
    assert len(room.scene.fake.timeline.tracks["video"]) == 1

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


def test_what_was_added_while_nobody_looked_comes_in_at_the_next_call(room: Room) -> None:
    def add_and_die(artist: Artist) -> None:
        add(artist)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        room.open_panel(add_and_die)
    assert len(room.scene.fake.timeline.tracks["video"]) == 1
    tracks: list[str] = []
    room.open_panel(lambda artist: tracks.extend(track.name for track in room.scene.fake.timeline.tracks["video"]))
    assert tracks == ["", "Rotomatte car"], "before the panel opens again"


def test_a_panel_that_cannot_be_drawn_says_which_command_helps(room: Room) -> None:
    def start(_: Path) -> Process:
        process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(7)"])
        process.wait()
        return process

    room.call(start)
    assert f"{sys.executable} -m pip install 'rotomatte[panel]'" in room.said[-1]


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

    room.call(start)
    assert "ended by itself" in room.said[-1]
    assert room.handed is not None
    assert not room.handed.lock.is_held()
