"""From a clip in (a fake) free Resolve into the panel by Lua, worked by mouse and keys, and by Lua back onto the timeline."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from queue import Queue

import pytest
from PySide6.QtCore import Qt
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.hosts.panel.artist import CTRL, Artist
from tests.hosts.panel.conftest import application, qt_says_nothing  # noqa: F401 - fixtures
from tests.hosts.resolve.fake.lua import ResolveLua
from tests.hosts.resolve.shots import BOX, CLICKS, COUNT, FIRST, RECORD, SHOT, in_edit
from tests.hosts.resolve.test_open_panel import GREY_XY, Room, add

from rotomatte_hosts.resolve.facts_panel import open_facts_panel
from rotomatte_hosts.resolve.macro_setting import NAME
from rotomatte_install.resolve import fusion_folder, install_resolve
from rotomatte_plugin.errors import PlateError
from rotomatte_plugin.model import BoxPrompt, PointPrompt
from rotomatte_plugin.panel_call import Process

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="folders and pipes of Linux")


class LuaRoom(Room):
    """The menu's script reads and brings in; what it starts is worked here, in place of the program of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(in_edit("21.1.0", "free"), folder)
        engine = folder / "an engine"
        engine.write_text('#!/bin/sh\necho "$@"\n')
        engine.chmod(0o700)
        self.item = self.scene.fake.timeline.tracks["video"][0].items[0]
        self.script = install_resolve(fusion_folder(os.environ, sys.platform, for_all=False), engine)[1]
        self.lua = ResolveLua(self.scene.fake)
        self.work = Path(os.environ["XDG_CONFIG_HOME"]) / "rotomatte" / "resolve"
        self.work.mkdir(parents=True)

    @property
    def macro(self) -> object:
        return self.scene.handle(self.item.comps[0].tool(NAME))

    def file(self, ending: str) -> Path:
        return self.work / f"{self.item.uid}_panel.{ending}"

    def run(self) -> str:
        """Take the menu's entry; gives what it printed."""
        self.lua.printed.clear()
        self.lua.run_file(self.script)
        return "\n".join(self.lua.printed)

    def begin(self) -> None:
        """Take the menu's entry, and wait for what the engine was asked."""
        if not self.file("log").exists():
            os.mkfifo(self.file("log"))
        assert "The panel opens for" in self.run()
        assert self.file("log").read_text().strip() == f"-I -m rotomatte resolve panel {self.file('json')}"

    def call(self, start: Callable[[Path], Process]) -> None:
        """The panel is worked here, and what waits for it does so in a thread, as its own process would."""
        self.begin()
        opened: Queue[Path] = Queue()
        code = "import sys; sys.exit(int(sys.stdin.read()))"
        with (
            ThreadPoolExecutor(1) as beside,
            subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as panel,
        ):

            def open_it(folder: Path) -> Process:
                opened.put(folder)
                return panel

            waiting = beside.submit(open_facts_panel, self.file("json"), self.said.append, open_it)
            try:
                while not waiting.done() and opened.empty():
                    wait([waiting], 0.01)
                if not opened.empty():
                    ended = start(opened.get())
                    panel.communicate(str(ended.returncode).encode())
            finally:
                panel.stdin.close()  # type: ignore[union-attr]
        waiting.result()

    def mattes(self) -> list[tuple[str, int, int]]:
        tracks = self.scene.fake.timeline.tracks["video"][1:]
        return [(track.name, item.start, item.end) for track in tracks for item in track.items]


@pytest.fixture
def room(
    application: object,  # noqa: F811 - the fixture
    own_engine: None,
    disc_plate: DiscPlate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> LuaRoom:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(SHOT, str(disc_plate("sh010", first=FIRST, count=COUNT)))
    python = os.environ.pop("ROTOMATTE_ENGINE")
    made = LuaRoom(tmp_path)
    # The panel's own engine is the real one.
    monkeypatch.setenv("ROTOMATTE_ENGINE", python)
    made.lua.run(
        "os.getenv = (function(was) return function(n) if n ~= 'ROTOMATTE_ENGINE' then return was(n) end end end)(os.getenv)"
    )
    return made


def exclude_and_add(artist: Artist) -> None:
    artist.click(GREY_XY, Qt.MouseButton.RightButton)
    add(artist)


def test_mattes_and_prompts_come_in_when_the_script_is_run_again(room: LuaRoom, tmp_path: Path) -> None:
    before, seen_frames = room.objects(), []

    def work(artist: Artist) -> None:
        assert [held.item for held in artist.window.model.document.objects] == list(before)
        seen_frames.append(artist.window.model.frame)
        artist.until(lambda: "Add brings the mattes here" in room.file("status.lua").read_text(), "it is told")
        assert room.run() == "Rotomatte: The panel opens; Add brings the mattes here."
        exclude_and_add(artist)

    room.open_panel(work)
    assert seen_frames == [FIRST + 2], "where the playhead is"
    assert room.mattes() == []
    assert room.run() == "Rotomatte: The mattes are in the timeline."
    assert room.mattes() == [("Rotomatte car", RECORD, RECORD + COUNT)]
    (matte,) = room.scene.fake.timeline.tracks["video"][1].items
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


def test_added_twice_while_the_panel_is_open(room: LuaRoom) -> None:
    def work(artist: Artist) -> None:
        exclude_and_add(artist)
        artist.until(room.file("placing.lua").exists, "it is written down")
        assert room.run() == "Rotomatte: The mattes are in the timeline."
        artist.press(Qt.Key.Key_Z, CTRL)
        artist.press(Qt.Key.Key_O)
        artist.window.messages.dismiss()
        add(artist)

    room.open_panel(work)
    assert room.file("placing.lua").read_text().count('object = "car"') == 1
    assert room.run() == "Rotomatte: The mattes are in the timeline."
    assert room.mattes() == [("Rotomatte car", RECORD, RECORD + 3)]
    (car,) = room.objects()
    assert all(point.include for point in car.prompts.points), "the second time takes the place of the first"


def test_prompts_that_were_changed_in_resolve_meanwhile_stay(room: LuaRoom) -> None:
    room.open_panel(exclude_and_add)
    mine = room.macro.GetInput("PromptList").splitlines()[0]  # type: ignore[attr-defined]
    room.macro.SetInput("PromptList", mine)  # type: ignore[attr-defined]
    said = room.run()
    assert "The mattes are in the timeline." in said
    assert "were changed since the panel was opened, and stay" in said
    assert room.macro.GetInput("PromptList") == mine  # type: ignore[attr-defined]


def test_a_clip_without_the_macro_gets_it(room: LuaRoom) -> None:
    comp = room.item.comps[0]
    comp.tools.remove(comp.tool(NAME))

    def click_and_add(artist: Artist) -> None:
        artist.click(disc_centre(FIRST + 2, FIRST))
        add(artist)

    room.open_panel(click_and_add)
    assert "The mattes are in the timeline." in room.run()
    (found,) = room.objects()
    assert [point.frame for point in found.prompts.points] == [FIRST + 2]


def test_closed_without_adding_is_told(room: LuaRoom) -> None:
    room.open_panel(lambda artist: None)
    assert "The panel was closed, and nothing was added. Run this script again" in room.run()
    room.begin()


def test_a_panel_that_cannot_be_drawn_says_which_command_helps(room: LuaRoom) -> None:
    def start(_: Path) -> Process:
        process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(7)"])
        process.wait()
        return process

    room.call(start)
    assert f"{sys.executable} -m pip install 'rotomatte[panel]'" in room.run()


def test_what_resolve_would_have_to_render_is_refused_with_a_way_out(room: LuaRoom) -> None:
    room.item.speed = 2.0
    room.item.duration = COUNT // 2
    room.scene.fake.timeline.playhead = RECORD
    with pytest.raises(PlateError, match="Only Resolve Studio"):
        room.open_panel(lambda artist: None)
    assert "Render in Place" in room.run()
